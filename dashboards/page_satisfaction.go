package dashboards

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/stat"
	"github.com/jiceng/jiceng/queries/surveys"
)

// satisfactionPage is what the satisfaction page shows of one scope.
type satisfactionPage struct {
	*scope
	Missing     string // why there is nothing to show, "" if there is
	Summary     []string
	Warnings    []warning
	Cards       []card
	Filters     []filter
	Spans       []link
	SpanName    string
	Stages      []surveyStage
	Likerts     []likert
	Units       []link
	UnitName    string
	Happy       charts.Chart
	Reached     charts.Chart
	FunnelNote  string
	Flagged     []flaggedRow
	FlaggedMore int
	Trend       charts.Chart
	Data        map[string]string
}

// warning is areas whose satisfaction should not be taken at its word.
type warning struct {
	Verdict string
	Text    string
}

// surveyStage is how many were left of those asked.
type surveyStage struct {
	Name, Share, Interval string
	Count, Of             int64
}

// likert is the scores by one thing.
type likert struct {
	Title string
	Chart charts.Chart
	Data  string
	Note  string
}

// flaggedRow is one area outside a limit.
type flaggedRow struct {
	Name, Href, Verdict, Word       string
	Asked, Answered, Scored         int64
	Reach, ReachRange               string
	Satisfaction, SatisfactionRange string
	ReachNumber, SatisfactionNumber string // as plain numbers, for sorting
}

// mostFlagged is how many areas outside a limit the table lists.
const mostFlagged = 40

// satisfactionCodes are the indicators that the page shows as cards.
func satisfactionCodes() []string { return []string{"F52", "F23", "F51", "F53", "F54"} }

func (s *Server) satisfaction(f *frame) (content, error) {
	sc, err := f.readScope()
	if err != nil {
		return content{}, err
	}
	p := &satisfactionPage{scope: sc, Data: map[string]string{}}
	cards, err := s.areaCards(f, sc.Area)
	if err != nil {
		return content{}, err
	}
	p.Cards = pick(cards, satisfactionCodes())
	if !f.view.feeds["satisfaction"] {
		p.Missing = f.T("noSurveys")
		return content{"satisfaction", f.T("satisfaction"), p}, nil
	}
	series, err := f.lines(sc.Area)
	if err != nil {
		return content{}, err
	}
	if err := f.sparkle(p.Cards, series); err != nil {
		return content{}, err
	}
	p.SpanName = f.spanName(sc)
	p.Spans = f.switcher("span", f.surveySpan(), []string{"year", "period"}, func(v string) string { return f.T("span_" + v) })
	if err := f.surveyFilters(p); err != nil {
		return content{}, err
	}
	all, _, err := surveys.Groups(f.ctx, f.view.DB, f.surveyScope(sc), "month")
	if err != nil {
		return content{}, err
	}
	if f.few(all.Asked) || f.few(all.Scored()) {
		p.Missing = f.T("tooFewAnswers", "Least", f.view.threshold)
		return content{"satisfaction", f.T("satisfaction"), p}, nil
	}
	p.Summary = f.surveyFindings(p, all)
	if all.Asked > 0 {
		p.Stages = f.stages(all)
		for _, step := range []func() error{
			func() error { return f.likerts(p) },
			func() error { return f.funnel(p) },
			func() error { return f.surveyTrend(p) },
		} {
			if err := step(); err != nil {
				return content{}, err
			}
		}
	}
	return content{"satisfaction", f.T("satisfaction"), p}, nil
}

// surveySpan says which months the charts count: the year up to the end of the period
// (a month has too few answers for one grid), or the period alone.
func (f *frame) surveySpan() string { return f.one("span", "year", "period", "two_years") }

