package etl_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// childDir tells this test binary that it is the child that runs the ETL in
// the named folder, to be killed by the test that started it.
const childDir = "JICENG_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child does one run in an office's folder, as jiceng etl would.
func child(dir string) int {
	o := &office{dir: dir, now: time.Date(2026, 11, 1, 18, 0, 0, 0, time.UTC)}
	cfg := killConfig()
	if err := cfg.Resolve(o.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_, err := etl.Run(context.Background(), cfg, etl.Options{Full: os.Getenv("JICENG_TEST_CHILD_FULL") == "true"})
	switch {
	case err == nil:
		return 0
	case errors.Is(err, etl.ErrNothingNew):
		return 3
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// killConfig loads cases in GB18030 with personal columns, which need a decoded copy in the work folder.
func killConfig() etl.Config {
	return etl.Config{
		District:  etl.District{Code: "D", Name: "某区"},
		Warehouse: "warehouse", Keep: 3,
		AsOf:       "2026-10-31 23:59:59",
		Thresholds: etl.Thresholds{RejectedShare: 1},
		Personal:   etl.PersonalKey{KeyFile: "key"},
		Limits:     etl.Limits{Memory: "512MB", Threads: 1},
		Sources: []etl.Source{
			{Name: "grids", Feed: "grids", Files: []string{"grids.csv"}, Mapping: "grids.sql"},
			{Name: "cases", Feed: "cases", Files: []string{"cases_*.csv"}, Mapping: "cases.sql",
				Personal: map[string]string{"诉求人": "drop", "诉求人电话": "pseudonym"},
				Values:   map[string]map[string]string{"status": {"办结": "closed", "办理中": "handling"}}},
			{Name: "surveys", Feed: "satisfaction", Files: []string{"surveys.csv"}, Mapping: "surveys.sql"},
		},
	}
}

// TestARunKilledAtAnyPointLeavesAWholeSnapshot kills a real process with
// SIGKILL, JICENG_KILLS times (4 by default), in turn during a full run and
// during the run that adds one more day. Each time the published snapshot is
// the old one or the new one, whole, and the next run succeeds.
func TestARunKilledAtAnyPointLeavesAWholeSnapshot(t *testing.T) {
	kills := 4
	if text := os.Getenv("JICENG_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	k := &killer{t: t, random: rand.New(rand.NewPCG(seed, 1)), took: map[bool]time.Duration{}}
	k.office = withPeople(t, "cases_0.csv", gb18030(personalFile()))
	k.office.cfg = killConfig()
	// The first runs, not killed, say how long one takes.
	k.complete(true)
	k.addDay()
	k.complete(false)
	for i := range kills {
		full := i%2 == 0
		if !full {
			k.addDay()
		}
		k.killOne(full)
	}
	t.Logf("%d kills: %d left the old snapshot, %d the new one, %d came after the end", kills, k.old, k.fresh, k.late)
	if k.old+k.fresh == 0 {
		t.Error("no kill came in time: nothing was tried")
	}
}

type killer struct {
	t                *testing.T
	office           *office
	random           *rand.Rand
	took             map[bool]time.Duration
	days             int
	old, fresh, late int
}

// addDay puts one more file there, with cases of one more day.
func (k *killer) addDay() {
	k.days++
	var b strings.Builder
	b.WriteString(personalHeader)
	for i := range 50 {
		fmt.Fprintf(&b, "D%d-%d,2026-10-%02d %02d:00:00,G%d,,办理中,0,说明,张三,0000000%d\n", k.days, i, 1+k.days%28, i%24, 1+i%3, i)
	}
	k.office.write(fmt.Sprintf("cases_%d.csv", k.days), gb18030(b.String()))
}

func (k *killer) command(full bool) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+k.office.dir, "JICENG_TEST_CHILD_FULL="+strconv.FormatBool(full))
	return cmd
}

// complete does one run to its end and takes its time.
func (k *killer) complete(full bool) {
	k.t.Helper()
	started := time.Now()
	if out, err := k.command(full).CombinedOutput(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 3 {
			k.t.Fatalf("a run that nobody killed: %v\n%s", err, out)
		}
		return
	}
	k.took[full] = time.Since(started)
}

// killOne starts a run, kills it at a random point of its usual time, and looks at what is left.
func (k *killer) killOne(full bool) {
	k.t.Helper()
	before := k.current()
	cmd := k.command(full)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	// A third of the kills aim at the end, where the snapshot is published.
	point := k.random.Float64() * 1.1
	if k.random.IntN(3) == 0 {
		point = 0.9 + k.random.Float64()/5
	}
	time.Sleep(time.Duration(point * float64(k.took[full])))
	_ = cmd.Process.Signal(syscall.SIGKILL) // it may have ended by itself
	err := cmd.Wait()
	var exit *exec.ExitError
	killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled()
	if err != nil && !killed {
		k.t.Fatalf("the run ended by itself: %v", err)
	}
	after := k.current()
	switch {
	case !killed:
		k.late++
	case after == before:
		k.old++
	default:
		k.fresh++
	}
	if !killed && after == before {
		k.t.Error("a run that was not killed published nothing")
	}
	k.whole()
	k.noTrace()
	k.complete(false)
	if got := k.office.query("select count(*) from cases where case_id like 'D%'"); got != fmt.Sprint(50*k.days) {
		k.t.Errorf("after the next run there are %s cases of the added days, want %d", got, 50*k.days)
	}
	if left, err := filepath.Glob(k.office.path("warehouse/snapshots/.*")); err != nil || len(left) != 0 {
		k.t.Errorf("the next run left %v, %v", left, err)
	}
}

func (k *killer) current() string {
	k.t.Helper()
	name, err := k.office.warehouse().Current()
	if err != nil {
		k.t.Fatal(err)
	}
	return name
}

// whole opens the published snapshot and counts every row of every table, and
// holds the cases to what its own loads say.
func (k *killer) whole() {
	k.t.Helper()
	o := k.office
	s, err := o.warehouse().OpenCurrent(context.Background(), snapshot.Options{Threads: 1})
	if err != nil {
		k.t.Fatalf("the published snapshot cannot be opened: %v", err)
	}
	s.Close()
	if got := o.query(`select (select count(*) from cases) = (select sum(rows_loaded) - sum(coalesce(rows_replaced, 0)) from load where feed = 'cases'),
		(select bool_and(rows_read = rows_loaded + rows_superseded + rows_duplicate + rows_rejected) from load),
		(select sum(denominator) from indicator_value where indicator = 'F22' and geo_level = 'district' and period_kind = 'year')
		  = (select count(*) from case_fact where is_valid)`); got != "true | true | true" {
		k.t.Errorf("the published snapshot does not hang together: %s", got)
	}
	o.searchTables(func(string, []byte) {}) // reads every row of every table
}

// noTrace looks for personal values in what a killed run left.
func (k *killer) noTrace() {
	k.t.Helper()
	phones, names := people()
	err := filepath.WalkDir(k.office.path("warehouse"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, v := range append(phones, names...) {
			if strings.Contains(string(content), v) {
				k.t.Errorf("the killed run left a personal value in %s", path)
				return err
			}
		}
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
}
