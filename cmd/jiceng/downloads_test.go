package main

import (
	"bytes"
	"encoding/csv"
	"image"
	"image/png"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// records reads a CSV file of ours: a byte order mark, a header, rows.
func records(t *testing.T, content []byte) (header []string, rows [][]string) {
	t.Helper()
	text, marked := bytes.CutPrefix(content, []byte("\ufeff"))
	if !marked {
		t.Error("the CSV does not begin with a byte order mark: Excel would not take it for UTF-8")
	}
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	return all[0], all[1:]
}

// ranked is the dots of the ranking chart, by area.
func ranked(t *testing.T, p *browsertest.Page) map[string]float64 {
	t.Helper()
	type dot struct {
		Code  string
		Value float64
	}
	dots := browsertest.Eval[[]dot](t, p, `JSON.parse(document.getElementById("ranking-options").textContent).series
		.flatMap((s) => s.data).filter((d) => d.code && d.value.length === 2).map((d) => ({ Code: d.code, Value: d.value[0] }))`)
	values := map[string]float64{}
	for _, d := range dots {
		values[d.Code] = d.Value
	}
	return values
}

func TestAChartIsKeptAsCSVAsWorkbookAndAsPicture(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/?period=2026-09&indicator=F13", browsertest.Desk)
	shown := ranked(t, p)
	if len(shown) != 12 {
		t.Fatalf("%d areas in the ranking", len(shown))
	}
	at := func(header []string, name string) int {
		for i, h := range header {
			if h == name {
				return i
			}
		}
		t.Fatalf("no column %s in %v", name, header)
		return 0
	}
	compare := func(t *testing.T, header []string, rows [][]string) {
		t.Helper()
		code, value := at(header, "geo_code"), at(header, "value")
		if len(rows) != len(shown) {
			t.Errorf("%d rows for %d areas", len(rows), len(shown))
		}
		for _, row := range rows {
			v, err := strconv.ParseFloat(row[value], 64)
			if err != nil || math.Abs(v-shown[row[code]]) > 1e-12 {
				t.Errorf("%s: %q in the file, %v in the chart", row[code], row[value], shown[row[code]])
			}
		}
	}
	const card = `.jc-card:has(#ranking)`
	t.Run("CSV", func(t *testing.T) {
		name, content := p.Download(t, card+` a[href*=".csv"]`)
		if !strings.HasPrefix(name, "jiceng-values-") || !strings.HasSuffix(name, ".csv") {
			t.Errorf("the file is called %s", name)
		}
		header, rows := records(t, content)
		compare(t, header, rows)
	})
	t.Run("XLSX", func(t *testing.T) {
		_, content := p.Download(t, card+` a[href*=".xlsx"]`)
		book, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, rows[0], rows[1:])
	})
	t.Run("PNG", func(t *testing.T) {
		name, content := p.Download(t, card+` [data-png]`)
		if name != "ranking.png" {
			t.Errorf("the file is called %s", name)
		}
		picture, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		size := browsertest.Eval[[]int](t, p, `[document.getElementById("ranking").clientWidth, document.getElementById("ranking").clientHeight]`)
		if got := picture.Bounds().Size(); got != (image.Point{X: 2 * size[0], Y: 2 * size[1]}) {
			t.Errorf("the picture is %v, the box %v", got, size)
		}
		if inked := ink(picture); inked < 0.005 || inked > 0.6 {
			t.Errorf("%.1f %% of the picture is drawn", 100*inked)
		}
	})
	for _, problem := range p.Problems() {
		t.Error(problem)
	}
}

