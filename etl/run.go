// Package etl turns departments' files into a published snapshot:
// read → map → check → load → compute → publish.
//
// A run never touches what is published. It builds a hidden file, and the
// last thing it does is one atomic rename. Every raw row ends in one of four
// places (loaded, superseded by a later version of its key, a duplicate, or
// rejected with a reason), and a run whose four counts do not add up to the
// rows read refuses to publish.
package etl

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jiceng/jiceng/queries/breakdown"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	efficiency "github.com/jiceng/jiceng/queries/dea/nightly"
	"github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/index/nightly"
	"github.com/jiceng/jiceng/queries/practices"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/signals"
	"github.com/jiceng/jiceng/queries/snapshot"
	"github.com/jiceng/jiceng/queries/surveys"
)

const timestampLayout = "2006-01-02 15:04:05"

// What a run can end in besides an error.
var (
	// ErrNothingNew says that every file has been loaded before.
	ErrNothingNew = errors.New("nothing new: every file has been loaded before")
	// ErrRefused says that a check refused to publish.
	ErrRefused = errors.New("a check refused to publish")
	// ErrLocked says that another run holds the warehouse.
	ErrLocked = errors.New("another run holds the warehouse")
)

// Options say how one run differs from the usual one.
type Options struct {
	Full      bool         // rebuild from every file instead of adding the new ones
	CheckOnly bool         // read and check, publish nothing
	Version   string       // of jiceng, stored with the run
	Now       time.Time    // the clock; zero: time.Now
	Log       *slog.Logger // nil: slog.Default
	Calendar  []byte       // China's days as CSV (date, is_workday, name), for places without a calendar feed
	// Progress is told what the run is about to do and how many of the files' bytes are done; "" is the end. It may be nil.
	Progress func(step string, done, total int64)
}

// Counts is where raw rows ended. Read = Loaded + Superseded + Duplicate + Rejected.
type Counts struct {
	Read       int64 `json:"read"`
	Loaded     int64 `json:"loaded"`
	Superseded int64 `json:"superseded"`
	Duplicate  int64 `json:"duplicate"`
	Rejected   int64 `json:"rejected"`
	Replaced   int64 `json:"replaced"` // older rows in the warehouse that gave way to a loaded one
}

// Result is the summary of a run.
type Result struct {
	RunID      string              `json:"run_id"`
	StartedAt  time.Time           `json:"started_at"`
	FinishedAt time.Time           `json:"finished_at"`
	Outcome    string              `json:"outcome"` // published, nothing_new, refused, failed or locked
	Error      string              `json:"error,omitempty"`
	Snapshot   string              `json:"snapshot,omitempty"`
	Mode       string              `json:"mode,omitempty"` // full or incremental
	Files      int                 `json:"files"`
	Total      Counts              `json:"total"`
	Feeds      map[string]Counts   `json:"feeds"`
	Checks     []snapshot.Finding  `json:"checks"`
	Rejects    []RejectSample      `json:"rejects,omitempty"` // the first of each rule and file
	Steps      []snapshot.StepTime `json:"steps,omitempty"`
	Seconds    float64             `json:"seconds"`
}

// RejectSample is one refused row, to show in a report.
type RejectSample struct {
	Path     string `json:"path"`
	Line     int64  `json:"line,omitempty"`
	Position *int64 `json:"position,omitempty"` // of a byte that is no text, from 0
	Rule     string `json:"rule"`
	Column   string `json:"column,omitempty"`
	Value    string `json:"value,omitempty"`
	Zh       string `json:"zh"`
	En       string `json:"en"`
}

// samplesOfRule is how many refused rows of one rule and file a report shows.
const samplesOfRule = 3

func (r *Result) sample(path string, rejects []reject) {
	shown := map[string]int{}
	for _, j := range rejects {
		if shown[j.rule]++; shown[j.rule] <= samplesOfRule {
			s := RejectSample{Path: path, Line: j.line, Rule: j.rule, Column: j.column, Value: j.value, Zh: j.zh, En: j.en}
			if j.position >= 0 {
				s.Position = &j.position
			}
			r.Rejects = append(r.Rejects, s)
		}
	}
}

// run is one run under way.
type run struct {
	cfg     Config
	opt     Options
	log     *slog.Logger
	wh      snapshot.Warehouse
	id      string
	name    string
	started time.Time
	work    string // private folder for decoded copies, removed at the end
	feeds   map[string]schema.Feed
	db      *sql.DB
	conn    *sql.Conn
	result  *Result
	steps   sync.Mutex // guards the result's steps, and the telling of progress

	refusals    []string // why publishing is refused
	done, total int64    // bytes of files read, and to be read
	fileless    []Source // sources without any file
	unchecked   []string // files of earlier runs that changed grids were not held against
}

