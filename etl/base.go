package etl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/snapshot"
)

const (
	modeFull        = "full"
	modeIncremental = "incremental"
)

// base is what a run starts from.
type base struct {
	mode       string
	name       string // the published snapshot, "" if none
	sameTables bool   // it has the tables of this version of jiceng
	loaded     map[string]bool
	files      []knownFile
	keepGoing  bool // go on although the grids have changed
}

// knownFile is a file as it was when it was loaded.
type knownFile struct {
	source, path, hash string
	bytes              int64
	modified           time.Time
	rows               int64 // loaded
}

func (r *run) base(ctx context.Context) (base, error) {
	b := base{mode: modeFull, loaded: map[string]bool{}}
	name, err := r.wh.Current()
	if errors.Is(err, snapshot.ErrNone) {
		return b, nil
	}
	if err != nil {
		return b, err
	}
	b.name = name
	if r.opt.Full {
		return b, nil
	}
	b.mode = modeIncremental
	s, err := r.wh.Open(ctx, name, snapshot.Options{Threads: 1})
	if err != nil {
		return b, err
	}
	defer s.Close()
	b.sameTables = s.Info["schema"] == schema.Version()
	rows, err := s.DB.QueryContext(ctx, "select source, path, content_hash, bytes, modified_at, coalesce(rows_loaded, 0) from load order by load_id")
	if err != nil {
		return b, fmt.Errorf("read which files snapshot %s holds: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		var f knownFile
		if err := rows.Scan(&f.source, &f.path, &f.hash, &f.bytes, &f.modified, &f.rows); err != nil {
			return b, fmt.Errorf("read which files snapshot %s holds: %w", name, err)
		}
		b.loaded[f.hash] = true
		b.files = append(b.files, f)
	}
	return b, rows.Err()
}

// unchanged returns the hash of a file that has the size and the time of
// change it had when it was loaded, and is read in the same way. Such a file is
// not read again, as rsync and make would not; a full run reads every file.
func (b base) unchanged(source, path, settings string, bytes int64, modified time.Time) (hash string, ok bool) {
	for _, f := range slices.Backward(b.files) {
		if f.source != source || f.path != path {
			continue
		}
		same := f.bytes == bytes && f.modified.Equal(modified.UTC().Truncate(time.Microsecond)) && len(f.hash) > len(settings) && f.hash[:len(settings)] == settings
		return f.hash, same
	}
	return "", false
}

// gone lists the files whose rows are in the snapshot, but which are not there
// any more as they were: a rebuild would lose their rows.
func (b base) gone(files []*file) []string {
	there := map[string]bool{}
	for _, f := range files {
		there[f.hash] = true
	}
	var gone []string
	for _, f := range b.files {
		if f.rows > 0 && !there[f.hash] && !slices.Contains(gone, f.path) {
			gone = append(gone, f.path)
		}
	}
	return gone
}

// errGridsChanged says that rows of earlier runs must be checked against other grids.
var errGridsChanged = errors.New("the grids in force have changed")

// watchGrids does the loading of grids and says whether the grids in force,
// which other feeds' rows are accepted or refused by, have changed by it.
func (r *run) watchGrids(ctx context.Context, b base, load func() error) error {
	const shapes = "select grid_code, valid_from, valid_to from grids"
	if err := r.exec(ctx, "create or replace temp table grids_before as "+shapes); err != nil {
		return err
	}
	if err := load(); err != nil || b.mode == modeFull {
		return err
	}
	changed, err := r.count(ctx, "select count(*) from ((from grids_before except "+shapes+") union all ("+shapes+" except from grids_before))")
	if err == nil && changed > 0 {
		return errGridsChanged
	}
	return err
}

// upgrade copies what earlier runs loaded into tables of this version of jiceng.
func (r *run) upgrade(ctx context.Context, b base) error {
	if err := r.exec(ctx, "attach "+quote(r.wh.Path(b.name))+" as earlier (read_only)"); err != nil {
		return err
	}
	for _, table := range append(sortedKeys(r.feeds), "run", "run_step", "load", "reject", "check_result") {
		if err := r.copyCommon(ctx, table); err != nil {
			return err
		}
	}
	return r.exec(ctx, "detach earlier")
}
