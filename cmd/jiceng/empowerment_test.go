package main

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/dashboards/browsertest"
	"github.com/jiceng/jiceng/queries/catalogue"
)

// body fetches an address of the site and fails unless it answers well.
func body(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(site.URL + address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", address, response.StatusCode, err)
	}
	return string(text)
}

func TestEveryRowOfTheSubjectHasAPanelWithItsIndicatorsAndAFigure(t *testing.T) {
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := site.Browser.Open(t, site.URL+"/empowerment?period=2026-09", browsertest.Desk)
	type panel struct {
		Key, Name, Text string
		Links           []string
		Values, Figures int
		Drawn           int
	}
	panels := browsertest.Eval[[]panel](t, p, `[...document.querySelectorAll("[data-row-panel]")].map((e) => ({ Key: e.dataset.rowPanel, Name: e.querySelector("h3").innerText,
		Text: e.textContent, Links: [...e.querySelectorAll("th a")].map((a) => a.getAttribute("href")), Values: e.querySelectorAll("[data-indicator]").length,
		Figures: e.querySelectorAll("figure").length, Drawn: e.querySelectorAll("[data-drawn]").length }))`)
	for _, row := range catalogue.Rows() {
		i := slices.IndexFunc(panels, func(p panel) bool { return p.Key == row.Key })
		if i < 0 {
			t.Errorf("%s: no panel", row.Key)
			continue
		}
		got := panels[i]
		if got.Name != row.Name.Zh || !strings.Contains(got.Text, row.Meaning.Zh) {
			t.Errorf("%s: the panel is called %q and does not say what it means", row.Key, got.Name)
		}
		for _, ind := range cat.ForRow(row.Key) {
			if !slices.ContainsFunc(got.Links, func(href string) bool { return strings.HasPrefix(href, "/catalogue/"+ind.Code) }) {
				t.Errorf("%s: %s is not shown", row.Key, ind.Code)
			}
		}
		if got.Values == 0 || got.Figures == 0 || got.Drawn == 0 {
			t.Errorf("%s: %d values, %d figures, %d of them drawn", row.Key, got.Values, got.Figures, got.Drawn)
		}
	}
	if len(panels) != len(catalogue.Rows()) {
		t.Errorf("%d panels for %d rows", len(panels), len(catalogue.Rows()))
	}
}

