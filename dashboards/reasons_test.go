package dashboards_test

import (
	"net/http"
	"strings"
	"testing"
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
