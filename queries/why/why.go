// Package why splits the change of an indicator between two periods into reasons:
// did the groups themselves change (rate effect), or did the weight of the groups
// shift (mix effect)? The parts add up to the change exactly.
//
// The split is the symmetric one of E. M. Kitagawa, "Components of a difference
// between two rates", JASA 50, 1955: with w a group's share of the denominator and r
// its own value, 0 before and 1 after,
//
//	rate effect = (w0 + w1)/2 * (r1 - r0)
//	mix effect  = (w1 - w0) * ((r0 + r1)/2 - R)
//
// where R, the mean of the two overall values, cancels in the sum but makes a single
// group's mix effect read right: a group that grows lifts the whole only where it is
// better than the whole.
//
// A group that is new or gone has no change of its own: all it does is mix.
package why

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"github.com/jiceng/jiceng/queries/stat"
)

// Kind says what an indicator's value is, and with it whether it can be split.
type Kind string

const (
	Share  Kind = "share"  // numerator is part of the denominator
	Mean   Kind = "mean"   // numerator is a sum over the denominator's records
	Rate   Kind = "rate"   // numerator counts events, denominator is exposure
	Median Kind = "median" // has no numerator: refused
)

// NotSeparableError says that an indicator of this kind has no exact split: a median
// of the whole is not a weighted mean of its groups' medians. A page shows it as a
// sentence instead of a number.
type NotSeparableError struct{ Kind Kind }

func (e *NotSeparableError) Error() string {
	return fmt.Sprintf("a change of a %s has no split into mix and rate effects that adds up", e.Kind)
}

// ErrNoData says that one of the periods has no denominator at all, so that there is
// no change to explain.
var ErrNoData = errors.New("no data in one of the periods")

// Sums are a value's two parts in one period. Den 0 (with Num 0) means that the group
// was not there.
type Sums struct{ Num, Den float64 }

func (s Sums) value() float64 { return s.Num / s.Den }

func (s Sums) add(o Sums) Sums { return Sums{s.Num + o.Num, s.Den + o.Den} }

// Row is one cell of the table that explains the change: a group (such as a
// subdistrict), and optionally a part of it (such as a category).
type Row struct {
	Group, Sub    string
	Before, After Sums
}

// Denominators says how rows share their denominators.
type Denominators int

const (
	// Own: each row has its own, and they add up (cases on time / cases, by category).
	Own Denominators = iota
	// SharedWithinGroup: the subs of a group repeat the group's (cases / residents of
	// the area, by category), so that subs have no mix effect.
	SharedWithinGroup
)

// Presence says in which periods a group has a denominator.
type Presence string

const (
	Both Presence = "both"
	New  Presence = "new"
	Gone Presence = "gone"
)

// Effect is what one group (or sub) did to the whole, in the indicator's own unit.
type Effect struct {
	Key           string
	Before, After Sums
	WeightBefore  float64 // share of the parent's denominator
	WeightAfter   float64
	ValueBefore   float64 // NaN where not present
	ValueAfter    float64
	Mix, Rate     float64
	Presence      Presence
	Hidden        bool     // the reader may not see it: it, or what it would give away, stands on too few cases
	Subs          []Effect // by sub; Mix and Rate of all add up to this Rate
}

// Total is Mix + Rate.
func (e Effect) Total() float64 { return e.Mix + e.Rate }

// Result explains one change. Change = After - Before = Mix + Rate, and the same for
// the sums over Groups.
type Result struct {
	Kind          Kind
	Before, After float64
	Change        float64
	// Interval is the 95 % interval of the change, by Newcombe's hybrid of the two
	// single intervals (Statistics in Medicine 17, 1998, method 10): Wilson's for a
	// share, Garwood's for a rate, none (NaN) for a mean, whose spread is not known here.
	Interval  stat.Interval
	Mix, Rate float64
	Groups    []Effect // in the order of first appearance
}

// BeyondChance reports whether the interval of the change leaves out 0; false where
// there is no interval.
func (r Result) BeyondChance() bool {
	return r.Interval.Low > 0 || r.Interval.High < 0
}

