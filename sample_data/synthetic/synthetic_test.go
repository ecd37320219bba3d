package synthetic_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/sample_data/synthetic"
)

var small = synthetic.Options{Cases: 5_000}

func write(t *testing.T, opt synthetic.Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "district")
	if err := synthetic.Write(context.Background(), dir, opt); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sums gives the hash of every file under dir.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[name] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSameSeedGivesSameBytesWhateverTheThreads(t *testing.T) {
	opt := synthetic.Options{Cases: 3_000, Days: 200, Threads: 1}
	one := sums(t, write(t, opt))
	opt.Threads = 4
	four := sums(t, write(t, opt))
	if len(one) < 25 || len(one) != len(four) {
		t.Fatalf("%d and %d files", len(one), len(four))
	}
	for name, sum := range one {
		if four[name] != sum {
			t.Errorf("%s differs between 1 and 4 threads", name)
		}
	}
	opt.Seed = 2
	other := sums(t, write(t, opt))
	if other["data/boundaries.geojson"] == one["data/boundaries.geojson"] || other["data/cases_2026.csv"] == one["data/cases_2026.csv"] {
		t.Error("another seed gives the same district")
	}
}

func TestRefusesAFolderThatIsNotASample(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "jiceng.yaml"), []byte("district: {code: x}\nsynthetic: false\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := synthetic.Write(context.Background(), dir, small); !errors.Is(err, synthetic.ErrOccupied) {
		t.Fatalf("got %v", err)
	}
}

func TestReplacesAnEarlierSample(t *testing.T) {
	dir := write(t, synthetic.Options{Cases: 500, Days: 400})
	if err := synthetic.Write(context.Background(), dir, synthetic.Options{Cases: 500, Days: 120}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "cases_2025.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file of the earlier, longer sample is still there: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "keys", "personal.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v %v", info.Mode(), err)
	}
}

func TestRefusesImpossibleSizes(t *testing.T) {
	for _, opt := range []synthetic.Options{{Cases: -1}, {Days: 10}, {Days: 5_000}} {
		if err := synthetic.Write(context.Background(), filepath.Join(t.TempDir(), "d"), opt); err == nil {
			t.Errorf("%+v was accepted", opt)
		}
	}
}

