package etl_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/etl"
)

// A process may be given a limit for the size of a file; writing beyond it
// fails as on a full disk, at whatever the run is writing then.
func TestAFullDiskIsAClearErrorAndTheOldSnapshotStays(t *testing.T) {
	t.Parallel()
	o := withPeople(t, "cases_0.csv", gb18030(personalFile()))
	o.cfg = killConfig()
	o.run(etl.Options{})
	before, err := o.warehouse().Current()
	if err != nil {
		t.Fatal(err)
	}
	o.write("cases_1.csv", gb18030(personalHeader+"D1,2026-10-05,G1,,办理中,0,说明,张三,1\n"))
	stat, err := os.Stat(o.warehouse().Path(before))
	if err != nil {
		t.Fatal(err)
	}
	for _, blocks := range []int64{0, 64, stat.Size() / 1024 / 2, stat.Size()/1024 + 16} {
		// ulimit counts files in blocks of 1024 bytes; the signal is ignored so that the write itself fails
		cmd := exec.Command("bash", "-c", fmt.Sprintf("trap '' XFSZ; ulimit -f %d; exec %q", blocks, os.Args[0]))
		cmd.Env = append(os.Environ(), childDir+"="+o.dir)
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("with room for %d kB the run succeeded", blocks)
		} else if !strings.Contains(string(out), "is full") || !strings.Contains(string(out), o.path("warehouse")) {
			t.Errorf("with room for %d kB: %s", blocks, out)
		}
		if now, err := o.warehouse().Current(); err != nil || now != before {
			t.Errorf("published is %q, %v, want %q", now, err, before)
		}
		if left, err := filepath.Glob(o.path("warehouse/snapshots/.*")); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	if got := o.query("select count(*) from cases where case_id = 'D1'"); got != "0" {
		t.Errorf("%s of the new cases are in the old snapshot", got)
	}
	if o.run(etl.Options{}); o.query("select count(*) from cases where case_id = 'D1'") != "1" {
		t.Error("with room again, the run did not load the new case")
	}
}

func TestAFolderThatCannotBeWrittenToIsAClearError(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		// Root may write everywhere, so that a file where the folder should be stands in for it.
		o := newOffice(t)
		o.write("warehouse", "not a folder")
		if _, err := o.try(etl.Options{}); err == nil || !strings.Contains(err.Error(), o.path("warehouse")) {
			t.Errorf("error %v", err)
		}
		return
	}
	o := newOffice(t)
	o.run(etl.Options{})
	o.write("cases.csv", caseFile+row("A3", "2026-10-05", "G1", "", "办理中", "0"))
	for _, dir := range []string{"warehouse", "warehouse/snapshots"} {
		if err := os.Chmod(o.path(dir), 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := o.try(etl.Options{})
		if err == nil || !strings.Contains(err.Error(), "cannot be written to") {
			t.Errorf("%s read-only: error %v", dir, err)
		}
		if err := os.Chmod(o.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
		if got := o.query("select count(*) from cases"); got != "2" {
			t.Errorf("%s read-only: the published snapshot has %s cases", dir, got)
		}
	}
}
