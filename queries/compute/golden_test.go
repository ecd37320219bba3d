package compute_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"testing"

	"github.com/jiceng/jiceng/queries/catalogue"
)

// golden is what testdata/tiny_district.sql gives, each number counted with
// pencil and paper as the comment says.
type golden struct {
	indicator, level, area, period string
	numerator, denominator, value  float64
}

var goldens = []golden{
	// E11: 20 + 2 + 5 + 0 people in January, 10 + 30 in February, of 1,000 residents; March is not covered
	{"E11", "district", "D", "2026-01", 27, 1000, 27},
	{"E11", "district", "D", "2026-Q1", 67, 2000, 33.5},
	{"E11", "grid", "G1", "2026-01", 20, 100, 200},
	{"E10", "district", "D", "2026-01", 8, 1000, 8},
	// E12: one meeting in each month, three communities; in January G1 lies in C2
	{"E12", "district", "D", "2026-01", 1, 3, 1.0 / 3},
	{"E12", "community", "C2", "2026-01", 1, 1, 1},
	{"E12", "district", "D", "2026-Q1", 2, 6, 1.0 / 3},
	// reported in January: 1, 2, 3, 4, 7, 8
	{"E13", "district", "D", "2026-01", 3, 6, 0.5},
	{"E14", "district", "D", "2026-01", 2, 6, 1.0 / 3},
	// closed in January: 1 grid worker, 2 mediator, 4 community, 7 jointly; in February: 5
	{"E15", "district", "D", "2026-01", 0, 4, 0},
	{"E15", "district", "D", "2026-02", 1, 1, 1},
	{"E16", "district", "D", "2026-02", 6, 1000, 6},
	// E17: four kinds of handler with a case each, of six kinds
	{"E17", "district", "D", "2026-01", math.Log(4), math.Log(6), math.Log(4) / math.Log(6)},
	{"E17", "district", "D", "2026-02", 0, math.Log(6), 0},
	// E18: the mediator serves G1
	{"E18", "district", "D", "2026-01", 1, 3, 1.0 / 3},
	{"E18", "community", "C2", "2026-01", 1, 1, 1},
	{"E18", "community", "C2", "2026-02", 0, 1, 0},
	// E19: s1 is 36, s2 56, s3 not known
	{"E19", "district", "D", "2026-01", 1, 2, 0.5},
	// full-time workers: G1 always, G4 from mid-February
	{"E21", "district", "D", "2026-01", 100, 1000, 0.1},
	{"E21", "district", "D", "2026-02", 500, 1000, 0.5},
	{"E21", "district", "D", "2026-Q1", 1100.0 / 3, 1000, 1.1 / 3},
	// E22: half a square of four is in no grid (areas are checked in package boundary)
	{"E22", "district", "D", "2026-03", 0.5 * square, 4 * square, 0.125},
	{"E22", "grid", "G4", "2026", 0, 0.5 * square, 0},
	{"E23", "district", "D", "2026-02", 2, 400, 5},
	{"E23", "district", "D", "2026-Q1", 5.0 / 3, 400, 5.0 / 3 / 0.4},
	// E24: w1 18 hours and w2 8 by January; w1 10 in the year to the end of February, w2 8, w3 none
	{"E24", "district", "D", "2026-01", 1, 2, 0.5},
	{"E24", "district", "D", "2026-02", 0, 3, 0},
	{"E24", "district", "D", "2026", 0, 3, 0},
	// E25: w7 and w9 left; in post at the 12 ends of month: w1 and w2 12 times, w9 6, w7 10
	{"E25", "district", "D", "2026-01", 2, 40.0 / 12, 0.6},
	{"E25", "grid", "G3", "2026-01", 0, 8.0 / 12, 0},
	// E26: loads 2 and 2 in January, 1, 0 and 0 in February: G = (2·3 − 3 − 1)·1 / (3·1)
	{"E26", "district", "D", "2026-01", 4, 2, 1},
	{"E26", "district", "D", "2026-02", 1, 3, 1.0 / 3},
	// E27: w1 and s1 hold a certificate, w2 does not
	{"E27", "district", "D", "2026-01", 2, 3, 2.0 / 3},
	// E31: 2 agreed, 4 failed; 6 is a duplicate
	{"E31", "district", "D", "2026-01", 1, 2, 0.5},
	{"E31", "district", "D", "2026-02", 1, 1, 1},
	{"E32", "district", "D", "2026-01", 1, 1, 1},
	{"E32", "district", "D", "2025", 2, 2, 1},
	// E33: of 1 and 4, the check is missing in 4; 5 took every step
	{"E33", "district", "D", "2026-01", 1, 2, 0.5},
	{"E33", "district", "D", "2026-02", 1, 1, 1},
	// E34: of the agreements 10 and 11, 11 was re-opened
	{"E34", "district", "D", "2025-11", 1, 2, 0.5},
	// E35: a mediator closed 2 after seven days; 6 is a duplicate
	{"E35", "district", "D", "2026-01", 1, 1, 7},
	{"E36", "district", "D", "2026-01", 0, 1, 0},
	{"E36", "district", "D", "2026-02", 1, 1, 1},
	// dispatched in January: 1, 2 (returned for lack of authority), 3 (twice wrongly dispatched), 4 (failed the check), 7
	{"E41", "district", "D", "2026-01", 1, 5, 0.2},
	{"E42", "district", "D", "2026-01", 3, 5, 0.6},
	{"E42", "grid", "G2", "2026-01", 1, 2, 0.5},
	// E43: 2 in the community, 4 in the subdistrict, 7 in the district
	{"E43", "district", "D", "2026-01", 2, 3, 2.0 / 3},
	// E44: 住建局 and S2 appraised in one direction only; E45: 90 − 80 and 85 − 79
	{"E44", "district", "D", "2026-01", 2, 3, 2.0 / 3},
	{"E44", "subdistrict", "S2", "2026-01", 0, 1, 0},
	{"E45", "district", "D", "2026-01", 16, 2, 8},
	// E46: 7 came from above, to two workers
	{"E46", "district", "D", "2026-01", 1, 2, 0.5},
	{"E47", "district", "D", "2026-02", 500, 1000, 500},
	{"E48", "district", "D", "2026-01", 1, 4, 0.25},
	// E49: logs of 1, 3 (returned twice) and 4 (returned once)
	{"E49", "district", "D", "2026-01", 2, 3, 2.0 / 3},
	{"E49", "district", "D", "2026-02", 0, 1, 0},
	{"E51", "district", "D", "2026-01", 1, 6, 1.0 / 6},
	{"E52", "district", "D", "2026-01", 15, 400, 3.75},
	// E53: cases 4·8 + 2·5 less a grid and a category; three surveys of 4 without the method;
	// activities of 4 fields: x1 4, x2 2, x5 3, x6 4
	{"E53", "district", "D", "2026-01", 40 + 9 + 13, 42 + 12 + 16, 62.0 / 70},
	// E54: loaded on 2026-03-02 at 9:00: 9, changed the evening before, and 5, changed in February
	{"E54", "district", "D", "2026-03", 1, 2, 0.5},
	// E55: systems of 1, 2, 3, 4: 2, 1, 2, 1
	{"E55", "district", "D", "2026-01", 2, 4, 0.5},

	// F11: 1 after 240 working minutes, 2 after 480, 4 after 120; 3 and 7 never; 8 is on hold
	{"F11", "district", "D", "2026-01", 2, 5, 0.4},
	// 5 after 270 minutes of which its clock stood still for 60
	{"F11", "district", "D", "2026-02", 1, 1, 1},
	// F12: the third of five ends after 480 minutes
	{"F12", "district", "D", "2026-01", 3, 5, 8},
	{"F12", "district", "D", "2026-02", 1, 1, 3.5},
	// due or closed in January: 1 (on time), 2 (late), 4 (ahead), 7 (on the minute); 8 is on hold
	{"F13", "district", "D", "2026-01", 3, 4, 0.75},
	{"F13", "subdistrict", "S1", "2026-01", 2, 3, 2.0 / 3},
	{"F13", "grid", "G1", "2026-01", 1, 2, 0.5},
	// 3 fell due in February and is open, 5 was on time; 6 is a duplicate
	{"F13", "district", "D", "2026-02", 1, 2, 0.5},
	{"F13", "district", "D", "2026-Q1", 4, 6, 4.0 / 6},
	{"F13", "district", "D", "2026", 4, 6, 4.0 / 6},
	// January's G1 belonged to C2, February's to C1
	{"F13", "community", "C2", "2026-01", 1, 2, 0.5},
	{"F13", "community", "C1", "2026-02", 1, 2, 0.5},
	// January cohort in hours: 24 (1), 168 (2), 240 (4), 24 (7); open: 3, 8. The third of six ends at 168 h.
	{"F14", "district", "D", "2026-01", 4, 6, 7},
	{"F14", "grid", "G1", "2026-01", 2, 2, 1},
	{"F15", "grid", "G1", "2026-01", 2, 2, 7},
	// F16: nobody overdue at the end of January, 3 at the end of February and now
	{"F16", "district", "D", "2026-01", 0, 1000, 0},
	{"F16", "district", "D", "2026-02", 1, 1000, 1},
	{"F16", "grid", "G2", "2026-Q1", 1, 300, 1000.0 / 300},
	// F17: 3 open at the end of January, four closed in 31 days; 3 and 9 open now, closings 4, 1 and 0 in 31, 28 and 10 days
	{"F17", "district", "D", "2026-01", 1, 28.0 / 31, 31.0 / 28},
	{"F17", "district", "D", "2026-Q1", 2, (28.0/31 + 0.25) / 3, 6 / (28.0/31 + 0.25)},
	// F18: 2 took 300 working minutes to be registered, 8 took 150
	{"F18", "district", "D", "2026-01", 4, 6, 4.0 / 6},
	// F19: 3 waited from 10:00 to 9:30 of the next day, 390 working minutes
	{"F19", "district", "D", "2026-01", 4, 5, 0.8},
	{"F21", "district", "D", "2026-01", 6, 6, 1},
	{"F21", "district", "D", "2026-02", 1, 1, 1},
	{"F22", "district", "D", "2026-01", 4, 4, 1},
	{"F22", "district", "D", "2026-02", 1, 2, 0.5},
	{"F23", "district", "D", "2026-01", 1, 2, 0.5},
	// F24: 2 was re-opened twice, 4 failed the check
	{"F24", "district", "D", "2026-01", 2, 4, 0.5},
	// F25: 1, 2 and 8 have a reporter; 2 repeats 1, and so does 5, 36 days later
	{"F25", "district", "D", "2026-01", 1, 3, 1.0 / 3},
	{"F25", "district", "D", "2026-02", 1, 1, 1},
	{"F26", "district", "D", "2026-01", 3, 6, 0.5},
	{"F27", "district", "D", "2026-01", 1, 4, 0.25},
	{"F28", "district", "D", "2026-01", 1, 5, 0.2},
	// F29: all six of January; of 5 and 6 the second is a duplicate
	{"F29", "district", "D", "2026-01", 6, 6, 1},
	{"F29", "district", "D", "2026-02", 1, 2, 0.5},
	{"F31", "district", "D", "2026-01", 1, 4, 0.25},
	{"F32", "district", "D", "2026-01", 2, 4, 0.5},
	{"F33", "district", "D", "2026-01", 2, 2, 1},
	// F34: 2 to the district, 7 to the city
	{"F34", "district", "D", "2026-01", 2, 6, 1.0 / 3},
	// F35: of what was closed in January residents raised 1 (closed in the grid) and 2 (in the community)
	{"F35", "district", "D", "2026-01", 2, 2, 1},
	{"F41", "district", "D", "2026-01", 1, 2, 0.5},
	{"F42", "district", "D", "2026-01", 6, 4, 1.5},
	// F43: logs of 1, 3 and 4; 3 was returned twice
	{"F43", "district", "D", "2026-01", 1, 3, 1.0 / 3},
	{"F51", "district", "D", "2026-01", 2, 3, 2.0 / 3},
	{"F51", "subdistrict", "S2", "2026-01", 1, 1, 1},
	{"F52", "district", "D", "2026-Q1", 5, 6, 5.0 / 6},
	{"F53", "district", "D", "2026-01", 11, 3, 11.0 / 3},
	{"F54", "district", "D", "2026-02", 1, 1, 1},
	{"F55", "district", "D", "2026-02", 1, 1, 1},
	// F61: four closed by two workers; 5 closed in the quarter, 2 + 3 + 3 worker-months
	{"F61", "district", "D", "2026-01", 4, 2, 2},
	{"F61", "district", "D", "2026-Q1", 5, 8, 0.625},
	// F64: 0.2 · 0.4 + 0.4 · 1/2 + 0.4 · 2/3
	{"F64", "district", "D", "2026-01", 0.08 + 0.2 + 0.8/3, 1, 100 * (0.28 + 0.8/3)},
}