func (f *frame) surveyScope(sc *scope) surveys.Scope {
	s := surveys.Scope{Level: sc.Area.Level, Code: sc.Area.Code, First: sc.First, End: sc.End, Only: sc.Only, Value: sc.Value}
	switch f.surveySpan() {
	case "year":
		s.First = s.End.AddDate(-1, 0, 0)
	case "two_years":
		s.First = s.End.AddDate(-2, 0, 0)
	}
	return s
}

// spanName is the months that the charts count.
func (f *frame) spanName(sc *scope) string {
	s := f.surveyScope(sc)
	first, last := s.First.Format("2006-01"), s.End.AddDate(0, -1, 0).Format("2006-01")
	if asOf, err := f.view.AsOf(); err == nil { // a period that is not over ends with the data
		last = min(last, asOf.Format("2006-01"))
	}
	if first == last {
		return f.Locale.Period(first)
	}
	return f.Locale.Period(first) + "–" + f.Locale.Period(last)
}

func (f *frame) surveyFilters(p *satisfactionPage) error {
	whole := f.surveyScope(p.scope)
	whole.Value = ""
	for _, field := range []string{"category", "channel"} {
		_, groups, err := surveys.Groups(f.ctx, f.view.DB, whole, field)
		if err != nil {
			return err
		}
		groups, _ = seen(f, groups, answerCounts)
		slices.SortStableFunc(groups, func(a, b surveys.Answers) int { return cmp.Compare(b.Asked, a.Asked) })
		var choices []choice
		for _, g := range groups {
			if g.Key != "" {
				choices = append(choices, choice{g.Key, f.valueName(field, g.Key) + " (" + f.Int(g.Asked) + ")", p.Only == field && p.Value == g.Key})
			}
		}
		if len(choices) > 1 || p.Only == field {
			p.Filters = append(p.Filters, filter{field, choices})
		}
	}
	return nil
}

// stages are how many of those asked were reached, answered, and said what.
func (f *frame) stages(a surveys.Answers) []surveyStage {
	stage := func(key string, count, of int64) surveyStage {
		e := stat.Wilson(float64(count), float64(of), 0.95)
		s := surveyStage{Name: f.T(key), Share: f.share(e), Count: count, Of: of}
		if !math.IsNaN(e.Low) {
			s.Interval = f.Locale.Value(e.Low, "percent") + "–" + f.Locale.Value(e.High, "percent")
		}
		return s
	}
	all := []surveyStage{
		stage("stageContacted", a.Contacted, a.ContactKnown), stage("stageAnswered", a.Answered, a.Asked),
		stage("stageResolved", a.Resolved, a.ResolvedKnown), stage("stageSatisfied", a.Satisfied(), a.Scored()),
	}
	return slices.DeleteFunc(all, func(s surveyStage) bool { return s.Of == 0 })
}

// likertBy is what scores are shown by.
func (f *frame) likertBy(sc *scope) []string {
	var by []string
	if sc.BelowLevel != "" {
		by = append(by, sc.BelowLevel)
	}
	if sc.Value == "" { // one category or channel is counted by area alone
		by = append(by, "channel", "category", "handler")
	}
	return by
}

// mostAnswersRows is how many groups one chart of scores shows.
const mostAnswersRows = 16

// fewestScores is how many answers a group needs to be drawn; the table has all groups.
const fewestScores = 10