// The file beside an area's map lists what the map shows: the areas inside it, not those of the whole district.
func TestTheFileBesideAMapHoldsTheAreasOfTheMap(t *testing.T) {
	const subdistrict = "990100003"
	var inside []string
	for _, a := range twin(t, "/api/v1/areas?level=community") {
		if a["parent_code"] == subdistrict {
			inside = append(inside, a["geo_code"].(string))
		}
	}
	if len(inside) < 2 {
		t.Fatalf("%d communities in the subdistrict", len(inside))
	}
	for _, test := range []struct{ page, indicator, level string }{
		{"/area/subdistrict/" + subdistrict, "F13", "community"},
		{"/area/subdistrict/" + subdistrict, "F13", "grid"},
		{"/area/subdistrict/" + subdistrict, "efficiency", "community"},
		{"/area/community/" + inside[0], "F13", "grid"},
		{"/area/community/" + inside[0], "efficiency", "grid"},
	} {
		address := test.page + "?period=2026-Q3&indicator=" + test.indicator + "&level=" + test.level
		p := site.Browser.Open(t, site.URL+address, browsertest.Desk)
		type place struct {
			Code  string
			Value *float64
		}
		shown := map[string]*float64{}
		for _, a := range browsertest.Eval[[]place](t, p, `JSON.parse(document.getElementById("map-options").textContent).series[0].data.map((d) => ({ Code: d.code, Value: d.value ?? null }))`) {
			shown[a.Code] = a.Value
		}
		if test.level == "community" && len(shown) != len(inside) {
			t.Errorf("%s: %d areas on the map, %d inside", address, len(shown), len(inside))
		}
		compare := func(what string, header []string, rows [][]string) {
			t.Helper()
			code, value := slices.Index(header, "geo_code"), max(slices.Index(header, "value"), slices.Index(header, "score"))
			seen := map[string]bool{}
			for _, row := range rows {
				own, on := shown[row[code]]
				seen[row[code]] = true
				if v, err := strconv.ParseFloat(row[value], 64); !on || own != nil && (err != nil || math.Abs(v-*own) > 1e-12) || own == nil && err == nil {
					t.Errorf("%s: the %s has %s with %q, on the map: %v", address, what, row[code], row[value], on)
				}
			}
			for c, v := range shown {
				if v != nil && !seen[c] {
					t.Errorf("%s: %s is on the map and not in the %s", address, c, what)
				}
			}
			if len(rows) < 2 {
				t.Errorf("%s: %d rows in the %s", address, len(rows), what)
			}
		}
		const card = `.jc-card:has(#map)`
		_, content := p.Download(t, card+` a[href*=".csv"]`)
		header, rows := records(t, content)
		compare("CSV", header, rows)
		_, content = p.Download(t, card+` a[href*=".xlsx"]`)
		book, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		rows, err = book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		compare("workbook", rows[0], rows[1:])
	}
}

// ink is the share of a picture's points that do not have the colour of its corner.
func ink(picture image.Image) float64 {
	bounds := picture.Bounds()
	ground := picture.At(bounds.Min.X, bounds.Min.Y)
	n := 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if picture.At(x, y) != ground {
				n++
			}
		}
	}
	return float64(n) / float64(bounds.Dx()*bounds.Dy())
}

// Every chart has its numbers as CSV and XLSX and itself as a picture; every table its numbers. Small lines in cards,
// the paper and the wall are left out; the workbench and the weights of the index lab have ways of their own.
func TestEveryChartAndTableCanBeKept(t *testing.T) {
	tried := map[string]bool{}
	for name, address := range somePages() {
		if name == "brief" || name == "screen" || name == "workbench" {
			continue
		}
		p := site.Browser.Open(t, site.URL+inLanguage(address, "en"), browsertest.Desk)
		type kept struct {
			What, CSV, XLSX string
			Picture         bool
		}
		things := browsertest.Eval[[]kept](t, p, `[...document.querySelectorAll("#main .jc-chart:not(.jc-spark), #main table.jc-table")]
			.filter((e) => !e.closest("details") && !e.closest(".jc-row-words") && !e.closest("[data-no-export]")).map((e) => {
				const own = e.closest("figure") || e.closest(".jc-card, .card");
				const find = (ending) => own.querySelector('a[href*="' + ending + '"]')?.getAttribute("href") || "";
				return { What: e.id || own.innerText.slice(0, 40), CSV: find(".csv"), XLSX: find(".xlsx"), Picture: e.tagName === "TABLE" || !!document.querySelector('[data-png="' + e.id + '"]') };
			})`)
		for _, k := range things {
			if k.CSV == "" || k.XLSX == "" || !k.Picture {
				t.Errorf("%s: %q: CSV %q, XLSX %q, picture %v", name, k.What, k.CSV, k.XLSX, k.Picture)
				continue
			}
			if tried[k.CSV] {
				continue
			}
			tried[k.CSV] = true
			if _, rows := records(t, fetch(t, k.CSV)); len(rows) == 0 {
				t.Errorf("%s: %q: %s has no rows", name, k.What, k.CSV)
			}
		}
		for _, problem := range p.Problems() {
			t.Errorf("%s: %s", name, problem)
		}
	}
	t.Logf("%d addresses", len(tried))
}

// printedPages counts the pages of a PDF.
func printedPages(t *testing.T, pdf []byte) int {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Fatal("what was printed is no PDF")
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1))
}

