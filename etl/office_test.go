package etl_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// office is a small district's folder of exports, with a configuration that loads it.
type office struct {
	t   *testing.T
	dir string
	cfg etl.Config
	now time.Time
	log *bytes.Buffer
}

const (
	gridMapping = `
select
  "网格" as grid_code,
  "社区" as community_code,
  "街道" as subdistrict_code,
  'D' as district_code,
  "人口" as population,
  "生效" as valid_from,
  "失效" as valid_to
from raw`
	caseMapping = `
select
  "编号" as case_id,
  "上报时间" as reported_at,
  "网格" as grid_code,
  "办结时间" as closed_at,
  "状态" as status,
  "次数" as handoffs,
  "说明" as category_2
from raw`
	surveyMapping = `
select
  "回访编号" as survey_id,
  "案件" as case_id,
  "回访时间" as surveyed_at,
  "作答" as responded,
  "评分" as score
from raw`
	gridFile   = "网格,社区,街道,人口,生效,失效\nG1,C1,S1,100,,\nG2,C1,S1,200,,\nG3,C2,S2,300,2026-01-01,\n"
	caseHeader = "编号,上报时间,网格,办结时间,状态,次数,说明\n"
	caseFile   = caseHeader +
		"A1,2026-10-01 08:00:00,G1,2026-10-02 09:00:00,办结,1,路灯不亮\n" +
		"A2,2026-10-03 08:00:00,G2,,办理中,0,井盖缺失\n"
	surveyFile = "回访编号,案件,回访时间,作答,评分\nS1,A1,2026-10-05 10:00:00,是,5\n"
)

// newOffice writes three good files and their mappings.
func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 1, 18, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	o.write("grids.sql", gridMapping)
	o.write("cases.sql", caseMapping)
	o.write("surveys.sql", surveyMapping)
	o.write("grids.csv", gridFile)
	o.write("cases.csv", caseFile)
	o.write("surveys.csv", surveyFile)
	o.write("key", "0123456789abcdef0123456789abcdef")
	if err := os.Chmod(o.path("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.cfg = etl.Config{
		District:   etl.District{Code: "D", Name: "某区"},
		Warehouse:  "warehouse",
		AsOf:       "2026-10-31 23:59:59",
		Thresholds: etl.Thresholds{RejectedShare: 1},
		Personal:   etl.PersonalKey{KeyFile: "key"},
		Limits:     etl.Limits{Memory: "512MB", Threads: 1},
		Sources: []etl.Source{
			{Name: "grids", Feed: "grids", Department: "社会治理中心", Files: []string{"grids.csv"}, Mapping: "grids.sql"},
			{Name: "cases", Feed: "cases", Department: "社会治理中心", Files: []string{"cases.csv"}, Mapping: "cases.sql",
				Values: map[string]map[string]string{"status": {"办结": "closed", "办理中": "handling"}}},
			{Name: "surveys", Feed: "satisfaction", Department: "热线办", Files: []string{"surveys.csv"}, Mapping: "surveys.sql"},
		},
	}
	return o
}

func (o *office) path(name string) string { return filepath.Join(o.dir, name) }

func (o *office) write(name, content string) {
	o.t.Helper()
	if err := os.WriteFile(o.path(name), []byte(content), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// source returns the source of this name, to be changed.
func (o *office) source(name string) *etl.Source {
	for i := range o.cfg.Sources {
		if o.cfg.Sources[i].Name == name {
			return &o.cfg.Sources[i]
		}
	}
	o.t.Fatalf("no source %s", name)
	return nil
}

// config returns the configuration as the command line would resolve it.
func (o *office) config() etl.Config {
	o.t.Helper()
	cfg := o.cfg
	cfg.Sources = nil
	for _, s := range o.cfg.Sources {
		s.Files = append([]string(nil), s.Files...)
		cfg.Sources = append(cfg.Sources, s)
	}
	if err := cfg.Resolve(o.dir); err != nil {
		o.t.Fatal(err)
	}
	return cfg
}

func (o *office) try(opt etl.Options) (*etl.Result, error) {
	o.t.Helper()
	opt.Now = o.now
	opt.Log = slog.New(slog.NewTextHandler(io.MultiWriter(o.log), nil))
	return etl.Run(context.Background(), o.config(), opt)
}

// run runs and must publish.
func (o *office) run(opt etl.Options) *etl.Result {
	o.t.Helper()
	result, err := o.try(opt)
	if err != nil {
		o.t.Fatal(err)
	}
	return result
}

func (o *office) warehouse() snapshot.Warehouse { return snapshot.Warehouse{Dir: o.path("warehouse")} }

// query returns the rows of a query on the published snapshot as text, a line each.
func (o *office) query(query string) string {
	o.t.Helper()
	s, err := o.warehouse().OpenCurrent(context.Background(), snapshot.Options{Threads: 1})
	if err != nil {
		o.t.Fatal(err)
	}
	defer s.Close()
	rows, err := s.DB.Query(query)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		o.t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			o.t.Fatal(err)
		}
		fields := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				fields[i] = "-"
			case time.Time:
				fields[i] = strings.TrimSuffix(v.Format("2006-01-02 15:04:05"), " 00:00:00")
			default:
				fields[i] = fmt.Sprint(v)
			}
		}
		lines = append(lines, strings.Join(fields, " | "))
	}
	if err := rows.Err(); err != nil {
		o.t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// change alters a published snapshot, as only a test may.
func (o *office) change(name string, statements ...string) {
	o.t.Helper()
	path := o.warehouse().Path(name)
	if err := os.Chmod(path, 0o600); err != nil {
		o.t.Fatal(err)
	}
	db, err := sql.Open("duckdb", path)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			o.t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		o.t.Fatal(err)
	}
}
