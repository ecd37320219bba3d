// Package boundary measures on the map what governance calls full and seamless
// coverage (全覆盖、无缝隙): the land of an area that lies in no grid, and the
// land that two grids or more claim.
//
// Sizes are in square kilometres on a plane laid at the middle of all shapes
// (equirectangular), which for a district errs by less than one part in a
// thousand, and alike for the parts and the whole.
package boundary

import (
	"fmt"
	"math"

	"github.com/peterstace/simplefeatures/geom"
)

// Shape is one area's polygon.
type Shape struct {
	Level   string // district, subdistrict, community or grid
	Code    string
	GeoJSON string // a Polygon or MultiPolygon, coordinates in degrees
}

// Coverage is what was measured of one area, in km².
type Coverage struct {
	Level, Code string
	Area        float64
	Gap         float64 // in no grid; 0 for a grid itself
	Overlap     float64 // in two grids or more
}

// placed is a shape on the plane, in kilometres.
type placed struct {
	Shape
	geometry geom.Geometry
}

// Measure returns the coverage of every shape by those of level grid. A shape
// that is not a valid polygon is an error that names it.
func Measure(shapes []Shape) ([]Coverage, error) {
	all, err := place(shapes)
	if err != nil {
		return nil, err
	}
	var grids []placed
	for _, p := range all {
		if p.Level == "grid" {
			grids = append(grids, p)
		}
	}
	if len(grids) == 0 {
		return nil, nil
	}
	covered, twice, err := merge(grids)
	if err != nil {
		return nil, err
	}
	var out []Coverage
	for _, p := range all {
		c := Coverage{Level: p.Level, Code: p.Code, Area: p.geometry.Area()}
		if c.Area <= 0 {
			continue
		}
		if p.Level != "grid" {
			inside, err := common(p.geometry, covered)
			if err != nil {
				return nil, fmt.Errorf("%s %s: what its grids cover: %w", p.Level, p.Code, err)
			}
			c.Gap = math.Max(0, c.Area-inside)
		}
		if c.Overlap, err = common(p.geometry, twice); err != nil {
			return nil, fmt.Errorf("%s %s: where its grids overlap: %w", p.Level, p.Code, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// merge returns the land in any grid, and the land in two or more.
func merge(grids []placed) (covered, twice geom.Geometry, err error) {
	var shapes, overlaps []geom.Geometry
	for i, a := range grids {
		shapes = append(shapes, a.geometry)
		for _, b := range grids[i+1:] {
			if !a.geometry.Envelope().Intersects(b.geometry.Envelope()) {
				continue
			}
			both, err := geom.Intersection(a.geometry, b.geometry)
			if err != nil {
				return covered, twice, fmt.Errorf("grids %s and %s: %w", a.Code, b.Code, err)
			}
			if both.Area() > 0 {
				overlaps = append(overlaps, both)
			}
		}
	}
	if covered, err = geom.UnaryUnion(geom.NewGeometryCollection(shapes).AsGeometry()); err != nil {
		return covered, twice, fmt.Errorf("union of the grids: %w", err)
	}
	if twice, err = geom.UnaryUnion(geom.NewGeometryCollection(overlaps).AsGeometry()); err != nil {
		return covered, twice, fmt.Errorf("union of the overlaps: %w", err)
	}
	return covered, twice, nil
}

// common is the size of what two shapes share.
func common(a, b geom.Geometry) (float64, error) {
	if b.IsEmpty() || !a.Envelope().Intersects(b.Envelope()) {
		return 0, nil
	}
	both, err := geom.Intersection(a, b)
	if err != nil {
		return 0, err
	}
	return both.Area(), nil
}

// place reads the shapes and lays them on the plane.
func place(shapes []Shape) ([]placed, error) {
	all := make([]placed, 0, len(shapes))
	var south, north, west float64 = 90, -90, 180
	for _, s := range shapes {
		g, err := geom.UnmarshalGeoJSON([]byte(s.GeoJSON))
		if err != nil {
			return nil, fmt.Errorf("boundary of %s %s: %w", s.Level, s.Code, err)
		}
		if low, high, ok := g.Envelope().MinMaxXYs(); ok {
			south, north, west = math.Min(south, low.Y), math.Max(north, high.Y), math.Min(west, low.X)
		}
		all = append(all, placed{s, g})
	}
	const kmPerDegree = 6371.0088 * math.Pi / 180 // mean radius of the earth (IUGG)
	narrow := math.Cos((south + north) / 2 * math.Pi / 180)
	for i := range all {
		all[i].geometry = all[i].geometry.TransformXY(func(p geom.XY) geom.XY {
			return geom.XY{X: (p.X - west) * narrow * kmPerDegree, Y: (p.Y - south) * kmPerDegree}
		})
	}
	return all, nil
}
