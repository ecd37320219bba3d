package signals

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/spc"
)

// Days are judged by the eight weeks before them, weeks by sixteen: long enough for limits,
// short enough that the slow growth taken from them (see walk.growth) holds.
const (
	daysBefore  = 56
	daysLearn   = 28
	weeksBefore = 16
	weeksLearn  = 12
)

// fewestHolidays is how many holidays must have been seen before one is judged.
const fewestHolidays = 5

// The fewest cases that a day or a week must hold on average for a chart.
const (
	fewestADay  = 10
	fewestAWeek = 5
)

// calendarDay is one day and its kind.
type calendarDay struct {
	date   time.Time
	moment spc.Moment
}

// eachCounted hands the chart of reported cases of every area to take: by day where there
// are enough, else by week.
func eachCounted(ctx context.Context, db queryer, level, code string, take func(Chart, catalogue.Indicator) error) error {
	days, err := readCalendar(ctx, db)
	if err != nil || len(days) == 0 {
		return err
	}
	result, err := open(ctx, db, "days", level, code)
	if err != nil {
		return err
	}
	defer result.Close()
	charts := easel{take: take}
	var key Key
	var counts []float64
	finish := func() error {
		if counts == nil {
			return nil
		}
		key, counts := key, counts
		return charts.draw(catalogue.Indicator{Code: Cases}, func() (Chart, error) {
			chart, err := counted(key, days, counts)
			if err != nil {
				return chart, fmt.Errorf("chart of cases for %s %s: %w", key.Level, key.Code, err)
			}
			return chart, nil
		})
	}
	for result.Next() {
		k := Key{Indicator: Cases}
		var day time.Time
		var reported int64
		if err := result.Scan(&k.Level, &k.Code, &day, &reported); err != nil {
			return fmt.Errorf("read the days: %w", err)
		}
		if counts == nil || k != key {
			if err := finish(); err != nil {
				return err
			}
			key, counts = k, make([]float64, len(days))
		}
		if i := daysBetween(days[0].date, day); i >= 0 && i < len(counts) {
			counts[i] = float64(reported)
		}
	}
	if err := result.Err(); err != nil {
		return fmt.Errorf("read the days: %w", err)
	}
	if err := finish(); err != nil {
		return err
	}
	return charts.finish()
}

func readCalendar(ctx context.Context, db queryer) ([]calendarDay, error) {
	result, err := open(ctx, db, "calendar")
	if err != nil {
		return nil, err
	}
	defer result.Close()
	var out []calendarDay
	for result.Next() {
		var d calendarDay
		if err := result.Scan(&d.date, &d.moment.Workday, &d.moment.Holiday); err != nil {
			return nil, fmt.Errorf("read the calendar: %w", err)
		}
		d.moment.Year, d.moment.Month = d.date.Year(), int(d.date.Month())
		out = append(out, d)
	}
	return out, result.Err()
}

func daysBetween(from, to time.Time) int { return int(math.Round(to.Sub(from).Hours() / 24)) }

// counted draws the chart of one area's cases.
func counted(key Key, days []calendarDay, counts []float64) (Chart, error) {
	total := 0.0
	for _, c := range counts {
		total += c
	}
	mean := total / float64(len(counts))
	switch {
	case mean >= fewestADay:
		key.Grain = Day
	case 7*mean >= fewestAWeek:
		key.Grain = Week
	default:
		key.Grain = Week
		return Chart{Key: key, Rules: rulesFor(key.Level, Week)}, nil
	}
	chart := Chart{Key: key, Kind: spc.UPrime, Rules: rulesFor(key.Level, key.Grain)}
	periods := split(days, key.Grain)
	moving := spc.Options{Moving: daysBefore, Learn: daysLearn, Rules: chart.Rules}
	if key.Grain == Week {
		moving.Moving, moving.Learn = weeksBefore, weeksLearn
	}
	w := walk{days: days, moments: make([]spc.Moment, len(days)), counts: counts, usual: append([]float64(nil), counts...),
		share: make([]float64, len(days)), periods: periods, opt: moving}
	for i, d := range days {
		w.moments[i] = d.moment
	}
	points, err := w.points()
	chart.Points = points
	return chart, err
}

// period is a day or a whole week: days[from:to].
type period struct{ from, to int }

// split cuts the days into days, or into whole weeks from Monday to Sunday.
func split(days []calendarDay, grain Grain) []period {
	var out []period
	if grain == Day {
		for i := range days {
			out = append(out, period{i, i + 1})
		}
		return out
	}
	for i := range days {
		if days[i].date.Weekday() == time.Monday && i+7 <= len(days) {
			out = append(out, period{i, i + 7})
		}
	}
	return out
}

