package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// fetch reads an address of the site.
func fetch(t *testing.T, address string) []byte {
	t.Helper()
	response, err := http.Get(site.URL + address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", address, response.StatusCode, err)
	}
	return body
}

// twin reads the data twin of a page: each row by column.
func twin(t *testing.T, address string) []map[string]any {
	t.Helper()
	var answer struct {
		Rows []map[string]any `json:"rows"`
	}
	if err := json.Unmarshal(fetch(t, address), &answer); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return answer.Rows
}

func TestTheTimesToCloseOnThePageAreTheAPIs(t *testing.T) {
	for _, query := range []string{"period=2026-09", "period=2026-09&by=handler", "period=2026&level=subdistrict&area=990100007", "period=2026&category=" + url.QueryEscape("市容环境")} {
		t.Run(query, func(t *testing.T) {
			type count struct{ closed, censored float64 }
			known := map[string]*count{}
			for _, row := range twin(t, "/api/v1/durations?"+query) {
				name := row["name"].(string)
				if known[name] == nil {
					known[name] = &count{}
				}
				known[name].closed += row["closed"].(float64)
				known[name].censored += row["censored"].(float64)
			}
			p := site.Browser.Open(t, site.URL+"/efficiency?"+query, browsertest.Desk)
			p.Check(t)
			type row struct{ Name, Cases, Closed string }
			shown := browsertest.Eval[[]row](t, p, `[...document.querySelectorAll("#speeds tbody tr")].map((r) => ({ Name: r.cells[0].innerText.trim(), Cases: r.cells[1].dataset.value, Closed: r.cells[2].dataset.value }))`)
			if len(shown) != len(known) || len(shown) < 3 {
				t.Fatalf("%d rows on the page, %d in the API", len(shown), len(known))
			}
			for _, r := range shown {
				want := known[r.Name]
				if want == nil || r.Closed != fmt.Sprint(want.closed) || r.Cases != fmt.Sprint(want.closed+want.censored) {
					t.Errorf("%s: %s cases, %s closed; the API has %+v", r.Name, r.Cases, r.Closed, want)
				}
			}
		})
	}
}

func TestTheEfficiencyTablesAgreeWithTheCatalogue(t *testing.T) {
	known := values(t, "level=district&period=2026-09")
	const district = " 990100"
	rises := twin(t, "/api/v1/escalation?period=2026-09")[0]
	closed := rises["closed"].(float64)
	if got, want := rises["closed_grid"].(float64)/closed, known["F31"+district]; math.Abs(got-want) > 1e-12 {
		t.Errorf("closed in the grid: %v, F31 is %v", got, want)
	}
	if got, want := (rises["closed_grid"].(float64)+rises["closed_community"].(float64))/closed, known["F32"+district]; math.Abs(got-want) > 1e-12 {
		t.Errorf("closed in the community: %v, F32 is %v", got, want)
	}
	// The curve's median in whole days is the day in which F14's falls.
	for _, row := range twin(t, "/api/v1/durations?period=2026-09") {
		if row["by"] == "all" && row["share_open"].(float64) <= 0.5 {
			if got, want := row["days"].(float64), math.Ceil(known["F14"+district]); got != want && got != want+1 {
				t.Errorf("half closed within %v days, F14 is %v", got, known["F14"+district])
			}
			break
		}
	}
	whole := twin(t, "/api/v1/surveys?by=month&span=period&period=2026-09")[0]
	for code, column := range map[string]string{"F51": "satisfaction", "F52": "reach", "F23": "resolution"} {
		if got, want := whole[column].(float64), known[code+district]; math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, the catalogue has %v", column, got, want)
		}
	}
}

