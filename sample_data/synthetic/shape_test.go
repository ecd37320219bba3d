package synthetic

import (
	"encoding/json"
	"math"
	"testing"
)

func TestTheCurveVisitsEveryPlaceByEdgeSteps(t *testing.T) {
	path := gilbert(columns, rows)
	seen := map[[2]int]bool{}
	for i, p := range path {
		if seen[p] || p[0] < 0 || p[0] >= columns || p[1] < 0 || p[1] >= rows {
			t.Fatalf("step %d goes to %v", i, p)
		}
		seen[p] = true
		if i > 0 && abs(p[0]-path[i-1][0])+abs(p[1]-path[i-1][1]) != 1 {
			t.Fatalf("step %d jumps from %v to %v", i, path[i-1], p)
		}
	}
	if len(seen) != columns*rows {
		t.Fatalf("%d of %d places visited", len(seen), columns*rows)
	}
}

func TestCellsTileTheDistrictAndEachGroupIsItsOutline(t *testing.T) {
	for seed := range uint64(8) {
		d := newDistrict(seed)
		total := 0.0
		groups := map[[2]int][]int{}
		for i, c := range d.cells {
			outline := d.outline([]int{i})
			if len(outline) != 1 || outline[0].area() < 0.005 || outline[0].area() > 0.6 || crosses(outline[0]) {
				t.Fatalf("seed %d: cell %d has %d rings, area %.4f km²", seed, i, len(outline), outline[0].area())
			}
			total += outline[0].area()
			groups[[2]int{0, 0}] = append(groups[[2]int{0, 0}], i)
			groups[[2]int{1, c.Subdistrict}] = append(groups[[2]int{1, c.Subdistrict}], i)
			groups[[2]int{2, c.Community}] = append(groups[[2]int{2, c.Community}], i)
		}
		if total < 60 || total > 200 {
			t.Errorf("seed %d: the district has %.1f km²", seed, total)
		}
		if len(groups) != 1+subdistricts+communities {
			t.Fatalf("seed %d: %d groups", seed, len(groups))
		}
		for group, cells := range groups {
			parts, whole, outer := 0.0, 0.0, 0
			for _, i := range cells {
				parts += d.outline([]int{i})[0].area()
			}
			for _, r := range d.outline(cells) {
				whole += r.area()
				if r.area() > 0 {
					outer++
				}
			}
			if math.Abs(parts-whole) > 1e-9*parts || outer != 1 {
				t.Errorf("seed %d: group %v of %d cells has %d outer rings; areas %.6f and %.6f", seed, group, len(cells), outer, parts, whole)
			}
		}
	}
}

func TestSplitGridsAreTheTwoHalvesOfOne(t *testing.T) {
	d := newDistrict(1)
	splits := 0
	for i, c := range d.cells {
		if !c.Split {
			continue
		}
		splits++
		west, east := d.halves(i)
		whole := d.outline([]int{i})[0].area()
		if math.Abs(west.area()+east.area()-whole) > 1e-9 || west.area() < 0.2*whole || east.area() < 0.2*whole {
			t.Errorf("cell %d of %.4f km² is split into %.4f and %.4f", i, whole, west.area(), east.area())
		}
	}
	if splits != leftOut {
		t.Errorf("%d grids are split", splits)
	}
}

func TestGeoJSONIsAFeatureCollectionOfClosedRings(t *testing.T) {
	d := newDistrict(1)
	text, err := d.geoJSON(func(level string, c cell, second bool) (string, string) { return level, level })
	if err != nil {
		t.Fatal(err)
	}
	var collection struct {
		Type     string
		Features []struct {
			Type       string
			Properties map[string]string
			Geometry   struct {
				Type        string
				Coordinates [][][2]float64
			}
		}
	}
	if err := json.Unmarshal(text, &collection); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	drawn := 0.0
	for _, f := range collection.Features {
		count[f.Properties["level"]]++
		if collection.Type != "FeatureCollection" || f.Type != "Feature" || f.Geometry.Type != "Polygon" {
			t.Fatalf("%s %s %s", collection.Type, f.Type, f.Geometry.Type)
		}
		for k, line := range f.Geometry.Coordinates {
			if len(line) < 5 || line[0] != line[len(line)-1] {
				t.Fatalf("%v: ring %d is not closed", f.Properties, k)
			}
			var r ring
			for _, p := range line[:len(line)-1] {
				r = append(r, toKm(p[0], p[1]))
			}
			if (r.area() > 0) != (k == 0) {
				t.Errorf("%v: ring %d runs the wrong way", f.Properties, k)
			}
			if f.Properties["level"] == "grid" {
				drawn += r.area()
			}
		}
	}
	if count["district"] != 1 || count["subdistrict"] != 12 || count["community"] != 120 || count["grid"] != 1200 {
		t.Errorf("areas by level: %v", count)
	}
	all := make([]int, len(d.cells))
	for i := range all {
		all[i] = i
	}
	want := 0.0
	for _, r := range d.outline(all) {
		want += r.area()
	}
	for _, f := range d.flaws {
		if f.areaKm2 < 0.002 {
			t.Errorf("the %s of cell %d is only %.5f km²", f.kind, f.cell, f.areaKm2)
		}
		want += map[string]float64{"gap": -1, "overlap": 1}[f.kind] * f.areaKm2
	}
	if math.Abs(drawn-want) > 0.001 {
		t.Errorf("grids drawn: %.4f km², district with gaps and overlaps %.4f", drawn, want)
	}
}

// crosses says whether two edges of a ring cross, tried for every pair.
func crosses(r ring) bool {
	side := func(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }
	n := len(r)
	for i := range n {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			a, b, c, d := r[i], r[i+1], r[j], r[(j+1)%n]
			if side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0 {
				return true
			}
		}
	}
	return false
}