func (f *frame) likerts(p *satisfactionPage) error {
	for _, by := range f.likertBy(p.scope) {
		all, groups, err := surveys.Groups(f.ctx, f.view.DB, f.surveyScope(p.scope), by)
		if err != nil {
			return err
		}
		l := likert{Title: f.T("scoresBy", "By", f.groupKind(p.scope, by)), Data: f.data(p.scope, "surveys", "by", by, "span", f.surveySpan())}
		groups, few := seen(f, groups, answerCounts)
		groups = slices.DeleteFunc(groups, func(a surveys.Answers) bool {
			if a.Scored() > 0 && a.Scored() < fewestScores {
				few++
			}
			return a.Scored() < fewestScores
		})
		if few > 0 {
			l.Note = f.T("tooFewScores", "Fewest", fewestScores, "N", few)
		}
		slices.SortStableFunc(groups, func(a, b surveys.Answers) int { return cmp.Compare(b.Scored(), a.Scored()) })
		if len(groups) > mostAnswersRows {
			l.Note = strings.TrimSpace(f.T("rowsMost", "Shown", mostAnswersRows, "All", len(groups)) + " " + l.Note)
			groups = groups[:mostAnswersRows]
		}
		slices.SortStableFunc(groups, func(a, b surveys.Answers) int { return cmp.Compare(b.Satisfaction().Value, a.Satisfaction().Value) })
		if len(groups) > 0 {
			all.Key = ""
			if l.Chart, err = f.likertChart(p.scope, by, append([]surveys.Answers{all}, groups...)); err != nil {
				return err
			}
		}
		l.Note = strings.TrimSpace(f.T("likertNote") + " " + l.Note)
		p.Likerts = append(p.Likerts, l)
	}
	return nil
}

// answerCounts are the counts of a group of answers that are shown together.
func answerCounts(a surveys.Answers) []int64 { return []int64{a.Asked, a.Scored()} }

// groupKind is what groups of answers are: a geo level's name, or that of a field.
func (f *frame) groupKind(sc *scope, by string) string {
	if by == sc.BelowLevel || slices.Contains([]string{"subdistrict", "community", "grid"}, by) {
		return f.Level(by)
	}
	if by == "handler" {
		return f.T("by_handlerKind")
	}
	return f.T("by_" + by)
}

// groupName is the name of one group of answers.
func (f *frame) groupName(sc *scope, by, key string) string {
	switch by {
	case "category", "channel":
		return f.valueName(by, key)
	case "handler":
		if key == "" {
			return f.T("notStated")
		}
		return f.code("handler", key)
	}
	return f.areaName(sc, by, key)
}

// likertChart draws scores to both sides of the middle, the first row being the whole.
func (f *frame) likertChart(sc *scope, by string, groups []surveys.Answers) (charts.Chart, error) {
	colours := []string{"#c2500a", "#eda45f", "#b9c0c9", "#6aaed6", "#0b5f98"}
	names := make([]string, len(groups))
	for i, g := range groups {
		name := f.T("allTogether")
		if i > 0 {
			name = f.groupName(sc, by, g.Key)
		}
		names[i] = name + "\n" + f.T("likertN", "Share", f.share(g.Satisfaction()), "N", f.Int(g.Scored()), "Reach", f.share(g.Reach()))
	}
	// Nearest to the middle first: half of the 3s, then 2 and 1 to the left, 4 and 5 to the right.
	var layers []charts.Pile
	largest := 0.0
	for _, part := range []struct {
		score int
		sign  float64
		half  float64
	}{{3, -1, 0.5}, {2, -1, 1}, {1, -1, 1}, {3, 1, 0.5}, {4, 1, 1}, {5, 1, 1}} {
		l := charts.Pile{Name: f.T("score_" + strconv.Itoa(part.score)), Color: colours[part.score-1]}
		for row, g := range groups {
			n := g.Scores[part.score-1]
			if n == 0 {
				continue
			}
			share := float64(n) / float64(g.Scored())
			b := charts.Block{Row: row, Value: part.sign * part.half * share, Tip: names[row] + "\n" + l.Name + " " + f.Locale.Value(share, "percent") + "  " + f.T("answersN", "N", f.Int(n)) + "\n" + f.interval(g.Satisfaction())}
			if row > 0 && by == sc.BelowLevel {
				b.Code = g.Key
			}
			l.Blocks = append(l.Blocks, b)
		}
		layers = append(layers, l)
	}
	for _, g := range groups {
		n := float64(g.Scored())
		left := (float64(g.Scores[0]+g.Scores[1]) + float64(g.Scores[2])/2) / n
		largest = max(largest, left, 1-left)
	}
	options, err := charts.Stacked(names, layers, f.scoreNames(), "absolutePercent", math.Ceil(10*largest)/10, true)
	c := charts.Chart{ID: "scores-" + by, Class: tallFor(len(names)), Label: f.T("scoresBy", "By", f.groupKind(sc, by)), Options: options}
	if by == sc.BelowLevel {
		c.Link = f.With("level", by, "area", "CODE")
	}
	return c, err
}

