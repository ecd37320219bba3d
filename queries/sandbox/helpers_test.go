package sandbox

import (
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// logLines keeps what is logged.
type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logLines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for range 1000 {
		if condition() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}

// abortBusyWorker sends SIGABRT to the worker that is running a query.
func abortBusyWorker(t *testing.T, pool *Pool) {
	t.Helper()
	var busy *process
	waitFor(t, func() bool {
		pool.mu.Lock()
		defer pool.mu.Unlock()
		for w := range pool.busy {
			busy = w
		}
		return busy != nil && busy.queries.Load() > 0
	})
	time.Sleep(100 * time.Millisecond) // well into the query
	if err := busy.cmd.Process.Signal(syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
}
