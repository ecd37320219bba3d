package compute

import (
	"context"
	"fmt"
	"strings"

	"github.com/jiceng/jiceng/queries/stat"
)

// Beyond largestT values the normal quantile stands in for Student's t: it is less than 0.1 % smaller.
const largestT = 2000

// limits fills poisson_limit with Garwood's exact limits for each count that
// occurs, and t_limit with Student's t for a mean of n values. DuckDB has no
// quantiles of these distributions, so they come from Go.
func (c *computing) limits(ctx context.Context) error {
	counts, err := c.poissonCounts(ctx)
	if err != nil {
		return err
	}
	var rows []string
	for _, count := range counts {
		limits := stat.PoissonRate(count, 1, 0.95)
		rows = append(rows, fmt.Sprintf("(%v, %v, %v)", count, limits.Low, limits.High))
	}
	if err := c.fill(ctx, "poisson_limit", rows); err != nil {
		return err
	}
	rows = nil
	for n := 2; n <= largestT; n++ {
		rows = append(rows, fmt.Sprintf("(%d, %v)", n, stat.TQuantile(0.975, float64(n-1))))
	}
	return c.fill(ctx, "t_limit", rows)
}

func (c *computing) poissonCounts(ctx context.Context) ([]float64, error) {
	rows, err := c.conn.QueryContext(ctx, `
select distinct t.numerator
from part_total as t
join indicator_meta as m using (indicator_id)
where m.interval = 'poisson'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var counts []float64
	for rows.Next() {
		var count float64
		if err := rows.Scan(&count); err != nil {
			return nil, err
		}
		counts = append(counts, count)
	}
	return counts, rows.Err()
}

// fill replaces a small table's rows, a thousand at a time.
func (c *computing) fill(ctx context.Context, table string, rows []string) error {
	if err := c.exec(ctx, "delete from "+table); err != nil {
		return err
	}
	for len(rows) > 0 {
		n := min(len(rows), 1000)
		if err := c.exec(ctx, "insert into "+table+" values "+strings.Join(rows[:n], ", ")); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