// scoreNames are what the scores 1 to 5 are called.
func (f *frame) scoreNames() []string {
	var names []string
	for score := 1; score <= 5; score++ {
		names = append(names, f.T("score_"+strconv.Itoa(score)))
	}
	return names
}

// interval writes satisfaction's interval.
func (f *frame) interval(e stat.Estimate) string {
	if math.IsNaN(e.Low) {
		return ""
	}
	return f.T("satisfiedInterval", "Low", f.Locale.Value(e.Low, "percent"), "High", f.Locale.Value(e.High, "percent"))
}

// unit is the level whose areas the funnel compares, and those it could.
func (f *frame) unit(sc *scope) (chosen string, all []string) {
	for _, level := range []string{"grid", "community", "subdistrict"} {
		if level == sc.Area.Level {
			break
		}
		all = append(all, level)
	}
	if len(all) == 0 {
		return "", nil
	}
	return f.one("unit", all...), all
}

func (f *frame) makeFunnel(sc *scope) (surveys.Funnel, string, error) {
	unit, _ := f.unit(sc)
	if unit == "" {
		return surveys.NewFunnel(nil), "", nil
	}
	f.learnNames(sc, unit)
	_, groups, err := surveys.Groups(f.ctx, f.view.DB, f.surveyScope(sc), unit)
	groups, _ = seen(f, groups, answerCounts)
	groups = slices.DeleteFunc(groups, func(a surveys.Answers) bool { return a.Key == "" })
	return surveys.NewFunnel(groups), unit, err
}

// funnel draws satisfaction and reach of every area against the limits that chance leaves.
func (f *frame) funnel(p *satisfactionPage) error {
	funnel, unit, err := f.makeFunnel(p.scope)
	if err != nil || unit == "" {
		return err
	}
	_, units := f.unit(p.scope)
	p.Units = f.switcher("unit", unit, units, f.Level)
	p.UnitName = f.Level(unit)
	p.Data["funnel"] = f.data(p.scope, "survey-funnel", "unit", unit, "span", f.surveySpan())
	if len(funnel.Points) < 3 {
		return nil
	}
	p.FunnelNote = f.funnelNote(funnel)
	f.flag(p, funnel, unit)
	if p.Happy, err = f.funnelChart(p, "happy", funnel, unit); err != nil {
		return err
	}
	p.Reached, err = f.funnelChart(p, "reached", funnel, unit)
	return err
}

func (f *frame) funnelNote(funnel surveys.Funnel) string {
	note := f.T("funnelNote")
	for _, part := range []struct {
		name   string
		funnel stat.Funnel
	}{{"satisfiedShort", funnel.Satisfaction}, {"reachShort", funnel.Reach}} {
		if part.funnel.Overdispersed {
			note += f.T("overdispersed", "What", f.T(part.name), "Phi", strconv.FormatFloat(part.funnel.Phi, 'f', 2, 64), "Tau", f.Locale.Value(math.Sqrt(part.funnel.Tau2), "percent"))
		}
	}
	return note
}

// verdictColours mark the areas that need looking at.
func verdictColours() map[surveys.Verdict]string {
	return map[surveys.Verdict]string{surveys.Steered: "#c2007a", surveys.Suspect: "#c2007a", surveys.Unreached: charts.Amber, surveys.Dissatisfied: charts.Orange, surveys.Satisfied: charts.Blue}
}

// severity orders verdicts, those that need looking at most first.
func severity() []surveys.Verdict {
	return []surveys.Verdict{surveys.Steered, surveys.Suspect, surveys.Unreached, surveys.Dissatisfied, surveys.Satisfied}
}

