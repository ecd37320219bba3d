package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// typeKey is the field metadata that holds the column's DuckDB type.
const typeKey = "duckdb_type"

// Column is one column of a result. Type is DuckDB's name of it, e.g. "BIGINT"; "JSON" for lists, structs and maps.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Result is the rows of one query, read batch by batch as the worker makes
// them. It must be closed.
type Result struct {
	Columns []Column
	Schema  *arrow.Schema

	pool    *Pool
	process *process
	limits  Limits
	reader  *ipc.Reader
	ctx     context.Context
	release func() // gives the worker's place back
	stop    func() bool
	spent   time.Duration // the worker's time on this query
	started time.Time
	end     *ending // set when the worker has said how it went
	buffer  []byte  // data not yet read by the Arrow reader
	err     error
	closed  bool
}

// Next moves to the next batch; it returns false at the end and on errors.
func (r *Result) Next() bool {
	if r.err != nil {
		return false
	}
	if r.reader.Next() {
		return true
	}
	// The Arrow stream ends a little before the worker has said how it went.
	for r.end == nil && r.err == nil {
		r.err = r.fill()
	}
	return false
}

// Batch is the current batch, valid until the next call of Next.
func (r *Result) Batch() arrow.RecordBatch { return r.reader.RecordBatch() }

// Err says what went wrong, as an *Error.
func (r *Result) Err() error {
	if r.err != nil {
		return r.err
	}
	if r.end == nil {
		if r.reader != nil && r.reader.Err() != nil {
			return fail(Internal, "the result cannot be read: %v", r.reader.Err())
		}
		return nil
	}
	if r.end.Kind != "" {
		return &Error{r.end.Kind, r.end.Message}
	}
	return nil
}

// Rows counts the rows of the whole result; known at its end.
func (r *Result) Rows() int64 {
	if r.end == nil {
		return 0
	}
	return r.end.Rows
}

// More says that the query has more rows than were asked for; known at its end.
func (r *Result) More() bool { return r.end != nil && r.end.More }

// Elapsed is how long the worker has been at it.
func (r *Result) Elapsed() time.Duration { return r.spent }

// Read gives the Arrow reader the next bytes of the worker's stream. Only the
// time that the worker lets us wait counts against the query's time limit.
func (r *Result) Read(p []byte) (int, error) {
	for len(r.buffer) == 0 {
		if r.end != nil {
			return 0, io.EOF
		}
		if err := r.fill(); err != nil {
			r.err = err
			return 0, err
		}
	}
	n := copy(p, r.buffer)
	r.buffer = r.buffer[n:]
	return n, nil
}

// fill waits for one frame.
func (r *Result) fill() error {
	waiting := time.Now()
	var timer *time.Timer
	if r.limits.Time > 0 {
		timer = time.AfterFunc(r.limits.Time-r.spent, r.process.kill)
	}
	kind, payload, err := readFrame(r.process.out)
	if timer != nil {
		timer.Stop()
	}
	r.spent += time.Since(waiting)
	if err != nil {
		return r.diagnose()
	}
	switch kind {
	case frameData:
		r.buffer = payload
	case frameEnd:
		var end ending
		if err := json.Unmarshal(payload, &end); err != nil {
			return fail(Internal, "the worker's last word cannot be read: %v", err)
		}
		// Where the snapshot lies on this machine is nobody's business.
		end.Message = strings.ReplaceAll(end.Message, r.process.snapshot, "the snapshot")
		r.end = &end
	default:
		return fail(Internal, "the worker sent a frame of kind %q", kind)
	}
	return nil
}

// diagnose says why the worker fell silent.
func (r *Result) diagnose() error {
	switch {
	case errors.Is(r.ctx.Err(), context.Canceled):
		return fail(Cancelled, "the query was cancelled")
	case r.ctx.Err() != nil:
		return fail(TooLong, "the result was not read within %s", r.limits.Total)
	case r.limits.Time > 0 && r.spent >= r.limits.Time:
		return fail(TooLong, "the query took longer than %s: filter earlier, or aggregate in steps", r.limits.Time)
	}
	<-r.process.done
	r.pool.log.Error("a query worker died", "state", r.process.cmd.ProcessState.String(), "pid", r.process.cmd.Process.Pid, "printed", r.process.printed.String())
	return fail(Crashed, "the query ended its worker (%s); nothing else is harmed. It probably needs more memory than one query may use", r.process.cmd.ProcessState)
}

// Close gives the worker back, or ends it if the result was not read to its end.
func (r *Result) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	if r.reader != nil {
		r.reader.Release()
	}
	alive := r.stop()
	if alive && r.end != nil && r.end.Kind != TooHungry {
		r.pool.giveBack(r.process)
	} else {
		r.process.kill()
		r.pool.replace(r.process.snapshot)
	}
	r.release()
	return nil
}
