package dashboards

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/why"
)

// brief is the report of one period (月报) on sheets of A4, its text written from the numbers.
type brief struct {
	Area     panels.Area
	Name     string
	Heads    []string // where the two indices stand
	Points   []string // what matters most, in sentences
	Headline []card
	Changes  []briefChange
	Quiet    string // what is said where nothing clearly changed
	Reasons  []reason
	Trends   []figure
	Signals  []signalLine
	Map      figure
	Look     []lookAt
	LookRule string
	Missed   []card
	Met      []card
	Untold   int // targets that the interval leaves open
	Quality  []string
	worse    []string // names of the indicators that clearly moved
	better   []string
}

// briefChange is one indicator that clearly moved.
type briefChange struct {
	Text string
	Good int
}

// reason says why one indicator moved.
type reason struct {
	Title string
	Words []string
	Href  string
}

// lookAt is one area that needs looking at, and why.
type lookAt struct {
	Name, Href string
	Worse      []string
	score      float64
}

// How much the brief has room for.
const (
	mostChanges = 8
	mostReasons = 3
	mostLooks   = 5
)

func (s *Server) brief(f *frame) (content, error) {
	a, err := f.chosenArea()
	if err != nil {
		return content{}, err
	}
	w, err := s.rowWork(f, a)
	if err != nil {
		return content{}, err
	}
	b := &brief{Area: a, Name: f.AreaName(a), Headline: s.headline(w.cards)}
	steps := []func(*rowWork) error{b.heads, b.changes, b.targets, b.trends, b.signals, b.look, b.quality}
	for _, step := range steps {
		if err := step(w); err != nil {
			return content{}, fmt.Errorf("brief of %s: %w", f.Period.Name, err)
		}
	}
	b.points(w)
	return content{"brief", f.T("brief"), b}, nil
}

// heads says where the two indices stand.
func (b *brief) heads(w *rowWork) error {
	f := w.f
	heads, err := f.headlines(b.Area)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if slices.Contains(indexCodes(), h.Index) && h.Score.Valid {
			b.Heads = append(b.Heads, f.place(f.T("index_"+h.Index), h.Place, b.Area))
		}
	}
	return nil
}

// changes are the indicators that clearly moved since the period before, the worse first, and for the largest why.
func (b *brief) changes(w *rowWork) error {
	f := w.f
	type moved struct {
		card card
		size float64
	}
	var worse, better []moved
	for _, c := range w.cards {
		if c.Before.Good == 0 || c.value == nil || w.hardlySince(c, w.previous()) {
			continue
		}
		m := moved{c, w.size(c)}
		if c.Before.Good < 0 {
			worse, b.worse = append(worse, m), append(b.worse, c.Name)
		} else {
			better, b.better = append(better, m), append(b.better, c.Name)
		}
	}
	largest := func(x, y moved) int { // what has an interval says more than a full count
		if (x.card.Interval != "") != (y.card.Interval != "") {
			return map[bool]int{true: -1, false: 1}[x.card.Interval != ""]
		}
		return cmp.Compare(y.size, x.size)
	}
	slices.SortStableFunc(worse, largest)
	slices.SortStableFunc(better, largest)
	for _, m := range append(worse, better...) {
		if len(b.Changes) < mostChanges {
			text := f.T("briefChange", "Name", m.card.Name, "Value", m.card.Value+spaced(m.card.Unit), "Change", m.card.Before.Text, "Judgement", m.card.Before.Hint)
			b.Changes = append(b.Changes, briefChange{text, m.card.Before.Good})
		}
		if len(b.Reasons) < mostReasons {
			if err := b.why(w, m.card); err != nil {
				return err
			}
		}
	}
	if len(b.Changes) == 0 {
		b.Quiet = f.T("headStill")
	}
	return nil
}

// spaced puts a space before a unit, where there is one.
func spaced(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}

// previous is the name of the period before.
func (w *rowWork) previous() string {
	previous, _ := before(w.f.Period)
	return previous
}

// size is how large a change is against the indicator's own value.
func (w *rowWork) size(c card) float64 {
	then, ok := w.series.past.At(c.Code, w.previous())
	if !ok || !then.Value.Valid || then.Value.Float64 == 0 {
		return 0
	}
	return abs(*c.value/then.Value.Float64 - 1)
}