// flag lists the areas outside a limit, and warns of those whose answers look steered or say little.
func (f *frame) flag(p *satisfactionPage, funnel surveys.Funnel, unit string) {
	names := map[surveys.Verdict][]string{}
	for _, point := range sortedPoints(funnel) {
		if point.Verdict == surveys.Usual {
			continue
		}
		reach, satisfaction := point.Reach(), point.Satisfaction()
		name := f.areaName(p.scope, unit, point.Key)
		p.Flagged = append(p.Flagged, flaggedRow{
			Name: name, Href: f.at(panels.Area{Level: unit, Code: point.Key}), Verdict: string(point.Verdict), Word: f.T("verdict_" + string(point.Verdict)),
			Asked: point.Asked, Answered: point.Answered, Scored: point.Scored(),
			Reach: f.share(reach), ReachRange: f.limits(point.Reach998), Satisfaction: f.share(satisfaction), SatisfactionRange: f.limits(point.Satisfaction998),
			ReachNumber: sortable(reach.Value), SatisfactionNumber: sortable(satisfaction.Value)})
		names[point.Verdict] = append(names[point.Verdict], f.T("flaggedName", "Name", name, "Reach", f.share(reach), "Satisfaction", f.share(satisfaction)))
	}
	for _, verdict := range []surveys.Verdict{surveys.Steered, surveys.Suspect, surveys.Unreached} {
		if found := names[verdict]; len(found) > 0 {
			p.Warnings = append(p.Warnings, warning{string(verdict), f.T("warning_"+string(verdict), "N", len(found), "Unit", p.UnitName, "List", f.enumerate(found))})
		}
	}
	if len(p.Flagged) > mostFlagged {
		p.FlaggedMore = len(p.Flagged) - mostFlagged
		p.Flagged = p.Flagged[:mostFlagged]
	}
}

// sortedPoints are the points by verdict, within one the most contacts first.
func sortedPoints(funnel surveys.Funnel) []surveys.Point {
	order := severity()
	rank := func(v surveys.Verdict) int {
		if i := slices.Index(order, v); i >= 0 {
			return i
		}
		return len(order)
	}
	points := slices.Clone(funnel.Points)
	slices.SortStableFunc(points, func(a, b surveys.Point) int {
		return cmp.Or(cmp.Compare(rank(a.Verdict), rank(b.Verdict)), cmp.Compare(b.Asked, a.Asked), cmp.Compare(a.Key, b.Key))
	})
	return points
}

