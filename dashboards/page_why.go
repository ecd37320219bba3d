package dashboards

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/why"
)

// whyPage says why an indicator moved.
type whyPage struct {
	Indicators, Areas, Compares []choice
	AreaLevel                   string
	Refusal                     string // why there is no split, "" if there is one
	Headline                    string
	Words                       []string
	ByArea, ByCategory          whySplit
	Values                      string // address of the numbers as CSV
	Few                         bool   // whether parts are kept back because they stand on too few cases
}

// whySplit is one way to split a change.
type whySplit struct {
	Title string
	Chart charts.Chart
	Rows  []whyRow
}

// whyRow is one area or category.
type whyRow struct {
	Name, Href                string
	Before, After             string
	WeightBefore, WeightAfter string
	Rate, Mix, Total          string
	Number                    string // Total as a plain number, for sorting
	Good                      int
}

// How many bars and sentences a page shows.
const (
	mostSteps = 8
	mostWords = 4
)

// change is what /why asks: an indicator, an area and two periods.
type changeAsked struct {
	ind                   catalogue.Indicator
	area                  panels.Area
	before                string
	beforeSpan, afterSpan why.Span
}

// askedChange reads an address: the indicator, the area (level and code), and whether to
// compare with the period before (mom) or with a year ago (yoy).
func (s *Server) askedChange(f *frame) (changeAsked, error) {
	q := changeAsked{area: f.view.top}
	var err error
	if q.ind, err = s.askedIndicator(f); err != nil {
		return q, err
	}
	if level, code := f.Query.Get("level"), f.Query.Get("area"); level != "" && code != "" {
		if q.area, err = f.view.areas.find(level, code); err != nil {
			return q, err
		}
	}
	if q.area.Level == "district" && f.view.confined != "" { // the district's records are not this reader's to see
		if q.area, err = f.view.areas.find("subdistrict", f.view.confined); err != nil {
			return q, err
		}
	}
	previous, yearAgo := before(f.Period)
	q.before = previous
	if f.one("compare", "mom", "yoy") == "yoy" {
		q.before = yearAgo
	}
	if q.afterSpan.First, q.afterSpan.End, err = span(f.Period); err != nil {
		return q, err
	}
	q.beforeSpan.First, q.beforeSpan.End, err = span(panels.Period{Kind: f.Period.Kind, Name: q.before})
	return q, err
}

// askedIndicator is the indicator that the address names, else the first of the headline.
func (s *Server) askedIndicator(f *frame) (catalogue.Indicator, error) {
	if code := f.Query.Get("indicator"); code != "" {
		ind, ok := s.catalogue.ByCode(code)
		if !ok {
			return ind, fmt.Errorf("%w: there is no indicator %q", errNotFound, code)
		}
		return ind, nil
	}
	for _, code := range append(slices.Clone(s.config.Headline), defaultHeadline()...) {
		if ind, ok := s.catalogue.ByCode(code); ok {
			return ind, nil
		}
	}
	return s.catalogue[0], nil
}

// changeAnswered names a change of which the reasons are kept: the brief's are asked for again by who follows its link, and
// in the other language.
type changeAnswered struct {
	indicator, level, code string
	before, after          why.Span
}

// keptReasons is how many changes' reasons stay in memory, up to some hundred kB each.
const keptReasons = 64

// explain splits a change. It reads all records of the two periods.
func (f *frame) explain(q changeAsked) (why.Answer, error) {
	key := changeAnswered{q.ind.Code, q.area.Level, q.area.Code, q.beforeSpan, q.afterSpan}
	if a, ok := f.view.reasons.Get(key); ok {
		return a, nil
	}
	a, err := why.Explain(f.ctx, f.view.DB, why.Question{Indicator: q.ind, Level: q.area.Level, Code: q.area.Code, Before: q.beforeSpan, After: q.afterSpan, Least: f.view.threshold})
	if err == nil {
		f.view.reasons.Add(key, a)
	}
	return a, err
}

