package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/jiceng/jiceng/queries/disclosure"
)

// Query is what a caller asks.
type Query struct {
	SQL      string
	Snapshot string // file of the snapshot
	Scope    string // subdistrict that the reader is confined to; "" for none
	User     string // whose place in the queue it takes
	Limit    int64  // rows wanted; a result that has more ends there and says so. 0: all, within the limits
}

// Pool keeps workers warm and lets queries wait their turn.
type Pool struct {
	command []string
	limits  Limits
	log     *slog.Logger
	places  chan struct{}

	mu      sync.Mutex
	current string // snapshot that idle workers hold
	idle    []*process
	busy    map[*process]bool
	known   map[string][]disclosure.Relation // by snapshot file
	waiting int
	users   map[string]int
	closed  bool
	spawned sync.WaitGroup
}

// NewPool prepares a pool. The command starts a worker when the snapshot's
// file is appended to it; it must call RunWorker.
func NewPool(command []string, limits Limits, log *slog.Logger) *Pool {
	return &Pool{command: command, limits: limits, log: log, places: make(chan struct{}, max(1, limits.Workers)),
		busy: map[*process]bool{}, known: map[string][]disclosure.Relation{}, users: map[string]int{}}
}

// Limits are the limits of each query.
func (p *Pool) Limits() Limits { return p.limits }

// Warm makes the pool hold idle workers on this snapshot file, and lets those on others go.
func (p *Pool) Warm(snapshot string) {
	p.mu.Lock()
	p.current = snapshot
	old := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, w := range old {
		if w.snapshot == snapshot {
			p.giveBack(w)
			continue
		}
		w.kill()
	}
	for range max(1, p.limits.Workers) {
		p.replace(snapshot)
	}
}

// Close ends all workers; queries that still run fail.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	old := p.idle
	p.idle = nil
	for w := range p.busy {
		old = append(old, w)
	}
	p.mu.Unlock()
	for _, w := range old {
		w.kill()
	}
	p.spawned.Wait()
}

// Relations are the tables and views that a query on the snapshot may name.
func (p *Pool) Relations(ctx context.Context, snapshot string) ([]disclosure.Relation, error) {
	p.mu.Lock()
	relations, ok := p.known[snapshot]
	p.mu.Unlock()
	if ok {
		return relations, nil
	}
	w, err := p.take(snapshot)
	if err != nil {
		return nil, err
	}
	p.giveBack(w)
	return w.relations, nil
}

// Run starts a query and returns when its first rows are there, or an *Error
// when it fails before. The context ends it at any time.
func (p *Pool) Run(ctx context.Context, q Query) (*Result, error) {
	if err := checkText(q.SQL); err != nil {
		return nil, err
	}
	leave, err := p.enter(ctx, q.User)
	if err != nil {
		return nil, err
	}
	w, err := p.take(q.Snapshot)
	if err != nil {
		leave()
		p.log.Error("no query worker", "error", err)
		return nil, fail(Internal, "the query service cannot start a worker; the log says why")
	}
	cancel := func() {}
	if p.limits.Total > 0 {
		ctx, cancel = context.WithTimeout(ctx, p.limits.Total)
	}
	r := &Result{pool: p, process: w, limits: p.limits, ctx: ctx, started: time.Now(), release: func() { cancel(); p.setBusy(w, false); leave() }}
	p.setBusy(w, true)
	r.stop = context.AfterFunc(ctx, w.kill)
	if err := r.begin(q); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (p *Pool) setBusy(w *process, busy bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if busy {
		p.busy[w] = true
	} else {
		delete(p.busy, w)
	}
}

// begin sends the request and reads as far as the result's columns.
func (r *Result) begin(q Query) error {
	r.process.queries.Add(1)
	message := request{SQL: q.SQL, Scope: q.Scope, Limit: q.Limit, MaxRows: r.limits.Rows, MaxBytes: r.limits.Bytes}
	if err := writeJSON(r.process.in, frameRequest, message); err != nil {
		return r.diagnose()
	}
	if err := r.fill(); err != nil {
		return err
	}
	if err := r.Err(); err != nil {
		return err
	}
	reader, err := ipc.NewReader(r)
	if err != nil {
		return errors.Join(r.Err(), err)
	}
	r.reader = reader
	r.Schema = reader.Schema()
	for _, f := range r.Schema.Fields() {
		kind, _ := f.Metadata.GetValue(typeKey)
		r.Columns = append(r.Columns, Column{f.Name, kind})
	}
	return nil
}

// enter waits for a place. The returned function gives it back.
func (p *Pool) enter(ctx context.Context, user string) (leave func(), err error) {
	p.mu.Lock()
	switch {
	case p.closed:
		p.mu.Unlock()
		return nil, fail(Busy, "the server is shutting down")
	case p.limits.PerUser > 0 && p.users[user] >= p.limits.PerUser:
		p.mu.Unlock()
		return nil, fail(Busy, "you have %d queries running or waiting: let one finish first", p.limits.PerUser)
	}
	p.users[user]++
	p.mu.Unlock()
	forget := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.users[user]--; p.users[user] == 0 {
			delete(p.users, user)
		}
	}
	if err := p.wait(ctx); err != nil {
		forget()
		return nil, err
	}
	return func() { <-p.places; forget() }, nil
}