// Split explains the change that rows make up. Rows of the same group and sub are
// added up. It errors with a *NotSeparableError for a median, ErrNoData where a period
// is empty, and otherwise where a row cannot be what kind says.
func Split(kind Kind, rows []Row, dens Denominators) (Result, error) {
	if kind != Share && kind != Mean && kind != Rate {
		return Result{}, &NotSeparableError{kind}
	}
	for _, r := range rows {
		if err := checkRow(kind, r); err != nil {
			return Result{}, err
		}
	}
	groups, err := tree(rows, dens)
	if err != nil {
		return Result{}, err
	}
	var before, after Sums
	for _, g := range groups {
		before, after = before.add(g.Before), after.add(g.After)
	}
	if before.Den == 0 || after.Den == 0 {
		return Result{}, fmt.Errorf("explain change of %s: %w", kind, ErrNoData)
	}
	res := Result{Kind: kind, Before: before.value(), After: after.value(), Groups: groups}
	res.Change = res.After - res.Before
	res.Interval = changeInterval(kind, before, after)
	split(res.Groups, before, after, 1)
	for i := range res.Groups {
		g := &res.Groups[i]
		res.Mix += g.Mix
		res.Rate += g.Rate
		splitSubs(g, dens)
	}
	return res, nil
}

func checkRow(kind Kind, r Row) error {
	for _, s := range []Sums{r.Before, r.After} {
		bad := math.IsNaN(s.Num) || math.IsInf(s.Num, 0) || !(s.Den >= 0) || math.IsInf(s.Den, 0) ||
			(s.Den == 0 && s.Num != 0) ||
			(kind != Mean && s.Num < 0) || (kind == Share && s.Num > s.Den)
		if bad {
			return fmt.Errorf("explain change: group %q %q has %v of %v, which no %s can be", r.Group, r.Sub, s.Num, s.Den, kind)
		}
	}
	return nil
}

// tree adds rows up into groups and their subs.
func tree(rows []Row, dens Denominators) ([]Effect, error) {
	var groups []Effect
	at := map[string]int{}
	subAt := map[[2]string]int{}
	for _, r := range rows {
		g, seen := at[r.Group]
		if !seen {
			g = len(groups)
			at[r.Group] = g
			groups = append(groups, Effect{Key: r.Group})
		}
		group := &groups[g]
		if dens == SharedWithinGroup {
			if err := share(group, r); err != nil {
				return nil, err
			}
		} else {
			group.Before, group.After = group.Before.add(r.Before), group.After.add(r.After)
		}
		if r.Sub == "" {
			continue
		}
		key := [2]string{r.Group, r.Sub}
		s, seen := subAt[key]
		if !seen {
			s = len(group.Subs)
			subAt[key] = s
			group.Subs = append(group.Subs, Effect{Key: r.Sub})
		}
		sub := &group.Subs[s]
		sub.Before, sub.After = sub.Before.add(r.Before), sub.After.add(r.After)
	}
	return groups, nil
}

// share adds a row whose denominator is its group's own, repeated.
func share(group *Effect, r Row) error {
	for _, p := range []struct {
		have *Sums
		row  Sums
	}{{&group.Before, r.Before}, {&group.After, r.After}} {
		if p.row.Den > 0 && p.have.Den > 0 && p.row.Den != p.have.Den {
			return fmt.Errorf("explain change: group %q has denominators %v and %v where its parts should share one", r.Group, p.have.Den, p.row.Den)
		}
		p.have.Num += p.row.Num
		p.have.Den = math.Max(p.have.Den, p.row.Den)
	}
	return nil
}

// split fills the effects of siblings whose parent has the given sums; scale is what
// a change of the parent counts for in the whole.
func split(siblings []Effect, before, after Sums, scale float64) {
	centre := (before.value() + after.value()) / 2
	for i := range siblings {
		e := &siblings[i]
		e.WeightBefore, e.WeightAfter = e.Before.Den/before.Den, e.After.Den/after.Den
		e.ValueBefore, e.ValueAfter = e.Before.value(), e.After.value()
		r0, r1 := e.ValueBefore, e.ValueAfter
		switch {
		case e.Before.Den > 0 && e.After.Den > 0:
			e.Presence = Both
		case e.After.Den > 0:
			e.Presence, r0 = New, r1
		case e.Before.Den > 0:
			e.Presence, r1 = Gone, r0
		default: // in neither period: nothing to explain
			e.Presence = Gone
			continue
		}
		e.Rate = scale * (e.WeightBefore + e.WeightAfter) / 2 * (r1 - r0)
		e.Mix = scale * (e.WeightAfter - e.WeightBefore) * ((r0+r1)/2 - centre)
	}
}