// Run does one nightly run and publishes a snapshot, or says why it did not.
// The result is never nil, so that a report can be shown of any run; each run
// is added to the warehouse's record of runs.
func Run(ctx context.Context, cfg Config, opt Options) (*Result, error) {
	r, err := newRun(cfg, opt)
	if err != nil {
		return r.result, err
	}
	err = explainDisk(cfg.Warehouse, r.alone(ctx))
	r.record(err)
	return r.result, err
}

func newRun(cfg Config, opt Options) (*run, error) {
	r := &run{cfg: cfg, opt: opt, log: opt.Log, wh: snapshot.Warehouse{Dir: cfg.Warehouse}, work: filepath.Join(cfg.Warehouse, workFolder)}
	if r.log == nil {
		r.log = slog.Default()
	}
	r.started = opt.Now
	if r.started.IsZero() {
		r.started = time.Now()
	}
	r.started = r.started.UTC()
	r.result = &Result{StartedAt: r.started, Feeds: map[string]Counts{}}
	suffix := make([]byte, 3)
	if _, err := rand.Read(suffix); err != nil {
		return r, fmt.Errorf("name the run: %w", err)
	}
	r.id = hex.EncodeToString(suffix)
	r.name = snapshot.NewName(r.started, r.id)
	r.result.RunID = r.id
	r.feeds = map[string]schema.Feed{}
	feeds, err := schema.Feeds()
	for _, f := range feeds {
		r.feeds[f.Name] = f
	}
	return r, err
}

// alone takes the lock and does the run.
func (r *run) alone(ctx context.Context) error {
	if err := os.MkdirAll(r.wh.SnapshotDir(), 0o755); err != nil {
		return fmt.Errorf("make the warehouse folder: %w", err)
	}
	unlock, killed, err := lock(r.cfg.Warehouse, r.id)
	if err != nil {
		return err
	}
	defer unlock()
	if killed != nil {
		r.recordKilled(killed)
	}
	if err := r.clean(); err != nil {
		return err
	}
	defer r.clean()
	if err := r.wh.TrimRuns(); err != nil {
		r.log.Warn("the record of runs was not trimmed", "error", err)
	}
	return r.do(ctx)
}

func (r *run) do(ctx context.Context) error {
	if err := os.MkdirAll(r.work, 0o700); err != nil {
		return fmt.Errorf("make the work folder: %w", err)
	}
	base, err := r.base(ctx)
	if err != nil {
		return err
	}
	files, err := r.findFiles(base)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(files), func(f *file) bool { return base.loaded[f.hash] })
	r.result.Mode, r.result.Files = base.mode, len(fresh)
	outdated := base.mode == modeIncremental && !base.sameTables // another version of jiceng made it: its pages cannot be made from it
	if len(fresh) == 0 && !outdated {
		return ErrNothingNew
	}
	err = r.build(ctx, base, fresh)
	if errors.Is(err, errGridsChanged) {
		err = r.rebuild(ctx, base, files, fresh)
	}
	r.progress("")
	if err != nil {
		return err
	}
	if r.opt.CheckOnly {
		return nil
	}
	if err := r.wh.Publish(r.name); err != nil {
		return err
	}
	r.result.Snapshot = r.name
	r.log.Info("published", "snapshot", r.name, "rows_read", r.result.Total.Read, "rows_loaded", r.result.Total.Loaded,
		"rows_rejected", r.result.Total.Rejected, "seconds", r.result.Seconds)
	if _, err := r.wh.Prune(r.cfg.Keep); err != nil {
		r.log.Warn("old snapshots were not deleted", "error", err)
	}
	return nil
}

// rebuild reads every file again because the grids have changed: rows that
// were refused may be right now, and the other way round. Where files of
// earlier runs are gone, only the new ones are read.
func (r *run) rebuild(ctx context.Context, b base, files, fresh []*file) error {
	if err := r.clean(); err != nil {
		return err
	}
	if err := os.MkdirAll(r.work, 0o700); err != nil {
		return fmt.Errorf("make the work folder: %w", err)
	}
	r.result.Feeds, r.result.Total, r.result.Checks, r.result.Rejects, r.result.Steps = map[string]Counts{}, Counts{}, nil, nil, nil
	r.refusals, r.done = nil, 0
	if gone := b.gone(files); len(gone) > 0 {
		r.unchecked, b.keepGoing = gone, true
		return r.build(ctx, b, fresh)
	}
	r.log.Info("the grids have changed: every file is read again")
	b.mode, b.loaded, b.files = modeFull, map[string]bool{}, nil
	files, err := r.findFiles(b)
	if err != nil {
		return err
	}
	r.result.Mode, r.result.Files = b.mode, len(files)
	return r.build(ctx, b, files)
}