// load reads every file of the district through its mapping, as text, into a
// view named after the feed; it knows nothing of the generator.
func load(t *testing.T, dir string) *sql.DB {
	t.Helper()
	recode(t, dir)
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	feeds, err := schema.Feeds()
	if err != nil {
		t.Fatal(err)
	}
	for _, feed := range feeds {
		mapping, err := os.ReadFile(filepath.Join(dir, "mapping", feed.Name+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		read := fmt.Sprintf("read_csv('%s/data/%s*.csv', header = true, all_varchar = true, skip = %d)", dir, feed.Name, map[bool]int{true: 1}[feed.Name == "staff"])
		if feed.Name == "boundaries" {
			read = fmt.Sprintf("read_json('%s/data/boundaries.geojson', maximum_object_size = 100000000)", dir)
		}
		statement := fmt.Sprintf("create table %s as with raw as (select * from %s) select * from (%s)", feed.Name, read, mapping)
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", feed.Name, err)
		}
	}
	return db
}

// recode turns the GB18030 files into UTF-8.
func recode(t *testing.T, dir string) {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(dir, "data", "satisfaction_*.csv"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(string(text), "回访编号") {
			t.Fatal("satisfaction is meant to be in GB18030")
		}
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func number(t *testing.T, db *sql.DB, query string) float64 {
	t.Helper()
	var n sql.NullFloat64
	if err := db.QueryRow("select (" + query + ")::double").Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if !n.Valid {
		return math.NaN()
	}
	return n.Float64
}

type effectArea struct {
	Code string `json:"geo_code"`
	From string `json:"from"`
}

type writtenTruth struct {
	Rows    map[string]float64
	Effects []struct {
		Code     string
		Where    []effectArea
		Measured map[string]struct{ Numerator, Denominator float64 }
	}
	MapFlaws []struct {
		Kind    string
		AreaKm2 float64 `json:"area_km2"`
	} `json:"map_flaws"`
}

func readTruth(t *testing.T, dir string) writtenTruth {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth writtenTruth
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	return truth
}

func TestTheFeedsHangTogether(t *testing.T) {
	dir := write(t, small)
	db := load(t, dir)
	truth := readTruth(t, dir)
	none := map[string]string{
		"a name is used for two communities":            "select count(*) from (select community_name from grids group by 1 having count(distinct community_code) > 1)",
		"a name is used for two grids":                  "select count(*) from (select grid_name from grids group by 1 having count(distinct grid_code) > 1)",
		"a grid is in force twice at a time":            "select count(*) from grids a join grids b using (grid_code) where a.valid_from is distinct from b.valid_from and coalesce(a.valid_to, '9') > coalesce(b.valid_from, '0') and coalesce(b.valid_to, '9') > coalesce(a.valid_from, '0')",
		"a case lies in no grid in force":               "select count(*) from cases c where case_id not like '%E' and not exists (from grids g where g.grid_code = c.grid_code and left(c.reported_at, 10) >= coalesce(g.valid_from, '0') and left(c.reported_at, 10) < coalesce(g.valid_to, '9'))",
		"a survey is about no case":                     "select count(*) from satisfaction where case_id is not null and case_id not in (select case_id from cases)",
		"a survey is about nothing":                     "select count(*) from satisfaction where case_id is null and grid_code is null",
		"a log is about no case":                        "select count(*) from case_events where case_id not in (select case_id from cases)",
		"a post lies in no grid":                        "select count(*) from staff where grid_code not in (select grid_code from grids)",
		"a course was attended by nobody":               "select count(*) from training where staff_key not in (select staff_key from staff)",
		"an activity lies in no grid":                   "select count(*) from activities where grid_code not in (select grid_code from grids)",
		"a grid in force has no boundary":               "select count(*) from grids where valid_to is null and grid_code not in (select geo_code from boundaries where geo_level = 'grid')",
		"steps are out of order":                        "select count(*) from cases where case_id not like '%E' and (accepted_at < reported_at or dispatched_at < accepted_at or first_response_at < dispatched_at or closed_at < first_response_at)",
		"a log runs backwards":                          "select count(*) from (select happened_at < lag(happened_at) over (partition by case_id order by seq::integer) as back from case_events) where back",
		"a log has other hand-offs than its case":       latest + " select count(*) from latest join (select case_id, count(*) filter (where event = '流转') as n, count(*) filter (where event = '退回') as r, count(*) filter (where event = '重办') as o from case_events group by 1) using (case_id) where n <> handoffs::integer or r <> returns::integer or o <> reopened::integer",
		"a log ends at another time than its case":      latest + " select count(*) from latest join (select case_id, max(happened_at) as last from case_events group by 1) using (case_id) where closed_at <> last",
		"something lies after the end":                  "select count(*) from cases where greatest(reported_at, closed_at, updated_at) > '2026-11-01' and case_id not like '%E'",
		"a person is younger than 18 or older than 100": "select count(*) from staff where 2026 - birth_year::integer not between 18 and 100",
		"an appraisal is outside of 0 to 100":           "select count(*) from appraisals where score::double not between 0 and 100",
		"a phone number could be real":                  "select count(*) from cases where reporter_key not like '000%'",
	}
	for what, query := range none {
		if n := number(t, db, query); n != 0 {
			t.Errorf("%s: %v rows", what, n)
		}
	}
	counts := []struct {
		what, query string
		want        float64
	}{
		{"cases", "select count(distinct case_id) from cases where case_id not like '%E'", 5_000},
		{"dirty rows", "select count(*) from cases where case_id like '%E'", truth.Rows["bad date"] + truth.Rows["unknown grid"] + truth.Rows["closed before reported"]},
		{"unreadable dates", "select count(*) from cases where try_cast(reported_at as timestamp) is null", truth.Rows["bad date"]},
		{"rows", "select count(*) from cases", 5_000 + truth.Rows["bad date"] + truth.Rows["unknown grid"] + truth.Rows["closed before reported"] + truth.Rows["earlier state"] + truth.Rows["exact duplicate"]},
		{"exact duplicates", "select count(*) from (select * from cases group by all having count(*) > 1)", truth.Rows["exact duplicate"]},
		{"surveys", "select count(*) from satisfaction", truth.Rows["survey"]},
		{"subdistricts", "select count(distinct subdistrict_code) from grids", 12},
		{"communities", "select count(distinct community_code) from grids", 120},
		{"grids in force", "select count(*) from grids where valid_to is null", 1200},
		{"redrawn grids", "select count(*) from grids where valid_to is not null", 6},
		{"dates of redrawing", "select count(distinct valid_to) from grids", 2},
		{"communities with the working practice", "select count(*) from interventions where practice = 'fengqiao'", 24},
		{"waves of it", "select count(distinct started_on) from interventions where practice = 'fengqiao'", 6},
		{"days in the calendar", "select count(*) from calendar", 1826},
		{"a make-up workday", "select count(*) from calendar where date = '2026-02-28' and is_workday = '是'", 1},
	}
	for _, c := range counts {
		if n := number(t, db, c.query); n != c.want {
			t.Errorf("%s: %v, want %v", c.what, n, c.want)
		}
	}
}

// latest is the last state of each case.
const latest = `with latest as (
  select * from cases where case_id not like '%E' qualify row_number() over (partition by case_id order by updated_at desc) = 1
)`

func TestPlantedEffectsAreInTheFiles(t *testing.T) {
	dir := write(t, synthetic.Options{Cases: 40_000, EventMonths: 1})
	db := load(t, dir)
	truth := readTruth(t, dir)
	share := func(numerator, denominator, where string) float64 {
		return number(t, db, latest+fmt.Sprintf(`, located as (
			select l.*, left(l.grid_code, 12) as community, left(l.grid_code, 9) as subdistrict, i.practice, i.started_on <= left(l.reported_at, 10) as after
			from latest l left join interventions i on i.geo_code = left(l.grid_code, 12)
		) select count(*) filter (where %s) / count(*) filter (where %s)::double from located where %s`, numerator, denominator, where))
	}
	agreed, mediated := "outcome in ('达成协议', '司法确认')", "outcome in ('达成协议', '司法确认', '调解未成')"
	if gain := share(agreed, mediated, "practice = 'fengqiao' and after") - share(agreed, mediated, "practice = 'fengqiao' and not after"); gain < 0.08 {
		t.Errorf("the practice that works raises mediation success by %.3f only", gain)
	}
	inTime, due := "closed_at <= due_at", "due_at is not null and status <> '挂账' and due_at < '2026-11-01'"
	treated := share(inTime, due, "practice = 'standardisation' and after") - share(inTime, due, "practice = 'standardisation' and not after")
	others := share(inTime, due, "practice is null and reported_at >= '2025-05-01' and subdistrict <> '990100007'") -
		share(inTime, due, "practice is null and reported_at < '2025-05-01' and subdistrict <> '990100007'")
	if math.Abs(treated-others) > 0.03 {
		t.Errorf("the practice that does not work moves on-time closure by %.3f against others", treated-others)
	}
	if fall := share(inTime, due, "subdistrict = '990100007' and reported_at < '2026-01-01'") - share(inTime, due, "subdistrict = '990100007' and reported_at >= '2026-01-01'"); fall < 0.12 {
		t.Errorf("the subdistrict that slips falls by %.3f only", fall)
	}
	flood := number(t, db, latest+` select count(*) filter (where left(reported_at, 10) between '2025-07-14' and '2025-07-20') / (count(*) / 1096.0 * 7) from latest where left(grid_code, 9) in ('990100005', '990100006', '990100011')`)
	if flood < 3 {
		t.Errorf("in the flood week %.1f times the usual cases are reported there", flood)
	}
	for _, e := range truth.Effects {
		if e.Code != "gaming reach" {
			continue
		}
		query := latest + fmt.Sprintf(` select count(*) filter (where responded = '是') / count(*)::double from satisfaction s join latest l using (case_id)
			where l.grid_code = '%s' and l.reported_at >= '%s'`, e.Where[0].Code, e.Where[0].From)
		if reach := number(t, db, query); !(reach > 0 && reach < 0.45) {
			t.Errorf("the grid that games its survey reaches %.2f", reach)
		}
		grid := e.Measured["grid"]
		if got := number(t, db, strings.Replace(query, "/ count(*)::double", "", 1)); got != grid.Numerator {
			t.Errorf("truth.json says %v answers, the files %v", grid.Numerator, got)
		}
	}
}

func TestLogsCanBeLimitedToTheLastMonths(t *testing.T) {
	dir := write(t, synthetic.Options{Cases: 2_000, Days: 150, EventMonths: 2})
	db := load(t, dir)
	if n := number(t, db, "select count(*) from case_events where case_id < 'JC202609'"); n != 0 {
		t.Errorf("%v steps of cases reported before the last two months", n)
	}
	if n := number(t, db, "select count(distinct case_id) from case_events"); n < 100 {
		t.Errorf("only %v cases have a log", n)
	}
}

func TestProgressEndsAtAllCases(t *testing.T) {
	var last, calls int64
	write(t, synthetic.Options{Cases: 1_000, Days: 150, Progress: func(done, all int64) {
		if done < last || done > all {
			t.Errorf("progress goes from %d to %d of %d", last, done, all)
		}
		last = done
		calls++
	}})
	if last != 1_000 || calls != 5 {
		t.Errorf("%d calls, the last at %d", calls, last)
	}
}