// square is the size of a hundredth of a degree squared at 0.005° north, in km².
var square = math.Pow(0.01*6371.0088*math.Pi/180, 2) * math.Cos(0.005*math.Pi/180)

func TestIndicatorsOfATinyDistrict(t *testing.T) {
	conn := computed(t, tinyDistrict)
	for _, g := range goldens {
		t.Run(fmt.Sprintf("%s %s %s", g.indicator, g.area, g.period), func(t *testing.T) {
			var numerator, denominator, value sql.NullFloat64
			err := conn.QueryRowContext(context.Background(),
				"select numerator, denominator, value from indicator_value where indicator = ? and geo_level = ? and geo_code = ? and period = ?",
				g.indicator, g.level, g.area, g.period).Scan(&numerator, &denominator, &value)
			if err != nil {
				t.Fatal(err)
			}
			if !near(numerator, g.numerator) || !near(denominator, g.denominator) || !near(value, g.value) {
				t.Errorf("got %v of %v = %v, want %v of %v = %v", numerator.Float64, denominator.Float64, value.Float64, g.numerator, g.denominator, g.value)
			}
		})
	}
}

func near(got sql.NullFloat64, want float64) bool {
	return got.Valid && math.Abs(got.Float64-want) <= 1e-9*math.Max(1, math.Abs(want))
}

