package dashboards_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// tinyDistrict is two subdistricts with one grid each; the name of G2 would be a formula in a spreadsheet and a script in a page.
const tinyDistrict = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('district_name_en', 'Some District'), ('as_of', '2026-03-31 23:59:59'), ('synthetic', 'false'),
  ('level_district_zh', '区'), ('level_subdistrict_zh', '街道'), ('level_community_zh', '社区'), ('level_grid_zh', '网格'),
  ('level_district_en', 'District'), ('level_subdistrict_en', 'Subdistrict'), ('level_community_en', 'Community'), ('level_grid_en', 'Grid');
insert into grids (grid_code, grid_name, community_code, community_name, subdistrict_code, subdistrict_name, district_code, population, households) values
  ('G1', '一网格', 'C1', '甲社区', 'S1', '东街道', 'D', 100, 40),
  ('G2', '=1+1<script>alert(1)</script>', 'C2', '乙社区', 'S2', '西街道', 'D', 300, 100);
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, source, handling_level, category_1)
select
  'c' || i,
  'G' || (1 + i % 2),
  timestamp '2026-01-01 08:00' + to_hours(i * 20),
  timestamp '2026-01-01 08:00' + to_hours(i * 20 + 72),
  case when i % 5 > 0 then timestamp '2026-01-01 08:00' + to_hours(i * 20 + 40) end,
  case when i % 5 > 0 then 'closed' else 'handling' end,
  'resident',
  'grid',
  '市容环境'
