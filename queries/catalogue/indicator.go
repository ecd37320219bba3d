// Package catalogue reads the indicators: one .sql file each, whose header
// says what the number means and whose SELECT says how it is counted.
package catalogue

// Kind says how an indicator's parts become its value and its interval.
type Kind string

// The kinds of indicator.
const (
	Share    Kind = "share"    // numerator of denominator; Wilson interval; unit percent (value is a fraction 0–1)
	Rate     Kind = "rate"     // events per scale of exposure; exact Poisson interval
	Mean     Kind = "mean"     // sum over n; normal interval from the sum of squares where given
	Ratio    Kind = "ratio"    // two totals of unlike things; no interval
	Survival Kind = "survival" // a Kaplan–Meier quantile of durations; open cases censored
	Evenness Kind = "evenness" // Shannon evenness over categories
	Balance  Kind = "balance"  // 1 − Gini over units
)

// Text is a text in the two languages.
type Text struct{ Zh, En string }

// Indicator is one indicator, as its file describes it.
type Indicator struct {
	Code                           string // F13
	Name                           Text
	Family                         string // E or F
	Dimension                      string // F1
	Direction                      string // up, down or neutral
	Counterpart                    string // code of the indicator that it must be read with, if neutral
	Kind                           Kind
	Unit                           string  // percent, hours, days, per_1000, weeks, times, score, index …
	Scale                          float64 // value = scale × numerator / denominator (1 unless told)
	Quantile                       float64 // for survival: 0.5, 0.9
	Fact                           string  // view the SELECT reads
	Time                           string  // column of the fact that puts a row into a period
	PeriodRule                     string  // sum (all months of the period) or last (stock at the period's end)
	Interval                       string  // wilson, poisson, normal, kaplan_meier or none
	Feeds                          []string
	Target                         *float64 // default target in the indicator's unit
	Rows                           []string // rows of the design's table that it serves: fengqiao, local_mediators, …
	Source                         Text
	Definition                     Text
	NumeratorText, DenominatorText Text
	Exclusions                     Text
	Caveat                         Text
	SQL                            string // the whole file
	Numerator                      string // SQL expression
	Denominator                    string // SQL expression
}
