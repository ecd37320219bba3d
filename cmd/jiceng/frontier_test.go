package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// stored asks the snapshot itself.
func stored(t *testing.T, sql string) [][]any {
	t.Helper()
	body, err := json.Marshal(map[string]string{"sql": sql})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(site.URL+"/api/v1/query", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct{ Rows [][]any }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", sql, response.StatusCode, err)
	}
	return answer.Rows
}

func near(got string, want any) bool {
	if want == nil {
		return got == ""
	}
	v, err := strconv.ParseFloat(got, 64)
	return err == nil && math.Abs(v-want.(float64)) < 1e-9
}

func TestEachNumberOfTheFrontierPageIsTheStoredOne(t *testing.T) {
	for _, c := range []struct {
		level, period string
		corrected     bool
	}{{"subdistrict", "2026-Q3", false}, {"community", "2025", true}} {
		t.Run(c.level, func(t *testing.T) {
			where := fmt.Sprintf("where v.geo_level = '%s' and v.period = '%s'", c.level, c.period)
			rows := stored(t, "select geo_code, ccr, bcc, scale, super, corrected, low, high from dea_value as v "+where)
			known := map[string][]any{}
			for _, r := range rows {
				known[r[0].(string)] = r
			}
			p := site.Browser.Open(t, site.URL+"/frontier?level="+c.level+"&period="+c.period, browsertest.Desk)
			p.Check(t)
			type row struct {
				Area  string
				Cells []string
			}
			shown := browsertest.Eval[[]row](t, p, `[...document.querySelectorAll("#frontier-table tbody tr")].map((r) => ({ Area: r.dataset.area, Cells: [...r.cells].map((c) => c.dataset.value ?? "") }))`)
			if len(shown) != len(rows) || len(rows) < 12 {
				t.Fatalf("%d areas on the page, %d stored", len(shown), len(rows))
			}
			for _, r := range shown {
				want, first := known[r.Area], 1
				if c.corrected {
					if !near(r.Cells[1], want[5]) {
						t.Errorf("%s: score %s, stored is %v", r.Area, r.Cells[1], want[5])
					}
					first = 3
				}
				// CCR, BCC, scale; after the returns to scale comes super-efficiency
				if !near(r.Cells[first], want[1]) || !near(r.Cells[first+1], want[2]) || !near(r.Cells[first+2], want[3]) || !near(r.Cells[first+4], want[4]) {
					t.Errorf("%s: the page has %v, stored is %v", r.Area, r.Cells, want)
				}
			}
			type dot struct {
				Code string
				X    float64
				Low  float64
			}
			series := browsertest.Eval[[][]dot](t, p, `JSON.parse(document.getElementById("frontier-scores-options").textContent).series.map((s) => s.data.filter((d) => d.code).map((d) =>
				d.value.length === 3 ? { Code: d.code, Low: d.value[1], X: d.value[2] } : { Code: d.code, X: d.value[0] }))`)
			column := 1
			if c.corrected {
				column = 5
				if len(series) != 3 || len(series[0]) != 24 || len(series[2]) != 24 {
					t.Fatalf("%d series, %d intervals", len(series), len(series[0]))
				}
				for i, d := range series[0] {
					if d.Low != known[d.Code][6] || d.X != known[d.Code][7] || series[2][i].X != known[d.Code][1] {
						t.Errorf("%s: interval %v to %v and plain %v, stored is %v", d.Code, d.Low, d.X, series[2][i].X, known[d.Code])
					}
				}
			}
			last := math.Inf(1)
			for _, d := range series[1] {
				if d.X != known[d.Code][column] || d.X > last+1e-9 {
					t.Errorf("%s: %v is drawn after %v, stored is %v", d.Code, d.X, last, known[d.Code])
				}
				last = d.X
			}
			if len(series[1]) != min(24, len(rows)) {
				t.Errorf("%d dots", len(series[1]))
			}
		})
	}
}

