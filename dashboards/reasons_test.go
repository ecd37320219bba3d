package dashboards_test

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// The pages that read records and compare areas keep to what a reader may see.
func TestReasonsAreGivenWithinWhatAReaderMaySee(t *testing.T) {
	g := guard(t, nil)
	for _, address := range []string{"/api/v1/why?indicator=F31", "/api/v1/why?indicator=F31&level=district&area=D"} {
		whole := g.as("operator", http.MethodGet, address, "")
		if whole.Code != http.StatusOK || !strings.Contains(whole.Body.String(), `"geo_level":"district"`) {
			t.Fatalf("operator, %s: %d %.200s", address, whole.Code, whole.Body)
		}
		own := g.as("east-research", http.MethodGet, address, "")
		if body := own.Body.String(); strings.Contains(body, `"geo_level":"district"`) || strings.Contains(body, "S2") {
			t.Errorf("a reader of S1, %s: %d %.200s", address, own.Code, body)
		}
	}
	if other := g.as("east-research", http.MethodGet, "/api/v1/why?indicator=F31&level=subdistrict&area=S2", ""); other.Code != http.StatusNotFound {
		t.Errorf("a reader of S1 asks about S2: %d %.200s", other.Code, other.Body)
	}
	if page := g.as("east", http.MethodGet, "/practices", ""); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "不向只能查看一个街道的用户开放") {
		t.Errorf("practices for a reader of S1: %d", page.Code)
	}
}

// In March 2026 S1 closed 12 cases and S2 13: a reader who may see no 12 is told of neither, since one would give the other away.
func TestReasonsTellViewersNothingOfFewCases(t *testing.T) {
	g := guard(t, func(c *dashboards.Config) { c.Access.Threshold = 13 })
	const query = "?indicator=F31&period=2026-03"
	var whole, own struct{ Rows []map[string]any }
	for user, into := range map[string]any{"operator": &whole, "viewer": &own} {
		if err := json.Unmarshal(g.as(user, http.MethodGet, "/api/v1/why"+query, "").Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
	if len(own.Rows) != len(whole.Rows) || len(own.Rows) < 4 {
		t.Fatalf("%d rows for the viewer, %d for the operator", len(own.Rows), len(whole.Rows))
	}
	told := 0
	for i, row := range own.Rows {
		area := row["key"] == "S1" || row["key"] == "S2" || row["part"] == "S1" || row["part"] == "S2"
		if whole.Rows[i]["denominator_after"] == nil {
			t.Errorf("the operator is not told of %v", row["key"])
		}
		if row["denominator_after"] != nil {
			told++
		}
		for _, column := range []string{"numerator_before", "denominator_before", "numerator_after", "denominator_after", "weight_before", "weight_after", "rate_effect", "mix_effect", "total_effect"} {
			if area && row[column] != nil {
				t.Errorf("the viewer is told %s of %v: %v", column, row["key"], row[column])
			}
		}
	}
	if told != 1 { // the one category of the whole district
		t.Errorf("the viewer is told of %d rows", told)
	}
	if answer := g.as("viewer", http.MethodGet, "/why?indicator=none", ""); answer.Code != http.StatusNotFound {
		t.Errorf("reasons of an indicator that is not there: %d", answer.Code)
	}
	page := g.as("viewer", http.MethodGet, "/why"+query+"&lang=en", "").Body.String()
	if !strings.Contains(page, "too few cases to show") || strings.Contains(page, "48.1") || strings.Contains(page, "51.9") {
		t.Error("the page tells the viewer of S1 or S2")
	}
	if all := g.as("operator", http.MethodGet, "/why"+query+"&lang=en", "").Body.String(); !strings.Contains(all, "48.1") {
		t.Error("the operator's page does not tell what the test looks for")
	}
	if one := g.as("viewer", http.MethodGet, "/why"+query+"&lang=en&level=subdistrict&area=S1", "").Body.String(); !strings.Contains(one, "stands on too few cases") {
		t.Error("the page of S1 tells the viewer of its 12 cases")
	}
	if answer := g.as("viewer", http.MethodGet, "/api/v1/why"+query+"&level=subdistrict&area=S1", ""); answer.Code != http.StatusNotFound {
		t.Errorf("its table: %d %.200s", answer.Code, answer.Body)
	}
}

// From February to March 2026 many cases of S2 came to be late. The brief says so, but not to a reader from whom the 12
// cases of S1 are kept, which what it says of S2 would give away.
func TestTheBriefGivesNoReasonsThatStandOnFewCases(t *testing.T) {
	g := guard(t, func(c *dashboards.Config) { c.Access.Threshold = 15 })
	publishFixture(t, snapshot.Warehouse{Dir: filepath.Dir(g.audit)}, "b", tinyDistrict+`
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, source, handling_level, category_1)
select
  'late' || i,
  'G2',
  timestamp '2026-02-01 08:00' + to_hours(i * 4),
  timestamp '2026-02-01 08:00' + to_hours(i * 4 + 24),
  timestamp '2026-02-01 08:00' + to_hours(i * 4 + if(i < 168, 12, 36)),
  'closed',
  'resident',
  'grid',
  '市容环境'
from range(336) as t (i)`)
	if err := g.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"operator", "viewer"} {
		page := g.as(user, http.MethodGet, "/brief?lang=en&period=2026-03", "").Body.String()
		if tells := strings.Contains(page, "街道 itself"); tells != (user == "operator") {
			t.Errorf("%s: a subdistrict is named in the reasons: %v", user, tells)
		}
	}
}
