package dashboards

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/queries/export"
	"github.com/jiceng/jiceng/queries/sandbox"
)

// QueryLimits is the part of jiceng.yaml that bounds researchers' queries; what is not given has a default.
type QueryLimits struct {
	Workers   int   `yaml:"workers"`   // queries that run at the same time
	Queue     int   `yaml:"queue"`     // queries that may wait
	PerUser   int   `yaml:"per_user"`  // queries of one user that may run or wait
	Seconds   int   `yaml:"seconds"`   // working time of one query
	Rows      int64 `yaml:"rows"`      // rows of one result
	Megabytes int64 `yaml:"megabytes"` // size of one result
	MemoryMB  int64 `yaml:"memory_mb"` // memory of one query
	Threads   int   `yaml:"threads"`   // threads of one query
	// ReadSeconds is how long a reader may take to accept the next piece of a result.
	ReadSeconds int `yaml:"read_seconds"`
}

// patience is how long a reader may take to accept the next piece of a result.
func (q QueryLimits) patience() time.Duration {
	if q.ReadSeconds > 0 {
		return time.Duration(q.ReadSeconds) * time.Second
	}
	return 20 * time.Second
}

func (q QueryLimits) limits() sandbox.Limits {
	l := sandbox.DefaultLimits()
	set := func(target *int, value int) {
		if value > 0 {
			*target = value
		}
	}
	set(&l.Workers, q.Workers)
	set(&l.Queue, q.Queue)
	set(&l.PerUser, q.PerUser)
	set(&l.Threads, q.Threads)
	if q.Seconds > 0 {
		l.Time = time.Duration(q.Seconds) * time.Second
	}
	if q.Rows > 0 {
		l.Rows = q.Rows
	}
	if q.Megabytes > 0 {
		l.Bytes = q.Megabytes << 20
	}
	if q.MemoryMB > 0 {
		l.MemoryMB = q.MemoryMB
	}
	return l
}

const (
	// maxBody is the largest request that is read: a statement, and a little around it.
	maxBody = 2*sandbox.MaxStatement + 4096
	// heldBack is how much of an answer waits before its status is sent, so that a failure can still be told by it.
	heldBack = 256 << 10
)

// question is what a reader asks of the query address.
type question struct {
	SQL      string `json:"sql"`
	Format   string `json:"format"`
	Limit    int64  `json:"limit"`
	Snapshot string `json:"snapshot"` // an earlier snapshot that is still kept; "" for the published one
	download bool   // as a file
}

// readQuestion takes JSON, a form, or the bare statement as text.
func readQuestion(c echo.Context) (question, error) {
	r := c.Request()
	q := question{Format: "json"}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return q, echo.NewHTTPError(http.StatusUnsupportedMediaType, "say what you send: Content-Type: application/json")
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxBody)
	switch kind {
	case "application/json":
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&q); err != nil {
			return q, echo.NewHTTPError(http.StatusBadRequest, "the request is not the JSON that is expected: "+err.Error())
		}
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return q, echo.NewHTTPError(http.StatusBadRequest, err.Error())
		}
		q.SQL, q.Snapshot, q.download = r.PostForm.Get("sql"), r.PostForm.Get("snapshot"), true
		if format := r.PostForm.Get("format"); format != "" {
			q.Format = format
		}
	case "text/plain", "application/sql":
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return q, echo.NewHTTPError(http.StatusRequestEntityTooLarge, err.Error())
		}
		q.SQL, q.Snapshot = string(text), c.QueryParam("snapshot")
		if format := c.QueryParam("format"); format != "" {
			q.Format = format
		}
		if limit := c.QueryParam("limit"); limit != "" {
			if q.Limit, err = strconv.ParseInt(limit, 10, 64); err != nil {
				return q, echo.NewHTTPError(http.StatusBadRequest, "limit is not a number")
			}
		}
	default:
		return q, echo.NewHTTPError(http.StatusUnsupportedMediaType, "send application/json, text/plain or a form")
	}
	if q.Limit < 0 {
		return q, echo.NewHTTPError(http.StatusBadRequest, "limit is negative")
	}
	return q, nil
}

// query runs a statement in the sandbox and streams its result.
func (s *Server) query(c echo.Context) error {
	q, err := readQuestion(c)
	if err != nil {
		return err
	}
	if s.pool == nil {
		return errNoWorkers
	}
	format, err := export.ByName(q.Format)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	name, path, err := s.snapshotFile(c, q.Snapshot)
	if err != nil {
		return err
	}
	who := access.Who(c)
	source := export.Source{Snapshot: name, Hash: export.Hash(q.SQL), Date: time.Now().Format(time.DateOnly), SQL: q.SQL}
	started := time.Now()
	rows, err := s.answer(c, q, format, source, sandbox.Query{SQL: q.SQL, Snapshot: path, Scope: who.Subdistrict, User: who.Name, Limit: q.Limit})
	outcome := "ok"
	if err != nil {
		outcome = string(sandbox.KindOf(err))
	}
	s.guard.Audit.Write(c.Request().Context(), "query", who, "snapshot", name, "query_hash", source.Hash, "sql", clip(q.SQL), "format", format.Name,
		"download", q.download, "rows", rows, "outcome", outcome, "ms", time.Since(started).Milliseconds())
	if err == nil {
		return nil
	}
	if c.Response().Committed {
		panic(http.ErrAbortHandler) // the connection breaks, so that a part is not taken for the whole
	}
	c.Response().Header().Del("Content-Disposition")
	return queryError(err)
}

