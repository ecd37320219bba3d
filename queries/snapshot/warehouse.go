// Package snapshot knows how published warehouses lie on disk and how to open
// one for reading.
//
// A warehouse folder holds
//
//	snapshots/<UTC time>-<run>.duckdb   one immutable DuckDB file per published run
//	CURRENT                             the name of the published one, replaced by an atomic rename
//
// Nobody writes to a published file, so any number of processes may read it.
package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

const (
	currentFile = "CURRENT"
	extension   = ".duckdb"
	// TimeLayout is how a snapshot's name starts: UTC, sortable as text.
	TimeLayout = "20060102T150405Z"
)

// ErrNone says that nothing has been published in the warehouse yet.
var ErrNone = errors.New("no snapshot is published yet: run \"jiceng etl\" first")

// Warehouse is a folder of published snapshots.
type Warehouse struct{ Dir string }

// Info describes one published snapshot file.
type Info struct {
	Name    string // file name without extension
	Path    string
	Bytes   int64
	Current bool
}

// NewName returns the name for a snapshot built by the run with this id at this time.
func NewName(at time.Time, runID string) string {
	return at.UTC().Format(TimeLayout) + "-" + runID
}

// SnapshotDir is where published files lie.
func (w Warehouse) SnapshotDir() string { return filepath.Join(w.Dir, "snapshots") }

// Path returns the file of the snapshot with this name.
func (w Warehouse) Path(name string) string {
	return filepath.Join(w.SnapshotDir(), name+extension)
}

// HiddenPath returns where a run builds the snapshot before it is published.
// It lies in the same folder, so that publishing is a rename within one file system.
func (w Warehouse) HiddenPath(name string) string {
	return filepath.Join(w.SnapshotDir(), "."+name+extension+".building")
}

// Current returns the name of the published snapshot, or ErrNone.
func (w Warehouse) Current() (string, error) {
	text, err := os.ReadFile(filepath.Join(w.Dir, currentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("read which snapshot is published: %w", err)
	}
	name := strings.TrimSpace(string(text))
	if name == "" || strings.ContainsAny(name, `/\`) {
		return "", fmt.Errorf("%s in %s holds %q, which is not a snapshot's name", currentFile, w.Dir, name)
	}
	return name, nil
}

// List returns the published snapshots, oldest first.
func (w Warehouse) List() ([]Info, error) {
	entries, err := os.ReadDir(w.SnapshotDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	current, err := w.Current()
	if err != nil && !errors.Is(err, ErrNone) {
		return nil, err
	}
	var infos []Info
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), extension)
		if !ok || strings.HasPrefix(name, ".") || !e.Type().IsRegular() {
			continue
		}
		stat, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("look at snapshot %s: %w", name, err)
		}
		infos = append(infos, Info{Name: name, Path: w.Path(name), Bytes: stat.Size(), Current: name == current})
	}
	sort.Slice(infos, func(i, j int) bool { return infos[i].Name < infos[j].Name })
	return infos, nil
}

// Publish makes the hidden file of this name the published snapshot: the file
// is synced and renamed into place, then CURRENT is replaced by one rename.
// A crash at any point leaves the old snapshot published or the new one.
func (w Warehouse) Publish(name string) error {
	if err := syncFile(w.HiddenPath(name)); err != nil {
		return fmt.Errorf("flush snapshot %s to disk: %w", name, err)
	}
	if err := os.Chmod(w.HiddenPath(name), 0o440); err != nil {
		return fmt.Errorf("protect snapshot %s from writing: %w", name, err)
	}
	if err := os.Rename(w.HiddenPath(name), w.Path(name)); err != nil {
		return fmt.Errorf("move snapshot %s into place: %w", name, err)
	}
	if err := syncFile(w.SnapshotDir()); err != nil {
		return fmt.Errorf("flush the snapshot folder to disk: %w", err)
	}
	return w.setCurrent(name)
}

// Rollback publishes an earlier snapshot again.
func (w Warehouse) Rollback(name string) error {
	if name == "" || strings.ContainsAny(name, `/\`) {
		return fmt.Errorf("%q is not a snapshot's name", name)
	}
	if _, err := os.Stat(w.Path(name)); err != nil {
		return fmt.Errorf("roll back to snapshot %s: %w", name, err)
	}
	return w.setCurrent(name)
}

// Prune deletes all but the newest keep snapshots; the published one always stays.
// It returns the names deleted.
func (w Warehouse) Prune(keep int) ([]string, error) {
	if keep < 1 {
		return nil, fmt.Errorf("keep %d snapshots: at least 1 must stay", keep)
	}
	infos, err := w.List()
	if err != nil {
		return nil, err
	}
	var deleted []string
	for i, info := range infos {
		if i >= len(infos)-keep || info.Current {
			continue
		}
		if err := os.Remove(info.Path); err != nil {
			return deleted, fmt.Errorf("delete snapshot %s: %w", info.Name, err)
		}
		deleted = append(deleted, info.Name)
	}
	return deleted, nil
}

func (w Warehouse) setCurrent(name string) error {
	temp := filepath.Join(w.Dir, "."+currentFile+".new")
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("publish snapshot %s: %w", name, err)
	}
	_, err = f.WriteString(name + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("publish snapshot %s: %w", name, err)
	}
	if err := os.Rename(temp, filepath.Join(w.Dir, currentFile)); err != nil {
		return fmt.Errorf("publish snapshot %s: %w", name, err)
	}
	if err := syncFile(w.Dir); err != nil {
		return fmt.Errorf("publish snapshot %s: %w", name, err)
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