// What is written about the chosen area follows from its peers: their amounts by their weights are what the frontier asks for.
func TestTheYardstickAddsUpToWhatTheFrontierAsksFor(t *testing.T) {
	const code = "990100004"
	p := site.Browser.Open(t, site.URL+"/frontier?period=2026-Q3&lang=en&area="+code, browsertest.Desk)
	p.Check(t)
	asked := browsertest.Eval[map[string]string](t, p, `Object.fromEntries([...document.querySelectorAll("#frontier-parts tr[data-part]")].map((r) => [r.dataset.part, r.cells[2].innerText.replace(",", "")]))`)
	rows := stored(t, `select q.part, sum(p.weight * q.amount)
from dea_peer as p
join dea_part as q on q.geo_level = p.geo_level and q.geo_code = p.peer and q.period = p.period
where p.geo_level = 'subdistrict' and p.geo_code = '`+code+`' and p.period = '2026-Q3'
group by q.part`)
	if len(rows) != 4 || len(asked) != 4 {
		t.Fatalf("%d parts stored, %d shown", len(rows), len(asked))
	}
	for _, r := range rows {
		if v, err := strconv.ParseFloat(asked[r[0].(string)], 64); err != nil || math.Abs(v-r[1].(float64)) > 0.0501 {
			t.Errorf("%s: the page asks for %s, the peers make %v", r[0], asked[r[0].(string)], r[1])
		}
	}
	weights := browsertest.Eval[[]float64](t, p, `[...document.querySelectorAll("#frontier-peers tbody tr")].map((r) => Number(r.cells[1].dataset.value))`)
	known := stored(t, "select weight from dea_peer where geo_level = 'subdistrict' and geo_code = '"+code+"' and period = '2026-Q3' order by weight desc")
	if len(weights) != len(known) || len(known) == 0 {
		t.Fatalf("%v, stored are %v", weights, known)
	}
	for i, w := range weights {
		if w != known[i][0] {
			t.Errorf("weight %v, stored is %v", w, known[i][0])
		}
	}
}

func TestTheChangesOfProductivityAreTheStoredOnes(t *testing.T) {
	known := map[string][]any{}
	for _, r := range stored(t, "select geo_code, malmquist, catching_up, frontier_shift, pure, scale from dea_change where geo_level = 'subdistrict' and period = '2026-Q3'") {
		known[r[0].(string)] = r
	}
	p := site.Browser.Open(t, site.URL+"/frontier?period=2026-Q3&lang=en", browsertest.Desk)
	type row struct {
		Area  string
		Cells []string
	}
	rows := browsertest.Eval[[]row](t, p, `[...document.querySelectorAll("#frontier-change-table tbody tr")].map((r) => ({ Area: r.dataset.area, Cells: [...r.cells].slice(1).map((c) => c.dataset.value) }))`)
	if len(rows) != len(known) || len(rows) != 12 {
		t.Fatalf("%d rows, %d stored", len(rows), len(known))
	}
	product := 1.0
	for _, r := range rows {
		for i, cell := range r.Cells {
			if !near(cell, known[r.Area][i+1]) {
				t.Errorf("%s: %v, stored is %v", r.Area, r.Cells, known[r.Area])
			}
		}
		product *= known[r.Area][1].(float64)
	}
	type bar struct {
		Code  string
		Value float64
	}
	for _, b := range browsertest.Eval[[]bar](t, p, `JSON.parse(document.getElementById("frontier-changes-options").textContent).series[0].data.map((d) => ({ Code: d.code, Value: d.value }))`) {
		if math.Abs(b.Value+1-known[b.Code][1].(float64)) > 1e-9 {
			t.Errorf("%s: a bar of %v, stored is %v", b.Code, b.Value, known[b.Code][1])
		}
	}
	mean := fmt.Sprintf("moved by %+.1f%% on average", 100*(math.Pow(product, 1./12)-1))
	if words := strings.Join(p.Text(t, "#frontier-words"), ""); !strings.Contains(words, strings.Replace(mean, "-", "−", 1)) {
		t.Errorf("%q does not say %q", words, mean)
	}
	partial := site.Browser.Open(t, site.URL+"/frontier?period=2026-Q4&lang=en", browsertest.Desk)
	partial.Check(t)
	if text := strings.Join(partial.Text(t, "#frontier-no-change"), ""); !strings.Contains(text, "not over") {
		t.Errorf("of a period that is not over: %q", text)
	}
}