// why splits a change by the areas below, and says its largest parts; what cannot be split is left out.
func (b *brief) why(w *rowWork, c card) error {
	f := w.f
	ind, ok := w.s.catalogue.ByCode(c.Code)
	i := slices.IndexFunc(f.periods, func(p panels.Period) bool { return p.Name == w.previous() })
	if !ok || i < 0 {
		return nil
	}
	first, end, err := span(f.periods[i])
	if err != nil {
		return err
	}
	answer, err := f.explain(changeAsked{ind: ind, area: b.Area, beforeSpan: why.Span{First: first, End: end}, afterSpan: why.Span{First: w.first, End: w.end}})
	var cannot *why.NotSeparableError
	if errors.As(err, &cannot) || errors.Is(err, why.ErrNoData) || errors.Is(err, why.ErrMonthsOnly) || errors.Is(err, why.ErrNoAreas) || errors.Is(err, why.ErrTooFew) {
		return nil
	}
	if err != nil {
		return err
	}
	if f.Locale.Value(abs(0.3*answer.ByArea.Change*answer.Scale), ind.Unit) == f.Locale.Value(0, ind.Unit) {
		return nil // its parts are too small to be written
	}
	names := w.namesBelow()
	amount := func(v float64) string { return f.amount(v*answer.Scale, ind.Unit) }
	words := answer.ByArea.Words(f.Lang, 2, b.Name, func(key string) string { return orUnknown(f, names, key) }, amount)
	if answer.ByCategory != nil {
		words = append(words, answer.ByCategory.Words(f.Lang, 2, b.Name, func(key string) string { return orUnknown(f, nil, key) }, amount)...)
	}
	if len(words) > 0 {
		b.Reasons = append(b.Reasons, reason{f.T("briefWhy", "Name", c.Name, "Change", c.Before.Text), words, f.Href("/why", "indicator", c.Code)})
	}
	return nil
}

// orUnknown is the name of a group of a split.
func orUnknown(f *frame, names map[string]string, key string) string {
	if key == why.Unknown {
		return f.T("unknown")
	}
	if name := names[key]; name != "" {
		return name
	}
	return key
}

// namesBelow are the names of the areas right below.
func (w *rowWork) namesBelow() map[string]string {
	names := map[string]string{}
	for _, c := range w.f.view.areas.children(w.area) {
		names[c.Code] = c.Name
	}
	return names
}

// targets sorts the indicators with a target into met, missed and open.
func (b *brief) targets(w *rowWork) error {
	for _, c := range w.cards {
		switch {
		case c.Target == "" || c.Value == "":
		case c.Met == 1:
			b.Met = append(b.Met, c)
		case c.Met == -1:
			b.Missed = append(b.Missed, c)
		default:
			b.Untold++
		}
	}
	return nil
}

// trends draws on-time closure and satisfaction, or what else the headline has.
func (b *brief) trends(w *rowWork) error {
	for _, code := range []string{"F13", "F51", "F31", "F14", "E31", "E21"} {
		ind, ok := w.s.catalogue.ByCode(code)
		if !ok {
			continue
		}
		g, err := w.trend(ind.Name.In(w.f.Lang), "", code)
		if err != nil {
			return err
		}
		if g.Chart.Empty() {
			continue
		}
		g.Chart.ID, g.Chart.Class, g.Chart.Still = "brief-"+code, "jc-chart-sheet", true
		b.Trends = append(b.Trends, g)
	}
	return nil
}

// signals says what was no noise.
func (b *brief) signals(w *rowWork) error {
	p := &areaPage{Area: b.Area}
	err := w.s.signals(w.f, p)
	b.Signals = p.Signals
	return err
}

// look finds the areas below that are clearly worse than the whole in most indicators, and draws them.
func (b *brief) look(w *rowWork) error {
	f := w.f
	level := below(b.Area.Level)
	if level == "" {
		return nil
	}
	names := w.namesBelow()
	numbers, err := panels.Numbers(f.ctx, f.view.DB, "", level, "", f.Period.Name, panels.Area{})
	if err != nil {
		return err
	}
	worse := map[string][]string{}
	for _, n := range numbers {
		ind, ok := w.s.catalogue.ByCode(n.Value.Indicator)
		whole := w.value(n.Value.Indicator)
		if _, below := names[n.Code]; !below || !ok || whole == nil || !n.Value.Low.Valid || !n.Value.High.Valid {
			continue
		}
		if ind.Direction == "up" && n.Value.High.Float64 < *whole || ind.Direction == "down" && n.Value.Low.Float64 > *whole {
			worse[n.Code] = append(worse[n.Code], ind.Name.In(f.Lang))
		}
	}
	for code, list := range worse {
		b.Look = append(b.Look, lookAt{names[code], f.AreaHref(level, code), list, float64(len(list))})
	}
	slices.SortFunc(b.Look, func(x, y lookAt) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return compareText(x.Name, y.Name)
	})
	b.LookRule = f.T("lookRule", "Level", f.Level(level))
	counts := make([]charts.Area, 0, len(names))
	g := figure{Title: f.T("lookMap"), Note: f.T("lookMapNote")}
	for code, name := range names {
		n := float64(len(worse[code]))
		counts = append(counts, charts.Area{Code: code, Name: name, Value: &n})
	}
	slices.SortFunc(counts, func(x, y charts.Area) int { return compareText(x.Code, y.Code) })
	has := f.view.areas.drawn[level]
	if has && len(counts) > 0 {
		options, err := charts.Choropleth("count", g.Title, counts, nil, 0, func(v float64) string { return f.Int(int64(v)) })
		if err != nil {
			return err
		}
		g.Chart = charts.Chart{ID: "brief-map", Class: "jc-chart-sheet jc-chart-sheet-tall", Label: g.Title, Options: options, Still: true,
			Map: "/api/v1/map/" + level + "?above=" + b.Area.Level + ":" + b.Area.Code + "&snapshot=" + f.view.Name}
	}
	b.Map = g
	b.Look = b.Look[:min(len(b.Look), mostLooks)]
	return nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// quality says how far the numbers can be trusted.