func TestAFilterChangesWhatIsShown(t *testing.T) {
	cases := func(p *browsertest.Page) float64 {
		n, err := strconv.ParseFloat(browsertest.Eval[string](t, p, `document.querySelector("#speeds tbody tr").cells[1].dataset.value`), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	p := site.Browser.Open(t, site.URL+"/efficiency?period=2026", browsertest.Desk)
	all := cases(p)
	p.Choose(t, "#filter-category", "市容环境")
	p.Wait(t, `location.search.includes("category=") && document.querySelector("#speeds")`)
	p.WaitDrawn(t)
	p.Check(t)
	one := cases(p)
	if !(one > 0 && one < all) {
		t.Errorf("%v cases of one category, %v of all", one, all)
	}
	// Choosing a channel lets the category go: the two are not counted together.
	p.Choose(t, "#filter-channel", "hotline")
	p.Wait(t, `location.search.includes("channel=hotline") && !location.search.includes("category=%") && document.querySelector("#speeds")`)
	p.WaitDrawn(t)
	if hotline := cases(p); !(hotline > 0 && hotline < all) || hotline == one {
		t.Errorf("%v cases of the hotline, %v of one category, %v of all", hotline, one, all)
	}
	response, err := http.Get(site.URL + "/efficiency?category=a&channel=hotline")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("two filters at once: status %d", response.StatusCode)
	}
}

func TestOneGoesDownToAnAreaAndBackUpOnTheEfficiencyPage(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/efficiency?period=2026&lang=en", browsertest.Desk)
	p.Choose(t, "#area", "990100007")
	p.Wait(t, `location.search.includes("level=subdistrict") && location.search.includes("area=990100007")`)
	p.WaitDrawn(t)
	p.Check(t)
	p.Click(t, `#speeds tbody tr:nth-child(2) a`)
	p.Wait(t, `location.search.includes("level=community")`)
	p.WaitDrawn(t)
	p.Check(t)
	p.Click(t, "nav.page-pretitle a")
	p.Wait(t, `!location.search.includes("level=") && location.search.includes("period=2026") && location.search.includes("lang=en")`)
}

// The small district's gamed grid answers too rarely for its satisfaction to be told
// from chance, but its reach cannot be missed.
func TestTheFunnelNamesThePlantedGrid(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(site.Config), "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	type area struct {
		Code string `json:"geo_code"`
		Name string `json:"name"`
	}
	type effect struct {
		Code  string `json:"code"`
		Where []area `json:"where"`
	}
	var truth struct {
		Effects []effect `json:"effects"`
	}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(truth.Effects, func(e effect) bool { return e.Code == "gaming reach" })
	planted := truth.Effects[i].Where[0]
	rows := twin(t, "/api/v1/survey-funnel?unit=grid")
	if first := rows[0]; first["geo_code"] != planted.Code || first["verdict"] == "" {
		t.Errorf("the first of the funnel is %v (%v), planted was %s", first["geo_code"], first["verdict"], planted.Code)
	}
	accused := 0
	for _, row := range rows {
		if slices.Contains([]any{"steered", "suspect", "unreached"}, row["verdict"]) {
			accused++
		}
	}
	if accused > 3 {
		t.Errorf("%d grids are warned of; one was planted", accused)
	}
	p := site.Browser.Open(t, site.URL+"/satisfaction", browsertest.Desk)
	p.Check(t)
	if warnings := strings.Join(p.Text(t, "[data-verdict]"), "\n"); !strings.Contains(warnings, planted.Name) {
		t.Errorf("no warning names %s: %q", planted.Name, warnings)
	}
	if names := p.Text(t, "#flagged tbody th"); !slices.Contains(names, planted.Name) {
		t.Errorf("the table lists %v", names)
	}
}

func TestTheTablesOfBothPagesOpenInEveryFormat(t *testing.T) {
	for _, name := range []string{"durations", "backlog", "ways", "escalation", "hours", "days", "surveys", "survey-funnel"} {
		t.Run(name, func(t *testing.T) {
			rows := twin(t, "/api/v1/"+name+".json?period=2026-09")
			records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(fetch(t, "/api/v1/"+name+".csv?period=2026-09")), "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			book, err := excelize.OpenReader(strings.NewReader(string(fetch(t, "/api/v1/"+name+".xlsx?period=2026-09"))))
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			sheet, err := book.GetRows(book.GetSheetName(0))
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 || len(records) != len(rows)+1 || len(sheet) != len(records) {
				t.Errorf("%d rows in JSON, %d in CSV, %d in XLSX", len(rows), len(records)-1, len(sheet)-1)
			}
		})
	}
}