// build makes the hidden snapshot file.
func (r *run) build(ctx context.Context, b base, files []*file) (err error) {
	r.total = 0
	for _, f := range files {
		r.total += f.bytes
	}
	path := r.wh.HiddenPath(r.name)
	if b.mode == modeIncremental && b.sameTables && os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(nightGCPercent))
	}
	if b.mode == modeIncremental && b.sameTables {
		written, err := copyFile(r.wh.Path(b.name), path)
		if err != nil {
			return fmt.Errorf("copy snapshot %s: %w", b.name, err)
		}
		defer func() { err = errors.Join(err, written()) }()
	}
	dsn := "?memory_limit=" + r.cfg.Limits.Memory
	if r.cfg.Limits.Threads > 0 {
		dsn += fmt.Sprintf("&threads=%d", r.cfg.Limits.Threads)
	}
	db, err := sql.Open("duckdb", dsn)
	if err != nil {
		return fmt.Errorf("open the new snapshot: %w", err)
	}
	defer db.Close()
	r.db = db
	if r.conn, err = db.Conn(ctx); err != nil {
		return fmt.Errorf("open the new snapshot: %w", err)
	}
	defer r.conn.Close()
	if err := r.exec(ctx, "set temp_directory = "+quote(r.work)); err != nil {
		return err
	}
	// A run that is killed begins anew, so that the file needs no log of changes, and is written down when all is counted.
	for _, statement := range []string{
		"attach " + quote(path) + " as snapshot (recovery_mode no_wal_writes)",
		"use snapshot",
		"set wal_autocheckpoint = '1TB'",
	} {
		if err := r.exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := r.exec(ctx, "create temp table first_loaded (content_hash varchar, loaded_at timestamp)"); err != nil {
		return err
	}
	if b.mode == modeFull || !b.sameTables {
		if err := r.atOnce(ctx, func() error { return schema.Create(ctx, r.conn) }); err != nil {
			return err
		}
		carry := r.keepHistory
		if b.mode == modeIncremental {
			carry = r.upgrade
		}
		if err := carry(ctx, b); err != nil {
			return err
		}
	}
	if err := r.prepareSession(ctx); err != nil {
		return err
	}
	if err := r.fillCalendar(ctx); err != nil {
		return err
	}
	err = r.load(ctx, b, files)
	if err == nil {
		err = r.finish(ctx)
	}
	if errors.Is(err, ErrRefused) && !r.opt.CheckOnly {
		if keepErr := r.keepRefused(ctx); keepErr != nil {
			r.log.Warn("the rejects of the refused run are lost", "error", keepErr)
		}
	}
	if err != nil {
		return err
	}
	if err := r.conn.Close(); err != nil {
		return fmt.Errorf("close the new snapshot: %w", err)
	}
	return db.Close()
}

// nightGCPercent lets Go's memory grow to five times what is in use before it is tidied up: what a run that adds to a snapshot keeps there
// is little, and tidying up every time it has doubled takes a twentieth of the run's time.
const nightGCPercent = 400

// load reads, checks and merges feed by feed; grids first, since other feeds refer to them.
func (r *run) load(ctx context.Context, b base, files []*file) error {
	for _, feed := range loadOrder() {
		var ofFeed []*file
		for _, f := range files {
			if f.source.Feed == feed {
				ofFeed = append(ofFeed, f)
			}
		}
		if len(ofFeed) == 0 {
			continue
		}
		load := func() error {
			return r.step(ctx, "load "+feed, func() (int64, error) { return r.loadFeed(ctx, r.feeds[feed], ofFeed) })
		}
		var err error
		if feed == "grids" && !b.keepGoing {
			err = r.watchGrids(ctx, b, load)
		} else {
			err = load()
		}
		if err != nil {
			return err
		}
	}
	total := r.result.Total
	if total.Read != total.Loaded+total.Superseded+total.Duplicate+total.Rejected {
		return fmt.Errorf("%w: the counts do not add up: read %d, loaded %d, superseded %d, duplicate %d, rejected %d",
			ErrRefused, total.Read, total.Loaded, total.Superseded, total.Duplicate, total.Rejected)
	}
	return nil
}

