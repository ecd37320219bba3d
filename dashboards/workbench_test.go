package dashboards_test

import (
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// openWorkbench opens the workbench of a server on which everybody is its operator.
func openWorkbench(t *testing.T, browser *browsertest.Browser, server *httptest.Server, sql string, lang string, screen browsertest.Screen) *browsertest.Page {
	t.Helper()
	query := url.Values{"lang": {lang}}
	if sql != "" {
		query.Set("sql", sql)
	}
	p := browser.Open(t, server.URL+"/workbench?"+query.Encode(), screen)
	p.Wait(t, `Number(document.getElementById("workbench").dataset.schema) > 20`)
	if sql != "" {
		p.Wait(t, `["done", "failed"].includes(document.getElementById("workbench").dataset.state)`)
		p.WaitDrawn(t)
	}
	return p
}

func TestAResearcherAsksSeesChartsAndCitesOnTheWorkbench(t *testing.T) {
	browser, err := browsertest.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer browser.Close()
	server := httptest.NewServer(open(t).Handler())
	defer server.Close()

	t.Run("a query in the address runs and is cited", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "select grid_code, count(*) as cases from cases group by all order by all", "en", browsertest.Desk)
		p.Check(t)
		if got := strings.Join(p.Text(t, ".wb-row"), ";"); !strings.Contains(strings.ReplaceAll(got, "\n", " "), "G1 50;G2 50") {
			t.Errorf("the grid shows %q", got)
		}
		if got := p.Text(t, "#cite-snapshot"); got[0] != "a" {
			t.Errorf("the citation names snapshot %q", got)
		}
		if got := p.Text(t, "#cite-hash"); len(got[0]) != 16 {
			t.Errorf("the citation's hash is %q", got)
		}
		if link := browsertest.Eval[string](t, p, `document.getElementById("cite-url").href`); !strings.Contains(link, "snapshot=a") || !strings.Contains(link, "sql=select") {
			t.Errorf("the citation's address is %s", link)
		}
		if charts := p.Charts(t); len(charts) != 1 || charts[0].Failed != "" || charts[0].Pixels < 500 {
			t.Errorf("the quick chart is %+v", charts)
		}
	})

	t.Run("the editor is styled under the strict policy and completes tables, columns and indicators", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "", "zh", browsertest.Desk)
		if sheets := browsertest.Eval[int](t, p, `document.getElementById("editor").shadowRoot.adoptedStyleSheets.length`); sheets == 0 {
			t.Error("the editor has no styles")
		}
		if inside := browsertest.Eval[string](t, p, `getComputedStyle(document.getElementById("editor").shadowRoot.querySelector(".cm-scroller")).display`); inside == "block" {
			t.Errorf("the editor's styles are not in force: %s", inside)
		}
		p.Check(t)
		for typed, want := range map[string]string{"select * from case_f": "case_fact", "select 'F1": "F13"} {
			p := openWorkbench(t, browser, server, "", "zh", browsertest.Desk)
			browsertest.Eval[any](t, p, `(() => { const content = document.getElementById("editor").shadowRoot.querySelector(".cm-content");
				content.focus(); getSelection().selectAllChildren(content); document.execCommand("delete"); return true; })()`)
			p.Run(t, chromedp.KeyEvent(typed))
			p.Wait(t, `[...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-tooltip-autocomplete li")].some((li) => li.textContent.includes("`+want+`"))`)
			p.Check(t)
		}
	})

	t.Run("a mistake is told and nothing else happens", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "select nonsense from cases", "en", browsertest.Desk)
		if got := p.Text(t, "#status"); !strings.Contains(got[0], "nonsense") {
			t.Errorf("the page says %q", got)
		}
	})

	t.Run("ten thousand rows scroll with few elements", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "select range as n, range * 2 as twice, 'row ' || range as name from range(20000)", "en", browsertest.Desk)
		if got := p.Text(t, "#status"); !strings.Contains(got[0], "10,000 rows") || !strings.Contains(got[0], "more") {
			t.Errorf("the page says %q", got)
		}
		if n := browsertest.Eval[int](t, p, `document.querySelectorAll(".wb-row").length`); n == 0 || n > 100 {
			t.Errorf("%d rows are drawn", n)
		}
		browsertest.Eval[any](t, p, `(() => { document.getElementById("grid").scrollTop = 9990 * 30; return true; })()`)
		p.Wait(t, `[...document.querySelectorAll(".wb-row")].some((row) => row.textContent.includes("row 9999"))`)
		// Measured: 9 ms to show the grid, 4 ms for a step of scrolling; a frame of the screen has 16.
		show := browsertest.Eval[float64](t, p, `performance.getEntriesByName("grid").at(-1).duration`)
		step := browsertest.Eval[float64](t, p, `(() => { const grid = document.getElementById("grid"); const started = performance.now();
			for (let i = 0; i < 200; i++) { grid.scrollTop = (i * 7919 % 10000) * 30; grid.onscroll(); grid.querySelector(".wb-row").getBoundingClientRect(); }
			return (performance.now() - started) / 200; })()`)
		t.Logf("10,000 rows: %.1f ms to show, %.2f ms for a step of scrolling", show, step)
		if show > 200 || step > 16 {
			t.Errorf("10,000 rows take %.1f ms to show and %.2f ms for a step of scrolling", show, step)
		}
	})

	t.Run("a query is kept, and one of an earlier snapshot says so and is downloaded from it", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "-- how many\nselect count(*) as n from cases", "en", browsertest.Desk)
		p.Click(t, "#keep")
		if got := p.Text(t, "#kept a"); len(got) != 1 || got[0] != "how many" {
			t.Errorf("kept are %q", got)
		}
		again := browser.Open(t, browsertest.Eval[string](t, p, `document.querySelector("#kept a").href`), browsertest.Desk)
		again.Wait(t, `document.getElementById("workbench").dataset.state === "done"`)
		if got := strings.Join(again.Text(t, ".wb-row"), ""); got != "100" {
			t.Errorf("the kept query gives %q", got)
		}
		again.Click(t, "#kept .wb-away")
		if got := again.Text(t, "#kept a"); len(got) != 0 {
			t.Errorf("after it was removed there are %q", got)
		}
		old := browser.Open(t, browsertest.Eval[string](t, p, `document.getElementById("cite-url").href`), browsertest.Desk)
		if got := old.Text(t, "#pinned-note"); len(got) != 1 || !strings.Contains(got[0], "earlier snapshot a") {
			t.Errorf("the page of a cited result says %q", got)
		}
		if got := browsertest.Eval[string](t, old, `new FormData(document.getElementById("ask")).get("snapshot")`); got != "a" {
			t.Errorf("downloads come from snapshot %q", got)
		}
		old.Check(t)
	})

	t.Run("a download that is refused says why on a page", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "", "en", browsertest.Desk)
		browsertest.Eval[any](t, p, `(() => { document.getElementById("sql").value = "drop table cases"; document.getElementById("ask").submit(); return true; })()`)
		p.Wait(t, `document.getElementById("main")?.innerText.includes("No result")`)
		if got := strings.Join(p.Text(t, "#main"), " "); !strings.Contains(got, "SELECT") {
			t.Errorf("the page says %q", got)
		}
	})

	t.Run("a plan is shown", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "select count(*) from cases", "en", browsertest.Desk)
		p.Click(t, "#explain")
		p.Wait(t, `document.querySelector(".wb-plan")?.textContent.includes("AGGREGATE")`)
	})

	t.Run("what comes from the data is text", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "select '<img src=x onerror=alert(1)><script>alert(1)</script>' as \"<b>x</b>\", 1 as n union all select 'y', 2", "en", browsertest.Desk)
		if n := browsertest.Eval[int](t, p, `document.querySelectorAll("#grid img, #grid script, #grid b, #chart-box img, #chart-box option b").length`); n > 0 {
			t.Errorf("%d elements came out of the data", n)
		}
		p.Check(t)
	})

	t.Run("each sample query of cases runs", func(t *testing.T) {
		p := openWorkbench(t, browser, server, "", "zh", browsertest.Phone)
		p.Click(t, "[data-sample=sample-0]")
		p.Wait(t, `document.getElementById("workbench").dataset.state === "done"`)
		p.WaitDrawn(t)
		p.Check(t)
	})

	if dir := os.Getenv("JICENG_SHOTS"); dir != "" {
		for _, lang := range []string{"zh", "en"} {
			for name, screen := range map[string]browsertest.Screen{"desk": browsertest.Desk, "phone": browsertest.Phone, "desk-dark": {Width: 1440, Height: 900, Dark: true}, "phone-dark": {Width: 390, Height: 844, Dark: true}} {
				p := openWorkbench(t, browser, server, "select source, category_1, count(*) as cases, round(avg(is_closed::integer), 3) as closed from case_fact group by all order by all", lang, screen)
				p.Screenshot(t, filepath.Join(dir, "workbench-"+lang+"-"+name+".png"))
			}
		}
	}
}
