package dashboards_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/labstack/echo/v4"
	"github.com/xuri/excelize/v2"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/queries/export"
)

func TestTheAPIIsAsItsDescriptionSays(t *testing.T) {
	g := guard(t, nil)
	ctx := context.Background()
	doc, err := openapi3.NewLoader().LoadFromData(g.as("viewer", http.MethodGet, "/api/v1/openapi.json", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(ctx); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	requests := []struct {
		method, address, body string
		want                  int
	}{
		{"GET", "/api/v1/indicators", "", 200}, {"GET", "/api/v1/indicators.json?limit=2&offset=1", "", 200},
		{"GET", "/api/v1/values?level=grid&period=2026&limit=3", "", 200}, {"GET", "/api/v1/values.csv?level=grid", "", 200}, {"GET", "/api/v1/values.xlsx?level=grid", "", 200},
		{"GET", "/api/v1/values?period=1999", "", 404}, {"GET", "/api/v1/values?indicator=none", "", 404},
		{"GET", "/api/v1/areas?level=grid", "", 200}, {"GET", "/api/v1/runs", "", 200}, {"GET", "/api/v1/map/grid", "", 200}, {"GET", "/api/v1/schema", "", 200}, {"GET", "/api/v1/openapi.json", "", 200},
		{"GET", "/api/v1/why?indicator=F13", "", 200}, {"GET", "/api/v1/why?indicator=F14", "", 404}, {"GET", "/api/v1/signals?limit=3", "", 200},
		{"GET", "/api/v1/signals.csv?level=subdistrict", "", 200}, {"GET", "/api/v1/signal-chart?indicator=none", "", 404},
		{"GET", "/api/v1/practices", "", 200}, {"GET", "/api/v1/practice-points?practice=fengqiao&indicator=E31&level=community", "", 200},
		{"GET", "/api/v1/durations?by=handler&period=2026", "", 200}, {"GET", "/api/v1/backlog?layers=priority", "", 200}, {"GET", "/api/v1/ways", "", 200}, {"GET", "/api/v1/escalation", "", 200},
		{"GET", "/api/v1/averages?level=grid&indicator=F13", "", 200}, {"GET", "/api/v1/indices?level=community", "", 200}, {"GET", "/api/v1/index-lab", "", 404},
		{"GET", "/api/v1/feeds", "", 200}, {"GET", "/api/v1/checks.csv", "", 200}, {"GET", "/api/v1/rejects", "", 200}, {"GET", "/api/v1/empowerment", "", 200},
		{"GET", "/api/v1/empowerment?row=fengqiao&figure=1", "", 200}, {"GET", "/api/v1/values.parquet?level=grid", "", 200}, {"GET", "/api/v1/areas?format=parquet", "", 200},
		{"GET", "/api/v1/series?indicator=F13&level=subdistrict&area=S1", "", 200}, {"GET", "/api/v1/series?indicator=none", "", 404}, {"GET", "/api/v1/daily?category=a", "", 200},
		{"GET", "/api/v1/frontier", "", 200}, {"GET", "/api/v1/frontier-parts?level=community&area=C1", "", 200}, {"GET", "/api/v1/frontier-peers?period=2026", "", 200},
		{"GET", "/api/v1/frontier-changes.csv", "", 200}, {"GET", "/api/v1/frontier-left-out?level=community&period=2026", "", 200}, {"GET", "/api/v1/frontier?area=none", "", 404},
		{"GET", "/api/v1/categories.xlsx", "", 200}, {"GET", "/api/v1/index-sensitivity", "", 200}, {"GET", "/api/v1/values?level=grid&area=G1", "", 200},
		{"GET", "/api/v1/values?level=grid&above=subdistrict:S1", "", 200}, {"GET", "/api/v1/indices?level=grid&above=community:C1", "", 200},
		{"GET", "/api/v1/values?level=grid&above=S1", "", 404}, {"GET", "/api/v1/indices?level=grid&above=subdistrict:none", "", 404},
		{"GET", "/api/v1/hours", "", 200}, {"GET", "/api/v1/days.csv", "", 200}, {"GET", "/api/v1/surveys?by=month", "", 200}, {"GET", "/api/v1/survey-funnel?unit=community", "", 200},
		{"GET", "/api/v1/durations?category=a&channel=hotline", "", 404}, {"GET", "/api/v1/surveys?level=grid&area=none", "", 404},
		{"POST", "/api/v1/query", `{"sql":"select 1 as a, 'x' as b, null as c, [1,2] as d"}`, 200},
		{"POST", "/api/v1/query", `{"sql":"from range(5)","limit":2}`, 200},
		{"POST", "/api/v1/query", `{"sql":"select 1","format":"parquet"}`, 200},
		{"POST", "/api/v1/query", `{"sql":"select 1","format":"csv"}`, 200},
		{"POST", "/api/v1/query", `{"sql":"drop table cases"}`, 400}, {"POST", "/api/v1/query", `{"sql":"select nonsense"}`, 400},
		{"POST", "/api/v1/query", `{"sql":"select repeat('x', 17000000)"}`, 422},
		{"POST", "/api/v1/query", `{"sql":"select 1","snapshot":"none"}`, 404},
	}
	for _, r := range requests {
		request := httptest.NewRequest(r.method, r.address, strings.NewReader(r.body))
		request.Header.Set("Authorization", "Bearer "+g.tokens["operator"])
		if r.body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		route, params, err := router.FindRoute(request)
		if err != nil {
			t.Errorf("%s %s: %v", r.method, r.address, err)
			continue
		}
		options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
		in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
		if err := openapi3filter.ValidateRequest(ctx, in); err != nil {
			t.Errorf("%s %s: the request: %v", r.method, r.address, err)
		}
		answer := httptest.NewRecorder()
		g.Handler().ServeHTTP(answer, request)
		if answer.Code != r.want {
			t.Errorf("%s %s: status %d, want %d: %.200s", r.method, r.address, answer.Code, r.want, answer.Body)
			continue
		}
		if kind := answer.Header().Get("Content-Type"); answer.Code == 200 && !strings.Contains(kind, "json") {
			continue // the library knows no decoder for these
		}
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: answer.Code, Header: answer.Header(), Options: options}
		out.SetBodyBytes(answer.Body.Bytes())
		if err := openapi3filter.ValidateResponse(ctx, out); err != nil {
			t.Errorf("%s %s: the answer: %v", r.method, r.address, err)
		}
	}
}

// Whatever the server answers under /api/ stands in the document, and the other way round.
func TestEveryAddressOfTheAPIIsDescribed(t *testing.T) {
	g := guard(t, nil)
	doc, err := openapi3.NewLoader().LoadFromData(g.as("viewer", http.MethodGet, "/api/v1/openapi.json", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	answered := map[string]bool{}
	for _, route := range g.Handler().(*echo.Echo).Routes() {
		if strings.HasPrefix(route.Path, "/api/") {
			answered[route.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}")] = true
		}
	}
	for route := range answered {
		if !described[route] {
			t.Errorf("%s is answered and not described", route)
		}
	}
	for route := range described {
		if !answered[route] {
			t.Errorf("%s is described and not answered", route)
		}
	}
	if len(answered) < 100 {
		t.Errorf("only %d addresses", len(answered))
	}
}

func TestThePagesOfATableAddUpToTheWhole(t *testing.T) {
	g := guard(t, nil)
	type page struct {
		Rows  []map[string]any
		Total int
		Next  *int
	}
	read := func(query string) page {
		var p page
		if err := json.Unmarshal(g.as("operator", http.MethodGet, "/api/v1/indicators?"+query, "").Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	whole := read("")
	var codes []any
	offset := 0
	for range 100 {
		p := read(form("limit", "7", "offset", strconv.Itoa(offset)))
		if p.Total != whole.Total || len(p.Rows) > 7 {
			t.Fatalf("a page of %d rows of %d", len(p.Rows), p.Total)
		}
		for _, row := range p.Rows {
			codes = append(codes, row["code"])
		}
		if p.Next == nil {
			break
		}
		offset = *p.Next
	}
	if len(codes) != len(whole.Rows) || whole.Total != len(whole.Rows) {
		t.Errorf("the pages hold %d rows, the whole %d", len(codes), len(whole.Rows))
	}
	if beyond := read("limit=5&offset=100000"); len(beyond.Rows) != 0 || beyond.Next != nil {
		t.Errorf("a page beyond the end: %+v", beyond)
	}
}

func TestAnAnswerThatHasNotChangedIsNotSentAgain(t *testing.T) {
	g := guard(t, nil)
	first := g.as("viewer", http.MethodGet, "/api/v1/values?level=grid", "")
	etag := first.Header().Get("ETag")
	if etag == "" {
		t.Fatal("there is no ETag")
	}
	if again := g.as("viewer", http.MethodGet, "/api/v1/values?level=grid", "", "If-None-Match", etag); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("the same again: %d with %d bytes", again.Code, again.Body.Len())
	}
	if other := g.as("viewer", http.MethodGet, "/api/v1/values?level=community", "", "If-None-Match", etag); other.Code != http.StatusOK {
		t.Errorf("another answer: %d", other.Code)
	}
}

func TestTheTwinsOfATableHoldTheSameRows(t *testing.T) {
	g := guard(t, nil)
	var p struct{ Rows []map[string]any }
	if err := json.Unmarshal(g.as("operator", http.MethodGet, "/api/v1/values.json?level=grid&period=2026", "").Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimPrefix(g.as("operator", http.MethodGet, "/api/v1/values.csv?level=grid&period=2026", "").Body.String(), "\ufeff")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != len(p.Rows)+1 || len(p.Rows) == 0 {
		t.Fatalf("%d CSV lines and %d JSON rows", len(records), len(p.Rows))
	}
	for i, row := range p.Rows {
		for j, column := range records[0] {
			cell := records[i+1][j]
			want := ""
			switch v := row[column].(type) {
			case string:
				want = v
			case float64:
				b, _ := json.Marshal(v)
				want = string(b)
			}
			if strings.TrimPrefix(cell, "'") != want {
				t.Errorf("row %d, %s: CSV %q, JSON %q", i, column, cell, want)
			}
		}
	}
}

// The Parquet twin holds what the CSV twin holds, with numbers as numbers.
func TestATableComesAsParquet(t *testing.T) {
	g := guard(t, nil)
	const address = "/api/v1/values%s?level=grid&period=2026"
	answer := g.as("viewer", http.MethodGet, fmt.Sprintf(address, ".parquet"), "")
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "application/vnd.apache.parquet" || !strings.HasSuffix(answer.Header().Get("Content-Disposition"), `.parquet"`) {
		t.Fatalf("%d %v", answer.Code, answer.Header())
	}
	reader, err := file.NewParquetReader(bytes.NewReader(answer.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if from := reader.MetaData().KeyValueMetadata().FindValue("jiceng_snapshot"); from == nil || *from != "a" {
		t.Errorf("the file says it is from snapshot %v", from)
	}
	arrowReader, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	read, err := arrowReader.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer read.Release()
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(g.as("viewer", http.MethodGet, fmt.Sprintf(address, ".csv"), "").Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != int(read.NumRows())+1 || len(lines) < 10 {
		t.Fatalf("%d lines and %d rows, %v", len(lines), read.NumRows(), err)
	}
	for i, name := range lines[0] {
		column := read.Column(i)
		if column.Name() != name {
			t.Errorf("column %d is %s, in CSV %s", i, column.Name(), name)
		}
		if kind := column.DataType().ID(); name == "value" && kind != arrow.FLOAT64 || name == "n" && kind != arrow.INT64 {
			t.Errorf("%s is %s", name, column.DataType())
		}
		for row := range lines[1:] {
			got, want := export.Text(column.Data().Chunk(0), row), strings.TrimPrefix(lines[row+1][i], "'")
			if got != want {
				t.Errorf("row %d, %s: %q, in CSV %q", row, name, got, want)
			}
		}
	}
}

func TestAQueryComesInEveryFormat(t *testing.T) {
	g := guard(t, nil)
	const sql = "select 7 as 数, 'a,b' as 文, null as 空, date '2026-01-02' as 日 union all select 8, 'c', 'x', null"
	get := func(format string) *httptest.ResponseRecorder {
		body, _ := json.Marshal(map[string]string{"sql": sql, "format": format})
		answer := g.as("operator", http.MethodPost, "/api/v1/query", string(body))
		if answer.Code != http.StatusOK || answer.Header().Get("X-Jiceng-Snapshot") != "a" || len(answer.Header().Get("X-Jiceng-Query-Hash")) != 16 {
			t.Fatalf("%s: %d %s", format, answer.Code, answer.Body)
		}
		return answer
	}
	if got := get("csv").Body.String(); got != "数,文,空,日\n7,\"a,b\",,2026-01-02\n8,c,x,\n" {
		t.Errorf("CSV: %q", got)
	}
	book, err := excelize.OpenReader(bytes.NewReader(get("xlsx").Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != 3 || !slices.Equal(rows[1], []string{"7", "a,b", "", "2026-01-02"}) {
		t.Errorf("XLSX: %v %v", rows, err)
	}
	if got := get("parquet").Body.Bytes(); !bytes.HasPrefix(got, []byte("PAR1")) || !bytes.HasSuffix(got, []byte("PAR1")) {
		t.Error("the Parquet file is not one")
	}
	if got := get("arrow").Body.Bytes(); len(got) < 100 {
		t.Error("the Arrow stream is empty")
	}
}

func TestAFailureAfterRowsWereSentBreaksTheConnection(t *testing.T) {
	g := guard(t, func(c *dashboards.Config) { c.Query.Rows = 100_000 })
	server := httptest.NewServer(g.Handler())
	defer server.Close()
	request, err := http.NewRequest(http.MethodPost, server.URL+"/api/v1/query?format=csv", strings.NewReader("select range, repeat('x', 100) from range(100001)"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "text/plain")
	request.Header.Set("Authorization", "Bearer "+g.tokens["operator"])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); answer.StatusCode != http.StatusOK || err == nil {
		t.Errorf("status %d, error %v: a part looks like the whole", answer.StatusCode, err)
	}
}

func TestAReaderWhoGoesAwayEndsTheQuery(t *testing.T) {
	g := guard(t, nil)
	server := httptest.NewServer(g.Handler())
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/api/v1/query", strings.NewReader(`{"sql":"select sum(hash(range)) from range(100000000000)"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+g.tokens["operator"])
	if answer, err := http.DefaultClient.Do(request); err == nil {
		answer.Body.Close()
		t.Fatal("the endless query has ended")
	}
	for range 500 {
		text := g.auditText(t)
		if strings.Contains(text, `"outcome":"cancelled"`) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the query was not cancelled: %s", g.auditText(t))
}