func (s *Server) why(f *frame) (content, error) {
	q, err := s.askedChange(f)
	if err != nil {
		return content{}, err
	}
	p := &whyPage{AreaLevel: q.area.Level}
	for _, i := range s.catalogue {
		p.Indicators = append(p.Indicators, choice{i.Code, i.Code + " " + i.Name.In(f.Lang), i.Code == q.ind.Code})
	}
	for _, c := range []string{"mom", "yoy"} {
		p.Compares = append(p.Compares, choice{c, f.T("compare_" + c), c == f.one("compare", "mom", "yoy")})
	}
	if p.Areas, err = f.areaTrail(q.area); err != nil {
		return content{}, err
	}
	title := f.T("why")
	a, err := f.explain(q)
	if p.Refusal = f.refusal(q, err); p.Refusal != "" {
		return content{"why", title, p}, nil
	}
	if err != nil {
		return content{}, err
	}
	names := f.namesBelow(q.area)
	p.Values = f.Href("/api/v1/why.csv", "indicator", q.ind.Code, "level", q.area.Level, "area", q.area.Code, "compare", f.Query.Get("compare"))
	p.Headline = f.changeSentence(q, a)
	p.Words = a.ByArea.Words(f.Lang, mostWords, f.AreaName(q.area), names, func(v float64) string { return f.amount(a.Scale*v, q.ind.Unit) })
	if p.ByArea, err = f.split("by-area", f.T("whyByArea"), q, a.ByArea, a.Scale, names); err != nil {
		return content{}, err
	}
	if q.area.Level != "community" {
		p.ByArea.link(f, below(q.area.Level), q, a.ByArea)
	}
	few := func(e why.Effect) bool { return e.Hidden }
	p.Few = slices.ContainsFunc(a.ByArea.Groups, few)
	if a.ByCategory != nil {
		p.Few = p.Few || slices.ContainsFunc(a.ByCategory.Groups, few)
		p.ByCategory, err = f.split("by-category", f.T("whyByCategory"), q, *a.ByCategory, a.Scale, f.categoryName)
	}
	return content{"why", title, p}, err
}

// refusal says in words why there is no split, or "".
func (f *frame) refusal(q changeAsked, err error) string {
	var refused *why.NotSeparableError
	name := q.ind.Name.In(f.Lang)
	switch {
	case errors.As(err, &refused) && refused.Kind == why.Median:
		return f.T("whyMedian", "Name", name)
	case errors.As(err, &refused):
		return f.T("whyNoParts", "Name", name)
	case errors.Is(err, why.ErrMonthsOnly):
		return f.T("whyMonthsOnly", "Name", name)
	case errors.Is(err, why.ErrTooFew):
		return f.T("whyHidden", "Name", name, "Area", f.AreaName(q.area))
	case errors.Is(err, why.ErrNoAreas):
		return f.T("whyNoAreas")
	case errors.Is(err, why.ErrNoData):
		return f.T("whyNoData", "Name", name, "Before", f.Locale.Period(q.before), "After", f.Locale.Period(f.Period.Name))
	}
	return ""
}

// changeSentence says by how much the indicator moved, and whether chance could do that.
func (f *frame) changeSentence(q changeAsked, a why.Answer) string {
	r := a.ByArea
	key := "whyRose"
	switch {
	case r.Change == 0:
		key = "whyStayed"
	case r.Change < 0:
		key = "whyFell"
	}
	text := f.T(key, "Area", f.AreaName(q.area), "Name", q.ind.Name.In(f.Lang), "Before", f.Locale.Period(q.before), "After", f.Locale.Period(f.Period.Name),
		"From", f.withUnit(a.Scale*r.Before, q.ind.Unit), "To", f.withUnit(a.Scale*r.After, q.ind.Unit), "By", f.amount(math.Abs(a.Scale*r.Change), q.ind.Unit))
	if !math.IsNaN(r.Interval.Low) && q.ind.Interval != "none" {
		beyond := "whyNoise"
		if r.BeyondChance() {
			beyond = "whyBeyond"
		}
		text += f.T(beyond, "Low", f.signed(a.Scale*r.Interval.Low, q.ind.Unit), "High", f.signed(a.Scale*r.Interval.High, q.ind.Unit))
	}
	return text + f.T("whyMixRate", "Rate", f.signed(a.Scale*r.Rate, q.ind.Unit), "Mix", f.signed(a.Scale*r.Mix, q.ind.Unit))
}

