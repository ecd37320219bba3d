package signals

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/spc"
)

// Months are judged by the two years before them, once there is one.
const (
	monthsBefore = 24
	monthsLearn  = 12
)

// An area has a chart where a month usually holds enough cases for the normal limits to
// mean something: 5 on the rarer side of a share and 5 events of a rate (Montgomery,
// Introduction to Statistical Quality Control, section on choosing the sample size), and
// 30 cases behind a median or mean.
const (
	fewestCounted = 5
	fewestValued  = 30
)

// rulesFor are fewer where there are more areas: the runs rules are kept for the levels
// that a leader reads one by one.
func rulesFor(level string, grain Grain) []spc.Rule {
	if grain == Month && level != "community" {
		return spc.Standard()
	}
	return []spc.Rule{spc.WE1}
}

// month is one row of months.sql.
type month struct {
	key             Key
	start           time.Time
	num, den, value sql.NullFloat64
	n               sql.NullInt64
}

// watched tells whether an indicator is charted. Counts of people and places at a month's
// end are left out: they are the same people and places as the month before, so that
// every change would be a signal.
func watched(ind catalogue.Indicator) bool { return ind.Time != "month" }

// eachMonthly hands every monthly chart to take; "" stands for all indicators, levels or
// areas.
func eachMonthly(ctx context.Context, db queryer, cat catalogue.Catalogue, indicator, level, code string, take func(Chart, catalogue.Indicator) error) error {
	result, err := open(ctx, db, "months", indicator, level, code)
	if err != nil {
		return err
	}
	defer result.Close()
	charts := easel{take: take}
	var series []month
	finish := func() error {
		if len(series) == 0 {
			return nil
		}
		ind, known := cat.ByCode(series[0].key.Indicator)
		if !known || !watched(ind) {
			return nil
		}
		months := series
		return charts.draw(ind, func() (Chart, error) {
			chart, err := monthly(ind, months)
			if err != nil {
				return chart, fmt.Errorf("chart of %s for %s %s: %w", ind.Code, months[0].key.Level, months[0].key.Code, err)
			}
			return chart, nil
		})
	}
	for result.Next() {
		m := month{key: Key{Grain: Month}}
		if err := result.Scan(&m.key.Indicator, &m.key.Level, &m.key.Code, &m.start, &m.num, &m.den, &m.value, &m.n); err != nil {
			return fmt.Errorf("read the months: %w", err)
		}
		if len(series) > 0 && series[0].key != m.key {
			if err := finish(); err != nil {
				return err
			}
			series = make([]month, 0, len(series))
		}
		series = append(series, m)
	}
	if err := result.Err(); err != nil {
		return fmt.Errorf("read the months: %w", err)
	}
	if err := finish(); err != nil {
		return err
	}
	return charts.finish()
}

// monthly draws one chart: Laney's p′ for a share, u′ for a rate that counts events, XmR
// for anything else, with limits that end where the indicator's values must: a point is
// flagged by its distance from the centre, which that leaves as it is. A chart without
// points had too few cases.
func monthly(ind catalogue.Indicator, series []month) (Chart, error) {
	chart := Chart{Key: series[0].key, Rules: rulesFor(series[0].key.Level, Month)}
	first, last := series[0].start, series[len(series)-1].start
	length := 12*(last.Year()-first.Year()) + int(last.Month()) - int(first.Month()) + 1
	num, den, value, n := make([]float64, length), make([]float64, length), make([]float64, length), make([]float64, length)
	for i := range value {
		value[i] = math.NaN()
	}
	for _, m := range series {
		i := 12*(m.start.Year()-first.Year()) + int(m.start.Month()) - int(first.Month())
		if m.value.Valid {
			num[i], den[i], value[i], n[i] = m.num.Float64, m.den.Float64, m.value.Float64, float64(m.n.Int64)
		}
	}
	opt := spc.Options{Moving: monthsBefore, Learn: monthsLearn, Rules: chart.Rules}
	var c spc.Chart
	var err error
	scale := 1.0
	switch {
	case ind.Kind == catalogue.Share:
		if enough := rarer(num, den); enough < fewestCounted {
			return chart, nil
		}
		scale = ind.Scale
		c, err = spc.Shares(num, den, true, opt)
	case ind.Kind == catalogue.Rate && ind.Interval == "poisson":
		if usual(num, den) < fewestCounted {
			return chart, nil
		}
		scale = ind.Scale
		c, err = spc.Rates(num, den, true, opt)
	default:
		if usual(n, n) < fewestValued {
			return chart, nil
		}
		c, err = spc.Values(value, opt)
	}
	if errors.Is(err, spc.ErrTooShort) {
		return chart, nil
	}
	if err != nil {
		return chart, err
	}
	chart.Kind = c.Kind
	can := ind.Bounds()
	for i, p := range c.Points {
		chart.Points = append(chart.Points, Point{Start: first.AddDate(0, i, 0), Value: scale * p.Value, N: n[i],
			Centre: scale * p.Centre, Low: max(scale*p.Low, can.Low), High: min(scale*p.High, can.High), Z: p.Z, Rules: p.Rules})
	}
	return chart, nil
}

// usual is the median of the values whose weight is above 0.
func usual(values, weights []float64) float64 {
	var seen []float64
	for i, v := range values {
		if weights[i] > 0 {
			seen = append(seen, v)
		}
	}
	if len(seen) == 0 {
		return 0
	}
	slices.Sort(seen)
	return seen[len(seen)/2]
}

// rarer is the usual number of cases on the rarer side of a share.
func rarer(num, den []float64) float64 {
	var a, b float64
	for i := range num {
		a += num[i]
		b += den[i]
	}
	p := a / b
	return usual(den, den) * math.Min(p, 1-p)
}
