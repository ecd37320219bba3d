package practices

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Never is the start of a unit that was not treated.
const Never = -1

// Unit is one area over all periods.
type Unit struct {
	Code    string
	Stratum string // controls are taken from the same stratum; "" for all
	Start   int    // first treated period, or Never
	// Num and Den are the outcome's parts by period; a period with Den 0 has no data.
	// With a Den of 1 throughout, Num is the outcome and every unit counts the same.
	Num, Den []float64
}

// Controls says with whom the treated are compared.
type Controls int

const (
	NeverTreated  Controls = iota // units that are never treated
	NotYetTreated                 // these, and units that are treated later
)

// Options choose the comparison.
type Options struct {
	Controls Controls
	// Base is the number of periods before the start, at most, that make up "before".
	// 0 is the original of Callaway and Sant'Anna: the last period before the start, and
	// for a period before the start the one just before it.
	Base int
	// Bin is the number of periods, counted from the start, that are compared as one; 0
	// means 1.
	Bin int
	// Asymptotic leaves out the small-sample correction, as R's did does.
	Asymptotic bool
	// Seed of the multiplier bootstrap and of the permutations.
	Seed uint64
	// Draws of the bootstrap and of the permutations; 0 means 999.
	Draws int
	// NoPermutation leaves out the permutations, which take most of the time.
	NoPermutation bool
}

func (o Options) bin() int { return max(1, o.Bin) }

func (o Options) draws() int {
	if o.Draws == 0 {
		return 999
	}
	return o.Draws
}

// What keeps a practice from being evaluated.
var (
	ErrNoTreated  = errors.New("no treated unit has data before and after its start")
	ErrNoControls = errors.New("no untreated unit to compare with")
)

// GroupTime is ATT(g,t): the effect in the Bin periods from Time on, on the units treated
// since Group.
type GroupTime struct {
	Group, Time int
	Estimate
}

// Binned is the effect at a distance from the start: periods From … From+Bin-1 after
// it, negative before.
type Binned struct {
	From int
	Estimate
	// SimLow and SimHigh hold for all points at once, with 95 %.
	SimLow, SimHigh float64
	// Treated and Control are the outcome's levels; the controls' as if they had the
	// treated units' strata.
	Treated, Control float64
	Cases            float64 // treated units' denominators
}

// Grouped is the mean effect on the units that started in the same period.
type Grouped struct {
	Group, Units int
	Estimate
}

// Result is one practice's evaluation.
type Result struct {
	Treated, ControlUnits int // units used
	LeftOut               int // units without data before and after, or without controls in their stratum
	Periods               int
	Before                float64 // the treated units' outcome before, and their and the controls' change
	After                 float64
	ControlBefore         float64
	ControlAfter          float64

	Overall      Estimate // mean over all treated periods, weighted by the denominators
	GroupAverage Estimate // mean of the groups' effects, by their number of units
	EventAverage Estimate // mean of the event study's points after the start
	Cells        []GroupTime
	Groups       []Grouped
	Events       []Binned
	PreTrend     Test
	Permutation  Permutation
	Few          bool // fewer than 10 effective clusters on one side: read the permutation's interval
}

