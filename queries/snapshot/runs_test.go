package snapshot_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jiceng/jiceng/queries/snapshot"
)

func TestRunsAreRememberedNewestFirst(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	if runs, err := w.Runs(0); err != nil || runs != nil {
		t.Fatalf("Runs of an empty warehouse: %v, %v", runs, err)
	}
	start := time.Date(2026, 11, 1, 18, 0, 0, 0, time.UTC)
	for i, outcome := range []string{snapshot.Published, snapshot.Refused, snapshot.Failed} {
		r := snapshot.RunRecord{RunID: fmt.Sprint(i), StartedAt: start.Add(time.Duration(i) * 24 * time.Hour), Outcome: outcome, Error: "句子"}
		if err := w.RecordRun(r); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := w.Runs(2)
	if err != nil || len(runs) != 2 || runs[0].RunID != "2" || runs[1].Outcome != snapshot.Refused || runs[1].Error != "句子" {
		t.Errorf("Runs(2) = %+v, %v", runs, err)
	}
}

func TestALineCutShortIsLeftOut(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	text := `{"run_id":"a","outcome":"published"}` + "\n" + `{"run_id":"b","outc` + "\n" + `{"run_id":"c","outcome":"failed"}` + "\n"
	if err := os.WriteFile(w.RunsPath(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	runs, err := w.Runs(0)
	if err != nil || len(runs) != 2 || runs[0].RunID != "c" || runs[1].RunID != "a" {
		t.Errorf("Runs = %+v, %v", runs, err)
	}
}

func TestOldRunsAreForgotten(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	var text []byte
	for i := range 8000 {
		text = fmt.Appendf(text, "{\"run_id\":\"%d\",\"outcome\":\"published\"}\n", i)
	}
	if err := os.WriteFile(w.RunsPath(), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.TrimRuns(); err != nil {
		t.Fatal(err)
	}
	runs, err := w.Runs(0)
	if err != nil || len(runs) != 4000 || runs[0].RunID != "7999" || runs[3999].RunID != "4000" {
		t.Errorf("%d runs are left, from %+v, %v", len(runs), runs[0], err)
	}
}
