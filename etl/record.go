package etl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// outcomeOf says in a word what an error means for a run.
func outcomeOf(err error) string {
	switch {
	case err == nil:
		return snapshot.Published
	case errors.Is(err, ErrNothingNew):
		return snapshot.NothingNew
	case errors.Is(err, ErrRefused):
		return snapshot.Refused
	case errors.Is(err, ErrLocked):
		return snapshot.Locked
	}
	return snapshot.Failed
}

// record writes down how the run ended, whether it published or not.
func (r *run) record(runErr error) {
	r.result.Outcome = outcomeOf(runErr)
	r.result.FinishedAt = time.Now().UTC()
	if runErr != nil {
		r.result.Error = oneLine(runErr)
	}
	if r.opt.CheckOnly {
		return
	}
	t := r.result.Total
	rec := snapshot.RunRecord{RunID: r.id, StartedAt: r.started, FinishedAt: r.result.FinishedAt, Outcome: r.result.Outcome, Mode: r.result.Mode,
		Snapshot: r.result.Snapshot, Error: r.result.Error, Files: r.result.Files, Read: t.Read, Loaded: t.Loaded, Superseded: t.Superseded,
		Duplicate: t.Duplicate, Rejected: t.Rejected, Steps: r.result.Steps, Version: r.opt.Version}
	for _, c := range r.result.Checks {
		if c.Failed > 0 {
			rec.Findings = append(rec.Findings, c)
		}
	}
	if err := r.wh.RecordRun(rec); err != nil {
		r.log.Warn("the run was not recorded", "error", err)
	}
}

// recordKilled writes down that the run which held the lock before was ended from outside.
func (r *run) recordKilled(h *holder) {
	r.log.Warn("an earlier run was killed; what it left is removed", "run", h.RunID, "since", h.Since)
	rec := snapshot.RunRecord{RunID: h.RunID, StartedAt: h.Since, FinishedAt: time.Now().UTC(), Outcome: snapshot.Interrupted,
		Error: fmt.Sprintf("ended from outside (process %d on %s)", h.Process, h.Host)}
	if err := r.wh.RecordRun(rec); err != nil {
		r.log.Warn("the killed run was not recorded", "error", err)
	}
}

// oneLine keeps an error's first lines short: what DuckDB adds below may quote the file.
func oneLine(err error) string {
	var lines []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "LINE ") {
			break
		}
		lines = append(lines, line)
	}
	text := []rune(strings.Join(lines, "; "))
	return string(text[:min(len(text), 2000)])
}

// rememberOthers brings the runs that published nothing since the last
// snapshot into the table of runs, where pages and researchers look.
func (r *run) rememberOthers(ctx context.Context) error {
	runs, err := r.wh.Runs(200)
	if err != nil {
		r.log.Warn("the record of runs cannot be read", "error", err)
		return nil
	}
	for _, rec := range slices.Backward(runs) {
		if rec.Outcome == snapshot.Published {
			continue
		}
		if err := r.exec(ctx, `
insert into run (run_id, started_at, finished_at, mode, outcome, rows_read, rows_loaded, rows_superseded, rows_duplicate, rows_rejected, version)
select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
where ? not in (select run_id from run)`, rec.RunID, rec.StartedAt, rec.FinishedAt, rec.Mode, rec.Outcome,
			rec.Read, rec.Loaded, rec.Superseded, rec.Duplicate, rec.Rejected, rec.Version, rec.RunID); err != nil {
			return err
		}
	}
	return nil
}

// refusedKept is how many refused runs' rejects are kept.
const refusedKept = 5

// keepRefused saves what a refused run found, so that its rejects can be
// exported and corrected although its snapshot is thrown away.
func (r *run) keepRefused(ctx context.Context) error {
	dir := r.wh.RefusedDir()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("keep the rejects of the refused run: %w", err)
	}
	path := filepath.Join(dir, r.name+".duckdb")
	if err := r.exec(ctx, "attach "+quote(path)+" as refused_run"); err != nil {
		return fmt.Errorf("keep the rejects of the refused run: %w", err)
	}
	for _, table := range []string{"load", "reject", "run_step", "check_result"} {
		if err := r.exec(ctx, "create table refused_run."+table+" as select * from "+table+" where run_id = ?", r.id); err != nil {
			return fmt.Errorf("keep the rejects of the refused run: %w", err)
		}
	}
	if err := r.exec(ctx, "detach refused_run"); err != nil {
		return fmt.Errorf("keep the rejects of the refused run: %w", err)
	}
	return pruneRefused(dir)
}

func pruneRefused(dir string) error {
	kept, err := filepath.Glob(filepath.Join(dir, "*.duckdb"))
	if err != nil {
		return err
	}
	slices.Sort(kept)
	for len(kept) > refusedKept {
		if err := os.Remove(kept[0]); err != nil {
			return fmt.Errorf("delete the rejects of an old refused run: %w", err)
		}
		kept = kept[1:]
	}
	return nil
}

// keepHistory carries the record of earlier runs into a snapshot that is rebuilt from the files.
func (r *run) keepHistory(ctx context.Context, b base) error {
	if b.name == "" {
		return nil
	}
	if err := r.exec(ctx, "attach "+quote(r.wh.Path(b.name))+" as earlier (read_only)"); err != nil {
		return err
	}
	for _, table := range []string{"run", "run_step", "check_result"} {
		if err := r.copyCommon(ctx, table); err != nil {
			return err
		}
	}
	// A file arrived when it was loaded first, however often it is read again.
	if err := r.exec(ctx, "insert into first_loaded select content_hash, min(loaded_at) from earlier.load group by content_hash"); err != nil {
		return err
	}
	return r.exec(ctx, "detach earlier")
}

// copyCommon copies a table of the attached earlier snapshot, by the columns that both have:
// a newer jiceng may have added some.
func (r *run) copyCommon(ctx context.Context, table string) error {
	const common = `
select
  coalesce(string_agg('"' || mine.column_name || '"', ', ' order by mine.column_index), '')
from duckdb_columns() as mine
join duckdb_columns() as theirs on theirs.column_name = mine.column_name
  and theirs.table_name = mine.table_name
  and theirs.database_name = 'earlier'
where mine.database_name = current_database()
  and mine.table_name = ?`
	var columns string
	if err := r.conn.QueryRowContext(ctx, common, table).Scan(&columns); err != nil {
		return fmt.Errorf("compare table %s with the earlier snapshot's: %w", table, err)
	}
	if columns == "" {
		return nil
	}
	return r.exec(ctx, "insert into "+table+" ("+columns+") select "+columns+" from earlier."+table)
}
