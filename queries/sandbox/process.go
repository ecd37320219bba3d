package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jiceng/jiceng/queries/disclosure"
)

const (
	// startTime is how long a worker may take to open a snapshot.
	startTime = 60 * time.Second
	// lastWords is how much of the beginning and of the end of what a dead worker printed goes into the log.
	lastWords = 1000
	// queriesPerWorker is after how many a worker is replaced, so that nothing can pile up in it.
	queriesPerWorker = 500
)

// process is one worker, seen from outside.
type process struct {
	snapshot  string
	cmd       *exec.Cmd
	in        io.WriteCloser
	out       *bufio.Reader
	outFile   *os.File
	printed   *remembered
	relations []disclosure.Relation
	queries   atomic.Int32

	once sync.Once
	done chan struct{} // closed when the process has ended
}

// start launches a worker on the snapshot and waits until it is ready.
func start(command []string, snapshot string, limits Limits) (*process, error) {
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start a query worker: %w", err)
	}
	p := &process{snapshot: snapshot, out: bufio.NewReaderSize(outRead, 64<<10), outFile: outRead, printed: &remembered{}, done: make(chan struct{})}
	arguments := append(append([]string{}, command[1:]...), snapshot)
	p.cmd = exec.Command(command[0], arguments...)
	p.cmd.Env = []string{"GOMAXPROCS=2"} // nothing of ours: secrets may stand in the environment
	p.cmd.Dir = "/"
	p.cmd.Stdout, p.cmd.Stderr = p.printed, p.printed
	p.cmd.ExtraFiles = []*os.File{outWrite}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, errors.Join(fmt.Errorf("start a query worker: %w", err), outRead.Close(), outWrite.Close())
	}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start a query worker: %w", err), outRead.Close(), outWrite.Close())
	}
	outWrite.Close()
	go func() {
		_ = p.cmd.Wait() // how it ended is read from ProcessState
		close(p.done)
	}()
	if err := p.handshake(limits); err != nil {
		p.kill()
		return nil, fmt.Errorf("start a query worker on %s: %w%s", snapshot, err, p.epitaph())
	}
	return p, nil
}

func (p *process) handshake(limits Limits) error {
	timer := time.AfterFunc(startTime, p.kill)
	defer timer.Stop()
	if err := writeJSON(p.in, 'S', setup{MemoryMB: limits.MemoryMB, Threads: limits.Threads}); err != nil {
		return err
	}
	kind, payload, err := readFrame(p.out)
	if err != nil {
		return err
	}
	var r ready
	if err := json.Unmarshal(payload, &r); err != nil || kind != frameReady {
		return fmt.Errorf("an unexpected answer: %w", errors.Join(err))
	}
	if r.Error != "" {
		return errors.New(r.Error)
	}
	p.relations = r.Relations
	return nil
}

// kill ends the worker at once. It may be called more than once, at any time.
func (p *process) kill() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill() // it may have ended by itself
		<-p.done
		p.in.Close()
		p.outFile.Close()
	})
}

// epitaph is what a dead worker printed last, for the log.
func (p *process) epitaph() string {
	text := strings.TrimSpace(p.printed.String())
	if text == "" {
		return ""
	}
	return "; it printed: " + text
}

// remembered keeps the beginning and the end of what a worker prints: a crash names its cause first.
type remembered struct {
	mu          sync.Mutex
	first, last []byte
}

func (r *remembered) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(len(p), lastWords-len(r.first))
	r.first = append(r.first, p[:n]...)
	r.last = append(r.last, p[n:]...)
	if len(r.last) > lastWords {
		r.last = bytes.Clone(r.last[len(r.last)-lastWords:])
	}
	return len(p), nil
}

func (r *remembered) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.last) == 0 {
		return string(r.first)
	}
	return string(r.first) + " … " + string(r.last)
}