// splitSubs splits a group's rate effect among its subs.
func splitSubs(g *Effect, dens Denominators) {
	if len(g.Subs) == 0 || g.Presence != Both {
		g.Subs = nil // a group seen in one period only has no change of its own
		return
	}
	scale := (g.WeightBefore + g.WeightAfter) / 2
	if dens == Own {
		split(g.Subs, g.Before, g.After, scale)
		return
	}
	for i := range g.Subs {
		s := &g.Subs[i]
		s.Before.Den, s.After.Den = g.Before.Den, g.After.Den
		s.WeightBefore, s.WeightAfter, s.Presence = 1, 1, Both
		s.ValueBefore, s.ValueAfter = s.Before.value(), s.After.value()
		s.Rate = scale * (s.ValueAfter - s.ValueBefore)
	}
}

func changeInterval(kind Kind, before, after Sums) stat.Interval {
	var b, a stat.Estimate
	switch kind {
	case Share:
		b, a = stat.Wilson(before.Num, before.Den, 0.95), stat.Wilson(after.Num, after.Den, 0.95)
	case Rate:
		b, a = stat.PoissonRate(before.Num, before.Den, 0.95), stat.PoissonRate(after.Num, after.Den, 0.95)
	default:
		return stat.Interval{Low: math.NaN(), High: math.NaN()}
	}
	d := a.Value - b.Value
	return stat.Interval{
		Low:  d - math.Hypot(a.Value-a.Low, b.High-b.Value),
		High: d + math.Hypot(a.High-a.Value, b.Value-b.Low),
	}
}

// Part says which effect of a group a mover or a bar is.
type Part string

const (
	PartBefore Part = "before" // the overall value before
	PartMix    Part = "mix"
	PartRate   Part = "rate"
	PartOthers Part = "others" // what is not shown by name
	PartAfter  Part = "after"  // the overall value after
)

// Mover is one group's one effect, ready for a sentence: "Xiangyang's own share rose,
// adding 1.2 points".
type Mover struct {
	Group    string
	Part     Part    // PartMix or PartRate
	Effect   float64 // in the indicator's unit
	OfChange float64 // Effect over the whole change; NaN where that is 0
	Presence Presence
}

// Movers returns the n largest effects by size, mix and rate effects apart; effects
// of exactly 0 and hidden ones are left out.
func (r Result) Movers(n int) []Mover {
	var all []Mover
	for _, g := range r.Groups {
		for _, m := range []Mover{{Part: PartRate, Effect: g.Rate}, {Part: PartMix, Effect: g.Mix}} {
			if m.Effect == 0 || g.Hidden {
				continue
			}
			m.Group, m.Presence, m.OfChange = g.Key, g.Presence, math.NaN()
			if r.Change != 0 {
				m.OfChange = m.Effect / r.Change
			}
			all = append(all, m)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return math.Abs(all[i].Effect) > math.Abs(all[j].Effect) })
	return all[:max(0, min(n, len(all)))]
}

// Bar is one bar of a waterfall, from From to To; the first and the last stand on 0.
type Bar struct {
	Part     Part
	Group    string // empty but for a group's rate effect
	From, To float64
}

// Waterfall leads from the value before to the value after: the mix effect as one
// bar, then the rate effects of the n groups with the largest, then all others, the
// hidden ones among them.
func (r Result) Waterfall(n int) []Bar {
	groups := append([]Effect(nil), r.Groups...)
	sort.SliceStable(groups, func(i, j int) bool {
		if groups[i].Hidden != groups[j].Hidden {
			return groups[j].Hidden
		}
		return math.Abs(groups[i].Rate) > math.Abs(groups[j].Rate)
	})
	shown := 0
	for _, g := range groups {
		if !g.Hidden {
			shown++
		}
	}
	n = max(0, min(n, shown))
	bars := []Bar{{Part: PartBefore, To: r.Before}}
	level := r.Before
	step := func(part Part, group string, by float64) {
		bars = append(bars, Bar{part, group, level, level + by})
		level += by
	}
	step(PartMix, "", r.Mix)
	for _, g := range groups[:n] {
		if g.Rate != 0 {
			step(PartRate, g.Key, g.Rate)
		}
	}
	others := 0.0
	for _, g := range groups[n:] {
		others += g.Rate
	}
	if others != 0 {
		step(PartOthers, "", others)
	}
	return append(bars, Bar{Part: PartAfter, To: r.After})
}