from range(100) as t (i);
insert into feed_status values ('cases', '某局', 100, date '2026-01-01', date '2026-03-24', timestamp '2026-04-01 02:00:00');
`

// publish builds a snapshot of the tiny district and publishes it.
func publish(t *testing.T, w snapshot.Warehouse, name string) {
	t.Helper()
	publishFixture(t, w, name, tinyDistrict)
}

// publishFixture builds a snapshot of rows that statements insert, and publishes it.
func publishFixture(t *testing.T, w snapshot.Warehouse, name, fixture string) {
	t.Helper()
	ctx := context.Background()
	if err := os.MkdirAll(w.SnapshotDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", w.HiddenPath(name)+"?threads=1")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	build := func() error {
		if err := schema.Create(ctx, conn); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, fixture); err != nil {
			return err
		}
		if err := compute.Run(ctx, conn, cat, compute.Options{}); err != nil {
			return err
		}
		if err := conn.Close(); err != nil {
			return err
		}
		return db.Close()
	}
	if err := build(); err != nil {
		t.Fatal(err)
	}
	if err := w.Publish(name); err != nil {
		t.Fatal(err)
	}
}

func newServer(t *testing.T, w snapshot.Warehouse) *dashboards.Server {
	t.Helper()
	s, err := dashboards.New(dashboards.Config{}, w, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(t *testing.T, s *dashboards.Server, address string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	s.Handler().ServeHTTP(answer, request)
	return answer
}

func served(t *testing.T) *dashboards.Server {
	t.Helper()
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	s := newServer(t, w)
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBeforeAnythingIsPublishedThePageSaysWhatToDo(t *testing.T) {
	s := newServer(t, snapshot.Warehouse{Dir: t.TempDir()})
	for lang, want := range map[string]string{"zh": "还没有数据", "en": "No data yet"} {
		answer := get(t, s, "/?lang="+lang)
		if answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), want) || !strings.Contains(answer.Body.String(), "jiceng etl") {
			t.Errorf("%s: status %d", lang, answer.Code)
		}
	}
	if answer := get(t, s, "/readyz"); answer.Code != http.StatusServiceUnavailable {
		t.Errorf("/readyz: %d", answer.Code)
	}
	if answer := get(t, s, "/healthz"); answer.Code != http.StatusOK {
		t.Errorf("/healthz: %d", answer.Code)
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	s := served(t)
	for _, address := range []string{"/", "/catalogue/F13", "/nowhere", "/api/v1/values"} {
		h := get(t, s, address).Header()
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", address, h)
		}
	}
}

func TestNamesFromTheDataAreEscapedOnPagesAndInSpreadsheets(t *testing.T) {
	s := served(t)
	for _, address := range []string{"/area/grid/G2", "/area/community/C2?lang=en", "/?level=grid"} {
		body := get(t, s, address).Body.String()
		if strings.Contains(body, "<script>alert") {
			t.Errorf("%s: the name of a grid runs as a script", address)
		}
	}
	records, err := csv.NewReader(get(t, s, "/api/v1/areas.csv?level=grid").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if name := records[2][2]; !strings.HasPrefix(name, "'=") {
		t.Errorf("a spreadsheet would run %q", name)
	}
}

func TestAnUnchangedPageIsNotSentAgain(t *testing.T) {
	s := served(t)
	first := get(t, s, "/catalogue", "Accept-Encoding", "gzip")
	if first.Header().Get("Content-Encoding") != "gzip" {
		t.Error("the page was not packed")
	}
	again := get(t, s, "/catalogue", "If-None-Match", first.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("status %d, %d bytes", again.Code, again.Body.Len())
	}
}

func TestTheDataTwinsOfAPageAgree(t *testing.T) {
	s := served(t)
	const query = "?indicator=F13&level=subdistrict&period=2026-02"
	var answer struct {
		Snapshot string           `json:"snapshot"`
		Rows     []map[string]any `json:"rows"`
	}
	if err := json.Unmarshal(get(t, s, "/api/v1/values.json"+query).Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(get(t, s, "/api/v1/values.csv"+query).Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(get(t, s, "/api/v1/values.xlsx"+query).Body)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := book.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if answer.Snapshot != "a" || len(answer.Rows) != 2 || len(records) != 3 || len(sheet) != 3 {
		t.Fatalf("snapshot %q, %d rows as JSON, %d records as CSV, %d rows as XLSX", answer.Snapshot, len(answer.Rows), len(records), len(sheet))
	}
	for i, row := range answer.Rows {
		for j, name := range records[0] {
			name = strings.TrimPrefix(name, "\ufeff")
			asText := ""
			if row[name] != nil {
				asText = fmt.Sprint(row[name])
			}
			if got := records[i+1][j]; got != asText {
				t.Errorf("row %d, %s: CSV %q, JSON %v", i, name, got, row[name])
			}
			if j < len(sheet[i+1]) && name != "value" && name != "low" && name != "high" && sheet[i+1][j] != asText {
				t.Errorf("row %d, %s: XLSX %q, JSON %v", i, name, sheet[i+1][j], row[name])
			}
		}
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	s := served(t)
	for _, address := range []string{"/api/v1/values?indicator=Z9", "/api/v1/values?period=1990", "/area/moon/x", "/catalogue/Z9"} {
		if answer := get(t, s, address); answer.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", address, answer.Code)
		}
	}
}

func TestNoRequestFailsWhileSnapshotsAreSwitched(t *testing.T) {
	ctx := context.Background()
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	publish(t, w, "b")
	s := newServer(t, w)
	if err := s.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	loopback := httptest.NewServer(s.Handler())
	defer loopback.Close()
	var stop atomic.Bool
	var asked atomic.Int64
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			for n := 0; !stop.Load(); n++ {
				// a new address each time, so that the answer comes from the snapshot and not from memory
				answer, err := http.Get(fmt.Sprintf("%s/area/subdistrict/S%d?n=%d-%d", loopback.URL, 1+n%2, i, n))
				if err != nil {
					t.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if err != nil || answer.StatusCode != http.StatusOK {
					t.Errorf("status %d, %v", answer.StatusCode, err)
					return
				}
				asked.Add(1)
			}
		})
	}
	for i := range 12 {
		if err := w.Rollback([]string{"a", "b"}[i%2]); err != nil {
			t.Fatal(err)
		}
		if err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for asked.Load() < 20 && !t.Failed() {
		time.Sleep(10 * time.Millisecond)
	}
	stop.Store(true)
	clients.Wait()
}

// What people look at is made from the next snapshot before that is served.
func TestPagesThatWereAskedForAreMadeBeforeTheSwitch(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	s := newServer(t, w)
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	made := func() string {
		for _, line := range strings.Split(get(t, s, "/metrics").Body.String(), "\n") {
			if strings.HasPrefix(line, "jiceng_pages_made_total") {
				return line
			}
		}
		t.Fatal("the metrics do not count the pages")
		return ""
	}
	const asked, gone = "/area/subdistrict/S1?indicator=F13&lang=en", "/area/subdistrict/S9"
	for _, address := range []string{asked, gone, asked, gone} {
		get(t, s, address)
	}
	publish(t, w, "b")
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := made()
	page := get(t, s, asked)
	if now := made(); now != before {
		t.Errorf("%s, then %s: the page was not there", before, now)
	}
	if !strings.Contains(page.Body.String(), "Snapshot b") {
		t.Error("the page is not the new snapshot's")
	}
	get(t, s, asked+"&period=2026-02")
	if made() == before {
		t.Error("pages are not counted")
	}
}

func TestABrokenSnapshotLeavesTheOldOneServed(t *testing.T) {
	ctx := context.Background()
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	s := newServer(t, w)
	if err := s.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.Path("b"), []byte("not a database"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := w.Rollback("b"); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(ctx); err == nil {
		t.Error("a broken snapshot was opened")
	}
	if answer := get(t, s, "/readyz"); answer.Code != http.StatusOK || strings.TrimSpace(answer.Body.String()) != "a" {
		t.Errorf("/readyz: %d %s", answer.Code, answer.Body.String())
	}
}

func TestASnapshotOfAnotherVersionSaysWhatToDo(t *testing.T) {
	ctx := context.Background()
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	if err := os.Chmod(w.Path("a"), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", w.Path("a"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(ctx, "alter table indicator_value drop column geo_code_end; insert or replace into snapshot_info values ('schema', 'older'), ('version', '0.1')")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if err := newServer(t, w).Refresh(ctx); err == nil || !strings.Contains(err.Error(), "jiceng 0.1") || !strings.Contains(err.Error(), `run "jiceng etl"`) {
		t.Errorf("%v, want which version made it and what to do", err)
	}
}

func TestTheServerStopsWhenToldAndFinishesItsRequests(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publish(t, w, "a")
	s := newServer(t, w)
	ctx, stop := context.WithCancel(context.Background())
	address := make(chan string, 1)
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, "127.0.0.1:0", func(url string) { address <- url }) }()
	answer, err := http.Get(<-address)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", answer, err)
	}
	answer.Body.Close()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAnUnknownHeadlineIndicatorIsRefused(t *testing.T) {
	_, err := dashboards.New(dashboards.Config{Headline: []string{"F13", "X1"}}, snapshot.Warehouse{Dir: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "X1") {
		t.Errorf("got %v", err)
	}
}