// Evaluate compares treated with untreated units before and after each start: group–time
// effects in the manner of B. Callaway and P. H. C. Sant'Anna, "Difference-in-Differences
// with multiple time periods", Journal of Econometrics 225, 2021, without covariates
// beyond the strata, and their means. It errors with ErrNoTreated or ErrNoControls.
func Evaluate(units []Unit, opt Options) (Result, error) {
	d, err := newDesign(units, opt)
	if err != nil {
		return Result{}, err
	}
	res := Result{LeftOut: len(units) - len(d.units), Periods: d.periods}
	for _, u := range d.units {
		if u.Start == Never {
			res.ControlUnits++
		} else {
			res.Treated++
		}
	}
	cells := d.cells()
	post := filter(cells, func(c cell) bool { return c.time >= c.group })
	if len(post) == 0 {
		return res, ErrNoTreated
	}
	d.levels(&res, post)
	overall := d.mean(post)
	res.Overall = d.estimate(overall)
	for _, c := range cells {
		res.Cells = append(res.Cells, GroupTime{c.group, c.time, d.estimate(effect{c.att, c.influence})})
	}
	d.byGroup(&res, post)
	d.byEvent(&res, cells)
	res.PreTrend = d.preTrend(cells)
	res.Permutation = Permutation{P: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if !opt.NoPermutation {
		res.Permutation = d.permute(overall.value)
	}
	res.Few = res.Overall.ClustersTreated < fewClusters || res.Overall.ClustersControl < fewClusters
	return res, nil
}

const (
	fewClusters    = 10
	fewestControls = 2 // in a stratum
)

// design holds the units that take part.
type design struct {
	opt     Options
	units   []Unit
	stratum []int // by unit
	strata  int
	periods int
	groups  []int // starts, ascending
}

func newDesign(units []Unit, opt Options) (*design, error) {
	d := &design{opt: opt}
	for _, u := range units {
		if len(u.Num) != len(u.Den) || (d.periods > 0 && len(u.Num) != d.periods) {
			return nil, fmt.Errorf("evaluate a practice: unit %s has %d and %d periods, others %d", u.Code, len(u.Num), len(u.Den), d.periods)
		}
		d.periods = len(u.Num)
	}
	usable := filter(units, func(u Unit) bool { return u.hasData() })
	controls := map[string]int{}
	treated := map[string]bool{}
	for _, u := range usable {
		if u.Start == Never {
			controls[u.Stratum]++
		} else {
			treated[u.Stratum] = true
		}
	}
	if len(treated) == 0 {
		return nil, ErrNoTreated
	}
	at := map[string]int{}
	for _, u := range usable {
		if controls[u.Stratum] < fewestControls || !treated[u.Stratum] {
			continue // a stratum of one kind compares nothing, and one control has no spread
		}
		if _, ok := at[u.Stratum]; !ok {
			at[u.Stratum] = len(at)
		}
		d.units = append(d.units, u)
		d.stratum = append(d.stratum, at[u.Stratum])
		if u.Start != Never && !slices.Contains(d.groups, u.Start) {
			d.groups = append(d.groups, u.Start)
		}
	}
	if len(d.units) == 0 {
		return nil, ErrNoControls
	}
	d.strata = len(at)
	slices.Sort(d.groups)
	return d, nil
}

// hasData tells whether a unit can show a change: data before its start and after.
func (u Unit) hasData() bool {
	before, after := 0.0, 0.0
	for t, n := range u.Den {
		if u.Start == Never || t < u.Start {
			before += n
		}
		if u.Start == Never || t >= u.Start {
			after += n
		}
	}
	return before > 0 && after > 0
}

// base gives the periods that (g,t) is compared with.
func (d *design) base(g, t int) []int {
	if d.opt.Base == 0 {
		b := g - 1
		if t < g {
			b = t - 1
		}
		if b < 0 {
			return nil
		}
		return []int{b}
	}
	var out []int
	for b := max(0, g-d.opt.Base); b < g; b++ {
		out = append(out, b)
	}
	return out
}

// isControl tells whether a unit is a control of the cell (g,t).
func (d *design) isControl(u Unit, g, t int) bool {
	if u.Start == Never {
		return true
	}
	if d.opt.Base > 0 || t >= g {
		t = max(t, g-1) // the base lies before g, however early t is
	}
	return d.opt.Controls == NotYetTreated && u.Start != g && u.Start > t
}

// sums are a numerator and a denominator.
type sums struct{ num, den float64 }

func (s sums) ratio() float64 { return s.num / s.den }

// gap is how far group g lies above its controls over some periods.
type gap struct {
	value     float64 // treated minus controls of the same strata and periods
	treated   float64 // the treated units' own level
	den       float64
	unitDen   []float64 // by unit
	influence []float64 // by unit; value is off by their sum, about
}

// gapOf pools periods: every treated record is set against its stratum's controls in these
// periods. ok is false where there is nothing to compare.
func (d *design) gapOf(g, t int, periods []int) (out gap, ok bool) {
	n := len(d.units)
	out.unitDen, out.influence = make([]float64, n), make([]float64, n)
	unit := make([]sums, n)
	controls := make([]sums, d.strata)
	for i, u := range d.units {
		unit[i] = u.over(periods)
		if d.isControl(u, g, t) {
			c := &controls[d.stratum[i]]
			*c = sums{c.num + unit[i].num, c.den + unit[i].den}
		}
	}
	weight := make([]float64, d.strata) // treated denominators
	var num, own float64
	for i, u := range d.units {
		c := controls[d.stratum[i]]
		if u.Start != g || unit[i].den == 0 || c.den == 0 {
			continue
		}
		out.unitDen[i] = unit[i].den
		out.influence[i] = unit[i].num - unit[i].den*c.ratio()
		out.den += unit[i].den
		num += out.influence[i]
		own += unit[i].num
		weight[d.stratum[i]] += unit[i].den
	}
	if out.den == 0 {
		return out, false
	}
	out.value, out.treated = num/out.den, own/out.den
	for i, u := range d.units {
		out.influence[i] = (out.influence[i] - out.value*out.unitDen[i]) / out.den
		s := d.stratum[i]
		if weight[s] == 0 || !d.isControl(u, g, t) {
			continue
		}
		c := controls[s]
		off := (unit[i].num - c.ratio()*unit[i].den) / c.den
		if share := unit[i].den / c.den; !d.opt.Asymptotic && share < 1 {
			off /= math.Sqrt(1 - share) // a unit draws its stratum's mean towards itself
		}
		out.influence[i] -= weight[s] / out.den * off
	}
	return out, true
}

// over adds up a unit's parts over some periods.
func (u Unit) over(periods []int) (s sums) {
	for _, p := range periods {
		if u.Den[p] > 0 {
			s.num += u.Num[p]
			s.den += u.Den[p]
		}
	}
	return s
}

// cell is one ATT(g,t) with what is needed to average it.
type cell struct {
	group, time  int
	att          float64
	den          float64
	treated      float64
	control      float64
	baseDen      float64
	baseTreated  float64
	baseControl  float64
	unitDen      []float64
	influence    []float64
	baseInWindow bool // time is one of the base periods
}

// cells computes every group–time effect that has data. With bins, a cell is a group in
// one bin of periods counted from its start, so that areas with few cases a month are
// compared by more than a handful.
func (d *design) cells() []cell {
	var out []cell
	bin := d.opt.bin()
	for _, g := range d.groups {
		var base gap
		known := false
		for from := g + bin*floorDiv(-g, bin); from < d.periods; from += bin {
			var periods []int
			for p := max(0, from); p < min(from+bin, d.periods); p++ {
				periods = append(periods, p)
			}
			before := d.base(g, from)
			if len(before) == 0 || len(periods) == 0 {
				continue
			}
			if !known || d.opt.Base == 0 || d.opt.Controls != NeverTreated { // else the base is the same for all
				base, known = d.gapOf(g, from, before)
			}
			at, ok := d.gapOf(g, from, periods)
			if !ok || !known {
				continue
			}
			c := cell{group: g, time: from, att: at.value - base.value, den: at.den, treated: at.treated, control: at.treated - at.value,
				baseDen: base.den, baseTreated: base.treated, baseControl: base.treated - base.value, unitDen: at.unitDen,
				influence: make([]float64, len(d.units)), baseInWindow: from < g && from >= g-d.opt.Base}
			for i := range c.influence {
				c.influence[i] = at.influence[i] - base.influence[i]
			}
			out = append(out, c)
		}
	}
	return out
}

// effect is an estimate with the influence of each unit on it.
type effect struct {
	value     float64
	influence []float64
}

// mean averages cells by their denominators; that these depend on which units happen to
// be there is part of the influence.
func (d *design) mean(cells []cell) effect {
	e := effect{influence: make([]float64, len(d.units))}
	total := 0.0
	for _, c := range cells {
		e.value += c.den * c.att
		total += c.den
	}
	e.value /= total
	for _, c := range cells {
		for i := range e.influence {
			e.influence[i] += c.den/total*c.influence[i] + c.unitDen[i]/total*(c.att-e.value)
		}
	}
	return e
}

func (d *design) levels(res *Result, post []cell) {
	var den float64
	for _, c := range post {
		res.After += c.den * c.treated
		res.ControlAfter += c.den * c.control
		res.Before += c.den * c.baseTreated
		res.ControlBefore += c.den * c.baseControl
		den += c.den
	}
	for _, v := range []*float64{&res.After, &res.ControlAfter, &res.Before, &res.ControlBefore} {
		*v /= den
	}
}

func (d *design) byGroup(res *Result, post []cell) {
	var parts []effect
	var units []float64
	total := 0.0
	for _, g := range d.groups {
		cells := filter(post, func(c cell) bool { return c.group == g })
		if len(cells) == 0 {
			continue
		}
		n := 0
		for _, u := range d.units {
			if u.Start == g {
				n++
			}
		}
		e := d.mean(cells)
		parts, units = append(parts, e), append(units, float64(n))
		total += float64(n)
		res.Groups = append(res.Groups, Grouped{g, n, d.estimate(e)})
	}
	avg := effect{influence: make([]float64, len(d.units))}
	for k, p := range parts {
		avg.value += units[k] / total * p.value
	}
	for k, p := range parts {
		for i, u := range d.units {
			avg.influence[i] += units[k] / total * p.influence[i]
			if u.Start == res.Groups[k].Group {
				avg.influence[i] += (p.value - avg.value) / total
			}
		}
	}
	res.GroupAverage = d.estimate(avg)
}

// eventBins groups cells by distance from the start.
func (d *design) eventBins(cells []cell) (from []int, bins [][]cell) {
	byBin := map[int][]cell{}
	for _, c := range cells {
		b := floorDiv(c.time-c.group, d.opt.bin())
		byBin[b] = append(byBin[b], c)
	}
	for b := range byBin {
		from = append(from, b)
	}
	slices.Sort(from)
	for k, b := range from {
		bins = append(bins, byBin[b])
		from[k] = b * d.opt.bin()
	}
	return from, bins
}

func floorDiv(a, b int) int { return int(math.Floor(float64(a) / float64(b))) }

func (d *design) byEvent(res *Result, cells []cell) {
	from, bins := d.eventBins(cells)
	after := effect{influence: make([]float64, len(d.units))}
	n := 0.0
	var all []effect
	for k, bin := range bins {
		e := d.mean(bin)
		all = append(all, e)
		b := Binned{From: from[k], Estimate: d.estimate(e)}
		for _, c := range bin {
			b.Treated += c.den * c.treated
			b.Control += c.den * c.control
			b.Cases += c.den
		}
		b.Treated, b.Control = b.Treated/b.Cases, b.Control/b.Cases
		res.Events = append(res.Events, b)
		if from[k] < 0 {
			continue
		}
		n++
		after.value += e.value
		for i := range after.influence {
			after.influence[i] += e.influence[i]
		}
	}
	after.value /= n
	for i := range after.influence {
		after.influence[i] /= n
	}
	res.EventAverage = d.estimate(after)
	width := d.simultaneous(all)
	for k := range res.Events {
		e := &res.Events[k]
		e.SimLow, e.SimHigh = e.Value-width*e.StdError, e.Value+width*e.StdError
	}
}

func filter[T any](all []T, keep func(T) bool) []T {
	var out []T
	for _, x := range all {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}
