package main

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// somePages are the addresses whose look is tested; names are used for screenshots.
func somePages() map[string]string {
	return map[string]string{
		"overview":                 "/",
		"empowerment":              "/empowerment",
		"empowerment-community":    "/empowerment?area=community:990100003001&period=2026-Q3",
		"subdistrict":              "/area/subdistrict/990100003?level=community&indicator=F14",
		"grid":                     "/area/grid/990100001001001?period=2026",
		"catalogue":                "/catalogue",
		"indicator":                "/catalogue/F13",
		"data-quality":             "/data-quality",
		"why":                      "/why?indicator=F31&compare=yoy",
		"signals":                  "/signals",
		"practices":                "/practices",
		"index-lab":                "/index-lab?period=2026-Q3",
		"frontier":                 "/frontier?period=2026-Q3",
		"frontier-community":       "/frontier?level=community&period=2025",
		"efficiency":               "/efficiency",
		"efficiency-grid":          "/efficiency?level=grid&area=990100001001001&period=2026",
		"satisfaction":             "/satisfaction",
		"satisfaction-subdistrict": "/satisfaction?level=subdistrict&area=990100003&unit=community&span=period&period=2026",
		"brief":                    "/brief?period=2026-09",
		"screen":                   "/screen",
		"workbench":                "/workbench?sql=" + url.QueryEscape("-- 各街道每月按期结案率\nselect v.period as month, a.name as subdistrict, v.value as on_time\nfrom indicator_value as v\njoin area as a using (geo_level, geo_code)\nwhere v.indicator = 'F13' and v.geo_level = 'subdistrict' and v.period_kind = 'month' and v.period < '2026-10'\norder by month, subdistrict"),
	}
}

func inLanguage(address, lang string) string {
	if strings.Contains(address, "?") {
		return address + "&lang=" + lang
	}
	return address + "?lang=" + lang
}

func TestPagesAreDrawnWholeInBothLanguagesOnDeskAndPhone(t *testing.T) {
	screens := map[string]browsertest.Screen{"desk": browsertest.Desk, "phone": browsertest.Phone}
	for name, address := range somePages() {
		for _, lang := range []string{"zh", "en"} {
			for device, screen := range screens {
				t.Run(name+" "+lang+" "+device, func(t *testing.T) {
					p := site.Browser.Open(t, site.URL+inLanguage(address, lang), screen)
					p.Check(t)
					if texts := p.Text(t, ".jc-synthetic"); len(texts) != 1 || texts[0] == "" {
						t.Error("the page does not say that its data are synthetic")
					}
				})
			}
		}
	}
}

func TestTheFirstLoadOfAPageIsSmall(t *testing.T) {
	browser, err := browsertest.Start() // with an empty cache
	if err != nil {
		t.Fatal(err)
	}
	defer browser.Close()
	p := browser.Open(t, site.URL+"/?level=grid", browsertest.Desk)
	if n := p.Received(); n < 100_000 || n > 1_500_000 {
		t.Errorf("the overview with all grids on its map took %d bytes", n)
	} else {
		t.Logf("%d bytes", n)
	}
}

func TestNoPageHasASeriousAccessibilityFinding(t *testing.T) {
	for name, address := range somePages() {
		for _, dark := range []bool{false, true} {
			screen := browsertest.Desk
			screen.Dark = dark
			p := site.Browser.Open(t, site.URL+address, screen)
			for _, f := range p.Accessibility(t, "../../dashboards/assets/node_modules/axe-core/axe.min.js") {
				t.Errorf("%s (dark: %v): %s %s: %s: %s", name, dark, f.Impact, f.Rule, f.Help, f.Where)
			}
		}
	}
}

func TestAreasCanBeEnteredFromTheMapAndLeftByTheTrail(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/", browsertest.Desk)
	box := browsertest.Eval[[]float64](t, p, `(() => { const map = document.getElementById("map"); map.scrollIntoView();
		const r = map.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height * 0.6]; })()`)
	p.Run(t, chromedp.MouseClickXY(box[0], box[1]))
	p.Wait(t, `location.pathname.startsWith("/area/subdistrict/")`)
	p.WaitDrawn(t)
	p.Check(t)
	p.Click(t, "nav.page-pretitle a")
	p.Wait(t, `location.pathname === "/"`)
}

func TestThePeriodIsChosenThroughTheAddress(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/?lang=en", browsertest.Desk)
	p.Choose(t, "#period", "2025")
	p.Wait(t, `location.search.includes("period=2025")`)
	p.WaitDrawn(t)
	p.Check(t)
	if lang := browsertest.Eval[string](t, p, "document.documentElement.lang"); lang != "en" {
		t.Errorf("the language was lost: %s", lang)
	}
}

