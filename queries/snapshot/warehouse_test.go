package snapshot_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// build writes a minimal snapshot where a run would build it.
func build(t *testing.T, w snapshot.Warehouse, name, asOf string) {
	t.Helper()
	if err := os.MkdirAll(w.SnapshotDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", w.HiddenPath(name))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"create table snapshot_info (key varchar, value varchar)",
		"insert into snapshot_info values ('as_of', '" + asOf + "'), ('synthetic', 'true')",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

func publish(t *testing.T, w snapshot.Warehouse, names ...string) {
	t.Helper()
	for _, name := range names {
		build(t, w, name, "2026-10-31 23:59:59")
		if err := w.Publish(name); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnEmptyWarehouseSaysThatNothingIsPublished(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	if _, err := w.Current(); !errors.Is(err, snapshot.ErrNone) {
		t.Fatalf("Current() = %v, want ErrNone", err)
	}
	infos, err := w.List()
	if err != nil || len(infos) != 0 {
		t.Fatalf("List() = %v, %v, want none", infos, err)
	}
}

func TestAPublishedSnapshotCanBeReadAndNotWritten(t *testing.T) {
	ctx := context.Background()
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	s, err := w.OpenCurrent(ctx, snapshot.Options{Threads: 1, MemoryLimit: "256MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.Synthetic() {
		t.Error("the snapshot is synthetic and must say so")
	}
	asOf, err := s.AsOf()
	if want := time.Date(2026, 10, 31, 23, 59, 59, 0, time.UTC); err != nil || !asOf.Equal(want) {
		t.Errorf("AsOf() = %v, %v, want %v", asOf, err, want)
	}
	if _, err := s.DB.ExecContext(ctx, "create table t (i integer)"); err == nil {
		t.Error("a published snapshot took a write")
	}
}

func TestAnUnfinishedBuildIsNotListed(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	build(t, w, "b", "2026-11-01 00:00:00")
	infos, err := w.List()
	if err != nil || len(infos) != 1 || infos[0].Name != "a" || !infos[0].Current {
		t.Fatalf("List() = %+v, %v, want only a, published", infos, err)
	}
}

func TestRollbackAndPrune(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a", "b", "c", "d")
	if err := w.Rollback("b"); err != nil {
		t.Fatal(err)
	}
	if name, err := w.Current(); err != nil || name != "b" {
		t.Fatalf("Current() = %q, %v, want b", name, err)
	}
	deleted, err := w.Prune(1)
	if err != nil {
		t.Fatal(err)
	}
	if len(deleted) != 2 || deleted[0] != "a" || deleted[1] != "c" {
		t.Errorf("Prune(1) deleted %v, want a and c: b is published and d is the newest", deleted)
	}
	if _, err := w.Prune(0); err == nil {
		t.Error("Prune(0) would delete everything and must be refused")
	}
	for _, bad := range []string{"", "../b", "zz"} {
		if err := w.Rollback(bad); err == nil {
			t.Errorf("Rollback(%q) succeeded", bad)
		}
	}
}

func TestACorruptCURRENTIsAnErrorNotAnotherFile(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	if err := os.WriteFile(filepath.Join(w.Dir, "CURRENT"), []byte("../../etc/passwd\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Current(); err == nil {
		t.Error("a CURRENT that points outside of the warehouse was followed")
	}
}

func TestNamesSortByTime(t *testing.T) {
	early := snapshot.NewName(time.Date(2026, 9, 30, 18, 0, 0, 0, time.UTC), "r9")
	late := snapshot.NewName(time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC), "r1")
	if early >= late {
		t.Errorf("%q does not sort before %q", early, late)
	}
}