// loadOrder is the order in which feeds are loaded: what others refer to comes first.
func loadOrder() []string {
	return []string{"calendar", "grids", "cases", "satisfaction", "case_events", "staff", "training", "activities",
		"interventions", "appraisals", "targets", "boundaries"}
}

// finish computes what is derived and writes the run's own record.
func (r *run) finish(ctx context.Context) error {
	if err := r.atOnce(ctx, func() error { return r.describe(ctx) }); err != nil {
		return err
	}
	if err := r.step(ctx, "check feeds against each other", func() (int64, error) { return 0, r.checkEnd(ctx) }); err != nil {
		return err
	}
	r.refuseShares()
	if err := r.verdict(); err != nil || r.opt.CheckOnly {
		return err
	}
	cat, err := catalogue.Load()
	if err != nil {
		return err
	}
	if err := r.step(ctx, "compute indicators", func() (int64, error) {
		if err := compute.Run(ctx, r.conn, cat, compute.Options{Incremental: r.result.Mode == modeIncremental,
			OnStep: func(name string, seconds float64) {
				r.log.Debug("compute", "name", name, "seconds", fmt.Sprintf("%.2f", seconds))
			}}); err != nil {
			return 0, err
		}
		return r.count(ctx, "select count(*) from indicator_value")
	}); err != nil {
		return err
	}
	if err := r.describeFeeds(ctx); err != nil {
		return err
	}
	if err := r.derive(ctx, cat); err != nil {
		return err
	}
	r.result.Seconds = time.Since(r.started).Seconds()
	if !r.opt.Now.IsZero() {
		r.result.Seconds = 0
	}
	t := r.result.Total
	if err := r.exec(ctx, "insert into run values (?, ?, ?, ?, 'published', ?, ?, ?, ?, ?, ?, ?)", r.id, r.started, time.Now().UTC(),
		r.result.Mode, t.Read, t.Loaded, t.Superseded, t.Duplicate, t.Rejected, t.Replaced, r.opt.Version); err != nil {
		return err
	}
	if err := r.rememberOthers(ctx); err != nil {
		return err
	}
	return r.exec(ctx, "checkpoint")
}

// derive counts what rests on cases and surveys, and judges what rests on what is computed or loaded. Of what does not keep all processors
// busy, two things are done at once. All that is written down while the last of it is computed, which writes at its end: what only reads
// is not held up. A night, which counts little and therefore needs little memory, computes its indices beside the counting, so that what
// is left to be written after them are signals, which are few.
func (r *run) derive(ctx context.Context, cat catalogue.Catalogue) error {
	beside, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer beside.Close()
	some, err := r.count(ctx, "select count(*) from (from part.stale_cell limit 1)") // only some of it is counted again
	if err != nil {
		return err
	}
	count := func() error { return r.countMore(ctx, r.conn) }
	judge := func(conn *sql.Conn) func() error {
		return func() error { return r.judge(ctx, conn, cat) }
	}
	measure := func() error {
		return r.stepOn(ctx, beside, "measure efficiency", func() (int64, error) { return efficiency.Run(ctx, beside) })
	}
	index := func() error {
		return r.stepOn(ctx, beside, "compute indices", func() (int64, error) { return nightly.Run(ctx, beside, cat, r.cfg.Indices...) })
	}
	writeDown := func() error {
		// What is computed beside it may be writing already, and then this waits for nothing: what is not written now is at the end.
		if err := r.exec(ctx, "checkpoint"); err != nil {
			r.log.Debug("not written down yet", "error", err)
		}
		return nil
	}
	if some > 0 {
		return inTurn(together(count, inTurn(measure, index)), together(writeDown, judge(beside)))()
	}
	return inTurn(count, together(judge(r.conn), measure), together(writeDown, index))()
}

// inTurn does one thing after the other, as long as none fails.
func inTurn(all ...func() error) func() error {
	return func() error {
		for _, do := range all {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	}
}

// together does two things at once, and waits for both.
func together(a, b func() error) func() error {
	return func() error {
		done := make(chan error, 1)
		go func() { done <- b() }()
		return errors.Join(a(), <-done)
	}
}

// connect opens another connection to the new snapshot.
func (r *run) connect(ctx context.Context) (*sql.Conn, error) {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the new snapshot: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "use snapshot"); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to the new snapshot: %w", err), conn.Close())
	}
	return conn, nil
}

