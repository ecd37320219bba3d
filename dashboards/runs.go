package dashboards

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// shownRuns is how many runs the page and its table name.
const shownRuns = 60

// runHistory is the warehouse's record of runs, read again when it has grown.
type runHistory struct {
	mu      sync.Mutex
	size    int64
	changed time.Time
	runs    []snapshot.RunRecord
}

// read is the last runs, newest first, of a warehouse.
func (h *runHistory) read(w snapshot.Warehouse) ([]snapshot.RunRecord, error) {
	info, err := os.Stat(w.RunsPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the record of runs: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.size == info.Size() && h.changed.Equal(info.ModTime()) {
		return h.runs, nil
	}
	runs, err := w.Runs(shownRuns)
	if err != nil {
		return nil, err
	}
	h.size, h.changed, h.runs = info.Size(), info.ModTime(), runs
	return runs, nil
}

// runRow is one run as the data-quality page shows it: what the snapshot knows of
// it, and, of runs that published nothing, what the warehouse remembers beside the snapshots.
type runRow struct {
	panels.Run
	Word     string   // how it ended
	Good     int      // 1 published, -1 not for a reason that somebody has to see to, 0 else
	Exit     string   // the command's exit code, "" where it was not its to give
	Error    string   // why, in one sentence
	Findings []string // of the checks, those that kept it from publishing
	Todo     string   // what a person does about it
}

// runRows is the last runs, newest first, whether they published or not.
func (s *Server) runRows(f *frame) ([]runRow, error) {
	remembered, err := s.history.read(s.warehouse)
	if err != nil {
		return nil, err
	}
	var rows []runRow
	for _, r := range f.view.quality.runs {
		rows = append(rows, f.runRow(r, snapshot.RunRecord{}))
	}
	for _, m := range remembered {
		run := panels.Run{ID: m.RunID, Started: m.StartedAt, Mode: m.Mode, Outcome: m.Outcome, Read: m.Read, Loaded: m.Loaded, Superseded: m.Superseded,
			Duplicate: m.Duplicate, Rejected: m.Rejected, Seconds: m.FinishedAt.Sub(m.StartedAt).Seconds()}
		row := f.runRow(run, m)
		if i := slices.IndexFunc(rows, func(r runRow) bool { return r.ID == m.RunID }); i >= 0 {
			row.Run = rows[i].Run
			rows[i] = row
			continue
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b runRow) int { return b.Started.Compare(a.Started) })
	return rows[:min(len(rows), shownRuns)], nil
}

func (f *frame) runRow(r panels.Run, m snapshot.RunRecord) runRow {
	row := runRow{Run: r, Error: m.Error, Word: f.T("outcome_" + r.Outcome)}
	switch r.Outcome {
	case snapshot.Published:
		row.Good, row.Exit = 1, "0"
	case snapshot.NothingNew:
		row.Exit = "3"
	case snapshot.Refused:
		row.Good, row.Exit, row.Todo = -1, "4", f.T("todo_refused", "Run", r.ID)
	case snapshot.Failed:
		row.Good, row.Exit, row.Todo = -1, "1", f.T("todo_failed")
	case snapshot.Locked:
		row.Exit, row.Todo = "5", f.T("todo_locked")
	case snapshot.Interrupted:
		row.Good, row.Todo = -1, f.T("todo_interrupted")
	}
	if r.Outcome == snapshot.Refused {
		for _, x := range m.Findings {
			row.Findings = append(row.Findings, strings.TrimSpace(f.T("feed_"+x.Feed)+" "+x.Department)+f.T("colon")+pickLang(f.Lang, x.Zh, x.En)+f.T("inBrackets", "Text", f.Int(x.Failed)))
		}
	}
	return row
}

// unpublished are the runs since the last published one that somebody has to see to.
func unpublished(rows []runRow) []runRow {
	var found []runRow
	for _, r := range rows {
		if r.Outcome == snapshot.Published {
			break
		}
		if r.Good < 0 {
			found = append(found, r)
		}
	}
	return found
}

// runTable is the last runs, newest first; it changes between snapshots, when a run fails.
func (s *Server) runTable(f *frame) (table, error) {
	runs, err := s.runRows(f)
	if err != nil {
		return table{}, err
	}
	out := table{passing: true, columns: []string{"run_id", "started_at", "mode", "outcome", "rows_read", "rows_loaded", "rows_superseded", "rows_duplicate", "rows_rejected", "seconds", "error"}}
	for _, r := range runs {
		var reason any
		if r.Error != "" {
			reason = r.Error
		}
		out.rows = append(out.rows, []any{r.ID, r.Started, r.Mode, r.Outcome, r.Read, r.Loaded, r.Superseded, r.Duplicate, r.Rejected, r.Seconds, reason})
	}
	return out, nil
}
