package dashboards_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// What happened after the snapshot was published stands on the page at once, with the reason and what to do.
func TestRunsThatPublishedNothingAreShownWithTheirReasons(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	s := newServer(t, w)
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 4, 1, 2, 0, 0, 0, time.UTC)
	record := func(r snapshot.RunRecord) {
		t.Helper()
		if err := w.RecordRun(r); err != nil {
			t.Fatal(err)
		}
	}
	record(snapshot.RunRecord{RunID: "aaaaaa", StartedAt: at, FinishedAt: at.Add(time.Minute), Outcome: snapshot.Published, Mode: "full", Snapshot: "a", Read: 10, Loaded: 10})
	if page := get(t, s, "/data-quality?lang=en").Body.String(); strings.Contains(page, "published nothing:") || !strings.Contains(page, `data-run="aaaaaa"`) {
		t.Error("after a run that published, the page warns, or does not name the run")
	}
	record(snapshot.RunRecord{RunID: "bbbbbb", StartedAt: at.Add(24 * time.Hour), FinishedAt: at.Add(25 * time.Hour), Outcome: snapshot.Refused, Mode: "incremental", Error: "a check refused to publish",
		Findings: []snapshot.Finding{{Code: "cases_few", Severity: "refuse", Feed: "cases", Department: "某局", Failed: 1234, Zh: "案件数骤降", En: "far fewer cases than usual"}}})
	record(snapshot.RunRecord{RunID: "cccccc", StartedAt: at.Add(48 * time.Hour), FinishedAt: at.Add(49 * time.Hour), Outcome: snapshot.Failed, Error: "no space left on <device>"})
	record(snapshot.RunRecord{RunID: "dddddd", StartedAt: at.Add(49 * time.Hour), FinishedAt: at.Add(49 * time.Hour), Outcome: snapshot.NothingNew})
	page := get(t, s, "/data-quality?lang=en").Body.String()
	for _, want := range []string{"published nothing: 2", "2026-04-02 02:00", "refused by a check", "far fewer cases than usual (1,234)", "jiceng rejects --run bbbbbb", "exit code 4",
		"no space left on &lt;device&gt;", "remove the cause and run again", "exit code 1", "nothing new"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if page := get(t, s, "/data-quality").Body.String(); !strings.Contains(page, "有 2 次运行没有发布") || !strings.Contains(page, "案件数骤降") {
		t.Error("the page in Chinese does not say what happened")
	}
	var answer struct{ Rows []map[string]any }
	if err := json.Unmarshal(get(t, s, "/api/v1/runs").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Rows) != 4 || answer.Rows[0]["run_id"] != "dddddd" || answer.Rows[1]["error"] != "no space left on <device>" || answer.Rows[3]["error"] != nil {
		t.Errorf("the API's runs: %v", answer.Rows)
	}
	record(snapshot.RunRecord{RunID: "eeeeee", StartedAt: at.Add(72 * time.Hour), FinishedAt: at.Add(73 * time.Hour), Outcome: snapshot.Published, Mode: "incremental", Snapshot: "b"})
	if answer := get(t, s, "/data-quality?lang=en"); answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), "published nothing:") {
		t.Error("the page still warns after the next publication")
	}
}
