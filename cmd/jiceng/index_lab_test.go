package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/dashboards/browsertest"
	"github.com/jiceng/jiceng/queries/index"
)

// labRanks is the nightly ranks and the shifts that the lab's table shows, by area.
func labRanks(t *testing.T, p *browsertest.Page) (ranks, shifts map[string]float64) {
	t.Helper()
	type row struct {
		Name        string
		Rank, Shift float64
	}
	rows := browsertest.Eval[[]row](t, p, `[...document.querySelectorAll("#lab-areas tbody tr")].filter((r) => r.cells[0].dataset.value).map((r) => ({
		Name: r.cells[1].innerText, Rank: Number(r.cells[0].dataset.value), Shift: Number(r.dataset.shift) }))`)
	ranks, shifts = map[string]float64{}, map[string]float64{}
	for _, r := range rows {
		ranks[r.Name], shifts[r.Name] = r.Rank, r.Shift
	}
	return ranks, shifts
}

func TestASliderInTheIndexLabMovesRanksWithoutANewPageAndStaysInTheAddress(t *testing.T) {
	p := site.Browser.Open(t, site.URL+"/index-lab?index=efficiency&level=subdistrict&period=2025", browsertest.Desk)
	p.Check(t)
	before, _ := labRanks(t, p)
	if len(before) != 12 {
		t.Fatalf("%d subdistricts are ranked", len(before))
	}
	browsertest.Eval[any](t, p, `(() => { window.same = true; return true; })()`)
	p.Choose(t, "#w_F1", "0")
	p.Choose(t, "#w_F3", "5")
	p.Wait(t, `document.getElementById("lab-result").dataset.answered?.includes("w_F3=5")`)
	p.WaitDrawn(t)
	p.Check(t)
	if !browsertest.Eval[bool](t, p, `window.same === true && location.search.includes("w_F1=0") && location.search.includes("w_F3=5") && !location.search.includes("w_F2")`) {
		t.Errorf("a new page was loaded, or the address is %s", browsertest.Eval[string](t, p, "location.href"))
	}
	after, shifts := labRanks(t, p)
	moved := 0
	for name, rank := range after {
		if shifts[name] != before[name]-rank {
			t.Errorf("%s: from %v to %v is shown as a shift of %v", name, before[name], rank, shifts[name])
		}
		if rank != before[name] {
			moved++
		}
	}
	if moved == 0 {
		t.Error("no rank moved")
	}
	// The address alone gives the same page.
	address := browsertest.Eval[string](t, p, "location.href")
	again := site.Browser.Open(t, address, browsertest.Desk)
	same, _ := labRanks(t, again)
	for name, rank := range after {
		if same[name] != rank {
			t.Errorf("%s: rank %v, opened again %v", name, rank, same[name])
		}
	}
}

func TestTheIndexLabsSettingsAreDownloadedAsAConfigurationThatReads(t *testing.T) {
	response, err := http.Get(site.URL + "/index-lab.yaml?" + url.Values{"index": {"efficiency"}, "level": {"subdistrict"}, "period": {"2025"},
		"normalise": {"minmax"}, "join": {"arithmetic"}, "w_F1": {"0"}, "w_F3": {"3"}, "w_F31": {"0"}}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(response.Header.Get("Content-Disposition"), "efficiency.yaml") {
		t.Fatalf("status %d, %v", response.StatusCode, err)
	}
	cfg, err := index.Read(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	tree, err := index.NewTree(cfg.Tree)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Normalise != index.MinMax || cfg.Aggregate[len(cfg.Aggregate)-1] != "arithmetic" || tree.Find("F1") >= 0 || tree.Find("F31") >= 0 ||
		tree.Nodes[tree.Find("F3")].Weight != 3 || cfg.Uncertain == nil {
		t.Errorf("%s", text)
	}
}

func TestWhatTheIndexLabCannotComputeIsSaidInWords(t *testing.T) {
	for address, want := range map[string]string{
		"/index-lab?level=grid&period=2025-03&lang=en":                                                         "not computed for that level and period",
		"/index-lab?index=efficiency&level=subdistrict&period=2025&lang=en&w_F1=0&w_F2=0&w_F3=0&w_F4=0&w_F5=0": "give no index",
	} {
		response, err := http.Get(site.URL + address)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: status %d, %v", address, response.StatusCode, err)
		}
	}
}
