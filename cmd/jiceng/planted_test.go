package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/snapshot"
	"github.com/jiceng/jiceng/queries/stat"
)

// planted is what truth.json says was planted in the synthetic district.
type planted struct {
	Effects []struct {
		Code, Indicator, Direction string
		Level                      string `json:"geo_level"`
		Until                      string
		Where                      []struct {
			Code string `json:"geo_code"`
			From string
		}
	}
	Map []struct {
		Kind string
		Grid string  `json:"grid_code"`
		Area float64 `json:"area_km2"`
	} `json:"map_flaws"`
}

// The indicators find what was planted, where and when it was planted, beyond chance, and do not find what was not.
func TestThePlantedEffectsAreInTheIndicators(t *testing.T) {
	cfg, err := loadConfig(site.Config)
	if err != nil {
		t.Fatal(err)
	}
	s, err := cfg.warehouse().OpenCurrent(t.Context(), snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(site.Config), "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth planted
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	share := func(query string, args ...any) stat.Estimate {
		t.Helper()
		var x, n float64
		if err := s.DB.QueryRowContext(t.Context(), query, args...).Scan(&x, &n); err != nil {
			t.Fatal(err)
		}
		return stat.Wilson(x, n, 0.95)
	}
	for _, e := range truth.Effects {
		if e.Indicator == "cases" { // a surge of cases is found by the signals, not by an indicator
			continue
		}
		// Months from the first whole one after the start, in the areas concerned; and all months elsewhere.
		var inside, areas []string
		for _, w := range e.Where {
			inside = append(inside, fmt.Sprintf("(geo_code = '%s' and period >= strftime(date '%s' + interval 30 day, '%%Y-%%m'))", w.Code, w.From))
			areas = append(areas, "'"+w.Code+"'")
		}
		const sums = "select sum(numerator), sum(denominator) from indicator_value where indicator = ? and geo_level = ? and period_kind = 'month' and "
		there := share(sums+"("+strings.Join(inside, " or ")+")", e.Indicator, e.Level)
		elsewhere := share(sums+"geo_code not in ("+strings.Join(areas, ", ")+")", e.Indicator, e.Level)
		switch e.Direction {
		case "up":
			if e.Level == "grid" {
				if there.Value < 0.99 { // the few who are asked are all satisfied
					t.Errorf("%s: %s is %.3f there, want nearly all", e.Code, e.Indicator, there.Value)
				}
			} else if there.Low <= elsewhere.High {
				t.Errorf("%s: %s is %.3f (from %.3f) there and %.3f (to %.3f) elsewhere, want clearly more", e.Code, e.Indicator, there.Value, there.Low, elsewhere.Value, elsewhere.High)
			}
		case "down":
			if there.High >= elsewhere.Low {
				t.Errorf("%s: %s is %.3f (to %.3f) there and %.3f (from %.3f) elsewhere, want clearly less", e.Code, e.Indicator, there.Value, there.High, elsewhere.Value, elsewhere.Low)
			}
		case "none":
			// the slipping subdistrict is among the others, and the areas differ a little by themselves
			if math.Abs(there.Value-elsewhere.Value) > 0.05 {
				t.Errorf("%s: %s is %.3f there and %.3f elsewhere, want about the same", e.Code, e.Indicator, there.Value, elsewhere.Value)
			}
		}
	}
	for _, f := range truth.Map {
		var gap, overlap float64
		// a gap lies in the grid's community, where no grid reaches
		if err := s.DB.QueryRowContext(t.Context(), `
select
  (select b.gap_km2 from boundary_area as b join area as a on a.parent_code = b.geo_code and a.geo_level = 'grid' where b.geo_level = 'community' and a.geo_code = $1),
  (select overlap_km2 from boundary_area where geo_level = 'grid' and geo_code = $1)`, f.Grid).Scan(&gap, &overlap); err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{"gap": gap, "overlap": overlap}[f.Kind]
		if math.Abs(got-f.Area) > 0.02*f.Area {
			t.Errorf("the %s planted at grid %s has %.5f km², the map %.5f", f.Kind, f.Grid, got, f.Area)
		}
	}
	if len(truth.Effects) == 0 || len(truth.Map) == 0 {
		t.Error("truth.json says nothing")
	}
}