// split draws one way to split the change.
func (f *frame) split(id, title string, q changeAsked, r why.Result, scale float64, name func(string) string) (whySplit, error) {
	out := whySplit{Title: title}
	direction := map[string]int{"up": 1, "down": -1}[q.ind.Direction]
	good := func(v float64) int {
		switch {
		case v > 0:
			return direction
		case v < 0:
			return -direction
		}
		return 0
	}
	var steps []charts.Step
	for _, b := range r.Waterfall(mostSteps) {
		s := charts.Step{From: scale * b.From, To: scale * b.To, Label: f.signed(scale*(b.To-b.From), q.ind.Unit), Good: good(b.To - b.From)}
		switch b.Part {
		case why.PartBefore:
			s.Name, s.Whole = f.Locale.Period(q.before), true
		case why.PartAfter:
			s.Name, s.Whole = f.Locale.Period(f.Period.Name), true
		case why.PartMix:
			s.Name = f.T("whyMix")
		case why.PartOthers:
			s.Name = f.T("whyOthers")
		default:
			s.Name = name(b.Group)
		}
		if s.Whole {
			s.Label, s.Good = f.withUnit(s.To, q.ind.Unit), 0
		}
		steps = append(steps, s)
	}
	options, err := charts.Waterfall(steps)
	if err != nil {
		return out, err
	}
	out.Chart = charts.Chart{ID: id, Class: "jc-chart-tall", Label: f.T("whyChartLabel", "Title", title, "Name", q.ind.Name.In(f.Lang)), Options: options}
	for _, g := range largestFirst(r.Groups) {
		if g.Hidden {
			out.Rows = append(out.Rows, whyRow{Name: name(g.Key), Before: "—", After: "—", WeightBefore: "—", WeightAfter: "—", Rate: f.T("whyTooFew")})
			continue
		}
		out.Rows = append(out.Rows, whyRow{Name: name(g.Key), Before: f.orMissing(scale*g.ValueBefore, q.ind.Unit), After: f.orMissing(scale*g.ValueAfter, q.ind.Unit),
			WeightBefore: f.Locale.Value(g.WeightBefore, "percent"), WeightAfter: f.Locale.Value(g.WeightAfter, "percent"),
			Rate: f.signed(scale*g.Rate, q.ind.Unit), Mix: f.signed(scale*g.Mix, q.ind.Unit), Total: f.signed(scale*g.Total(), q.ind.Unit),
			Number: fmt.Sprint(scale * g.Total()), Good: good(g.Total())})
	}
	return out, nil
}

// largestFirst are the groups by the size of what they did; the hidden ones come last and
// keep their order, which would tell of their size.
func largestFirst(groups []why.Effect) []why.Effect {
	sorted := slices.Clone(groups)
	slices.SortStableFunc(sorted, func(a, b why.Effect) int {
		switch {
		case a.Hidden && b.Hidden:
			return 0
		case a.Hidden:
			return 1
		case b.Hidden:
			return -1
		}
		return cmp.Compare(math.Abs(b.Total()), math.Abs(a.Total()))
	})
	return sorted
}

