package spc

import (
	"fmt"
	"math"
)

// Moment is where in the week and the year a point lies.
type Moment struct {
	Year    int
	Month   int  // 1–12
	Workday bool // by the calendar feed, make-up workdays and holidays included; false throughout for months
	Holiday bool // a public holiday, not an ordinary weekend; then Workday is false
}

// Effects are the usual patterns of the week and the year, as factors (of a count or
// value) or as shifts (of a share or value); 1 or 0 where there is none.
type Effects struct {
	Additive         bool
	Month            [13]float64 // by month; element 0 unused
	Workday, FreeDay float64
	Holiday          float64 // equals FreeDay where there are fewer than 5 holidays
	MonthsKnown      bool    // every month occurs in at least two years of the baseline
}

// fewestHolidays is the least from which an effect of public holidays is fitted.
const fewestHolidays = 5

// rounds of alternating fits; each shrinks the remaining imbalance several times.
const seasonRounds = 50

// Seasonality fits working-day and month effects to the first baseline points (all,
// if 0), by turns until both fit: the mean of each kind of day and of each month,
// freed of the other effect, over the mean of all. weights are the points'
// denominators, or nil. NaN values and points of weight 0 are left out. Month effects
// are fitted only if every month occurs in at least two years, since a single
// December cannot tell a season from an event; multiplicative effects need positive
// means.
func Seasonality(values, weights []float64, at []Moment, baseline int, additive bool) (Effects, error) {
	e := neutral(additive)
	if len(at) != len(values) || (weights != nil && len(weights) != len(values)) {
		return e, fmt.Errorf("seasonality: %d values, %d moments and %d weights", len(values), len(at), len(weights))
	}
	if baseline <= 0 || baseline > len(values) {
		baseline = len(values)
	}
	for i, m := range at {
		if m.Month < 1 || m.Month > 12 {
			return e, fmt.Errorf("seasonality: point %d has month %d", i, m.Month)
		}
	}
	e.MonthsKnown = everyMonthTwice(values[:baseline], at)
	known, holidays := e.seen(values[:baseline], weights, at)
	var all means
	for _, p := range known {
		all.add(p, p.value)
	}
	if all.sum == 0 && !additive {
		return e, nil
	}
	for range seasonRounds {
		before := e
		var work [3]means
		for _, p := range known {
			work[p.kind].add(p, e.without(p.value, e.Month[p.month]))
		}
		e.FreeDay, e.Workday = e.relative(work[0], all), e.relative(work[1], all)
		if e.Holiday = e.FreeDay; holidays >= fewestHolidays {
			e.Holiday = e.relative(work[2], all)
		}
		if !e.MonthsKnown {
			break // one effect alone fits at once
		}
		days := [3]float64{e.FreeDay, e.Workday, e.Holiday}
		var months [13]means
		for _, p := range known {
			months[p.month].add(p, e.without(p.value, days[p.kind]))
		}
		for m := 1; m <= 12; m++ {
			e.Month[m] = e.relative(months[m], all)
		}
		if e.near(before) {
			break
		}
	}
	return e, nil
}

// known is a point with a value: what the fit needs of it.
type known struct {
	value, weight float64
	kind, month   int
}

// seen gives the points with a value, and how many of the values are holidays'; these count
// as free days where they are too few.
func (e Effects) seen(values, weights []float64, at []Moment) (points []known, holidays int) {
	for i, v := range values {
		if at[i].Holiday && !math.IsNaN(v) {
			holidays++
		}
	}
	points = make([]known, 0, len(values))
	for i, v := range values {
		p := known{v, 1, kindOf(at[i]), at[i].Month}
		if weights != nil {
			p.weight = weights[i]
		}
		if math.IsNaN(v) || !(p.weight > 0) {
			continue
		}
		if p.kind == 2 && holidays < fewestHolidays {
			p.kind = 0
		}
		points = append(points, p)
	}
	return points, holidays
}

// near tells whether another round changed nothing that matters.
func (e Effects) near(o Effects) bool {
	off := math.Abs(e.Workday-o.Workday) + math.Abs(e.FreeDay-o.FreeDay) + math.Abs(e.Holiday-o.Holiday)
	for m := range e.Month {
		off += math.Abs(e.Month[m] - o.Month[m])
	}
	return off < 1e-12
}

func neutral(additive bool) Effects {
	e := Effects{Additive: additive}
	if !additive {
		e.Workday, e.FreeDay, e.Holiday = 1, 1, 1
		for m := range e.Month {
			e.Month[m] = 1
		}
	}
	return e
}

func kindOf(m Moment) int {
	switch {
	case m.Workday:
		return 1
	case m.Holiday:
		return 2
	}
	return 0
}

func everyMonthTwice(values []float64, at []Moment) bool {
	var first [13]int // year
	var seen, twice [13]bool
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		m, year := at[i].Month, at[i].Year
		if !seen[m] {
			first[m], seen[m] = year, true
		}
		twice[m] = twice[m] || year != first[m]
	}
	for m := 1; m <= 12; m++ {
		if !twice[m] {
			return false
		}
	}
	return true
}

type means struct{ sum, weight float64 }

func (m means) mean() float64 { return m.sum / m.weight }

func (m *means) add(p known, value float64) {
	m.sum += p.weight * value
	m.weight += p.weight
}

// relative is a group's mean against all: a factor, or a shift.
func (e Effects) relative(group, all means) float64 {
	switch {
	case group.weight == 0 && e.Additive:
		return 0
	case group.weight == 0 || (!e.Additive && !(group.mean() > 0)):
		return 1
	case e.Additive:
		return group.mean() - all.mean()
	}
	return group.mean() / all.mean()
}

func (e Effects) day(m Moment) float64 {
	switch kindOf(m) {
	case 1:
		return e.Workday
	case 2:
		return e.Holiday
	}
	return e.FreeDay
}

// without frees a value of one effect.
func (e *Effects) without(v, effect float64) float64 {
	if e.Additive {
		return v - effect
	}
	return v / effect
}

// Values returns the values freed of the effects, for an XmR chart.
func (e Effects) Values(values []float64, at []Moment) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = e.without(e.without(v, e.day(at[i])), e.Month[at[i].Month])
	}
	return out
}

// Exposures returns exposures scaled by multiplicative effects, for a u chart: a day
// on which half as much is usual counts as half an exposure.
func (e Effects) Exposures(n []float64, at []Moment) []float64 {
	out := make([]float64, len(n))
	for i := range n {
		out[i] = n[i] * e.day(at[i]) * e.Month[at[i].Month]
	}
	return out
}

// Counts returns numerators of shares freed of additive effects, kept inside [0, n],
// for a p chart.
func (e Effects) Counts(count, n []float64, at []Moment) []float64 {
	out := make([]float64, len(count))
	for i := range count {
		out[i] = math.Max(0, math.Min(n[i], count[i]-n[i]*(e.day(at[i])+e.Month[at[i].Month])))
	}
	return out
}
