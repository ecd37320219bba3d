// Package catalogue reads the indicators: one .sql file each, whose header
// says what the number means and whose SELECT says how it is counted.
package catalogue

// Kind says how an indicator's parts become its value and its interval.
type Kind string

// The kinds of indicator.
const (
	Share    Kind = "share"    // numerator of denominator, a fraction 0–1; Wilson interval
	Rate     Kind = "rate"     // events per scale of exposure; exact Poisson interval where the header asks for it
	Survival Kind = "survival" // a Kaplan–Meier quantile of durations in hours; open cases censored
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

// Indicator is one indicator, as its file describes it.
type Indicator struct {
	Code            string   // F13
	Name            Text     // 按期结案率, on-time closure
	Family          string   // E empowerment, F efficiency
	Dimension       string   // F1
	Direction       string   // up, down or neutral
	Counterpart     string   // code that a neutral indicator must be read with
	Kind            Kind     // how the parts become the value
	Unit            string   // percent, days, per_1000, times
	Scale           float64  // value = Scale × numerator / denominator; for survival, × hours
	Quantile        float64  // for survival: 0.5 the median, 0.9 the 90th percentile
	Fact            string   // view the SELECT reads
	Time            string   // column of the fact that puts a row into a period
	Interval        string   // wilson, poisson, kaplan_meier or none
	Feeds           []string // feeds without which there is no data
	Target          *float64 // default target, in the unit of value
	Rows            []string // rows of the subject's table that it serves
	Source          Text
	Definition      Text
	NumeratorText   Text
	DenominatorText Text
	DateText        Text
	Exclusions      Text
	Caveat          Text
	SQL             string // the whole file, which runs by itself on a snapshot
	Numerator       string // SQL expression; for survival the duration in hours
	Denominator     string // SQL expression; for survival whether the case has ended
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