func TestTheFrontierPageIsFilteredThroughItsAddress(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/frontier?lang=en", browsertest.Desk)
	p.Check(t)
	if note := strings.Join(p.Text(t, "#main"), ""); !strings.Contains(note, "asked for was Oct 2026, shown is Q3 2026") {
		t.Error("the page does not say that a month is shown as its quarter")
	}
	p.Choose(t, "#level", "community")
	p.Wait(t, `location.search.includes("level=community") && document.querySelectorAll("#frontier-table tbody tr").length === 120`)
	p.WaitDrawn(t)
	p.Choose(t, "#period", "2025")
	p.Wait(t, `location.search.includes("period=2025") && location.search.includes("level=community") && document.querySelector(".page-pretitle")?.innerText.includes("2025")`)
	p.WaitDrawn(t)
	p.Choose(t, "#area", "990100003001")
	p.Wait(t, `location.search.includes("area=990100003001") && location.search.includes("lang=en") && document.querySelector("#frontier-table tr.jc-whole")?.dataset.area === "990100003001"`)
	p.WaitDrawn(t)
	p.Check(t)
	if drawn := browsertest.Eval[bool](t, p, `JSON.parse(document.getElementById("frontier-scores-options").textContent).series[1].data.some((d) => d.code === "990100003001")`); !drawn {
		t.Error("the chosen community is not drawn")
	}
	p.Click(t, `#frontier-table th:nth-child(5)`)
	sorted := browsertest.Eval[[]float64](t, p, `[...document.querySelectorAll("#frontier-table tbody tr")].map((r) => Number(r.cells[4].dataset.value))`)
	if !slices.IsSortedFunc(sorted, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) || len(sorted) != 120 {
		t.Errorf("sorted by pure efficiency: %v", sorted)
	}
	for address, want := range map[string]int{"/frontier?area=none": http.StatusNotFound, "/frontier?area=community:990100003001": http.StatusNotFound, "/frontier?level=community&area=community:990100003001": http.StatusOK} {
		response, err := http.Get(site.URL + address)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: status %d", address, response.StatusCode)
		}
	}
}

func TestWhereNothingCanBeComparedTheFrontierPageSaysWhy(t *testing.T) {
	for _, screen := range []browsertest.Screen{browsertest.Desk, browsertest.Phone} {
		p := site.Browser.Open(t, site.URL+"/frontier?period=2024-Q1&lang=en", screen)
		p.Check(t)
		if text := strings.Join(p.Text(t, "#frontier-empty"), ""); !strings.Contains(text, "Q1 2024") {
			t.Errorf("the page says %q", text)
		}
		reasons := p.Text(t, "#frontier-left-out td")
		if len(reasons) != 12 || reasons[0] != "less than 12 months of training data" {
			t.Errorf("left out are %v", reasons)
		}
	}
	if rows := twin(t, "/api/v1/frontier-left-out?period=2024-Q1"); len(rows) != 12 || rows[0]["reason"] != "no_training" {
		t.Errorf("%v", rows)
	}
}