// walk goes through the periods month by month, so that each is judged by working-day,
// holiday and month effects that were known when its month began.
type walk struct {
	days    []calendarDay
	moments []spc.Moment // of the days
	counts  []float64
	usual   []float64 // counts without those beyond the limits (NaN), for fitting effects
	share   []float64 // of a usual day's cases that each day should have, as far as the month needs it
	periods []period
	opt     spc.Options
}

func (w *walk) points() ([]Point, error) {
	out := make([]Point, len(w.periods))
	for from := 0; from < len(w.periods); {
		to := from + 1
		first := w.moments[w.periods[from].from].Month
		for to < len(w.periods) && w.moments[w.periods[to].from].Month == first {
			to++
		}
		if err := w.month(out, from, to); err != nil {
			return nil, err
		}
		from = to
	}
	return out, nil
}

// month judges the periods from … to-1.
func (w *walk) month(out []Point, from, to int) error {
	known, holidays := w.periods[from].from, 0
	for _, m := range w.moments[:known] {
		if m.Holiday {
			holidays++
		}
	}
	effects, err := spc.Seasonality(w.usual[:known], nil, w.moments[:known], 0, false)
	if err != nil {
		return err
	}
	start := max(0, from-w.opt.Moving)
	w.expect(effects, min(w.periods[start].from, max(0, known-2*daysBefore)), w.periods[to-1].to, known)
	count, n := make([]float64, 0, to-start), make([]float64, 0, to-start)
	opt := w.opt
	opt.Exclude = nil
	for k, p := range w.periods[start:to] {
		var c, e float64
		for i := p.from; i < p.to; i++ {
			c += w.counts[i]
			e += w.share[i]
		}
		count, n = append(count, c), append(n, e)
		if start+k < from && math.Abs(out[start+k].Z) > 3 {
			opt.Exclude = append(opt.Exclude, k)
		}
	}
	c, err := spc.Rates(count, n, true, opt)
	if err != nil && !errors.Is(err, spc.ErrTooShort) {
		return err
	}
	for k := from; k < to; k++ {
		p := w.periods[k]
		nan := math.NaN()
		out[k] = Point{Start: w.days[p.from].date, Value: count[k-start], N: count[k-start], Centre: nan, Low: nan, High: nan, Z: nan}
		if err != nil || w.strange(p, holidays) {
			continue
		}
		x := c.Points[k-start]
		out[k].Centre, out[k].Low, out[k].High, out[k].Z, out[k].Rules = x.Centre*x.N, x.Low*x.N, x.High*x.N, x.Z, x.Rules
		if math.Abs(x.Z) > 3 {
			for i := p.from; i < p.to; i++ {
				w.usual[i] = math.NaN()
			}
		}
	}
	return nil
}

// strange tells whether a period holds a public holiday while too few have been seen to
// know what is usual on one.
func (w *walk) strange(p period, holidays int) bool {
	if holidays >= fewestHolidays {
		return false
	}
	for _, m := range w.moments[p.from:p.to] {
		if m.Holiday {
			return true
		}
	}
	return false
}

// overdispersed is how much more the numbers of eight weeks vary than Poisson counts.
const overdispersed = 2

// mostGrowth bounds the growth of eight weeks over the eight before: more is an event.
const mostGrowth = 0.25

// expect sets the shares of the days from … to-1 as they were known before the day known.
func (w *walk) expect(effects spc.Effects, from, to, known int) {
	ones := make([]float64, to-from)
	for i := range ones {
		ones[i] = 1
	}
	copy(w.share[from:], effects.Exposures(ones, w.moments[from:to]))
	w.grow(from, to, known)
}

// grow lets what is usual go on growing (or falling) as it did from the eight weeks before
// the last eight to these, as far as that is more than noise: a season on its way up is no
// signal.
func (w *walk) grow(start, end, known int) {
	if known < 2*daysBefore {
		return
	}
	level := func(from, to int) (perUsual, cases float64) {
		count, usual := 0.0, 0.0
		for i := from; i < to; i++ {
			if !math.IsNaN(w.usual[i]) {
				count += w.usual[i]
				usual += w.share[i]
			}
		}
		return count / usual, count
	}
	now, nowSeen := level(known-daysBefore, known)
	then, thenSeen := level(known-2*daysBefore, known-daysBefore)
	growth := math.Log(now / then)
	if math.IsNaN(growth) || math.IsInf(growth, 0) {
		return
	}
	noise := overdispersed * (1/nowSeen + 1/thenSeen)
	growth *= math.Max(0, 1-noise/(growth*growth))
	perDay := math.Max(-mostGrowth, math.Min(mostGrowth, growth)) / daysBefore
	for i := start; i < end; i++ {
		w.share[i] *= math.Exp(perDay * float64(i-known))
	}
}