// link lets an area's name lead one level down.
func (w *whySplit) link(f *frame, level string, q changeAsked, r why.Result) {
	for i, g := range largestFirst(r.Groups) {
		if g.Key != why.Unknown {
			w.Rows[i].Href = f.Href("/why", "indicator", q.ind.Code, "level", level, "area", g.Key, "compare", f.Query.Get("compare"))
		}
	}
}

// areaTrail are the areas that a page can be about: those above, the area itself, and those right below.
func (f *frame) areaTrail(a panels.Area) ([]choice, error) {
	out := []choice{{a.Level + ":" + a.Code, f.AreaName(a), true}}
	for above := a; above.ParentLevel != ""; {
		var err error
		if above, err = f.view.areas.above(above); err != nil {
			return nil, err
		}
		out = append([]choice{{above.Level + ":" + above.Code, f.AreaName(above), false}}, out...)
	}
	return out, nil
}

// namesBelow gives the names of the areas right below one.
func (f *frame) namesBelow(a panels.Area) func(string) string {
	names := map[string]string{why.Unknown: f.T("whyUnplaced")}
	for _, c := range f.view.areas.children(a) {
		names[c.Code] = c.Name
	}
	return func(code string) string {
		if name, ok := names[code]; ok {
			return name
		}
		return code
	}
}

func (f *frame) categoryName(key string) string {
	if key == why.Unknown {
		return f.T("whyUncategorised")
	}
	return key
}

// amount writes the size of a difference: percentage points for shares, else the unit's number.
func (f *frame) amount(v float64, unit string) string {
	if unit != "percent" {
		return f.withUnit(v, unit)
	}
	digits := 2
	if math.Abs(v) >= 0.1 {
		digits = 1
	}
	return strconv.FormatFloat(100*v, 'f', digits, 64) + map[string]string{"zh": " 个百分点", "en": " pp"}[f.Lang]
}

// signed is amount with its sign.
func (f *frame) signed(v float64, unit string) string {
	text := f.amount(math.Abs(v), unit)
	switch {
	case !strings.ContainsAny(text, "123456789"):
		return text // nothing is left after rounding
	case v > 0:
		return "+" + text
	case v < 0:
		return "−" + text
	}
	return text
}

func (f *frame) orMissing(v float64, unit string) string {
	if math.IsNaN(v) {
		return "—"
	}
	return f.Locale.Value(v, unit)
}

// whyTable is the page's numbers: the change split by area and by category, two levels each.
func (s *Server) whyTable(f *frame) (table, error) {
	q, err := s.askedChange(f)
	if err != nil {
		return table{}, err
	}
	a, err := f.explain(q)
	if text := f.refusal(q, err); text != "" {
		return table{}, fmt.Errorf("%w: %s", errNotFound, text)
	}
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"indicator", "geo_level", "geo_code", "before", "after", "split", "key", "part", "numerator_before", "denominator_before",
		"numerator_after", "denominator_after", "weight_before", "weight_after", "rate_effect", "mix_effect", "total_effect"}}
	add := func(split string, r why.Result) {
		row := func(key, part string, e why.Effect) {
			if e.Hidden {
				out.rows = append(out.rows, []any{q.ind.Code, q.area.Level, q.area.Code, q.before, f.Period.Name, split, key, part, nil, nil, nil, nil, nil, nil, nil, nil, nil})
				return
			}
			out.rows = append(out.rows, []any{q.ind.Code, q.area.Level, q.area.Code, q.before, f.Period.Name, split, key, part, e.Before.Num, e.Before.Den,
				e.After.Num, e.After.Den, e.WeightBefore, e.WeightAfter, a.Scale * e.Rate, a.Scale * e.Mix, a.Scale * e.Total()})
		}
		for _, g := range r.Groups {
			row(g.Key, "", g)
			for _, sub := range g.Subs {
				row(g.Key, sub.Key, sub)
			}
		}
	}
	add("area", a.ByArea)
	if a.ByCategory != nil {
		add("category", *a.ByCategory)
	}
	return out, nil
}
