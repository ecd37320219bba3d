// Package sandbox runs a researcher's SQL where it can harm nothing.
//
// A query goes to a worker: a process of the same binary that holds one
// published snapshot read-only, in a database whose configuration is locked
// and which reaches neither files nor the network. In order:
//
//	pool.go     hands the query to a warm worker, or lets it wait its turn, or says that the queue is full
//	process.go  is one worker seen from outside: started, fed, watched, killed
//	worker.go   is the worker itself: opens the snapshot, shuts its doors, answers
//	check.go    lets DuckDB parse the statement and refuses all but one SELECT over the views of queries/disclosure
//	engine.go   runs it and streams the result in chunks; chunk.go turns them into Arrow
//	result.go   is what the caller reads; the package queries/export writes it as CSV, JSON, XLSX, Parquet
//
// A crash, a memory bomb or an endless query ends the worker and nothing else.
package sandbox

import (
	"errors"
	"fmt"
	"time"
)

// Limits bound one query and the pool. Zero means no limit, save for Workers.
type Limits struct {
	Workers  int           // queries that run at the same time
	Queue    int           // queries that may wait for a worker
	PerUser  int           // queries of one user that may run or wait
	Wait     time.Duration // how long a query waits for a worker
	Time     time.Duration // how long a worker may work on one query
	Total    time.Duration // how long a query may take with the time that its reader needs
	Rows     int64         // rows of one result
	Bytes    int64         // bytes of one result, as Arrow
	MemoryMB int64         // memory of DuckDB in one worker
	Threads  int           // threads of DuckDB in one worker
}

// DefaultLimits suit a server with two cores that must keep answering pages.
func DefaultLimits() Limits {
	return Limits{
		Workers: 2, Queue: 16, PerUser: 4, Wait: 20 * time.Second,
		Time: 30 * time.Second, Total: 10 * time.Minute,
		Rows: 1_000_000, Bytes: 512 << 20, MemoryMB: 1024, Threads: 1,
	}
}

// NoLimits let one query take what the machine has; for the command line's own user.
func NoLimits() Limits { return Limits{Workers: 1} }

// Kind says why a query gave no (full) result.
type Kind string

// The reasons. All but Crashed and Internal are the query's own doing.
const (
	Refused   Kind = "refused"   // the statement is not one that may run
	Invalid   Kind = "invalid"   // SQL that DuckDB cannot run: a typo, an unknown column, a failed cast
	Busy      Kind = "busy"      // the queue is full, or no worker came free in time
	TooLong   Kind = "time"      // over the time limit
	TooLarge  Kind = "size"      // over the limit of rows or bytes
	TooHungry Kind = "memory"    // over the memory limit
	Cancelled Kind = "cancelled" // the caller went away
	Crashed   Kind = "crashed"   // the worker died
	Internal  Kind = "internal"  // the sandbox itself failed
)

// Error is why a query gave no (full) result, in words for the person who asked.
type Error struct {
	Kind    Kind
	Message string
}

func (e *Error) Error() string { return e.Message }

// KindOf returns the kind of an error from this package.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

func fail(kind Kind, format string, args ...any) *Error {
	return &Error{kind, fmt.Sprintf(format, args...)}
}