func TestEveryIndicatorHasAGoldenNumber(t *testing.T) {
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, ind := range cat {
		found := ind.Kind == catalogue.Derived // written by another step, tested there
		for _, g := range goldens {
			found = found || g.indicator == ind.Code
		}
		if !found {
			t.Errorf("%s %s has no golden number", ind.Code, ind.Name.En)
		}
	}
}

// What cannot be told has no row, or a row without a value and a flag that says why.
func TestWhatATinyDistrictCannotTell(t *testing.T) {
	conn := computed(t, tinyDistrict)
	for _, c := range []struct{ why, indicator, level, area, period string }{
		{"nothing was closed in March", "F31", "district", "D", "2026-03"},
		{"nobody was asked in March", "F51", "district", "D", "2026-03"},
		{"no case of S2 was reported in February", "E13", "subdistrict", "S2", "2026-02"},
		{"no activity is known of March", "E11", "district", "D", "2026-03"},
		{"agreements of January are younger than 90 days", "E34", "district", "D", "2026-01"},
		{"registration is nowhere written down in March", "F21", "district", "D", "2026-03"},
		{"twelve months of staff are not known before January 2026", "E25", "district", "D", "2025-12"},
		{"a single grid has no balance", "E26", "grid", "G1", "2026-01"},
		{"the map has no date", "E22", "district", "D", "2026-01"},
		{"S2 had no answer about a solution", "F64", "subdistrict", "S2", "2026-01"},
		{"what was closed in G2 in January the patrol had found", "F35", "grid", "G2", "2026-01"},
		{"C3 has no worker in January", "F61", "community", "C3", "2026-01"},
	} {
		var rows int
		if err := conn.QueryRowContext(context.Background(),
			"select count(*) from indicator_value where indicator = ? and geo_level = ? and geo_code = ? and period = ?",
			c.indicator, c.level, c.area, c.period).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if rows != 0 {
			t.Errorf("%s: %s of %s in %s should have no row", c.why, c.indicator, c.area, c.period)
		}
	}
}

