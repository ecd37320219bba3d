package signals

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAcknowledgementsOutliveTheProcessAndDoNotLoseEachOther(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	if none, err := NewDesk(dir).Acknowledged(); err != nil || len(none) != 0 {
		t.Fatalf("an empty desk: %v, %v", none, err)
	}
	var wait sync.WaitGroup
	for k := range 20 {
		wait.Go(func() {
			if err := NewDesk(dir).Acknowledge(fmt.Sprint("s", k), "王", "已核实：强降雨", at); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	all, err := NewDesk(dir).Acknowledged()
	if err != nil || len(all) != 20 || all["s7"] != (Acknowledgement{"王", "已核实：强降雨", at}) {
		t.Fatalf("%d kept, s7 %+v, %v", len(all), all["s7"], err)
	}
}

func TestABadAcknowledgementIsRefused(t *testing.T) {
	d := NewDesk(t.TempDir())
	for _, c := range [][2]string{{" ", "note"}, {"name", strings.Repeat("字", 2001)}, {strings.Repeat("n", 101), ""}} {
		if err := d.Acknowledge("s", c[0], c[1], time.Now()); !errors.Is(err, ErrBadNote) {
			t.Errorf("err = %v", err)
		}
	}
}

func TestABrokenFileIsNotWrittenOver(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, acknowledgedFile)
	if err := os.WriteFile(path, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewDesk(dir).Acknowledge("s", "name", "", time.Now()); err == nil {
		t.Error("want an error")
	}
	if text, _ := os.ReadFile(path); string(text) != "{half" {
		t.Errorf("the file is now %q", text)
	}
	if _, err := NewDesk(dir).Acknowledged(); err == nil {
		t.Error("want an error")
	}
}

func TestWhatWasSentIsRemembered(t *testing.T) {
	d := NewDesk(t.TempDir())
	at := time.Date(2026, 11, 1, 2, 30, 0, 0, time.UTC)
	if err := d.MarkSent([]string{"a", "b"}, at); err != nil {
		t.Fatal(err)
	}
	sent, err := d.Sent()
	if err != nil || len(sent) != 2 || !sent["b"].Equal(at) {
		t.Errorf("%v, %v", sent, err)
	}
}
