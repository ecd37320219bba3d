package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/jiceng/jiceng/queries/disclosure"
)

const (
	// outputFile is the file descriptor of a worker's answers. Its standard output stays free, so that
	// nothing that a library prints can mix with them.
	outputFile = 3
	// batchBytes is about how much of a result travels in one piece.
	batchBytes = 4 << 20
	// maxValue is the longest single value that is passed on.
	maxValue = 16 << 20
	// goMemory is what the worker's own code may use beside DuckDB.
	goMemory = 192 << 20
)

// RunWorker is the whole life of a worker: it confines the process, opens the
// snapshot, and answers requests from standard input until that ends. The
// argument is the snapshot file, which is the only file it may read.
func RunWorker(snapshot string) error {
	if err := confine(snapshot); err != nil {
		return fmt.Errorf("confine the worker: %w", err)
	}
	debug.SetMemoryLimit(goMemory)
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriterSize(os.NewFile(outputFile, "answers"), 64<<10)
	w := &worker{out: out}
	if err := w.open(in, snapshot); err != nil {
		return errors.Join(err, writeJSON(out, frameReady, ready{Error: err.Error()}), out.Flush())
	}
	if err := errors.Join(writeJSON(out, frameReady, ready{Relations: w.relations}), out.Flush()); err != nil {
		return err
	}
	return w.serve(in)
}

type worker struct {
	engine    *engine
	checker   *checker
	relations []disclosure.Relation
	out       *bufio.Writer
}

// open reads the setup, opens the snapshot and then shuts every door behind it.
func (w *worker) open(in *bufio.Reader, snapshot string) error {
	_, payload, err := readFrame(in)
	if err != nil {
		return fmt.Errorf("read the setup: %w", err)
	}
	var s setup
	if err := json.Unmarshal(payload, &s); err != nil {
		return fmt.Errorf("read the setup: %w", err)
	}
	if w.engine, err = openEngine(); err != nil {
		return err
	}
	ctx := context.Background()
	if w.relations, err = disclosure.Build(ctx, w.engine, snapshot, disclosure.Options{}); err != nil {
		return err
	}
	if err := w.shut(ctx, s); err != nil {
		return err
	}
	w.checker = &checker{engine: w.engine, relations: map[string]bool{}}
	for _, r := range w.relations {
		w.checker.relations[strings.ToLower(r.Name)] = true
	}
	if w.checker.reserved, err = w.reservedNames(ctx); err != nil {
		return err
	}
	return limitMemory(s.MemoryMB)
}

