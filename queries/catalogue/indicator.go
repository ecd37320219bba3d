// Package catalogue reads the indicators: one .sql file each, whose header
// says what the number means and whose SELECT says how it is counted.
package catalogue

import "math"

// Kind says how an indicator's parts become its value and its interval.
type Kind string

// The kinds of indicator. Those of the first group are counted by grid and
// month, many in one scan; those of the second give their values themselves.
const (
	Share    Kind = "share"    // numerator of denominator, a fraction 0–1; Wilson interval where it is a sample
	Rate     Kind = "rate"     // events per scale of exposure; exact Poisson interval where events are independent
	Mean     Kind = "mean"     // numerator (a sum) over denominator (a count); Student's t from the sum of squares
	Survival Kind = "survival" // a Kaplan–Meier quantile of durations; open cases censored; log–log interval
	Evenness Kind = "evenness" // Shannon's evenness over the named parts: 1 where all are alike, 0 where there is one
	Balance  Kind = "balance"  // 1 − Gini of numerator per denominator over an area's grids

	Area      Kind = "area"      // the statement gives numerator, denominator and value of each area itself
	Composite Kind = "composite" // as Area, from other indicators' values; computed after them
	Derived   Kind = "derived"   // another nightly step writes the values; the statement shows what goes in
)

// Whole says whether the statement gives values by area and period, instead of parts to add up.
func (k Kind) Whole() bool { return k == Area || k == Composite || k == Derived }

// Over says what becomes of a part over the months of a longer period.
type Over string

// The ways from months to longer periods.
const (
	Sum  Over = "sum"  // flows: the months add up
	Avg  Over = "mean" // stocks that stand for the whole period: the average of its months
	Last Over = "last" // stocks at the end: the period's last month
)

// Text is a text in the two languages.
type Text struct{ Zh, En string }

// In returns the text in a language, "zh" or "en".
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// Part is one column of an indicator's statement.
type Part struct {
	Name string // numerator, denominator, squares; duration, ended; or a kind of actor
	SQL  string // the expression
}

// Indicator is one indicator, as its file describes it.
type Indicator struct {
	Code            string   // F13
	Name            Text     // 按期结案率, on-time closure
	Family          string   // E empowerment, F efficiency
	Dimension       string   // F1
	Direction       string   // up, down or neutral
	Counterpart     string   // code that a neutral indicator must be read with
	Kind            Kind     // how the parts become the value
	Unit            string   // percent, days, per_1000, …; see Units
	Scale           float64  // value = Scale × numerator / denominator; for survival, × the unit of duration
	Quantile        float64  // for survival: 0.5 the median, 0.9 the 90th percentile
	Fact            string   // view the statement reads, "" for whole statements
	Time            string   // column of the fact that puts a row into a period
	NumeratorOver   Over     // how the numerator of months makes that of a quarter or year
	DenominatorOver Over     // the same for the denominator
	Interval        string   // wilson, poisson, t, kaplan_meier or none
	Settles         int64    // days after a period's end until its value hardly moves any more; 0: fixed when the period is over
	Range           *Range   // bounds that the value cannot leave, nil without
	LeastN          int64    // below it a value is flagged small_n; 0: never
	Exposure        bool     // the denominator is who or what could have been counted (residents, workers), so that the numerator says how many were
	Feeds           []string // feeds without which there is no data
	Columns         []string // columns of the fact that must be filled somewhere in a month, or the month has no data
	Target          *float64 // default target, in the unit of value
	Targets         []Target // default targets of a level or kind of period, which win over Target
	Rows            []string // rows of the subject's table that it serves; see Rows
	Source          Text
	Definition      Text
	NumeratorText   Text
	DenominatorText Text
	DateText        Text
	Exclusions      Text
	Caveat          Text
	SQL             string // the whole file, which runs by itself on a snapshot
	Statement       string // the file without its header
	Parts           []Part // the statement's columns; none for whole statements
}

// Range is the bounds of a value, in its unit.
type Range struct{ Low, High float64 }

// Bounds returns what the value cannot leave, in its unit: the range of its header, else
// what follows from how it is made. A mean or a score may be of anything (a difference of
// marks, say), so that it has no bounds unless its header gives them.
func (ind Indicator) Bounds() Range {
	switch {
	case ind.Range != nil:
		return *ind.Range
	case ind.Kind == Share || ind.Kind == Evenness || ind.Kind == Balance:
		return Range{0, 1}
	case ind.Kind == Rate || ind.Kind == Survival:
		return Range{0, math.Inf(1)} // counts and durations
	}
	return Range{math.Inf(-1), math.Inf(1)}
}

// Target is a default target for one geo level, one kind of period, or both.
type Target struct {
	Level      string // "" for every level
	PeriodKind string // "" for every kind of period
	Value      float64
}

// TargetFor returns the default target for a geo level and a kind of period:
// the one that names both, else the level, else the kind of period, else the general one.
func (ind Indicator) TargetFor(level, periodKind string) (float64, bool) {
	best, rank := ind.Target, 0
	for i, t := range ind.Targets {
		if (t.Level != "" && t.Level != level) || (t.PeriodKind != "" && t.PeriodKind != periodKind) {
			continue
		}
		r := 1
		if t.Level != "" {
			r += 2
		}
		if t.PeriodKind != "" {
			r++
		}
		if r > rank {
			best, rank = &ind.Targets[i].Value, r
		}
	}
	if best == nil {
		return 0, false
	}
	return *best, true
}

// Part returns the expression of the column with this name, "" without one.
func (ind Indicator) Part(name string) string {
	for _, p := range ind.Parts {
		if p.Name == name {
			return p.SQL
		}
	}
	return ""
}

// Catalogue is all indicators, in the order of their codes.
type Catalogue []Indicator

// ByCode returns the indicator with this code.
func (c Catalogue) ByCode(code string) (Indicator, bool) {
	for _, ind := range c {
		if ind.Code == code {
			return ind, true
		}
	}
	return Indicator{}, false
}