// The overview on paper has no menu and no controls, lets nothing stand over the edge, and cuts no chart in two.
func TestTheOverviewPrintsOnAFewSheets(t *testing.T) {
	for _, address := range []string{"/?period=2026-09", "/?period=2026-09&lang=en", "/area/subdistrict/990100003?period=2026-09"} {
		screen := browsertest.Desk
		screen.Dark = true
		p := site.Browser.Open(t, site.URL+address, screen)
		browsertest.Eval[any](t, p, `(() => { window.drawnFor = ""; addEventListener("beforeprint", () => { drawnFor = document.getElementById("trend").clientWidth + " " + document.documentElement.dataset.bsTheme; }); return true; })()`)
		pages := printedPages(t, p.PDF(t))
		if how := browsertest.Eval[string](t, p, `drawnFor`); !strings.HasSuffix(how, " light") || len(how) != len("700 light") {
			t.Errorf("%s: charts were not drawn for paper: %s", address, how)
		}
		if back := browsertest.Eval[string](t, p, `document.documentElement.className + document.documentElement.dataset.bsTheme`); back != "dark" {
			t.Errorf("%s: after printing the page is %s", address, back)
		}
		most := 5
		if strings.HasPrefix(address, "/area/") {
			most = 8
		}
		if pages < 2 || pages > most {
			t.Errorf("%s prints on %d sheets", address, pages)
		}
		p.OnPaper(t)
		type seen struct {
			Controls, Over int
			Ground         string
		}
		s := browsertest.Eval[seen](t, p, `({
			Controls: [...document.querySelectorAll("aside, select, .btn, .jc-exports")].filter((e) => e.getClientRects().length).length,
			Over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
			Ground: getComputedStyle(document.body).backgroundColor })`)
		if s.Controls != 0 || s.Over > 0 || s.Ground != "rgb(255, 255, 255)" {
			t.Errorf("%s on paper: %d controls, %d pixels too wide, ground %s", address, s.Controls, s.Over, s.Ground)
		}
		if whole := browsertest.Eval[bool](t, p, `[...document.querySelectorAll("#main .card")].filter((c) => !c.querySelector("table")).every((c) => getComputedStyle(c).breakInside === "avoid")`); !whole {
			t.Errorf("%s: a chart may be cut in two", address)
		}
	}
}

func TestAnAreasCasesAreNarrowedByTheAddress(t *testing.T) {
	const category = "市容环境"
	sum := func(query string) (n float64) {
		for _, row := range twin(t, "/api/v1/daily?"+query) {
			n += row["reported"].(float64)
		}
		return n
	}
	total := func(p *browsertest.Page) float64 {
		return browsertest.Eval[float64](t, p, `JSON.parse(document.getElementById("daily-options").textContent).series[0].data.reduce((n, d) => n + d.value, 0)`)
	}
	p := site.Browser.Open(t, site.URL+"/?period=2026-09", browsertest.Desk)
	all := total(p)
	if want := sum("period=2026-09"); all != want || all == 0 {
		t.Errorf("%v cases in the chart, %v in its table", all, want)
	}
	p.Choose(t, "#filter-category", category)
	p.Wait(t, `location.search.includes("category=") && document.getElementById("daily")`)
	p.WaitDrawn(t)
	p.Check(t)
	one := total(p)
	if want := sum("period=2026-09&category=" + url.QueryEscape(category)); one != want || one <= 0 || one >= all {
		t.Errorf("%v cases of one category in the chart, %v in its table, %v in all", one, want, all)
	}
	title := strings.Join(p.Text(t, ".card-title"), " ")
	if !strings.Contains(title, category) {
		t.Errorf("no title names the category: %s", title)
	}
	p.Choose(t, "#filter-channel", "hotline")
	p.Wait(t, `location.search.includes("channel=hotline") && !location.search.includes("category=%") && document.querySelector("#narrow")`)
	p.WaitDrawn(t)
	p.Check(t)
	if text := strings.Join(p.Text(t, "#main"), ""); !strings.Contains(text, "每日件数不分渠道") {
		t.Error("the page does not say that days are not counted by channel")
	}
}

func TestAnAreasWholeTableIsSortedWithinItsGroups(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/area/subdistrict/990100003?period=2026-09", browsertest.Desk)
	const order = `[...document.querySelectorAll("#all tbody")].map((b) => [...b.rows].slice(1).map((r) => r.cells[3]?.dataset.value ?? "").filter((v) => v !== ""))`
	before := browsertest.Eval[[][]string](t, p, order)
	p.Click(t, `#all th:nth-child(4)`)
	after := browsertest.Eval[[][]string](t, p, order)
	changed := false
	for g := range after {
		for i := range after[g] {
			changed = changed || after[g][i] != before[g][i]
			if i == 0 {
				continue
			}
			x, _ := strconv.ParseFloat(after[g][i-1], 64)
			y, _ := strconv.ParseFloat(after[g][i], 64)
			if x < y {
				t.Errorf("group %d: %v before %v", g, x, y)
			}
		}
	}
	if heads := browsertest.Eval[bool](t, p, `[...document.querySelectorAll("#all tbody")].every((b) => b.rows[0].classList.contains("jc-group"))`); !heads || !changed {
		t.Errorf("headings stay on top: %v; anything moved: %v", heads, changed)
	}
}
