package snapshot

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// What a run of the nightly job ended in.
const (
	Published   = "published"
	NothingNew  = "nothing_new" // every file had been loaded before
	Refused     = "refused"     // a check refused to publish
	Failed      = "failed"
	Locked      = "locked"      // another run held the warehouse
	Interrupted = "interrupted" // it was killed, or the machine stopped; found by the run after it
)

// RunRecord is one run as the warehouse remembers it, whether it published or
// not. The tables of a snapshot know only the runs that led to it.
type RunRecord struct {
	RunID      string     `json:"run_id"`
	StartedAt  time.Time  `json:"started_at"`  // UTC
	FinishedAt time.Time  `json:"finished_at"` // UTC; of an interrupted run, when it was found
	Outcome    string     `json:"outcome"`
	Mode       string     `json:"mode,omitempty"` // full or incremental
	Snapshot   string     `json:"snapshot,omitempty"`
	Error      string     `json:"error,omitempty"` // one sentence, without values of rows
	Files      int        `json:"files"`
	Read       int64      `json:"rows_read"`
	Loaded     int64      `json:"rows_loaded"`
	Superseded int64      `json:"rows_superseded"`
	Duplicate  int64      `json:"rows_duplicate"`
	Rejected   int64      `json:"rows_rejected"`
	Steps      []StepTime `json:"steps,omitempty"`
	Findings   []Finding  `json:"findings,omitempty"`
	Version    string     `json:"version,omitempty"`
}

// StepTime is one step of a run.
type StepTime struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Rows    int64   `json:"rows"`
}

// Finding is what one check found, for one department where the check looks at departments.
type Finding struct {
	Code       string `json:"code"`
	Severity   string `json:"severity"` // reject, warn or refuse
	Feed       string `json:"feed"`
	Department string `json:"department,omitempty"`
	Failed     int64  `json:"failed"`
	Checked    int64  `json:"checked,omitempty"`
	Zh         string `json:"zh"`
	En         string `json:"en"`
	Detail     string `json:"detail,omitempty"`
}

const (
	runsFile = "runs.jsonl"
	// runsKept is about how many runs the file remembers: five years of nights and as many by hand.
	runsKept = 4000
)

// RunsPath is the file with one line of JSON for each run.
func (w Warehouse) RunsPath() string { return filepath.Join(w.Dir, runsFile) }

// RefusedDir holds, for each of the last runs that a check refused to publish,
// a DuckDB file with its rejects, loads, steps and check results.
func (w Warehouse) RefusedDir() string { return filepath.Join(w.Dir, "refused") }

// RecordRun adds a run to the file. One line is one write, so that a run that
// does not hold the lock may add its line too.
func (w Warehouse) RecordRun(r RunRecord) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("record run %s: %w", r.RunID, err)
	}
	f, err := os.OpenFile(w.RunsPath(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("record run %s: %w", r.RunID, err)
	}
	_, err = f.Write(append(line, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("record run %s: %w", r.RunID, err)
	}
	return nil
}

// TrimRuns forgets the oldest runs once twice as many are there as are kept.
// Only the run that holds the lock may call it.
func (w Warehouse) TrimRuns() error {
	runs, err := w.Runs(0)
	if err != nil || len(runs) < 2*runsKept {
		return err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, r := range slices.Backward(runs[:runsKept]) {
		if err := encoder.Encode(r); err != nil {
			return fmt.Errorf("trim the record of runs: %w", err)
		}
	}
	temp := w.RunsPath() + ".new"
	if err := os.WriteFile(temp, text.Bytes(), 0o640); err != nil {
		return fmt.Errorf("trim the record of runs: %w", err)
	}
	return os.Rename(temp, w.RunsPath())
}

// Runs returns the last n runs, the newest first; 0 gives all that are
// remembered. A line that a full disk cut short is left out.
func (w Warehouse) Runs(n int) ([]RunRecord, error) {
	f, err := os.Open(w.RunsPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the record of runs: %w", err)
	}
	defer f.Close()
	var runs []RunRecord
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 0, 1<<16), 1<<24)
	for lines.Scan() {
		var r RunRecord
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.Outcome != "" {
			runs = append(runs, r)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the record of runs: %w", err)
	}
	slices.Reverse(runs)
	if n > 0 && len(runs) > n {
		runs = runs[:n]
	}
	return runs, nil
}
