package practices

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
)

// Practice is one practice at one geo level, or one of the seed practices that the
// district has not introduced (no Outcomes).
type Practice struct {
	Code     string
	Name     catalogue.Text
	Level    string
	Areas    int // where it was introduced
	First    time.Time
	Last     time.Time
	Outcomes []Outcome // the expected indicators first
}

// Outcome is what a practice did to one indicator.
type Outcome struct {
	Indicator    string
	Expected     bool // named with the practice, not only on the same subject
	Effect       Effect
	Alternatives []Effect // the same effect estimated in other ways
}

// Effect is one row of practice_effect; NaN where it could not be computed.
type Effect struct {
	Indicator                                  string
	Method                                     string
	Treated, ControlUnits, LeftOut             int
	Before, After, ControlBefore, ControlAfter float64
	Estimate
	PermutationP, PermutationLow, PermutationHigh float64
	Few                                           bool
	PreTrendStatistic, PreTrendP                  float64
	GroupAverage, GroupAverageError               float64
	EventAverage, EventAverageError               float64
	Verdict                                       Verdict
}

// Interval is the 95 % interval to read: randomisation's where clusters are few.
func (e Effect) Interval() (low, high float64) {
	if e.Few {
		return e.PermutationLow, e.PermutationHigh
	}
	return e.Low, e.High
}

// List returns every practice that the nightly run evaluated, and after them the seed
// practices that the district has not introduced.
func List(ctx context.Context, db queryer) ([]Practice, error) {
	rows, err := open(ctx, db, "effects")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Practice
	for rows.Next() {
		var p Practice
		var e Effect
		var role, verdict string
		var areas sql.NullInt64
		if err := rows.Scan(&p.Code, &p.Name.Zh, &p.Name.En, &e.Indicator, &role, &p.Level, &e.Method, &p.First, &p.Last,
			&areas, &e.Treated, &e.ControlUnits, &e.LeftOut,
			number{&e.Before}, number{&e.After}, number{&e.ControlBefore}, number{&e.ControlAfter},
			number{&e.Value}, number{&e.StdError}, number{&e.DF}, number{&e.Low}, number{&e.High}, number{&e.P},
			number{&e.PermutationP}, number{&e.PermutationLow}, number{&e.PermutationHigh},
			number{&e.ClustersTreated}, number{&e.ClustersControl}, &e.Few, number{&e.PreTrendStatistic}, number{&e.PreTrendP},
			number{&e.GroupAverage}, number{&e.GroupAverageError}, number{&e.EventAverage}, number{&e.EventAverageError}, &verdict); err != nil {
			return nil, fmt.Errorf("read the effects of practices: %w", err)
		}
		e.Verdict = Verdict(verdict)
		p.Areas = int(areas.Int64)
		if len(out) == 0 || out[len(out)-1].Code != p.Code || out[len(out)-1].Level != p.Level {
			out = append(out, p)
		}
		last := &out[len(out)-1]
		if e.Method == methods[0].name {
			last.Outcomes = append(last.Outcomes, Outcome{Indicator: e.Indicator, Expected: role == "expected", Effect: e})
		} else if n := len(last.Outcomes); n > 0 {
			last.Outcomes[n-1].Alternatives = append(last.Outcomes[n-1].Alternatives, e)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the effects of practices: %w", err)
	}
	return withSeeds(out), nil
}

// withSeeds puts the seed practices first, in their order, present or not.
func withSeeds(found []Practice) []Practice {
	var out []Practice
	taken := map[string]bool{}
	for _, s := range seeds {
		taken[s.code] = true
		present := false
		for _, p := range found {
			if p.Code == s.code {
				out, present = append(out, p), true
			}
		}
		if !present {
			out = append(out, Practice{Code: s.code, Name: s.name})
		}
	}
	for _, p := range found {
		if !taken[p.Code] {
			out = append(out, p)
		}
	}
	return out
}

// Point is one row of practice_point: a point of the event study, a group's effect or a
// group–time effect. NaN where it has none.
type Point struct {
	Kind              string // event, group, group_time
	Group, Month      string // 2025-11
	Position, Months  int    // months since the start, and how many the point holds
	Value, StdError   float64
	Low, High         float64
	BandLow, BandHigh float64
	Treated, Control  float64
	Areas             int
	Cases             float64
}

// Points returns the event study, the groups and the group–time effects of one practice
// on one indicator.
func Points(ctx context.Context, db queryer, practice, indicator, level string) ([]Point, error) {
	rows, err := open(ctx, db, "points", practice, indicator, level)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Point
	for rows.Next() {
		var p Point
		var position, months, areas sql.NullInt64
		if err := rows.Scan(&p.Kind, &p.Group, &p.Month, &position, &months, number{&p.Value}, number{&p.StdError}, number{&p.Low}, number{&p.High},
			number{&p.BandLow}, number{&p.BandHigh}, number{&p.Treated}, number{&p.Control}, &areas, number{&p.Cases}); err != nil {
			return nil, fmt.Errorf("read the points of a practice: %w", err)
		}
		p.Position, p.Months, p.Areas = int(position.Int64), int(months.Int64), int(areas.Int64)
		out = append(out, p)
	}
	return out, rows.Err()
}

// number scans a missing value as NaN.
type number struct{ to *float64 }

func (n number) Scan(v any) error {
	var f sql.NullFloat64
	if err := f.Scan(v); err != nil {
		return err
	}
	*n.to = math.NaN()
	if f.Valid {
		*n.to = f.Float64
	}
	return nil
}
