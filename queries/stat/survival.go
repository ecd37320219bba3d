package stat

import (
	"fmt"
	"math"
	"sort"
)

// Tally is what happened at one time of a clock that started at 0: how many ended,
// and how many were last seen still running (censored).
type Tally struct {
	Time     float64 // any unit, >= 0
	Ended    float64 // >= 0, a whole number unless weighted
	Censored float64
}

// Step is the survival curve from Time until the next step.
type Step struct {
	Tally
	AtRisk   float64 // still running just before Time
	Survival float64 // Kaplan–Meier share still running after Time
	StdErr   float64 // Greenwood's standard error of Survival
	Interval         // pointwise, by the log(-log) transform; NaN where Survival is 0
}

// Curve is a Kaplan–Meier curve, its steps in order of time.
type Curve struct {
	Steps []Step
	Conf  float64
}

// KaplanMeier estimates how long a clock runs from records of which some still run:
// ended[i] tells whether times[i] is an end, or only how long the record had been
// open when last seen. Errors where the slices differ in length or a time is
// negative or NaN.
//
// E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
// observations", JASA 53, 1958.
func KaplanMeier(times []float64, ended []bool, conf float64) (Curve, error) {
	if len(times) != len(ended) {
		return Curve{}, fmt.Errorf("kaplan–meier: %d times but %d end marks", len(times), len(ended))
	}
	tallies := make([]Tally, len(times))
	for i, t := range times {
		tallies[i] = Tally{Time: t, Censored: 1}
		if ended[i] {
			tallies[i] = Tally{Time: t, Ended: 1}
		}
	}
	return KaplanMeierTally(tallies, conf)
}

// KaplanMeierTally is KaplanMeier for counts by time, as a GROUP BY yields them, in
// any order; equal times are added up. At one time ends come before censorings.
//
// The standard error is Greenwood's (1926); the interval uses the log(-log)
// transform (J. D. Kalbfleisch and R. L. Prentice, 1980), which stays in [0, 1].
func KaplanMeierTally(tallies []Tally, conf float64) (Curve, error) {
	z := zFor(conf)
	if math.IsNaN(z) {
		return Curve{}, fmt.Errorf("kaplan–meier: confidence level %v is not between 0 and 1", conf)
	}
	merged, total, err := mergeTallies(tallies)
	if err != nil {
		return Curve{}, err
	}
	curve := Curve{Conf: conf, Steps: make([]Step, 0, len(merged))}
	survival, greenwood, atRisk := 1.0, 0.0, total
	for _, t := range merged {
		if t.Ended > 0 {
			survival *= 1 - t.Ended/atRisk
			greenwood += t.Ended / (atRisk * (atRisk - t.Ended))
		}
		left := atRisk - t.Ended - t.Censored
		if atRisk == t.Ended {
			survival = 0
		}
		s := Step{Tally: t, AtRisk: atRisk, Survival: survival}
		s.StdErr, s.Interval = logLog(survival, greenwood, z)
		curve.Steps = append(curve.Steps, s)
		atRisk = left
	}
	return curve, nil
}

func mergeTallies(tallies []Tally) (merged []Tally, total float64, err error) {
	sorted := append([]Tally(nil), tallies...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Time < sorted[j].Time })
	for _, t := range sorted {
		if !(t.Time >= 0) || !(t.Ended >= 0) || !(t.Censored >= 0) {
			return nil, 0, fmt.Errorf("kaplan–meier: time %v with %v ended and %v censored: want none negative or missing", t.Time, t.Ended, t.Censored)
		}
		total += t.Ended + t.Censored
		if last := len(merged) - 1; last >= 0 && merged[last].Time == t.Time {
			merged[last].Ended += t.Ended
			merged[last].Censored += t.Censored
			continue
		}
		merged = append(merged, t)
	}
	return merged, total, nil
}

// logLog turns Greenwood's sum into a standard error and an interval for s.
func logLog(s, greenwood, z float64) (float64, Interval) {
	switch {
	case s == 1:
		return 0, Interval{1, 1}
	case s == 0: // log(-log 0) has no finite error: the curve's end is not bounded
		return math.NaN(), noInterval()
	}
	se := s * math.Sqrt(greenwood)
	half := z * math.Sqrt(greenwood) / math.Abs(math.Log(s))
	return se, Interval{math.Pow(s, math.Exp(half)), math.Pow(s, math.Exp(-half))}
}

// At returns the step in force at time t, and false before the first step.
func (c Curve) At(t float64) (Step, bool) {
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].Time > t })
	if i == 0 {
		return Step{}, false
	}
	return c.Steps[i-1], true
}

// Quantile returns the time by which a share p of the clocks has ended: the first
// time at which Survival is at most 1-p, +Inf where the curve never falls so far.
// Its interval holds every time whose pointwise interval covers 1-p
// (R. Brookmeyer and J. Crowley, "A confidence interval for the median survival
// time", Biometrics 38, 1982, with the log(-log) transform); High is +Inf where the
// data do not bound it. NaN for a curve without records or p outside (0, 1).
func (c Curve) Quantile(p float64) Estimate {
	if len(c.Steps) == 0 || !(p > 0 && p < 1) {
		return Estimate{math.NaN(), noInterval()}
	}
	// 1-p and the product of steps meet only up to rounding, as at S = 0.5.
	level := 1 - p + 1e-12
	first := func(below func(Step) bool) float64 {
		for _, s := range c.Steps {
			if below(s) {
				return s.Time
			}
		}
		return math.Inf(1)
	}
	return Estimate{
		Value: first(func(s Step) bool { return s.Survival <= level }),
		Interval: Interval{
			Low:  first(func(s Step) bool { return s.Low <= level || s.Survival == 0 }),
			High: first(func(s Step) bool { return s.High <= level }),
		},
	}
}

// Median is Quantile(0.5).
func (c Curve) Median() Estimate { return c.Quantile(0.5) }