// countMore counts what rests on the cases and surveys of the connection, beside indicators.
func (r *run) countMore(ctx context.Context, conn *sql.Conn) error {
	if err := r.stepOn(ctx, conn, "break down cases and activities", func() (int64, error) { return breakdown.Run(ctx, conn) }); err != nil {
		return err
	}
	if err := r.stepOn(ctx, conn, "count the ways of cases", func() (int64, error) { return flows.Run(ctx, conn) }); err != nil {
		return err
	}
	if err := r.stepOn(ctx, conn, "count surveys", func() (int64, error) { return surveys.Run(ctx, conn) }); err != nil {
		return err
	}
	return compute.Widen(ctx, conn)
}

// judge derives what rests on practices and the values of months: on nothing that countMore counts, nor on the values of quarters and
// years that efficiency adds.
func (r *run) judge(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) error {
	if err := r.stepOn(ctx, conn, "find signals", func() (int64, error) { return signals.Run(ctx, conn, cat) }); err != nil {
		return err
	}
	return r.stepOn(ctx, conn, "evaluate practices", func() (int64, error) { return practices.Run(ctx, conn, cat) })
}

// step runs one step, times it and writes it down.
func (r *run) step(ctx context.Context, name string, do func() (int64, error)) error {
	return r.stepOn(ctx, r.conn, name, do)
}

// stepOn is step for what uses another connection; steps of different connections may run at once.
func (r *run) stepOn(ctx context.Context, conn *sql.Conn, name string, do func() (int64, error)) error {
	started := time.Now().UTC()
	r.steps.Lock()
	r.progress(name)
	r.steps.Unlock()
	rows, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	seconds := time.Since(started).Seconds()
	r.steps.Lock()
	r.result.Steps = append(r.result.Steps, snapshot.StepTime{Name: name, Seconds: seconds, Rows: rows})
	number := len(r.result.Steps)
	r.steps.Unlock()
	r.log.Info("step", "name", name, "rows", rows, "seconds", fmt.Sprintf("%.2f", seconds))
	if _, err := conn.ExecContext(ctx, "insert into run_step values (?, ?, ?, ?, ?, ?)", r.id, number, name, started, seconds, rows); err != nil {
		return fmt.Errorf("write down the step %q: %w", name, err)
	}
	return nil
}

func (r *run) progress(step string) {
	if r.opt.Progress != nil {
		r.opt.Progress(step, r.done, r.total)
	}
}

// exec runs one statement; the error carries the statement's first line.
func (r *run) exec(ctx context.Context, statement string, args ...any) error {
	if _, err := r.conn.ExecContext(ctx, statement, args...); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(statement), "\n")
		return fmt.Errorf("%s: %w", first, err)
	}
	return nil
}

// atOnce runs statements in one transaction, so that the disk is flushed once.
func (r *run) atOnce(ctx context.Context, do func() error) error {
	if err := r.exec(ctx, "begin"); err != nil {
		return err
	}
	if err := do(); err != nil {
		return errors.Join(err, r.exec(ctx, "rollback"))
	}
	return r.exec(ctx, "commit")
}

// count runs a query that yields one number.
func (r *run) count(ctx context.Context, query string, args ...any) (int64, error) {
	var n int64
	if err := r.conn.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(query), "\n")
		return 0, fmt.Errorf("%s: %w", first, err)
	}
	return n, nil
}

const workFolder = ".work"

// clean removes what a killed run may have left: half-built files and decoded copies.
func (r *run) clean() error {
	leftovers, err := filepath.Glob(filepath.Join(r.wh.SnapshotDir(), ".*.building*"))
	if err != nil {
		return fmt.Errorf("look for leftovers: %w", err)
	}
	for _, path := range append(leftovers, filepath.Join(r.cfg.Warehouse, workFolder)) {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove what an earlier run left: %w", err)
		}
	}
	return nil
}

// copyFile copies a file. The copy reaches the disk while other work goes on, so that the first one who waits for the disk does not
// wait for all of it; written waits for that, and is to be called when nothing holds the copy open any more: closing a file gives up the
// locks that this process has on it.
func copyFile(from, to string) (written func() error, err error) {
	in, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return nil, err
	}
	// ReadFrom lets the kernel copy, or share blocks where the file system can.
	if _, err = out.ReadFrom(in); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	synced := make(chan error, 1)
	go func() { synced <- out.Sync() }()
	return func() error {
		if err := errors.Join(<-synced, out.Close()); err != nil {
			return fmt.Errorf("write %s down: %w", filepath.Base(to), err)
		}
		return nil
	}, nil
}

// quote makes an SQL text literal of s.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident makes an SQL identifier of s.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
