package practices

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jiceng/jiceng/queries/catalogue"
)

// Verdict is the conclusion on one practice and one indicator.
type Verdict string

const (
	Works          Verdict = "works"           // the interval lies on the good side of 0
	Harms          Verdict = "harms"           // the interval lies on the bad side
	Moved          Verdict = "moved"           // the interval leaves out 0, and neither side is good or bad
	NoEffectSeen   Verdict = "no_effect_seen"  // the interval holds 0
	TrendsDiffered Verdict = "trends_differed" // treated and untreated moved apart before the start: the comparison does not hold
	NoTreated      Verdict = "no_treated"      // no area has months before and after its start
	NoControls     Verdict = "no_controls"     // no untreated area beside a treated one
	NoData         Verdict = "no_data"         // the indicator has no months at this level
)

func (q question) verdict(r Result, err error) Verdict {
	switch {
	case !q.known:
		return NoData
	case errors.Is(err, ErrNoTreated):
		return NoTreated
	case errors.Is(err, ErrNoControls):
		return NoControls
	}
	low, high := r.interval()
	switch {
	case r.PreTrend.P < 0.05:
		return TrendsDiffered
	case !(low > 0) && !(high < 0):
		return NoEffectSeen
	case q.indicator.Direction == "neutral":
		return Moved
	case (low > 0) == (q.indicator.Direction == "up"):
		return Works
	}
	return Harms
}

// interval is the one to read: the permutation's where clusters are few.
func (r Result) interval() (low, high float64) {
	if r.Few {
		return r.Permutation.Low, r.Permutation.High
	}
	return r.Overall.Low, r.Overall.High
}

// Sentence says in words, for a leader, what came out; ind is the indicator's entry in
// the catalogue. level is what the areas are called, such as 社区 or communities.
func (e Effect) Sentence(lang string, ind catalogue.Indicator, level string) string {
	en := lang == "en"
	name := ind.Name.In(lang)
	if name == "" {
		name = e.Indicator
	}
	switch e.Verdict {
	case NoData:
		return choose(en, "“%s”在这一层级没有数据，无法评估。", "There is no data on “%s” at this level, so nothing can be said.", name)
	case NoTreated:
		return choose(en, "推行的%s都缺少推行前或推行后的“%s”数据，无法评估。", "None of the %s has data on “%s” both before and after the start, so nothing can be said.", level, name)
	case NoControls:
		return choose(en, "没有未推行的%s可作对照，“%s”的变化无法归因于该做法。", "There are no %s without the practice to compare with, so a change of “%s” cannot be put down to it.", level, name)
	}
	low, high := e.Interval()
	size, from, to := amount(en, ind.Unit, math.Abs(e.Value)), amount(en, "", scaled(ind.Unit, low)), amount(en, ind.Unit, high)
	var text strings.Builder
	text.WriteString(choose(en, "与同一上级区域内未推行的%[1]s相比，推行的 %[2]d 个%[1]s“%[3]s”%[4]s %[5]s（95%% 区间 %[6]s 至 %[7]s）。",
		"Compared with %[1]s of the same parent area that did not take it up, “%[3]s” %[4]s %[5]s more in the %[2]d %[1]s that did (95%% interval %[6]s to %[7]s).",
		level, e.Treated, name, direction(en, e.Value), size, from, to))
	if !en {
		text.WriteString(e.conclusionZh(ind))
	} else {
		text.WriteString(" " + e.conclusionEn(ind))
	}
	return text.String()
}

func choose(en bool, zh, english string, args ...any) string {
	if en {
		return fmt.Sprintf(english, args...)
	}
	return fmt.Sprintf(zh, args...)
}

func direction(en bool, v float64) string {
	switch {
	case en && v >= 0:
		return "rose"
	case en:
		return "fell"
	case v >= 0:
		return "多升"
	}
	return "多降"
}

func (e Effect) conclusionZh(ind catalogue.Indicator) string {
	few, alike := "", "推行前两组走势一致，"
	if e.Few {
		few = "参与比较的区域少，区间取自置换检验。"
	}
	if math.IsNaN(e.PreTrendP) {
		alike = "推行前的走势因数据少而无法检验，"
	}
	switch e.Verdict {
	case Works:
		return few + alike + "这一差别不像偶然：做法有效。"
	case Harms:
		return few + alike + "这一差别不像偶然：指标反而变差。"
	case Moved:
		return few + alike + "这一变化不像偶然；该指标高低本身无好坏，须与 " + ind.Counterpart + " 同看。"
	case TrendsDiffered:
		return few + "但推行前两组走势已不一致，这一差别不能归因于做法。"
	}
	return few + "差别在偶然范围之内：未见效果。" + e.detectableZh(ind)
}

func (e Effect) conclusionEn(ind catalogue.Indicator) string {
	few, alike := "", "Both groups moved alike before, and chance"
	if e.Few {
		few = "Few areas take part, so the interval is from randomisation. "
	}
	if math.IsNaN(e.PreTrendP) {
		alike = "There are too few data to test whether both groups moved alike before; chance"
	}
	switch e.Verdict {
	case Works:
		return few + alike + " would hardly do this: the practice works."
	case Harms:
		return few + alike + " would hardly do this: the indicator got worse."
	case Moved:
		return few + alike + " would hardly do this; neither high nor low is good by itself: read it with " + ind.Counterpart + "."
	case TrendsDiffered:
		return few + "But the two groups already moved apart before the start, so the difference cannot be put down to the practice."
	}
	return few + "The difference is within what chance does: no effect is seen." + e.detectableEn(ind)
}

// Detectable is the smallest effect that would be found four times in five: 2.8 standard
// errors (0.84 for the power and 1.96 for the interval).
func (e Effect) Detectable() float64 { return 2.8 * e.StdError }

func (e Effect) detectableZh(ind catalogue.Indicator) string {
	if math.IsNaN(e.StdError) {
		return ""
	}
	return "现有数据能看出的最小效果约为 " + amount(false, ind.Unit, e.Detectable()) + "。"
}

func (e Effect) detectableEn(ind catalogue.Indicator) string {
	if math.IsNaN(e.StdError) {
		return ""
	}
	return " With these data an effect of about " + amount(true, ind.Unit, e.Detectable()) + " would be found."
}

func scaled(unit string, v float64) float64 {
	if unit == "percent" {
		return 100 * v
	}
	return v
}

// amount writes a difference in an indicator's unit; unit "" is a bare number.
func amount(en bool, unit string, v float64) string {
	v = scaled(unit, v)
	digits := 2
	if unit == "percent" || math.Abs(v) >= 10 {
		digits = 1
	}
	number := strconv.FormatFloat(v, 'f', digits, 64)
	if math.IsInf(v, 0) {
		number = map[bool]string{true: "∞", false: "−∞"}[v > 0]
	}
	number = strings.Replace(number, "-", "−", 1)
	words := map[string]catalogue.Text{
		"percent": {Zh: "个百分点", En: "percentage points"}, "days": {Zh: "天", En: "days"}, "hours": {Zh: "小时", En: "hours"},
		"per_1000": {Zh: "（每千）", En: "per 1,000"}, "times": {Zh: "次", En: "times"},
	}
	lang := map[bool]string{true: "en", false: "zh"}[en]
	if word := words[unit].In(lang); word != "" {
		return number + " " + word
	}
	return number
}