// values reads /api/v1/values as numbers by indicator and area.
func values(t *testing.T, query string) map[string]float64 {
	t.Helper()
	response, err := http.Get(site.URL + "/api/v1/values?" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Rows []struct {
			Indicator string   `json:"indicator"`
			Code      string   `json:"geo_code"`
			Value     *float64 `json:"value"`
		} `json:"rows"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for _, row := range answer.Rows {
		if row.Value != nil {
			found[row.Indicator+" "+row.Code] = *row.Value
		}
	}
	return found
}

// leadingPercent is a share as a page prints it, before what stands behind it.
var leadingPercent = regexp.MustCompile(`^([0-9.]+)%`)

func TestEachNumberOnAPageIsTheCatalogues(t *testing.T) {
	for _, c := range []struct{ page, query, area string }{
		{"/?period=2026-09", "level=district&period=2026-09", "990100"},
		{"/catalogue?period=2026-Q3", "level=district&period=2026-Q3", "990100"},
		{"/area/subdistrict/990100003?period=2026-08", "level=subdistrict&period=2026-08", "990100003"},
		{"/area/community/990100003001?period=2026-Q3&lang=en", "level=community&period=2026-Q3", "990100003001"},
		{"/area/grid/990100001001001?period=2025", "level=grid&period=2025", "990100001001001"},
		{"/empowerment?period=2026-09&area=subdistrict:990100003", "level=subdistrict&period=2026-09", "990100003"},
		{"/efficiency?period=2026-09&level=subdistrict&area=990100003", "level=subdistrict&period=2026-09", "990100003"},
		{"/satisfaction?period=2026-09", "level=district&period=2026-09", "990100"},
		{"/brief?period=2026-09", "level=district&period=2026-09", "990100"},
		{"/brief?period=2026-Q3&area=subdistrict:990100003&lang=en", "level=subdistrict&period=2026-Q3", "990100003"},
		{"/screen?period=2026-09", "level=district&period=2026-09", "990100"},
	} {
		t.Run(c.page, func(t *testing.T) {
			known := values(t, c.query)
			p := site.Browser.Open(t, site.URL+c.page, browsertest.Desk)
			type number struct{ Code, Value, Text string }
			shown := browsertest.Eval[[]number](t, p, `[...document.querySelectorAll("[data-indicator]")].map((e) => ({ Code: e.dataset.indicator, Value: e.dataset.value, Text: e.textContent.trim() }))`)
			if len(shown) < 5 {
				t.Fatalf("only %d numbers on the page", len(shown))
			}
			for _, s := range shown {
				value, err := strconv.ParseFloat(s.Value, 64)
				want, ok := known[s.Code+" "+c.area]
				if err != nil || !ok || value != want {
					t.Errorf("%s: the page has %q, the API has %v", s.Code, s.Value, want)
				}
				if percent := leadingPercent.FindStringSubmatch(s.Text); percent != nil {
					printed, err := strconv.ParseFloat(percent[1], 64)
					if err != nil || math.Abs(printed-100*want) > 0.0501 {
						t.Errorf("%s: %q is printed for %v", s.Code, s.Text, want)
					}
				}
			}
		})
	}
}

func TestEachNumberOfARankingIsTheCatalogues(t *testing.T) {
	for _, c := range []struct{ page, query, indicator string }{
		{"/?period=2026-09&indicator=F31", "level=subdistrict&period=2026-09", "F31"},
		{"/?period=2026-Q3&indicator=F14&level=community", "level=community&period=2026-Q3", "F14"},
		{"/area/subdistrict/990100003?period=2026-08&indicator=F51", "level=community&period=2026-08", "F51"},
		{"/area/community/990100003001?period=2025&indicator=F13", "level=grid&period=2025", "F13"},
	} {
		t.Run(c.page, func(t *testing.T) {
			known := values(t, c.query+"&indicator="+c.indicator)
			shown := ranked(t, site.Browser.Open(t, site.URL+c.page, browsertest.Desk))
			if len(shown) < 3 {
				t.Fatalf("only %d areas in the ranking", len(shown))
			}
			for area, value := range shown {
				if want, ok := known[c.indicator+" "+area]; !ok || want != value {
					t.Errorf("%s: %v in the ranking, %v in the catalogue", area, value, want)
				}
			}
		})
	}
}

func TestTheCatalogueIsSearched(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/catalogue?lang=en", browsertest.Desk)
	const shown = `[...document.querySelectorAll("[data-row]")].filter((row) => !row.hidden).map((row) => row.cells[0].innerText)`
	all := browsertest.Eval[[]string](t, p, shown)
	p.Type(t, "#search", "on-time closure")
	found := browsertest.Eval[[]string](t, p, shown)
	if len(found) == 0 || len(found) >= len(all) || !slices.Contains(found, "F13") {
		t.Errorf("%d indicators, found %v", len(all), found)
	}
}

func TestAnAddressThatIsNotThereAnswersWithAPage(t *testing.T) {
	for _, address := range []string{"/nowhere", "/area/subdistrict/none", "/catalogue/Z99", "/?period=1999-01"} {
		for lang, want := range map[string]string{"zh": "没有这个页面", "en": "There is no such page"} {
			response, err := http.Get(site.URL + inLanguage(address, lang))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != http.StatusNotFound || !strings.Contains(string(body), want) {
				t.Errorf("%s: status %d, %v", address, response.StatusCode, err)
			}
		}
	}
}
