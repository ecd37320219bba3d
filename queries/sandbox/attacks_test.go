package sandbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// attack is one block of testdata/attacks.sql.
type attack struct {
	name, sql string
	ends      []string
}

func readAttacks(t *testing.T, secret, snapshot string) []attack {
	t.Helper()
	text, err := os.ReadFile("testdata/attacks.sql")
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{{secret}}", secret, "{{snapshot}}", snapshot, "{{dir}}", filepath.Dir(snapshot),
		"{{deep-brackets}}", strings.Repeat("(", 20000), "{{deep-brackets-end}}", strings.Repeat(")", 20000),
		"{{deep-not}}", strings.Repeat("not ", 10000),
		"{{deep-lists}}", strings.Repeat("[", 10000), "{{deep-lists-end}}", strings.Repeat("]", 10000),
		"{{many-unions}}", strings.Repeat("union all select 1 ", 3000),
		"{{long}}", strings.Repeat("x", MaxStatement), "{{many-stars}}", strings.Repeat("*, ", 1000)+"1")
	var attacks []attack
	for _, block := range strings.Split(string(text), "\n-- attack: ")[1:] {
		head, sql, _ := strings.Cut(block, "\n-- ends: ")
		ends, sql, _ := strings.Cut(sql, "\n")
		if i := strings.Index(sql, "\n-- ── "); i >= 0 {
			sql = sql[:i]
		}
		attacks = append(attacks, attack{head, fill.Replace(strings.TrimSpace(sql)), strings.Split(ends, ", ")})
	}
	return attacks
}

func TestEveryAttackIsRefusedOrStopped(t *testing.T) {
	snapshot := writeSnapshot(t)
	secret := filepath.Join(filepath.Dir(snapshot), "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\nSECRET-TOKEN,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JICENG_TEST_SECRET", "SECRET-TOKEN")
	before := fileSum(t, snapshot)
	limits := testLimits()
	limits.Time, limits.MemoryMB = 700*time.Millisecond, 128
	pool := newTestPool(t, limits)
	pool.Warm(snapshot)
	attacks := readAttacks(t, secret, snapshot)
	if len(attacks) < 120 {
		t.Fatalf("only %d attacks were read", len(attacks))
	}
	forbidden := []string{"SECRET-TOKEN", "PERSON", filepath.Dir(snapshot)}
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			started := time.Now()
			lines, err := ask(t, pool, Query{SQL: a.sql, Snapshot: snapshot})
			end := "answered"
			if err != nil {
				end = string(KindOf(err))
			}
			if !slices.Contains(a.ends, end) {
				t.Errorf("ended as %s (%v), want one of %v", end, err, a.ends)
			}
			shown := strings.Join(lines, "\n")
			if err != nil && !strings.Contains(a.sql, filepath.Dir(snapshot)) {
				shown += err.Error() // a message may repeat what the reader wrote, but tell nothing new
			}
			for _, word := range forbidden {
				if strings.Contains(shown, word) {
					t.Errorf("the answer holds %q: %.500s", word, shown)
				}
			}
			if spent := time.Since(started); spent > 20*time.Second {
				t.Errorf("it took %s to stop", spent)
			}
		})
	}
	if lines, err := ask(t, pool, Query{SQL: "select count(*) from cases", Snapshot: snapshot}); err != nil || lines[0] != "4" {
		t.Errorf("after all attacks a query gives %v (%v)", lines, err)
	}
	if fileSum(t, snapshot) != before {
		t.Error("the snapshot has changed")
	}
	entries, err := os.ReadDir(filepath.Dir(snapshot))
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v (%v), want the snapshot and the secret only", entries, err)
	}
}

