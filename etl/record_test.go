package etl_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// outcomes are those of the warehouse's record of runs, oldest first.
func (o *office) outcomes() []string {
	o.t.Helper()
	runs, err := o.warehouse().Runs(0)
	if err != nil {
		o.t.Fatal(err)
	}
	words := make([]string, len(runs))
	for i, r := range runs {
		words[len(runs)-1-i] = r.Outcome
	}
	return words
}

func TestARefusedRunPublishesNothingAndKeepsItsRejects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*office)
		want   string
	}{
		{"too many rejects", func(o *office) { o.cfg.Thresholds.RejectedShare = 0.3 }, "1 of 2 rows of cases were rejected"},
		{"a check's own threshold", func(o *office) { o.cfg.Thresholds.Checks = map[string]float64{"cases_grid_unknown": 0.4} }, "cases_grid_unknown"},
		{"two shapes of a grid in force", func(o *office) {
			o.write("grids.csv", "网格,社区,街道,人口,生效,失效\nG1,C1,S1,100,,\nG1,C2,S1,100,2026-01-01,\nG3,C2,S2,300,,\n")
		}, "grids_overlap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.write("cases.csv", caseHeader+good1+row("A2", "2026-10-03", "G9", "", "办理中", "0"))
			c.change(o)
			result, err := o.try(etl.Options{})
			if !errors.Is(err, etl.ErrRefused) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want a refusal for %q", err, c.want)
			}
			if _, err := o.warehouse().Current(); !errors.Is(err, snapshot.ErrNone) {
				t.Errorf("something was published: %v", err)
			}
			if result.Outcome != snapshot.Refused || result.Feeds["cases"].Rejected != 1 {
				t.Errorf("result %+v", result)
			}
			kept, err := filepath.Glob(o.path("warehouse/refused/*.duckdb"))
			if err != nil || len(kept) != 1 {
				t.Fatalf("kept %v, %v", kept, err)
			}
			db, err := sql.Open("duckdb", kept[0]+"?access_mode=read_only")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var line int64
			var rule, raw string
			if err := db.QueryRow("select line, rule, raw from reject").Scan(&line, &rule, &raw); err != nil {
				t.Fatal(err)
			}
			if line != 3 || rule != "cases_grid_unknown" || raw != "A2,2026-10-03,G9,,办理中,0,说明" {
				t.Errorf("the reject kept is line %d: %s: %s", line, rule, raw)
			}
			if left, err := filepath.Glob(o.path("warehouse/snapshots/.*")); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestEveryRunIsRecordedHoweverItEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("cases.csv", "")
	if _, err := o.try(etl.Options{}); err == nil {
		t.Fatal("an empty file was loaded")
	}
	o.write("cases.csv", caseFile)
	o.run(etl.Options{})
	if _, err := o.try(etl.Options{}); !errors.Is(err, etl.ErrNothingNew) {
		t.Fatalf("the same files again: %v", err)
	}
	if _, err := o.try(etl.Options{CheckOnly: true, Full: true}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(o.outcomes(), " "); got != "failed published nothing_new" {
		t.Errorf("recorded: %s (a check alone is no run)", got)
	}
	runs, err := o.warehouse().Runs(0)
	if err != nil {
		t.Fatal(err)
	}
	published, failed := runs[1], runs[2]
	if !strings.Contains(failed.Error, "cases.csv") || !strings.Contains(failed.Error, "empty") {
		t.Errorf("the failed run's record does not say why: %q", failed.Error)
	}
	if published.Read != 6 || published.Loaded != 6 || published.Snapshot == "" || published.Mode != "full" || len(published.Steps) < 5 {
		t.Errorf("the published run's record: %+v", published)
	}
	if got := o.query("select outcome, rows_read from run order by rows_read"); got != "failed | 0\npublished | 6" {
		t.Errorf("the snapshot's table of runs: %s", got)
	}
	if got := o.query("select count(*) > 5, bool_and(seconds >= 0 and rows >= 0) from run_step"); got != "true | true" {
		t.Errorf("steps: %s", got)
	}
}

func TestASecondRunSaysWhoHoldsTheWarehouse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := os.MkdirAll(o.path("warehouse"), 0o755); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"run_id": "abc123", "process": 4711, "host": "nachts", "since": "2026-11-01T18:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	o.write("warehouse/.lock", string(text))
	l := flock.New(o.path("warehouse/.lock"))
	if ok, err := l.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	_, err = o.try(etl.Options{})
	if !errors.Is(err, etl.ErrLocked) || !strings.Contains(err.Error(), "process 4711 on nachts") || !strings.Contains(err.Error(), "abc123") {
		t.Errorf("error %v", err)
	}
	// The holder is gone without having emptied the file: it was killed.
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	o.write("cases.csv", "")
	if _, err := o.try(etl.Options{}); err == nil || errors.Is(err, etl.ErrLocked) {
		t.Errorf("the lock of a killed run still holds: %v", err)
	}
	if got := strings.Join(o.outcomes(), " "); got != "locked interrupted failed" {
		t.Errorf("recorded: %s", got)
	}
}

func TestACancelledRunStopsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := etl.Run(ctx, o.config(), etl.Options{Now: o.now}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left, err := filepath.Glob(o.path("warehouse/snapshots/*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
