package compare

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/jiceng/jiceng/queries/ask"
)

// Counts are the cases reported and closed in every area in each month of the data. They
// are few enough to be read once for all pages.
type Counts struct {
	months []countedMonth
	areas  map[[2]string][]counted // by level and code; one for each month
}

type countedMonth struct {
	period
	partial bool // the data end before it
}

type counted struct{ reported, closed float64 }

// Cases are an area's numbers of cases over the periods of a kind, by the two codes.
type Cases map[string]caseHistory

type caseHistory map[string]Figure

func (h caseHistory) at(period string) (Figure, bool) {
	f, ok := h[period]
	return f, ok
}

// ReadCounts counts the cases of all areas.
func ReadCounts(ctx context.Context, db *sql.DB) (*Counts, error) {
	type grid struct {
		month                        time.Time
		partial                      bool
		subdistrict, community, code string
		counted
	}
	rows, err := ask.Rows(ctx, db, statements, "sql/cases.sql", func(g *grid) []any {
		return []any{&g.month, &g.partial, &g.subdistrict, &g.community, &g.code, &g.reported, &g.closed}
	})
	c := &Counts{areas: map[[2]string][]counted{}}
	for i, g := range rows {
		if i == 0 || !g.month.Equal(rows[i-1].month) {
			c.months = append(c.months, countedMonth{period{"month", g.month.Year(), int(g.month.Month())}, g.partial})
		}
		c.add("subdistrict", g.subdistrict, g.counted)
		c.add("community", g.community, g.counted)
		c.add("grid", g.code, g.counted)
		c.add("district", "all", g.counted)
	}
	return c, err
}

// add counts cases of the last month to an area.
func (c *Counts) add(level, code string, more counted) {
	if code == "" {
		return
	}
	months := c.areas[[2]string{level, code}]
	for len(months) < len(c.months) {
		months = append(months, counted{})
	}
	last := &months[len(c.months)-1]
	last.reported += more.reported
	last.closed += more.closed
	c.areas[[2]string{level, code}] = months
}

// Of is the cases of one area; kind is month, quarter or year. Quarters and years count per
// month that the data cover, so that a year that is not over compares with a whole one.
func (c *Counts) Of(level, code, kind string) Cases {
	if level == "district" {
		code = "all"
	}
	area := c.areas[[2]string{level, code}]
	all := Cases{CasesReported: {}, CasesClosed: {}}
	for i := 0; i < len(c.months); {
		name := c.months[i].in(kind).name()
		var sum counted
		months, partial := 0.0, false
		for ; i < len(c.months) && c.months[i].in(kind).name() == name; i++ {
			months++
			partial = c.months[i].partial
			if i < len(area) {
				sum.reported += area[i].reported
				sum.closed += area[i].closed
			}
		}
		all[CasesReported][name] = caseFigure(name, sum.reported/months, partial)
		all[CasesClosed][name] = caseFigure(name, sum.closed/months, partial)
	}
	return all
}

// in is the period of a kind that a month lies in.
func (p period) in(kind string) period {
	switch kind {
	case "year":
		return period{kind, p.year, 0}
	case "quarter":
		return period{kind, p.year, (p.number + 2) / 3}
	}
	return p
}

func caseFigure(name string, value float64, partial bool) Figure {
	f := Figure{From: name, To: name, Numerator: value, Denominator: math.NaN(), Value: value, Low: math.NaN(), High: math.NaN(), N: int64(math.Round(value))}
	if partial {
		f.Flag = "partial"
	}
	return f
}