// sortable is a number as computers read it, "" where there is none.
func sortable(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func (f *frame) limits(i stat.Interval) string {
	if math.IsNaN(i.Low) {
		return "—"
	}
	return f.Locale.Value(i.Low, "percent") + "–" + f.Locale.Value(i.High, "percent")
}

// mostNamed is how many areas a funnel plot names.
const mostNamed = 8

// funnelChart draws one of the two funnels: happy (satisfaction) or reached (reach).
func (f *frame) funnelChart(p *satisfactionPage, what string, funnel surveys.Funnel, unit string) (charts.Chart, error) {
	estimate, size, of, nName := surveys.Answers.Satisfaction, surveys.Answers.Scored, funnel.Satisfaction, f.T("scoredN")
	if what == "reached" {
		estimate, size, of, nName = surveys.Answers.Reach, func(a surveys.Answers) int64 { return a.Asked }, funnel.Reach, f.T("askedN")
	}
	colours := verdictColours()
	var spots []charts.Spot
	var most int64
	together := map[[2]float64]int{} // usual areas in one place are one spot
	for _, point := range sortedPoints(funnel) {
		n := size(point.Answers)
		if n == 0 {
			continue
		}
		most = max(most, n)
		name := f.areaName(p.scope, unit, point.Key)
		spot := charts.Spot{N: float64(n), Share: estimate(point.Answers).Value, Name: name, Code: point.Key, Color: colours[point.Verdict],
			Tip: name + "\n" + f.T("satisfiedShort") + " " + f.share(point.Satisfaction()) + " (n = " + f.Int(point.Scored()) + ")\n" + f.T("reachShort") + " " + f.share(point.Reach()) + " (n = " + f.Int(point.Asked) + ")"}
		spot.Areas = 1
		if point.Verdict != surveys.Usual {
			spot.Tip += "\n" + f.T("verdict_"+string(point.Verdict))
			spot.Named = len(spots) < mostNamed
			spots = append(spots, spot)
			continue
		}
		place := [2]float64{spot.N, spot.Share}
		if i, taken := together[place]; taken {
			at := &spots[i]
			at.Areas++
			at.Name, at.Code = f.T("areasN", "N", at.Areas, "Unit", p.UnitName), ""
			at.Tip = at.Name + "\n" + f.Locale.Value(at.Share, "percent") + " (n = " + f.Int(n) + ")"
			continue
		}
		together[place] = len(spots)
		spots = append(spots, spot)
	}
	if len(spots) == 0 {
		return charts.Chart{}, nil
	}
	var bounds []charts.Bounds
	for _, level := range []struct {
		name   string
		conf   float64
		dashed bool
	}{{"99.8%", 0.998, false}, {"95%", 0.95, true}} {
		b := charts.Bounds{Name: f.T("limitN", "Level", level.name), Dashed: level.dashed}
		step := max(1, float64(most)/150)
		for n := 1.0; n <= 1.04*float64(most); n += step {
			l := of.Limits(math.Round(n), level.conf)
			b.Limits = append(b.Limits, charts.Limit{N: math.Round(n), Low: l.Low, High: l.High})
		}
		bounds = append(bounds, b)
	}
	options, err := charts.FunnelPlot(spots, of.Target, f.T("meanN", "Share", f.Locale.Value(of.Target, "percent")), bounds, nName, f.T("value"))
	return charts.Chart{ID: "funnel-" + what, Class: "jc-chart-tall", Label: f.T("funnelLabel_"+what, "Unit", p.UnitName), Options: options, Link: f.With("level", unit, "area", "CODE")}, err
}

// surveyTrend draws the rates by month, of two years up to the end of the period.
func (f *frame) surveyTrend(p *satisfactionPage) error {
	s := f.surveyScope(p.scope)
	s.First = s.End.AddDate(-2, 0, 0)
	p.Data["trend"] = f.data(p.scope, "surveys", "by", "month", "span", "two_years")
	_, months, err := surveys.Groups(f.ctx, f.view.DB, s, "month")
	if err != nil || len(months) == 0 {
		return err
	}
	months, _ = seen(f, months, answerCounts)
	if len(months) == 0 {
		return nil
	}
	byMonth := map[string]surveys.Answers{}
	for _, m := range months {
		byMonth[m.Key] = m
	}
	first, err := time.Parse("2006-01", months[0].Key)
	if err != nil {
		return err
	}
	lines := []charts.Line{{Name: f.T("satisfiedShort"), Color: charts.Blue}, {Name: f.T("resolvedShort"), Color: charts.Green}, {Name: f.T("reachShort"), Color: charts.Amber, Dashed: true}}
	for month := first; month.Format("2006-01") <= months[len(months)-1].Key; month = month.AddDate(0, 1, 0) {
		m := byMonth[month.Format("2006-01")]
		for i, e := range []stat.Estimate{m.Satisfaction(), m.Resolution(), m.Reach()} {
			q := charts.Point{At: month.Format("2006-01")}
			if !math.IsNaN(e.Value) {
				q.Value, q.Low, q.High = &e.Value, &e.Low, &e.High
			}
			lines[i].Points = append(lines[i].Points, q)
		}
	}
	options, err := charts.Trend("percent", lines, nil, "", f.T("satisfiedShort")+" "+f.T("interval"))
	p.Trend = charts.Chart{ID: "trend", Label: f.T("surveyTrendLabel"), Options: options}
	return err
}

// surveyFindings is the page in one sentence.
func (f *frame) surveyFindings(p *satisfactionPage, all surveys.Answers) []string {
	if all.Asked == 0 {
		return []string{f.T("noSurveysIn", "Name", p.Name, "Span", p.SpanName)}
	}
	name := p.Name
	if p.Value != "" {
		name += " · " + f.valueName(p.Only, p.Value)
	}
	words := f.T("foundSurveys", "Name", name, "Span", p.SpanName, "Asked", f.Int(all.Asked), "Reach", f.share(all.Reach()))
	if e := all.Resolution(); !math.IsNaN(e.Value) {
		words += f.T("foundResolved", "Share", f.share(e))
	}
	if e := all.Satisfaction(); !math.IsNaN(e.Value) {
		words += f.T("foundSatisfied", "Share", f.share(e), "Low", f.Locale.Value(e.Low, "percent"), "High", f.Locale.Value(e.High, "percent"))
	}
	return []string{words + f.T("fullStop")}
}

// surveyTable is the answers by something, with the rates and their intervals.
func (s *Server) surveyTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	by := f.one("by", append(f.likertBy(sc), "month", "subdistrict", "community", "grid")...)
	if slices.Contains([]string{"subdistrict", "community", "grid"}, by) {
		f.learnNames(sc, by)
	}
	all, groups, err := surveys.Groups(f.ctx, f.view.DB, f.surveyScope(sc), by)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"by", "key", "name", "asked", "contact_known", "contacted", "answered", "resolved_known", "resolved", "score_1", "score_2", "score_3", "score_4", "score_5",
		"reach", "reach_low", "reach_high", "resolution", "resolution_low", "resolution_high", "satisfaction", "satisfaction_low", "satisfaction_high"}}
	add := func(by, key, name string, a surveys.Answers) {
		row := []any{by, key, name, a.Asked, a.ContactKnown, a.Contacted, a.Answered, a.ResolvedKnown, a.Resolved}
		for _, n := range a.Scores {
			row = append(row, n)
		}
		for _, e := range []stat.Estimate{a.Reach(), a.Resolution(), a.Satisfaction()} {
			row = append(row, finite(e.Value), finite(e.Low), finite(e.High))
		}
		out.rows = append(out.rows, row)
	}
	if f.few(all.Asked) || f.few(all.Scored()) {
		return out, nil
	}
	add("all", "", sc.Name, all)
	groups, _ = seen(f, groups, answerCounts)
	for _, g := range groups {
		name := g.Key
		if by != "month" {
			name = f.groupName(sc, by, g.Key)
		}
		add(by, g.Key, name, g)
	}
	return out, nil
}

// funnelTable is every area of the funnel with its limits and verdict.
func (s *Server) funnelTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	funnel, unit, err := f.makeFunnel(sc)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"geo_level", "geo_code", "name", "asked", "answered", "reach", "reach_low_95", "reach_high_95", "reach_low_998", "reach_high_998",
		"scored", "satisfied", "satisfaction", "satisfaction_low_95", "satisfaction_high_95", "satisfaction_low_998", "satisfaction_high_998", "verdict"}}
	for _, p := range sortedPoints(funnel) {
		out.rows = append(out.rows, []any{unit, p.Key, f.areaName(sc, unit, p.Key), p.Asked, p.Answered, finite(p.Reach().Value), finite(p.Reach95.Low), finite(p.Reach95.High), finite(p.Reach998.Low), finite(p.Reach998.High),
			p.Scored(), p.Satisfied(), finite(p.Satisfaction().Value), finite(p.Satisfaction95.Low), finite(p.Satisfaction95.High), finite(p.Satisfaction998.Low), finite(p.Satisfaction998.High), string(p.Verdict)})
	}
	return out, nil
}