func (p *Pool) wait(ctx context.Context) error {
	select {
	case p.places <- struct{}{}:
		return nil
	default:
	}
	p.mu.Lock()
	if p.limits.Queue > 0 && p.waiting >= p.limits.Queue {
		p.mu.Unlock()
		return fail(Busy, "%d queries are waiting already: try again in a minute", p.limits.Queue)
	}
	p.waiting++
	p.mu.Unlock()
	defer func() { p.mu.Lock(); p.waiting--; p.mu.Unlock() }()
	var expired <-chan time.Time
	if p.limits.Wait > 0 {
		timer := time.NewTimer(p.limits.Wait)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case p.places <- struct{}{}:
		return nil
	case <-expired:
		return fail(Busy, "no worker came free within %s: try again in a minute", p.limits.Wait)
	case <-ctx.Done():
		return fail(Cancelled, "the query was cancelled while it waited")
	}
}

// take returns an idle worker on the snapshot, or starts one.
func (p *Pool) take(snapshot string) (*process, error) {
	for {
		w := p.pop(snapshot)
		if w == nil {
			return p.start(snapshot)
		}
		select {
		case <-w.done: // it died while nobody used it
			p.log.Error("an idle query worker died", "state", w.cmd.ProcessState.String(), "printed", w.printed.String())
			w.kill()
		default:
			return w, nil
		}
	}
}

func (p *Pool) pop(snapshot string) *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, w := range p.idle {
		if w.snapshot == snapshot {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return w
		}
	}
	return nil
}

func (p *Pool) start(snapshot string) (*process, error) {
	w, err := start(p.command, snapshot, p.limits)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.known[snapshot] = w.relations
	p.mu.Unlock()
	return w, nil
}

// giveBack keeps a worker for the next query, if there is a use for it.
func (p *Pool) giveBack(w *process) {
	p.mu.Lock()
	keep := !p.closed && w.snapshot == p.current && w.queries.Load() < queriesPerWorker && len(p.idle) < max(1, p.limits.Workers)
	if keep {
		p.idle = append(p.idle, w)
	}
	p.mu.Unlock()
	if !keep {
		w.kill()
		p.replace(w.snapshot)
	}
}

// replace starts a worker in the background, so that the next query finds one warm.
func (p *Pool) replace(snapshot string) {
	p.mu.Lock()
	wanted := !p.closed && snapshot == p.current && len(p.idle) < max(1, p.limits.Workers)
	if wanted {
		p.spawned.Add(1)
	}
	p.mu.Unlock()
	if !wanted {
		return
	}
	go func() {
		defer p.spawned.Done()
		w, err := p.start(snapshot)
		if err != nil {
			p.log.Error("a query worker could not be kept warm", "error", fmt.Errorf("replace: %w", err))
			return
		}
		p.mu.Lock()
		keep := !p.closed && snapshot == p.current && len(p.idle) < max(1, p.limits.Workers)
		if keep {
			p.idle = append(p.idle, w)
		}
		p.mu.Unlock()
		if !keep {
			w.kill()
		}
	}()
}
