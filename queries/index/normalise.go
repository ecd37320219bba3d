package index

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/stat"
)

// NormaliseMethod is how indicators of different units are put on one scale.
type NormaliseMethod string

// The ways to normalise; all turn indicators where lower is better around.
const (
	Goalposts  NormaliseMethod = "goalposts"  // the file's worst and best to the ends of the scale, beyond is cut: comparable over time
	MinMax     NormaliseMethod = "minmax"     // the units' least and largest to the ends of the scale
	ZScore     NormaliseMethod = "zscore"     // mean to the scale's middle, one standard deviation to a sixth of it
	Rank       NormaliseMethod = "rank"       // places, 1 the worst, ties sharing their mean
	Percentile NormaliseMethod = "percentile" // share of the others that are below (ties half), to the scale
	Target     NormaliseMethod = "target"     // value over target (down: target over value), 1 to the top of the scale, beyond is cut
)

// after is the method that fits a treated column: goalposts and targets are
// stated for the value, not for its logarithm, which goes by min–max.
func (m NormaliseMethod) after(t Treatment) NormaliseMethod {
	if t.Done == "log" && (m == Goalposts || m == Target) {
		return MinMax
	}
	return m
}

// Normalise puts every leaf on the scale. A leaf with steps is scored by them
// whatever the method. A constant indicator tells units apart in no way: under
// minmax, zscore and percentile all have the middle of the scale, under rank
// the mean rank. Treatments say what was done to the values before.
func Normalise(t Table, treatments []Treatment, leaves []Node, method NormaliseMethod, scale []float64) (Table, error) {
	out := t.like()
	for j, column := range out.Columns {
		n, err := newLeafScale(t.Columns[j], leaves[j], method.after(treatments[j]), scale)
		if err != nil {
			return out, err
		}
		for i, x := range column {
			column[i] = n.of(x)
		}
	}
	return out, nil
}

// leafScale puts the values of one leaf on the scale: y = a + bx cut to low and
// high, a place among sorted values, a share of a target, or steps.
type leafScale struct {
	method    NormaliseMethod
	a, b      float64
	low, high float64
	places    *places
	target    float64
	down      bool
	steps     []Step
}

func newLeafScale(column []float64, leaf Node, method NormaliseMethod, scale []float64) (leafScale, error) {
	s := leafScale{method: method, low: scale[0], high: scale[1], down: leaf.Direction == "down", steps: leaf.Steps}
	if len(leaf.Steps) > 0 {
		return s, nil
	}
	span := scale[1] - scale[0]
	switch method {
	case Goalposts:
		if len(leaf.Goalposts) != 2 {
			return s, fmt.Errorf("indicator %s has no goalposts", leaf.Code)
		}
		s.line(leaf.Goalposts[0], leaf.Goalposts[1])
	case Target:
		if leaf.Target == nil {
			return s, fmt.Errorf("indicator %s has no target", leaf.Code)
		}
		s.target = *leaf.Target
	case MinMax:
		least, most := bounds(column)
		s.line(least, most)
		s.low, s.high = math.Inf(-1), math.Inf(1)
	case ZScore:
		m, sd := stat.MeanStdDev(known(column), nil)
		s.line(m-3*sd, m+3*sd)
		s.low, s.high = math.Inf(-1), math.Inf(1)
	case Rank, Percentile:
		sorted := known(column)
		sort.Float64s(sorted)
		s.places = newPlaces(sorted)
		s.a, s.b = scale[0], span/max(1, float64(len(sorted)))
		if method == Rank {
			s.a, s.b = 0.5, 1
		}
	default:
		return s, fmt.Errorf("there is no normalisation %q", method)
	}
	return s, nil
}

// line lets worst and best (the other way round where lower is better) meet the
// ends of the scale; where they are equal everything has the middle.
func (s *leafScale) line(from, to float64) {
	if !(to-from > 1e-12*max(math.Abs(from), math.Abs(to))) {
		s.a = (s.low + s.high) / 2
		return
	}
	s.b = (s.high - s.low) / (to - from)
	if s.down {
		s.b = -s.b
		from = to
	}
	s.a = s.low - s.b*from
}

// of gives a value's place on the scale; NaN for NaN.
func (s *leafScale) of(x float64) float64 {
	switch {
	case x != x:
		return x
	case s.steps != nil:
		return score(x, s.steps)
	case s.places != nil:
		p := s.places.below(x)
		if s.down {
			p = float64(len(s.places.sorted)) - p
		}
		return s.a + s.b*p
	case s.method == Target:
		return s.low + (s.high-s.low)*attained(x, s.target, s.down)
	}
	return max(s.low, min(s.high, s.a+s.b*x))
}

// places finds the place of a value among others. Simulations ask for millions, so that the
// range of the values is cut into as many parts as there are values: few lie in the same.
type places struct {
	sorted     []float64
	start      []int32 // of each part, how many values lie in those before
	low, scale float64
}

func newPlaces(sorted []float64) *places {
	p := &places{sorted: sorted, start: make([]int32, len(sorted)+2)}
	if len(sorted) == 0 {
		return p
	}
	p.low = sorted[0]
	if span := sorted[len(sorted)-1] - p.low; span > 0 {
		p.scale = float64(len(sorted)) / span
	}
	for _, x := range sorted {
		p.start[p.part(x)+1]++
	}
	for k := 1; k < len(p.start); k++ {
		p.start[k] += p.start[k-1]
	}
	return p
}

// part never falls as x rises, so that a value's place is in its own part.
func (p *places) part(x float64) int {
	k := (x - p.low) * p.scale
	if !(k > 0) {
		return 0
	}
	if k >= float64(len(p.sorted)) {
		return len(p.sorted)
	}
	return int(k)
}

// below counts the values under x, those equal to it by half.
func (p *places) below(x float64) float64 {
	k := p.part(x)
	from, end := int(p.start[k]), int(p.start[k+1])
	for from < end {
		if mid := (from + end) / 2; p.sorted[mid] < x {
			from = mid + 1
		} else {
			end = mid
		}
	}
	to := from
	for to < len(p.sorted) && p.sorted[to] == x {
		to++
	}
	return float64(from+to) / 2
}

// attained is how much of a target is reached, 0–1. Nothing to lower (0) is full attainment.
func attained(x, target float64, down bool) float64 {
	if down {
		if x <= target {
			return 1
		}
		return max(0, target/x)
	}
	if target == 0 {
		return 1
	}
	return max(0, min(1, x/target))
}

// score is that of the highest bound the value reaches, 0 below all.
func score(x float64, steps []Step) float64 {
	best, y := math.Inf(-1), 0.0
	for _, s := range steps {
		if x >= s.AtLeast && s.AtLeast > best {
			best, y = s.AtLeast, s.Score
		}
	}
	return y
}
