// Package compute fills a snapshot's derived tables: areas, cases by day and
// month, and the values of all indicators.
//
// All indicators of one fact and date are counted in one pass, by grid and
// month, into a table
// for each pass. Parts are additive, so every other level and
// period is a sum over that small table instead of another scan of the cases;
// where a value is not a ratio of sums (evenness, balance, stocks), its own
// roll-up from the same parts stands in a file of its own under sql/.
package compute

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed sql/*.sql
var statements embed.FS

// Options say what to report while computing.
type Options struct {
	OnStep    func(name string, seconds float64) // called after each step; may be nil
	OnWarning func(err error)                    // called for what leaves an indicator without data; may be nil
	// Incremental counts again only what has changed since the last run. The connection has the tables of Replaced, and
	// the large feeds stay narrowed to the rows that are needed until Widen is called. After any run some views stay laid out,
	// as they were then, until Widen is called.
	Incremental bool
}

// Run computes everything that is derived, in the database that conn has open for writing.
func Run(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue, opt Options) error {
	c := &computing{conn: conn, cat: cat, opt: opt}
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"fact views", c.facts},
		{"areas", c.file("area.sql")},
		{"feeds by month", c.feeds},
		{"boundaries", c.boundaries},
		{"areas and periods", c.file("keys.sql")},
		{"what has changed", c.changes},
		{"cases as numbers", func(ctx context.Context) error { return flows.Number(ctx, conn) }},
		{"places and surveys", c.file("places.sql")},
		{"cases by day and month", c.days},
		{"indicators by grid and month", c.parts},
		{"durations by grid and month", c.durations},
		{"periods that changed", c.touch},
		{"levels and periods", c.rollUp},
		{"values and intervals", c.values},
		{"composites", c.composites},
		{"what was counted", c.remember},
	}
	for _, step := range steps {
		started := time.Now()
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("compute %s: %w", step.name, err)
		}
		if opt.OnStep != nil {
			opt.OnStep(step.name, time.Since(started).Seconds())
		}
	}
	return nil
}

// CreateFacts creates the views that indicators are counted on.
func CreateFacts(ctx context.Context, conn *sql.Conn) error {
	for _, name := range facts.Order() {
		text, err := fs.ReadFile(facts.Files, name+".sql")
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("view %s: %w", name, err)
		}
	}
	return nil
}

// computing is one run under way.
type computing struct {
	conn *sql.Conn
	cat  catalogue.Catalogue
	opt  Options

	known   catalogue.Catalogue // indicators whose feeds have rows
	edition string
	narrow  bool // only what has changed is counted
}

// facts creates the views and tells the database what the catalogue says about each indicator.
func (c *computing) facts(ctx context.Context) error {
	if err := CreateFacts(ctx, c.conn); err != nil {
		return err
	}
	if err := c.file("macros.sql", "catalogue.sql")(ctx); err != nil {
		return err
	}
	var metas, feeds [][]any
	for _, ind := range c.cat {
		var low, high any
		if ind.Range != nil {
			low, high = ind.Range.Low, ind.Range.High
		}
		metas = append(metas, []any{c.id(ind), ind.Code, string(ind.Kind), ind.Scale, ind.Interval, len(ind.Parts), ind.LeastN, ind.Settles, low, high})
		for _, feed := range ind.Feeds {
			feeds = append(feeds, []any{ind.Code, feed, ind.Time == "month"})
		}
	}
	if err := snapshot.Append(ctx, c.conn, "temp", "indicator_meta", metas); err != nil {
		return err
	}
	return snapshot.Append(ctx, c.conn, "temp", "indicator_feed", feeds)
}

// days counts cases by day and month, and what stood at the end of each month.
func (c *computing) days(ctx context.Context) error {
	for _, t := range []struct{ name, stale string }{
		{"case_day", snapshot.Stale("day", "day", "grid_code")},
		{"case_month", snapshot.Stale("cohort_at", "month", "community_code")},
	} {
		text, err := fs.ReadFile(statements, "sql/"+t.name+".sql")
		if err != nil {
			return err
		}
		if err := snapshot.ReplaceStale(ctx, c.conn, t.name, t.stale, string(text)); err != nil {
			return err
		}
	}
	return c.file("grid_month.sql")(ctx)
}

// values fills indicator_value.
func (c *computing) values(ctx context.Context) error {
	if err := c.exec(ctx, "delete from whole_total"); err != nil {
		return err
	}
	if err := c.whole(ctx, catalogue.Area); err != nil {
		return err
	}
	if err := c.limits(ctx); err != nil {
		return err
	}
	if err := c.forgetValues(ctx); err != nil {
		return err
	}
	return c.file("values.sql")(ctx)
}

// forgetValues deletes the values that are computed again. Those that an indicator's statement gives for areas are few, and
// are always computed whole; composites are left to composite.sql, and derived ones to who derives them.
func (c *computing) forgetValues(ctx context.Context) error {
	if !c.narrow {
		return c.exec(ctx, "delete from indicator_value")
	}
	return c.exec(ctx, `
delete from indicator_value as v
using (
  select m.indicator, p.period_kind, p.period
  from touched as t
  join indicator_meta as m using (indicator_id)
  join period_key as p using (period_id)
) as t
where t.indicator = v.indicator
  and t.period_kind = v.period_kind
  and t.period = v.period;
delete from indicator_value as v
using (
  select m.indicator, a.geo_level, a.geo_code, p.period_kind, p.period
  from touched_curve as t
  join indicator_meta as f on f.indicator_id = t.curve_id
  join indicator_curve as c on c.curve = f.indicator
  join indicator_meta as m on m.indicator_id = c.indicator_id
  join area_key as a using (area_id)
  join period_key as p using (period_id)
) as t
where t.indicator = v.indicator
  and t.geo_level = v.geo_level
  and t.geo_code = v.geo_code
  and t.period_kind = v.period_kind
  and t.period = v.period;
delete from indicator_value
where indicator in (select indicator from indicator_meta where kind = 'area')`)
}

// composites adds the indicators that are made of others' values.
func (c *computing) composites(ctx context.Context) error {
	if err := c.exec(ctx, "delete from whole_total"); err != nil {
		return err
	}
	if err := c.whole(ctx, catalogue.Composite); err != nil {
		return err
	}
	return c.file("composite.sql")(ctx)
}

// whole fills whole_total with the indicators whose statements give the values of areas themselves.
func (c *computing) whole(ctx context.Context, kind catalogue.Kind) error {
	for _, ind := range c.known {
		if ind.Kind != kind {
			continue
		}
		insert := fmt.Sprintf("insert into whole_total by name\nselect\n  '%s' as indicator,\n  *\nfrom (\n%s\n)", ind.Code, ind.Statement)
		if err := c.exec(ctx, insert); err != nil {
			return fmt.Errorf("indicator %s: %w", ind.Code, err)
		}
	}
	return nil
}

// withData returns the indicators whose feeds all have rows; the others have no data.
func (c *computing) withData(ctx context.Context) (catalogue.Catalogue, error) {
	filled := map[string]bool{}
	var known catalogue.Catalogue
	for _, ind := range c.cat {
		complete := true
		for _, feed := range ind.Feeds {
			if _, asked := filled[feed]; !asked {
				var some bool
				if err := c.conn.QueryRowContext(ctx, fmt.Sprintf(`select exists(from "%s")`, feed)).Scan(&some); err != nil {
					return nil, fmt.Errorf("indicator %s: feed %s: %w", ind.Code, feed, err)
				}
				filled[feed] = some
			}
			complete = complete && filled[feed]
		}
		if complete {
			known = append(known, ind)
		}
	}
	return known, nil
}

// file returns a step that runs files under sql/ in turn.
func (c *computing) file(names ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, name := range names {
			text, err := fs.ReadFile(statements, "sql/"+name)
			if err != nil {
				return err
			}
			if err := c.exec(ctx, string(text)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
}

func (c *computing) exec(ctx context.Context, statement string, args ...any) error {
	_, err := c.conn.ExecContext(ctx, statement, args...)
	return err
}