// answer runs the query and writes what it gives.
func (s *Server) answer(c echo.Context, q question, format export.Format, source export.Source, query sandbox.Query) (rows int64, err error) {
	result, err := s.pool.Run(c.Request().Context(), query)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, result.Close()) }()
	h := c.Response().Header()
	h.Set("Content-Type", format.Type)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Jiceng-Snapshot", source.Snapshot)
	h.Set("X-Jiceng-Query-Hash", source.Hash)
	if q.download {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "jiceng-"+source.Snapshot+"-"+source.Hash+format.Extension))
	}
	out := &lateWriter{c: c, control: http.NewResponseController(c.Response()), patience: s.config.Query.patience()}
	err = format.Write(out, result, result.Schema, source)
	if err == nil {
		err = out.flush()
	}
	switch {
	case out.lost != nil:
		return 0, out.lost
	case err != nil:
		return 0, cmp.Or(result.Err(), err)
	}
	return result.Rows(), nil
}

// lateWriter holds the beginning of an answer back, and gives up on readers who do not read.
type lateWriter struct {
	c        echo.Context
	control  *http.ResponseController
	patience time.Duration
	held     []byte
	sent     bool
	lost     error // that the reader went away or does not read
}

func (w *lateWriter) Write(p []byte) (int, error) {
	if !w.sent && len(w.held)+len(p) <= heldBack {
		w.held = append(w.held, p...)
		return len(p), nil
	}
	if err := w.flush(); err != nil {
		return 0, err
	}
	return w.send(p)
}

func (w *lateWriter) flush() error {
	if w.sent {
		return nil
	}
	w.sent = true
	_, err := w.send(w.held)
	return err
}

func (w *lateWriter) send(p []byte) (int, error) {
	if err := w.control.SetWriteDeadline(time.Now().Add(w.patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := w.c.Response().Write(p)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.lost = &sandbox.Error{Kind: sandbox.Cancelled, Message: fmt.Sprintf("the reader accepted nothing for %s", w.patience)}
	case err != nil:
		w.lost = &sandbox.Error{Kind: sandbox.Cancelled, Message: "the reader went away"}
	}
	return n, err
}

// snapshotFile finds the snapshot to ask: the published one, or an earlier one by its name.
func (s *Server) snapshotFile(c echo.Context, wanted string) (name, path string, err error) {
	v, release := s.hold(c)
	defer release()
	switch {
	case v == nil:
		return "", "", echo.NewHTTPError(http.StatusServiceUnavailable, "no snapshot is published yet: run \"jiceng etl\" first")
	case wanted == "" || wanted == v.Name:
		return v.Name, v.Path, nil
	}
	kept, err := s.warehouse.List()
	if err != nil {
		return "", "", err
	}
	for _, info := range kept {
		if info.Name == wanted {
			return info.Name, info.Path, nil
		}
	}
	return "", "", echo.NewHTTPError(http.StatusNotFound, "this snapshot is not kept")
}

// queryError gives a failed query a status and its reason.
func queryError(err error) error {
	kind := sandbox.KindOf(err)
	status := map[sandbox.Kind]int{
		sandbox.Refused: http.StatusBadRequest, sandbox.Invalid: http.StatusBadRequest, sandbox.Busy: http.StatusTooManyRequests,
		sandbox.TooLong: http.StatusUnprocessableEntity, sandbox.TooLarge: http.StatusUnprocessableEntity, sandbox.TooHungry: http.StatusUnprocessableEntity,
		sandbox.Crashed: http.StatusUnprocessableEntity, sandbox.Cancelled: http.StatusRequestTimeout,
	}[kind]
	if errors.Is(err, export.ErrSheet) {
		status, kind = http.StatusUnprocessableEntity, sandbox.TooLarge
	}
	if status == 0 {
		return err
	}
	return &queryFailure{status, kind, err.Error()}
}

// queryFailure is told to the reader with its kind.
type queryFailure struct {
	status  int
	kind    sandbox.Kind
	message string
}

func (e *queryFailure) Error() string { return e.message }

// clip bounds what one query writes into the audit log.
func clip(sql string) string {
	const most = 4000
	if len(sql) <= most {
		return sql
	}
	return strings.ToValidUTF8(sql[:most], "") + "…"
}

// schemaData lists the tables and columns that a query may name, with their comments.
func (s *Server) schemaData(c echo.Context) error {
	name, path, err := s.snapshotFile(c, "")
	if err != nil {
		return err
	}
	if s.pool == nil {
		return errNoWorkers
	}
	relations, err := s.pool.Relations(c.Request().Context(), path)
	if err != nil {
		return err
	}
	type column struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Zh   string `json:"zh"`
		En   string `json:"en"`
	}
	type relation struct {
		Name    string   `json:"name"`
		Columns []column `json:"columns"`
	}
	tables := []relation{}
	for _, r := range relations {
		t := relation{Name: r.Name}
		for _, col := range r.Columns {
			zh, en, _ := strings.Cut(col.Comment, " | ")
			t.Columns = append(t.Columns, column{col.Name, col.Type, zh, en})
		}
		tables = append(tables, t)
	}
	return c.JSON(http.StatusOK, map[string]any{"snapshot": name, "tables": tables})
}

// errNoWorkers says that the server was started without a way to start query workers.
var errNoWorkers = echo.NewHTTPError(http.StatusServiceUnavailable, "this server answers no queries")