// shut locks the configuration. No statement of a reader runs before.
func (w *worker) shut(ctx context.Context, s setup) error {
	statements := []string{
		"set temp_directory = ''",
		"set autoinstall_known_extensions = false",
		"set autoload_known_extensions = false",
		"set allow_community_extensions = false",
		"set allow_persistent_secrets = false",
		"set enable_external_access = false",
	}
	if s.MemoryMB > 0 {
		statements = append(statements, fmt.Sprintf("set memory_limit = '%dMB'", s.MemoryMB))
	}
	if s.Threads > 0 {
		statements = append(statements, fmt.Sprintf("set threads = %d", s.Threads))
	}
	zone, err := w.engine.Strings(ctx, "select value from snap.main.snapshot_info where key = 'time_zone' and value is not null")
	if err != nil {
		return fmt.Errorf("read the district's time zone: %w", err)
	}
	if len(zone) == 1 {
		statements = append(statements, "set TimeZone = '"+strings.ReplaceAll(zone[0][0], "'", "''")+"'")
	}
	for _, statement := range append(statements, "set lock_configuration = true") {
		if err := w.engine.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// reservedNames are the tables and views of DuckDB's own catalogue.
func (w *worker) reservedNames(ctx context.Context) (map[string]bool, error) {
	rows, err := w.engine.Strings(ctx, `
select
  lower(view_name)
from duckdb_views()
union
select
  lower(table_name)
from duckdb_tables()`)
	if err != nil {
		return nil, fmt.Errorf("list the system's tables: %w", err)
	}
	names := map[string]bool{}
	for _, row := range rows {
		names[row[0]] = true
	}
	return names, nil
}

// serve answers one request after the other. When the parent is gone its end
// of the pipe closes, and the worker ends even in the middle of a query.
func (w *worker) serve(in *bufio.Reader) error {
	requests := make(chan []byte)
	go func() {
		for {
			kind, payload, err := readFrame(in)
			if err != nil || kind != frameRequest {
				os.Exit(0)
			}
			requests <- payload
		}
	}()
	for payload := range requests {
		var r request
		if err := json.Unmarshal(payload, &r); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		end := w.answer(r)
		if err := errors.Join(writeJSON(w.out, frameEnd, end), w.out.Flush()); err != nil {
			return fmt.Errorf("send an answer: %w", err)
		}
	}
	return nil
}

// answer runs one query and sends its rows.
func (w *worker) answer(r request) ending {
	stream := &stream{request: r, out: w.out}
	err := w.run(r, stream)
	end := ending{Rows: stream.rows, More: stream.more}
	var refused *RefusedError
	var limit *Error
	switch {
	case err == nil:
	case errors.As(err, &refused):
		end.Kind, end.Message = Refused, refused.Reason
	case errors.As(err, &limit):
		end.Kind, end.Message = limit.Kind, limit.Message
	case strings.Contains(err.Error(), "Out of Memory Error"), strings.Contains(err.Error(), "bad_alloc"):
		end.Kind, end.Message = TooHungry, "the query needs more memory than one query may use: aggregate or filter earlier, sort fewer rows"
	default:
		end.Kind, end.Message = Invalid, err.Error()
	}
	return end
}

func (w *worker) run(r request, s *stream) error {
	if err := w.engine.reconnect(); err != nil {
		return err
	}
	ctx := context.Background()
	if err := w.engine.Exec(ctx, disclosure.Confine(r.Scope)); err != nil {
		return fmt.Errorf("confine the reader: %w", err)
	}
	p, names, err := w.prepare(r.SQL)
	if err != nil {
		return err
	}
	defer p.close()
	s.begin(p.columns, names)
	if err := p.run(s.chunk); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return s.finish()
}

// prepare checks and binds a statement. Columns of a type that Arrow has no
// simple form for are turned into text, nested ones into JSON.
func (w *worker) prepare(text string) (*prepared, []column, error) {
	checked, err := w.checker.check(text)
	if err != nil {
		return nil, nil, err
	}
	p, err := w.engine.prepare(checked)
	if err != nil {
		return nil, nil, err
	}
	if p.kind != duck.StatementTypeSelect && p.kind != duck.StatementTypeExplain {
		p.close()
		return nil, nil, refuse("only one SELECT is allowed")
	}
	original := p.columns
	cast := castList(original)
	if cast == "" {
		return p, original, nil
	}
	p.close()
	bare, err := w.checker.withoutEnd(checked)
	if err != nil {
		return nil, nil, err
	}
	wrapped := cast + "\nfrom (\n" + bare + "\n) as result(" + numbered(len(original)) + ")"
	if wrapped, err = w.checker.check(wrapped); err != nil {
		return nil, nil, fmt.Errorf("a column of this result can only be shown as text, which this statement does not allow; cast it yourself, e.g. x::varchar (%w)", err)
	}
	p, err = w.engine.prepare(wrapped)
	return p, original, err
}

// castList is the SELECT list that turns what Arrow cannot hold into text, or "" if all is well.
func castList(columns []column) string {
	needed := false
	fields := make([]string, len(columns))
	for i, c := range columns {
		name := fmt.Sprintf("c%d", i)
		switch {
		case c.arrow != nil:
			fields[i] = name
		case c.nested:
			fields[i], needed = "to_json("+name+")::varchar", true
		default:
			fields[i], needed = name+"::varchar", true
		}
	}
	if !needed {
		return ""
	}
	return "select " + strings.Join(fields, ", ")
}

func numbered(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(names, ", ")
}

// errEnough ends a query whose reader asked for fewer rows than it has.
var errEnough = errors.New("enough rows")

// stream sends a result as an Arrow stream in pieces of about batchBytes.
type stream struct {
	request
	out     *bufio.Writer
	columns []column
	writer  *ipc.Writer
	builder *array.RecordBuilder
	pending int   // bytes in the builder
	bytes   int64 // bytes so far
	rows    int64
	more    bool
}

// begin fixes the columns: their types from what runs, their names and shown types from what was asked.
func (s *stream) begin(columns, named []column) {
	s.columns = columns
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		kind := c.arrow
		if kind == nil {
			kind = arrow.BinaryTypes.String
		}
		fields[i] = arrow.Field{Name: named[i].name, Type: kind, Nullable: true,
			Metadata: arrow.MetadataFrom(map[string]string{typeKey: named[i].typeName})}
	}
	schema := arrow.NewSchema(fields, nil)
	s.writer = ipc.NewWriter(dataWriter{s.out}, ipc.WithSchema(schema))
	s.builder = array.NewRecordBuilder(memory.DefaultAllocator, schema)
}

func (s *stream) chunk(chunk duck.DataChunk) error {
	vectors := make([]vector, len(s.columns))
	for i := range vectors {
		vectors[i] = newVector(duck.DataChunkGetVector(chunk, duck.IdxT(i)))
	}
	for row := range int(duck.DataChunkGetSize(chunk)) {
		if s.Limit > 0 && s.rows == s.Limit {
			s.more = true
			return errEnough
		}
		if err := s.row(vectors, row); err != nil {
			return err
		}
	}
	return s.flush(true)
}

func (s *stream) row(vectors []vector, row int) error {
	s.rows++
	if s.MaxRows > 0 && s.rows > s.MaxRows {
		return fail(TooLarge, "the result has more than %d rows: aggregate it, filter it, or add a LIMIT", s.MaxRows)
	}
	size := 8 * len(s.columns)
	for i, c := range s.columns {
		if c.kind == duck.TypeVarchar && vectors[i].valid(row) {
			length := vectors[i].textLength(row)
			if length > maxValue {
				return fail(TooLarge, "a value of column %d is longer than %d MB", i+1, maxValue>>20)
			}
			size += length
		}
	}
	s.pending += size
	s.bytes += int64(size)
	if s.MaxBytes > 0 && s.bytes > s.MaxBytes {
		return fail(TooLarge, "the result is larger than %d MB: select fewer columns or rows", s.MaxBytes>>20)
	}
	for i, c := range s.columns {
		c.appendRow(s.builder.Field(i), vectors[i], row)
	}
	if s.pending >= batchBytes {
		return s.flush(false)
	}
	return nil
}

// flush sends what the builder holds, and, at the end of a chunk, on to the parent.
func (s *stream) flush(through bool) error {
	if s.pending > 0 {
		record := s.builder.NewRecordBatch()
		defer record.Release()
		s.pending = 0
		if err := s.writer.Write(record); err != nil {
			return fmt.Errorf("send rows: %w", err)
		}
	}
	if through {
		return s.out.Flush()
	}
	return nil
}

func (s *stream) finish() error {
	if err := s.flush(false); err != nil {
		return err
	}
	if err := s.writer.Close(); err != nil && err != io.EOF {
		return fmt.Errorf("send the end of the rows: %w", err)
	}
	return nil
}