func TestEachFigureOfTheEmpowermentPageHasItsNumbersAsATable(t *testing.T) {
	page := body(t, "/empowerment?area=subdistrict:990100003&period=2026-09&lang=en")
	links := regexp.MustCompile(`href="(/api/v1/empowerment\.csv[^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 2*len(catalogue.Rows())-4 {
		t.Fatalf("only %d figures have an address of their numbers", len(links))
	}
	for _, link := range links {
		text := body(t, strings.ReplaceAll(link[1], "&amp;", "&"))
		if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) < 2 && !strings.Contains(link[1], "row=one_stop") {
			t.Errorf("%s has no rows", link[1])
		}
	}
}

func TestTheRadarsScoresAreThoseOfItsTable(t *testing.T) {
	var answer struct {
		Rows []struct {
			Dimension string  `json:"dimension"`
			Score     float64 `json:"score"`
		} `json:"rows"`
	}
	if err := json.Unmarshal([]byte(body(t, "/api/v1/empowerment.json?area=subdistrict:990100003&period=2026-09")), &answer); err != nil {
		t.Fatal(err)
	}
	p := site.Browser.Open(t, site.URL+"/empowerment?area=subdistrict:990100003&period=2026-09", browsertest.Desk)
	shown := browsertest.Eval[map[string]string](t, p, `Object.fromEntries([...document.querySelectorAll("[data-dimension]")].map((e) => [e.dataset.dimension, e.dataset.value]))`)
	if len(answer.Rows) != 5 || len(shown) != 5 {
		t.Fatalf("%d dimensions in the table, %d on the page", len(answer.Rows), len(shown))
	}
	for _, row := range answer.Rows {
		if v, err := strconv.ParseFloat(shown[row.Dimension], 64); err != nil || v != row.Score || v < 0 || v > 100 {
			t.Errorf("%s: %q on the page, %v in the table", row.Dimension, shown[row.Dimension], row.Score)
		}
	}
}

func TestTheEmpowermentPageGoesToAnotherArea(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/empowerment?period=2026-09", browsertest.Desk)
	p.Choose(t, "#area", "subdistrict:990100003")
	p.Wait(t, `location.search.includes("area=subdistrict")`)
	p.WaitDrawn(t)
	p.Check(t)
	if kept := browsertest.Eval[bool](t, p, `location.search.includes("period=2026-09")`); !kept {
		t.Error("the period was lost")
	}
	p.Click(t, "nav.page-pretitle a")
	p.Wait(t, `location.pathname === "/"`)
}

func TestTheBriefPrintsOnAsManyPagesAsItHasSheets(t *testing.T) {
	for _, address := range []string{"/brief?period=2026-09", "/brief?period=2026-09&lang=en", "/brief?period=2025&lang=en", "/brief?period=2026-Q3&area=community:990100003001"} {
		t.Run(address, func(t *testing.T) {
			p := site.Browser.Open(t, site.URL+address, browsertest.Desk)
			p.Check(t)
			type sheet struct {
				Over int
				Text string
			}
			sheets := browsertest.Eval[[]sheet](t, p, `[...document.querySelectorAll(".jc-sheet")].map((e) => {
				const foot = e.querySelector(".jc-sheet-synthetic").getBoundingClientRect().top;
				const ends = [...e.children].filter((c) => getComputedStyle(c).position !== "absolute").map((c) => c.getBoundingClientRect().bottom);
				return { Over: Math.ceil(Math.max(...ends) - foot), Text: e.innerText };
			})`)
			for i, s := range sheets {
				if s.Over > 0 {
					t.Errorf("sheet %d is %d pixels too long", i+1, s.Over)
				}
				if !strings.Contains(s.Text, "20261") && !strings.Contains(s.Text, "T0") {
					t.Errorf("sheet %d does not name its snapshot", i+1)
				}
			}
			pdf := p.PDF(t)
			pages := printedPages(t, pdf)
			if len(sheets) != 4 || pages != len(sheets) {
				t.Errorf("%d sheets print on %d pages", len(sheets), pages)
			}
		})
	}
}

func TestTheBriefsWordsNameTheNumbersOfItsPeriod(t *testing.T) {
	known := values(t, "level=district&period=2026-09&indicator=F13")
	text := body(t, "/brief?period=2026-09&lang=en")
	want := strconv.FormatFloat(100*known["F13 990100"], 'f', 1, 64) + "%"
	if !strings.Contains(text, want) {
		t.Errorf("the brief does not say that on-time closure was %s", want)
	}
	for _, word := range []string{"In short", "What changed", "What is not noise", "The five areas to look at", "Targets missed", "Quality of the data", "add up to the rows read"} {
		if !strings.Contains(text, word) {
			t.Errorf("the brief has no %q", word)
		}
	}
}

func TestTheBigScreenFitsAWallAndTurnsByKeys(t *testing.T) {
	for _, wall := range []browsertest.Screen{{Width: 1920, Height: 1080}, {Width: 1280, Height: 720}} {
		p := site.Browser.Open(t, site.URL+"/screen?period=2026-09", wall)
		p.Check(t)
		if over := browsertest.Eval[int](t, p, `document.documentElement.scrollHeight - innerHeight`); over > 0 {
			t.Errorf("at %d × %d the page is %d pixels too high", wall.Width, wall.Height, over)
		}
		hidden := browsertest.Eval[[]string](t, p, `[...document.querySelectorAll(".jc-wall section, .jc-wall header")].filter((e) => e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2).map((e) => e.className)`)
		if len(hidden) > 0 {
			t.Errorf("at %d × %d something does not fit into %v", wall.Width, wall.Height, hidden)
		}
	}
	p := site.Browser.Open(t, site.URL+"/screen?period=2026-09", browsertest.Screen{Width: 1920, Height: 1080})
	const shown = `[...document.querySelectorAll("[data-slide]:not([data-off]) h2")].map((h) => h.innerText)`
	before := browsertest.Eval[[]string](t, p, shown)
	if len(before) != 2 {
		t.Fatalf("%d slides are shown at once: %v", len(before), before)
	}
	key := func(name string) {
		browsertest.Eval[bool](t, p, `dispatchEvent(new KeyboardEvent("keydown", { key: "`+name+`", cancelable: true }))`)
	}
	key("ArrowRight")
	after := browsertest.Eval[[]string](t, p, shown)
	if len(after) != 2 || after[0] == before[0] || after[1] == before[1] {
		t.Errorf("the slides did not turn: %v, then %v", before, after)
	}
	key("ArrowLeft")
	if back := browsertest.Eval[[]string](t, p, shown); !slices.Equal(back, before) {
		t.Errorf("the slides did not turn back: %v", back)
	}
	// who wants no motion gets none until a key starts it
	state := func() string { return p.Text(t, "#wall-state")[0] }
	if state() == "" {
		t.Error("with reduced motion the slides are not paused")
	}
	key(" ")
	if state() != "" {
		t.Error("the space bar did not start the slides")
	}
	key("Escape")
	p.Wait(t, `location.pathname === "/"`)
}
