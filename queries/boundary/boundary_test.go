package boundary_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/boundary"
)

// A square of one degree at the equator is (6371.0088 π / 180)² = 12,364.3 km² on the plane.
const squareDegree = 12364.346

func rectangle(level, code string, x0, y0, x1, y1 float64) boundary.Shape {
	return boundary.Shape{Level: level, Code: code, GeoJSON: fmt.Sprintf(
		`{"type":"Polygon","coordinates":[[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]]}`, x0, y0, x1, y1)}
}

// The district is 4 × 1 hundredths of a degree. G1 and G2 tile the left half but for a strip of 0.5
// between them; G3 and G4 share a strip of 0.25 on the right.
func TestGapsAndOverlapsOfRectangles(t *testing.T) {
	shapes := []boundary.Shape{
		rectangle("district", "D", 0, -0.005, 0.04, 0.005),
		rectangle("community", "C1", 0, -0.005, 0.02, 0.005),
		rectangle("community", "C2", 0.02, -0.005, 0.04, 0.005),
		rectangle("grid", "G1", 0, -0.005, 0.01, 0.005),
		rectangle("grid", "G2", 0.015, -0.005, 0.02, 0.005),
		rectangle("grid", "G3", 0.02, -0.005, 0.0325, 0.005),
		rectangle("grid", "G4", 0.03, -0.005, 0.04, 0.005),
	}
	got, err := boundary.Measure(shapes)
	if err != nil {
		t.Fatal(err)
	}
	unit := squareDegree * 0.01 * 0.01
	want := map[string][3]float64{"D": {4, 0.5, 0.25}, "C1": {2, 0.5, 0}, "C2": {2, 0, 0.25}, "G1": {1, 0, 0}, "G2": {0.5, 0, 0}, "G3": {1.25, 0, 0.25}, "G4": {1, 0, 0.25}}
	for _, c := range got {
		w := want[c.Code]
		delete(want, c.Code)
		for i, x := range []float64{c.Area, c.Gap, c.Overlap} {
			if math.Abs(x-w[i]*unit) > 1e-4*unit {
				t.Errorf("%s: area, gap, overlap %v, want %v times %v", c.Code, c, w, unit)
				break
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not measured: %v", want)
	}
}

// Three grids on the same spot claim it once too often, not three times.
func TestLandThatThreeGridsClaimCountsOnce(t *testing.T) {
	shapes := []boundary.Shape{rectangle("grid", "A", 0, 0, 0.01, 0.01), rectangle("grid", "B", 0, 0, 0.01, 0.01), rectangle("grid", "C", 0, 0, 0.01, 0.01),
		rectangle("district", "D", 0, 0, 0.02, 0.01)}
	got, err := boundary.Measure(shapes)
	if err != nil {
		t.Fatal(err)
	}
	d := got[len(got)-1]
	if math.Abs(d.Overlap/d.Area-0.5) > 1e-6 || math.Abs(d.Gap/d.Area-0.5) > 1e-6 {
		t.Errorf("district: %+v, want half overlapped and half empty", d)
	}
}

func TestABoundaryThatIsNoPolygonIsNamed(t *testing.T) {
	_, err := boundary.Measure([]boundary.Shape{{Level: "grid", Code: "G7", GeoJSON: `{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}`}})
	if err == nil || !strings.Contains(err.Error(), "G7") {
		t.Errorf("error %v, want one that names G7", err)
	}
}
