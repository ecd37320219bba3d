package compute

import (
	"context"
	"fmt"

	"github.com/jiceng/jiceng/queries/boundary"
)

// boundaries fills boundary_area from the map: polygons need more geometry
// than DuckDB has without its spatial extension, which is a download.
func (c *computing) boundaries(ctx context.Context) error {
	if c.opt.Incremental {
		var same bool
		err := c.conn.QueryRowContext(ctx, "select coalesce((select map from part.computed) = ("+mapPrint+"), false)").Scan(&same)
		if err != nil || same {
			return err
		}
	}
	if err := c.exec(ctx, "delete from boundary_area"); err != nil {
		return err
	}
	shapes, err := c.shapes(ctx)
	if err != nil {
		return err
	}
	measured, err := boundary.Measure(shapes)
	if err != nil {
		// One broken polygon must not cost a night's indicators: only what needs the map has no data.
		if c.opt.OnWarning != nil {
			c.opt.OnWarning(err)
		}
		return nil
	}
	var levels, codes []string
	var areas, gaps, overlaps []float64
	for _, m := range measured {
		levels, codes = append(levels, m.Level), append(codes, m.Code)
		areas, gaps, overlaps = append(areas, m.Area), append(gaps, m.Gap), append(overlaps, m.Overlap)
	}
	// One statement a row would take longer than the measuring.
	const insert = "insert into boundary_area select unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::double[]), unnest(?::double[]), unnest(?::double[])"
	if err := c.exec(ctx, insert, levels, codes, areas, gaps, overlaps); err != nil {
		return fmt.Errorf("write what was measured: %w", err)
	}
	return nil
}

// shapes reads the boundaries of the grids that are in force and of the areas above them.
func (c *computing) shapes(ctx context.Context) ([]boundary.Shape, error) {
	rows, err := c.conn.QueryContext(ctx, `
select
  b.geo_level,
  b.geo_code,
  b.geometry
from boundaries as b
join area as a using (geo_level, geo_code)
where a.in_force
order by b.geo_level, b.geo_code`)
	if err != nil {
		return nil, fmt.Errorf("read the boundaries: %w", err)
	}
	defer rows.Close()
	var shapes []boundary.Shape
	for rows.Next() {
		var s boundary.Shape
		if err := rows.Scan(&s.Level, &s.Code, &s.GeoJSON); err != nil {
			return nil, fmt.Errorf("read the boundaries: %w", err)
		}
		shapes = append(shapes, s)
	}
	return shapes, rows.Err()
}
