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
	"runtime"
	"slices"

	"github.com/peterstace/simplefeatures/geom"
	"golang.org/x/sync/errgroup"
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
	out := make([]Coverage, len(all))
	err = each(len(all), func(i int) (err error) {
		out[i], err = all[i].coverage(covered, twice)
		return err
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out, func(c Coverage) bool { return c.Area <= 0 }), nil
}

// each does something for the first n numbers, on all processors.
func each(n int, do func(i int) error) error {
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		work.Go(func() error { return do(i) })
	}
	return work.Wait()
}

// coverage measures one area against the land in any grid, and that in two or more.
func (p placed) coverage(covered, twice geom.Geometry) (Coverage, error) {
	c := Coverage{Level: p.Level, Code: p.Code, Area: p.geometry.Area()}
	if c.Area <= 0 {
		return c, nil
	}
	if p.Level != "grid" {
		inside, err := common(p.geometry, covered)
		if err != nil {
			return c, fmt.Errorf("%s %s: what its grids cover: %w", p.Level, p.Code, err)
		}
		c.Gap = math.Max(0, c.Area-inside)
	}
	var err error
	if c.Overlap, err = common(p.geometry, twice); err != nil {
		return c, fmt.Errorf("%s %s: where its grids overlap: %w", p.Level, p.Code, err)
	}
	return c, nil
}

// merge returns the land in any grid, and the land in two or more.
func merge(grids []placed) (covered, twice geom.Geometry, err error) {
	shapes := make([]geom.Geometry, len(grids))
	shared := make([][]geom.Geometry, len(grids)) // by each grid with those after it
	err = each(len(grids), func(i int) error {
		a := grids[i]
		shapes[i] = a.geometry
		for _, b := range grids[i+1:] {
			if !a.geometry.Envelope().Intersects(b.geometry.Envelope()) {
				continue
			}
			both, err := geom.Intersection(a.geometry, b.geometry)
			if err != nil {
				return fmt.Errorf("grids %s and %s: %w", a.Code, b.Code, err)
			}
			if both.Area() > 0 {
				shared[i] = append(shared[i], both)
			}
		}
		return nil
	})
	if err != nil {
		return covered, twice, err
	}
	overlaps := slices.Concat(shared...)
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