func TestFlagsSayWhatToBewareOf(t *testing.T) {
	conn := computed(t, tinyDistrict)
	for _, c := range []struct {
		indicator, level, area, period, flag string
		hasValue                             bool
	}{
		{"F13", "district", "D", "2026-01", "small_n", true},
		{"F13", "district", "D", "2026-Q1", "small_n,partial", true},
		{"F14", "grid", "G3", "2026-03", "small_n,partial,not_reached", false}, // one case, open
		{"F15", "district", "D", "2026-01", "small_n,not_reached", false},      // two of six are open for ever
		{"E21", "district", "D", "2026-01", "", true},                          // a full count
		{"E26", "district", "D", "2026-01", "small_n", true},                   // two cases a grid
	} {
		var value sql.NullFloat64
		var flag sql.NullString
		if err := conn.QueryRowContext(context.Background(),
			"select value, flag from indicator_value where indicator = ? and geo_level = ? and geo_code = ? and period = ?",
			c.indicator, c.level, c.area, c.period).Scan(&value, &flag); err != nil {
			t.Fatalf("%s %s: %v", c.indicator, c.area, err)
		}
		if flag.String != c.flag || value.Valid != c.hasValue {
			t.Errorf("%s of %s in %s: value %v, flag %q, want flag %q", c.indicator, c.area, c.period, value, flag.String, c.flag)
		}
	}
}

// What the catalogue prints is the whole truth: a researcher can run it on a snapshot as it stands.
func TestEveryIndicatorFileRunsByItself(t *testing.T) {
	conn := computed(t, tinyDistrict)
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, ind := range cat {
		rows, err := conn.QueryContext(context.Background(), ind.SQL)
		if err != nil {
			t.Errorf("%s: %v", ind.Code, err)
			continue
		}
		if !rows.Next() && ind.Kind != catalogue.Derived {
			t.Errorf("%s: no row", ind.Code)
		}
		rows.Close()
	}
}
