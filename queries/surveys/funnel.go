package surveys

import (
	"fmt"

	"github.com/jiceng/jiceng/queries/stat"
)

func errSplit(only, by string) error {
	return fmt.Errorf("survey contacts of one %s are not counted by %s", only, by)
}

// Verdict is what an area's surveys look like beside those of all others.
type Verdict string

// The verdicts, those that need looking at most first. "Far" is beyond the 99.8 %
// limit, "beyond" the 95 % limit.
const (
	Steered      Verdict = "steered"      // reach far too low, and satisfaction far above: the answers look chosen
	Suspect      Verdict = "suspect"      // reach far too low, and satisfaction beyond the upper 95 % limit
	Unreached    Verdict = "unreached"    // reach far too low: satisfaction says little
	Dissatisfied Verdict = "dissatisfied" // satisfaction far below, with usual reach
	Satisfied    Verdict = "satisfied"    // satisfaction far above, with usual reach
	Usual        Verdict = ""
)

// Point is one area of a funnel.
type Point struct {
	Answers
	Reach95, Reach998               stat.Interval // limits of the share of contacts that got an answer
	Satisfaction95, Satisfaction998 stat.Interval // limits of satisfaction; NaN without scored answers
	Verdict                         Verdict
}

// Funnel compares areas with each other: reach and satisfaction, each against the
// limits that areas of their size keep to if they are like the others.
type Funnel struct {
	Reach, Satisfaction stat.Funnel
	Points              []Point
}

// NewFunnel makes the funnel of areas; those that nobody was asked about are left out.
func NewFunnel(areas []Answers) Funnel {
	var answered, asked, satisfied, scored []float64
	var f Funnel
	for _, a := range areas {
		if a.Asked == 0 {
			continue
		}
		f.Points = append(f.Points, Point{Answers: a})
		answered, asked = append(answered, float64(a.Answered)), append(asked, float64(a.Asked))
		if n := a.Scored(); n > 0 {
			satisfied, scored = append(satisfied, float64(a.Satisfied())), append(scored, float64(n))
		}
	}
	f.Reach, f.Satisfaction = stat.NewFunnel(answered, asked), stat.NewFunnel(satisfied, scored)
	for i := range f.Points {
		p := &f.Points[i]
		p.Reach95, p.Reach998 = f.Reach.LimitsAt(float64(p.Asked), 0.95, 0.998)
		p.Satisfaction95, p.Satisfaction998 = f.Satisfaction.LimitsAt(float64(p.Scored()), 0.95, 0.998)
		p.Verdict = p.judge()
	}
	return f
}

// judge reads a point. A limit that is NaN is never passed.
func (p Point) judge() Verdict {
	reach, satisfaction := p.Reach().Value, p.Satisfaction().Value
	unreached := reach < p.Reach998.Low
	switch {
	case unreached && satisfaction > p.Satisfaction998.High:
		return Steered
	case unreached && satisfaction > p.Satisfaction95.High:
		return Suspect
	case unreached:
		return Unreached
	case satisfaction < p.Satisfaction998.Low:
		return Dissatisfied
	case satisfaction > p.Satisfaction998.High:
		return Satisfied
	}
	return Usual
}