func (b *brief) quality(w *rowWork) error {
	f := w.f
	runs := f.view.quality.runs
	if len(runs) > 0 {
		r := runs[0]
		b.Quality = append(b.Quality, f.T("qualityRun", "Read", f.Int(r.Read), "Loaded", f.Int(r.Loaded), "Superseded", f.Int(r.Superseded), "Duplicate", f.Int(r.Duplicate), "Rejected", f.Int(r.Rejected)))
	}
	checks := f.view.quality.checks
	var findings []string
	for _, c := range checks {
		findings = append(findings, map[string]string{"zh": c.Zh, "en": c.En}[f.Lang]+f.T("inBrackets", "Text", f.Int(c.Failed)))
	}
	if len(findings) > 0 {
		b.Quality = append(b.Quality, f.T("qualityChecks", "List", f.enumerate(findings)))
	}
	late, err := f.freshness()
	if err != nil {
		return err
	}
	var behind []string
	for _, l := range late {
		if l.Late {
			behind = append(behind, l.Feed+f.T("inBrackets", "Text", l.Last))
		}
	}
	if len(behind) > 0 {
		b.Quality = append(b.Quality, f.T("qualityLate", "List", f.enumerate(behind)))
	} else {
		b.Quality = append(b.Quality, f.T("qualityFresh"))
	}
	var missing, few []string
	for _, c := range w.cards {
		if c.Value == "" {
			missing = append(missing, c.Name)
		}
		if slices.Contains(c.Flags, f.T("flag_small_n")) {
			few = append(few, c.Name)
		}
	}
	if len(missing) > 0 {
		b.Quality = append(b.Quality, f.T("qualityMissing", "N", len(missing), "List", f.enumerate(missing)))
	}
	if len(few) > 0 {
		b.Quality = append(b.Quality, f.T("qualityFew", "List", f.enumerate(few)))
	}
	if !f.Period.Complete {
		b.Quality = append(b.Quality, f.T("qualityPartial"))
	}
	return nil
}

// points are the first sheet's sentences.
func (b *brief) points(w *rowWork) {
	f := w.f
	b.Points = append(b.Points, b.Heads...)
	b.Points = append(b.Points, f.T("briefTargets", "Met", len(b.Met), "Missed", len(b.Missed), "Open", b.Untold))
	if len(b.worse) > 0 {
		b.Points = append(b.Points, f.T("headWorse", "List", f.enumerate(b.worse)))
	}
	if len(b.better) > 0 {
		b.Points = append(b.Points, f.T("headBetter", "List", f.enumerate(b.better)))
	}
	if b.Quiet != "" {
		b.Points = append(b.Points, b.Quiet)
	}
	if len(b.Signals) > 0 {
		b.Points = append(b.Points, f.T("briefSignals", "First", b.Signals[0].Text))
	} else {
		b.Points = append(b.Points, f.T("briefNoSignals"))
	}
	if len(b.Look) > 0 {
		var names []string
		for _, l := range b.Look {
			names = append(names, l.Name)
		}
		b.Points = append(b.Points, f.T("briefLook", "List", f.list(names)))
	}
}

// LongMissed is the missed targets that the sheet has room for.
func (b *brief) LongMissed() []card { return b.Missed[:min(len(b.Missed), 16)] }

// RestMissed are the names of the others.
func (b *brief) RestMissed() []string {
	var names []string
	for _, c := range b.Missed[len(b.LongMissed()):] {
		names = append(names, c.Name)
	}
	return names
}

// MetNames are the indicators that meet their targets.
func (b *brief) MetNames() []string {
	names := make([]string, len(b.Met))
	for i, c := range b.Met {
		names[i] = c.Name
	}
	return names
}

// FirstTrends are the charts of the first sheet, MoreTrends those of the second.
func (b *brief) FirstTrends() []figure { return b.Trends[:min(len(b.Trends), 2)] }

// MoreTrends are the charts of the second sheet: two beside the reasons, four where there are none to give.
func (b *brief) MoreTrends() []figure {
	room := 4
	if len(b.Reasons) > 0 || len(b.Changes) > 4 {
		room = 2
	}
	return b.Trends[min(len(b.Trends), 2):min(len(b.Trends), 2+room)]
}