func TestEachLimitStopsAQueryAndNamesItself(t *testing.T) {
	limits := testLimits()
	limits.Time, limits.MemoryMB, limits.Rows, limits.Bytes = time.Minute, 128, 5000, 1<<20
	pool, snapshot := newTestPool(t, limits), writeSnapshot(t)
	pool.Warm(snapshot)
	for _, test := range []struct {
		sql  string
		kind Kind
		says string
	}{
		{"from range(5001)", TooLarge, "5000 rows"},
		{"select repeat('x', 1000) from range(1100)", TooLarge, "1 MB"},
		{"select repeat('x', 17000000)", TooLarge, "longer than 16 MB"},
		{"select length(list(range)) from range(100000000)", TooHungry, "memory"},
	} {
		_, err := ask(t, pool, Query{SQL: test.sql, Snapshot: snapshot})
		if KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want kind %s and %q", test.sql, err, test.kind, test.says)
		}
	}
	if lines, err := ask(t, pool, Query{SQL: "from range(5000)", Snapshot: snapshot}); err != nil || len(lines) != 5000 {
		t.Errorf("exactly as many rows as allowed: %d rows, %v", len(lines), err)
	}
}

func fileSum(t *testing.T, path string) [32]byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(content)
}

func TestTextThatIsNoTextIsRefused(t *testing.T) {
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	for name, sql := range map[string]string{
		"a NUL byte that hides the rest": "select 1\x00; drop view cases",
		"broken UTF-8":                   "select '\xff\xfe'",
		"overlong UTF-8":                 "select \xc0\xa7x\xc0\xa7",
		"nothing":                        " \n\t",
		"only a comment":                 "-- hello",
		"a byte order mark and a PRAGMA": "\ufeffpragma database_list",
	} {
		if _, err := ask(t, pool, Query{SQL: sql, Snapshot: snapshot}); KindOf(err) != Refused {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func TestTheWorkerCannotReadFilesEvenIfTheStatementCheckFails(t *testing.T) {
	snapshot := writeSnapshot(t)
	secret := filepath.Join(filepath.Dir(snapshot), "secret.csv")
	if err := os.WriteFile(secret, []byte("a\nSECRET-TOKEN\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	e, err := openEngine()
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{engine: e}
	ctx := context.Background()
	if err := e.Exec(ctx, "attach '"+snapshot+"' as snap (read_only)"); err != nil {
		t.Fatal(err)
	}
	if err := w.shut(ctx, setup{MemoryMB: 256, Threads: 1}); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"select content from read_text('" + secret + "')", "from '" + secret + "'", "copy (select 1) to '" + secret + ".out'",
		"attach '" + secret + ".db' as other", "install httpfs", "load httpfs", "set enable_external_access = true", "set memory_limit = '8GB'",
		"set temp_directory = '/tmp'", "create secret s (type s3)", "insert into snap.main.cases (case_id) values ('x')", "export database '" + secret + ".d'",
	} {
		if err := e.Exec(ctx, statement); err == nil {
			t.Errorf("%s: ran", statement)
		}
	}
}

func TestACancelledQueryEndsItsWorkerAndThePoolGoesOn(t *testing.T) {
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	pool.Warm(snapshot)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(300*time.Millisecond, cancel)
	_, err := pool.Run(ctx, Query{SQL: "select sum(hash(range)) from range(100000000000)", Snapshot: snapshot})
	if KindOf(err) != Cancelled {
		t.Errorf("got %v, want a cancelled query", err)
	}
	if lines, err := ask(t, pool, Query{SQL: "select 1", Snapshot: snapshot}); err != nil || lines[0] != "1" {
		t.Errorf("the next query gives %v, %v", lines, err)
	}
}

func TestAReaderWhoLeavesInTheMiddleEndsTheQuery(t *testing.T) {
	limits := testLimits()
	limits.Rows, limits.Bytes = 0, 0
	pool, snapshot := newTestPool(t, limits), writeSnapshot(t)
	r, err := pool.Run(context.Background(), Query{SQL: "from range(1000000000)", Snapshot: snapshot})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Next() {
		t.Fatal(r.Err())
	}
	worker := r.process
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-worker.done:
	case <-time.After(10 * time.Second):
		t.Error("the worker of a result that nobody reads is still alive")
	}
}

func TestAWorkerThatAbortsHarmsNothingAndIsLogged(t *testing.T) {
	snapshot := writeSnapshot(t)
	log := &logLines{}
	pool := NewPool([]string{os.Args[0], "worker"}, testLimits(), log.logger())
	defer pool.Close()
	pool.Warm(snapshot)
	failed := make(chan error, 1)
	go func() {
		_, err := ask(t, pool, Query{SQL: "select sum(hash(range)) from range(100000000000)", Snapshot: snapshot})
		failed <- err
	}()
	abortBusyWorker(t, pool)
	if err := <-failed; KindOf(err) != Crashed {
		t.Errorf("got %v, want a crash that is named", err)
	}
	if !strings.Contains(log.String(), "a query worker died") {
		t.Errorf("the log says nothing of it: %s", log)
	}
	if lines, err := ask(t, pool, Query{SQL: "select 1", Snapshot: snapshot}); err != nil || lines[0] != "1" {
		t.Errorf("the next query gives %v, %v", lines, err)
	}
}

func TestAFullQueueSaysSo(t *testing.T) {
	limits := testLimits()
	limits.Workers, limits.Queue, limits.PerUser, limits.Wait = 1, 1, 2, 50*time.Millisecond
	pool, snapshot := newTestPool(t, limits), writeSnapshot(t)
	busy, err := pool.Run(context.Background(), Query{SQL: "from range(10000)", Snapshot: snapshot, User: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Run(context.Background(), Query{SQL: "select 1", Snapshot: snapshot, User: "b"}); KindOf(err) != Busy {
		t.Errorf("a query that waited too long: %v", err)
	}
	pool.limits.Wait = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	waiting := make(chan error, 1)
	go func() {
		_, err := pool.Run(ctx, Query{SQL: "select 1", Snapshot: snapshot, User: "b"})
		waiting <- err
	}()
	waitFor(t, func() bool { pool.mu.Lock(); defer pool.mu.Unlock(); return pool.waiting == 1 })
	if _, err := pool.Run(context.Background(), Query{SQL: "select 1", Snapshot: snapshot, User: "c"}); KindOf(err) != Busy || !strings.Contains(err.Error(), "waiting") {
		t.Errorf("a query beyond the queue: %v", err)
	}
	cancel()
	if err := <-waiting; KindOf(err) != Cancelled {
		t.Errorf("a query cancelled in the queue: %v", err)
	}
	if err := busy.Close(); err != nil {
		t.Error(err)
	}
	if lines, err := ask(t, pool, Query{SQL: "select 1", Snapshot: snapshot, User: "a"}); err != nil || lines[0] != "1" {
		t.Errorf("after the queue is empty: %v, %v", lines, err)
	}
}

func TestOneUserCannotTakeEveryPlace(t *testing.T) {
	limits := testLimits()
	limits.Workers, limits.PerUser = 2, 1
	pool, snapshot := newTestPool(t, limits), writeSnapshot(t)
	first, err := pool.Run(context.Background(), Query{SQL: "from range(10000)", Snapshot: snapshot, User: "a"})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := pool.Run(context.Background(), Query{SQL: "select 1", Snapshot: snapshot, User: "a"}); KindOf(err) != Busy {
		t.Errorf("a second query of the same user: %v", err)
	}
	if _, err := ask(t, pool, Query{SQL: "select 1", Snapshot: snapshot, User: "b"}); err != nil {
		t.Errorf("another user: %v", err)
	}
}

func TestAMissingSnapshotIsAnErrorAndNoEndlessWait(t *testing.T) {
	pool := newTestPool(t, testLimits())
	_, err := pool.Run(context.Background(), Query{SQL: "select 1", Snapshot: filepath.Join(t.TempDir(), "none.duckdb")})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Internal {
		t.Errorf("got %v, want an internal error", err)
	}
}
