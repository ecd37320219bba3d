package snapshot

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strconv"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the database/sql driver
)

// Options limit what one opened snapshot may use.
type Options struct {
	Threads     int    // 0: as many as Go may use; who opens the same snapshot twice in one process must say the same
	MemoryLimit string // e.g. "1GB"; "": DuckDB's default
}

// Snapshot is one published snapshot, opened for reading.
type Snapshot struct {
	Name string
	Path string
	DB   *sql.DB
	Info map[string]string // the rows of snapshot_info
}

// OpenCurrent opens the published snapshot.
func (w Warehouse) OpenCurrent(ctx context.Context, opt Options) (*Snapshot, error) {
	name, err := w.Current()
	if err != nil {
		return nil, err
	}
	return w.Open(ctx, name, opt)
}

// Open opens the snapshot with this name, read-only.
func (w Warehouse) Open(ctx context.Context, name string, opt Options) (*Snapshot, error) {
	path := w.Path(name)
	if opt.Threads == 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	dsn := path + "?access_mode=read_only&threads=" + strconv.Itoa(opt.Threads)
	if opt.MemoryLimit != "" {
		dsn += "&memory_limit=" + opt.MemoryLimit
	}
	db, err := sql.Open("duckdb", dsn)
	if err != nil {
		return nil, fmt.Errorf("open snapshot %s: %w", name, err)
	}
	s := &Snapshot{Name: name, Path: path, DB: db}
	if s.Info, err = readInfo(ctx, db); err != nil {
		db.Close()
		return nil, fmt.Errorf("open snapshot %s: %w", name, err)
	}
	return s, nil
}

// Close releases the snapshot.
func (s *Snapshot) Close() error { return s.DB.Close() }

// Synthetic says whether the data are made up, which every page must show.
func (s *Snapshot) Synthetic() bool { return s.Info["synthetic"] == "true" }

// AsOf is the moment up to which the data are known, in the district's local time.
func (s *Snapshot) AsOf() (time.Time, error) {
	t, err := time.Parse("2006-01-02 15:04:05", s.Info["as_of"])
	if err != nil {
		return time.Time{}, fmt.Errorf("snapshot %s: as_of: %w", s.Name, err)
	}
	return t, nil
}

func readInfo(ctx context.Context, db *sql.DB) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "select key, coalesce(value, '') from snapshot_info")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	info := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		info[key] = value
	}
	return info, rows.Err()
}