// A reader of one subdistrict sees its areas held against all, and no other's name.
func TestAConfinedReaderSeesTheFrontierWithoutNamesOfOthers(t *testing.T) {
	const own = "990100003"
	g := guardSite(t, own)
	page := func(user, address string) string {
		t.Helper()
		answer := g.send(user, http.MethodGet, address, "")
		if answer.Code != http.StatusOK {
			t.Fatalf("%s, %s: %d", user, address, answer.Code)
		}
		return answer.Body.String()
	}
	for address, shown := range map[string]int{"/frontier?period=2026-Q3&lang=en": 1, "/frontier?level=community&period=2025&lang=en": 10} {
		whole, narrow := page("operator", address), page("own-viewer", address)
		if n := strings.Count(narrow, "<tr data-area="); n < shown || n != strings.Count(narrow, `<tr data-area="`+own) || strings.Count(whole, "<tr data-area=") <= n {
			t.Errorf("%s: %d rows, %d of the own", address, n, strings.Count(narrow, `<tr data-area="`+own))
		}
		if !strings.Contains(narrow, "the others are not named") || !strings.Contains(narrow, "elsewhere have a median efficiency") {
			t.Errorf("%s does not say against whom the reader's areas are held", address)
		}
	}
	var peers struct{ Rows []map[string]any }
	if err := json.Unmarshal([]byte(page("own-researcher", "/api/v1/frontier-peers?level=community&period=2025")), &peers); err != nil {
		t.Fatal(err)
	}
	elsewhere := 0
	for _, row := range peers.Rows {
		if row["peer_code"] == nil && row["peer_name"] == nil {
			elsewhere++
		} else if !strings.HasPrefix(fmt.Sprint(row["peer_code"]), own) {
			t.Errorf("a peer elsewhere is named: %v", row)
		}
	}
	if elsewhere == 0 {
		t.Error("no community has a peer elsewhere: the test tests nothing")
	}
}

// Of a community with few cases a viewer is told neither the counts nor what would make them up again.
func TestTheFrontierTellsAViewerNoSmallCount(t *testing.T) {
	g := guardSite(t, "990100003")
	rows := func(user, table string) []map[string]any {
		t.Helper()
		var body struct{ Rows []map[string]any }
		if err := json.Unmarshal(g.send(user, http.MethodGet, "/api/v1/"+table+"?level=community&period=2025-Q3", "").Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		return body.Rows
	}
	suppressed := map[any]bool{}
	for _, row := range rows("viewer", "values") {
		suppressed[fmt.Sprint(row["indicator"], " ", row["geo_code"])] = row["flag"] == "suppressed"
	}
	hidden := map[any]bool{}
	for _, row := range rows("viewer", "frontier-parts") {
		counts := map[any]string{"on_time_closures": "F13", "satisfied_answers": "F51"}[row["part"]]
		isHidden := suppressed[fmt.Sprint(counts, " ", row["geo_code"])]
		if isHidden {
			hidden[row["geo_code"]] = true
		}
		if (row["amount"] == nil) != isHidden || isHidden && (row["slack"] != nil || row["target"] != nil) {
			t.Errorf("%s is hidden: %v; the row is %v", counts, isHidden, row)
		}
	}
	weights := 0
	for _, row := range rows("viewer", "frontier-peers") {
		if (row["weight"] == nil) != hidden[row["geo_code"]] {
			t.Errorf("hidden: %v; the weights: %v", hidden[row["geo_code"]], row)
		}
		if row["weight"] != nil {
			weights++
		}
	}
	if len(hidden) == 0 || weights == 0 {
		t.Errorf("%d communities are hidden, %d weights shown: the test tests nothing", len(hidden), weights)
	}
	var code string
	for c := range hidden {
		code = fmt.Sprint(c)
	}
	if page := g.send("viewer", http.MethodGet, "/frontier?level=community&period=2025-Q3&lang=en&area="+code, ""); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "not shown") {
		t.Errorf("the page of %s: %d", code, page.Code)
	}
}

func TestTheFrontierPagePrintsWithinThePaper(t *testing.T) {
	screen := browsertest.Desk
	screen.Dark = true
	p := site.Browser.Open(t, site.URL+"/frontier?period=2026-Q3", screen)
	if pages := printedPages(t, p.PDF(t)); pages < 2 || pages > 5 {
		t.Errorf("it prints on %d sheets", pages)
	}
	p.OnPaper(t)
	if over := p.Overflows(t); over > 0 {
		t.Errorf("%d pixels too wide for the paper", over)
	}
	if cut := browsertest.Eval[[]string](t, p, `[...document.querySelectorAll("#main .jc-scroll")].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.querySelector("table")?.id ?? e.innerText.slice(0, 30))`); len(cut) > 0 {
		t.Errorf("tables stand over the edge: %v", cut)
	}
}
