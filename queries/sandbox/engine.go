package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	duck "github.com/duckdb/duckdb-go-bindings"
)

// engine is one in-memory database with one connection. It stands on DuckDB's
// C interface, because database/sql gives neither a statement's type before it
// runs nor a result that streams.
type engine struct {
	db   duck.Database
	conn duck.Connection
}

func openEngine() (*engine, error) {
	e := &engine{}
	if duck.Open(":memory:", &e.db) == duck.StateError {
		return nil, errors.New("open a database in memory")
	}
	if duck.Connect(e.db, &e.conn) == duck.StateError {
		duck.Close(&e.db)
		return nil, errors.New("connect to the database in memory")
	}
	return e, nil
}

// reconnect drops everything a connection remembers: variables, random seeds, transactions.
func (e *engine) reconnect() error {
	duck.Disconnect(&e.conn)
	if duck.Connect(e.db, &e.conn) == duck.StateError {
		return errors.New("connect to the database in memory")
	}
	return nil
}

// Exec runs statements and drops their results.
func (e *engine) Exec(_ context.Context, statement string) error {
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.Query(e.conn, statement, &result) == duck.StateError {
		return errors.New(duck.ResultError(&result))
	}
	return nil
}

// Strings returns the rows of a statement whose columns are all text.
func (e *engine) Strings(_ context.Context, statement string) ([][]string, error) {
	p, err := e.prepare(statement)
	if err != nil {
		return nil, err
	}
	defer p.close()
	return p.strings()
}

// prepared is one statement, parsed and bound.
type prepared struct {
	statement duck.PreparedStatement
	kind      duck.StatementType
	columns   []column
}

// prepare parses and binds exactly one statement.
func (e *engine) prepare(statement string) (*prepared, error) {
	var all duck.ExtractedStatements
	n := duck.ExtractStatements(e.conn, statement, &all)
	defer duck.DestroyExtracted(&all)
	if n == 0 {
		if message := duck.ExtractStatementsError(all); message != "" {
			return nil, errors.New(message)
		}
		return nil, errors.New("there is no statement")
	}
	if n > 1 {
		return nil, fmt.Errorf("there are %d statements: send one at a time", n)
	}
	p := &prepared{}
	if duck.PrepareExtractedStatement(e.conn, all, 0, &p.statement) == duck.StateError {
		message := duck.PrepareError(p.statement)
		p.close()
		return nil, errors.New(message)
	}
	p.kind = duck.PreparedStatementType(p.statement)
	for i := range duck.PreparedStatementColumnCount(p.statement) {
		kind := duck.PreparedStatementColumnLogicalType(p.statement, i)
		p.columns = append(p.columns, newColumn(duck.PreparedStatementColumnName(p.statement, i), kind))
		duck.DestroyLogicalType(&kind)
	}
	return p, nil
}

func (p *prepared) close() { duck.DestroyPrepare(&p.statement) }

// run executes the statement and hands over its result in chunks of at most 2,048 rows, as they are made.
func (p *prepared) run(each func(chunk duck.DataChunk) error) error {
	var pending duck.PendingResult
	// The C interface calls this deprecated while its replacement is being designed; there is no other way to stream.
	if duck.PendingPreparedStreaming(p.statement, &pending) == duck.StateError { //nolint:staticcheck
		message := duck.PendingError(pending)
		duck.DestroyPending(&pending)
		return errors.New(message)
	}
	defer duck.DestroyPending(&pending)
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.ExecutePending(pending, &result) == duck.StateError {
		return errors.New(duck.ResultError(&result))
	}
	for {
		chunk := duck.FetchChunk(result)
		if chunk.Ptr == nil {
			if message := duck.ResultError(&result); message != "" {
				return errors.New(message)
			}
			return nil
		}
		err := each(chunk)
		duck.DestroyDataChunk(&chunk)
		if err != nil {
			return err
		}
	}
}

func (p *prepared) strings() ([][]string, error) {
	for _, c := range p.columns {
		if c.kind != duck.TypeVarchar {
			return nil, fmt.Errorf("column %s is %s, not text", c.name, c.typeName)
		}
	}
	var rows [][]string
	err := p.run(func(chunk duck.DataChunk) error {
		vectors := make([]vector, len(p.columns))
		for i := range vectors {
			vectors[i] = newVector(duck.DataChunkGetVector(chunk, duck.IdxT(i)))
		}
		for row := range int(duck.DataChunkGetSize(chunk)) {
			fields := make([]string, len(vectors))
			for i, v := range vectors {
				if v.valid(row) {
					fields[i] = strings.Clone(v.text(row))
				}
			}
			rows = append(rows, fields)
		}
		return nil
	})
	return rows, err
}
