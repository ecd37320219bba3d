package dashboards

import (
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
)

// shownHeadline is how many indicators the overview shows as cards where the configuration does not say.
const shownHeadline = 8

// defaultHeadline is what a leader is asked about first: is it done, in time, on the
// spot, to people's satisfaction, and by whom. The first that have data are shown.
func defaultHeadline() []string {
	return []string{"F13", "F14", "F23", "F51", "F31", "F24", "E31", "E21", "F22", "F15", "F17", "F42", "E52", "F25", "E13", "F16"}
}

// headline is the cards that the overview shows.
func (s *Server) headline(cards []card) []card {
	if len(s.config.Headline) > 0 {
		return pick(cards, s.config.Headline)
	}
	candidates := pick(cards, defaultHeadline())
	chosen := slices.DeleteFunc(slices.Clone(candidates), func(c card) bool { return c.Value == "" })
	for _, c := range candidates { // what is missing stays in sight where there is room
		if c.Value == "" && len(chosen) < shownHeadline {
			chosen = append(chosen, c)
		}
	}
	return chosen[:min(shownHeadline, len(chosen))]
}

// areaPage is what the overview and an area's page show.
type areaPage struct {
	Area        panels.Area
	Name        string
	Crumbs      []crumb
	Summary     []string
	Indices     []card
	Headline    []card
	Signals     []signalLine
	SignalsMore string      // address of all signals
	Dimensions  []dimension // the area's page only
	Chosen      measure     // what map, ranking and trend show
	Indicators  []choice
	Levels      []choice // levels below that the map can show
	Level       string
	Map         charts.Chart
	MapNote     string
	Ranking     charts.Chart
	RankingNote string
	Trend       charts.Chart
	Cases       areaCases
	Feeds       []freshness // the overview only
	Values      string      // address of the map's numbers as CSV
	Series      string      // of the trend's
	AllValues   string      // of all indicators of the area
}

type crumb struct{ Name, Href string }

type choice struct {
	Value, Name string
	Chosen      bool
}

type freshness struct {
	Feed, Department string
	Last             string
	Days             int // between the last event and the end of the data
	Late             bool
}

// mostRanked is how many areas a ranking names.
const mostRanked = 24

func (s *Server) overview(f *frame) (content, error) {
	p, err := s.areaPage(f, f.view.top)
	if err != nil {
		return content{}, err
	}
	if p.Feeds, err = f.freshness(); err != nil {
		return content{}, err
	}
	return content{"overview", f.T("overview"), p}, nil
}

func (s *Server) area(f *frame) (content, error) {
	a, err := f.view.areas.find(f.Params("level"), f.Params("code"))
	if err != nil {
		return content{}, err
	}
	p, err := s.areaPage(f, a)
	if err != nil {
		return content{}, err
	}
	return content{"area", p.Name, p}, nil
}

func (s *Server) areaPage(f *frame, a panels.Area) (*areaPage, error) {
	p := &areaPage{Area: a, Name: f.AreaName(a)}
	var err error
	if p.Crumbs, err = f.crumbs(a); err != nil {
		return nil, err
	}
	cards, err := s.areaCards(f, a)
	if err != nil {
		return nil, err
	}
	series, err := f.lines(a)
	if err != nil {
		return nil, err
	}
	p.Summary = f.summary(cards)
	p.Headline = s.headline(cards)
	if err := f.sparkle(p.Headline, series); err != nil {
		return nil, err
	}
	p.Dimensions = f.byDimension(cards)
	p.SignalsMore = f.Href("/signals")
	if p.Indices, err = f.indexCards(a); err != nil {
		return nil, err
	}
	p.Chosen = s.chosenMeasure(f, p.Headline)
	p.Indicators = s.choices(f, p.Chosen)
	p.Series = f.Href("/api/v1/series.csv", "indicator", p.Chosen.Code, "level", a.Level, "area", a.Code, "period", f.Period.Name)
	p.AllValues = f.Href("/api/v1/values.csv", "level", a.Level, "area", a.Code, "period", f.Period.Name)
	p.setLevels(f)
	reference, err := f.history(p.Chosen, a)
	if err != nil {
		return nil, err
	}
	steps := []func() error{
		func() error { return s.places(f, p, reference) },
		func() error { return f.trend(p, reference) },
		func() (err error) { p.Cases, err = f.areaCases(a); return err },
		func() error { return s.signals(f, p) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *areaPage) setLevels(f *frame) {
	var levels []string
	for level := below(p.Area.Level); level != ""; level = below(level) {
		levels = append(levels, level)
	}
	if len(levels) == 0 {
		return
	}
	p.Level = f.one("level", levels...)
	for _, level := range levels {
		p.Levels = append(p.Levels, choice{level, f.Level(level), level == p.Level})
	}
}

func (f *frame) crumbs(a panels.Area) ([]crumb, error) {
	var path []crumb
	for a.ParentLevel != "" {
		above, err := f.view.areas.above(a)
		if err != nil {
			return nil, err
		}
		path = append(path, crumb{f.AreaName(above), f.AreaHref(above.Level, above.Code)})
		a = above
	}
	slices.Reverse(path)
	return path, nil
}

// signalLine is one signal in words.
type signalLine struct {
	Text    string // the whole sentence
	Place   string
	Short   string // the sentence without the place
	Good    int
	Href    string
	Ongoing bool
}

// signalGroup is the signals of one place.
type signalGroup struct {
	Place string
	Lines []signalLine
}

// SignalGroups are the signals by place, in the order in which the places come first.
func (p *areaPage) SignalGroups() []signalGroup {
	var groups []signalGroup
	for _, line := range p.Signals {
		i := slices.IndexFunc(groups, func(g signalGroup) bool { return g.Place == line.Place })
		if i < 0 {
			i, groups = len(groups), append(groups, signalGroup{Place: line.Place})
		}
		groups[i].Lines = append(groups[i].Lines, line)
	}
	return groups
}

// mostSignals is how many signals the overview names.
const mostSignals = 6

// signals names what stood out in the period.
func (s *Server) signals(f *frame, p *areaPage) error {
	first, end, err := span(f.Period)
	if err != nil {
		return err
	}
	found := f.view.signals.Of(p.Area, first, end, mostSignals)
	if err := f.showPeriod(p.Area, found); err != nil {
		return err
	}
	for _, x := range found {
		name, unit := f.T("casesReported"), "count"
		if ind, ok := s.catalogue.ByCode(x.Indicator); ok {
			name, unit = ind.Name.In(f.Lang), ind.Unit
		}
		place := x.Name
		if x.Level == "district" {
			place = f.Place()
		}
		line := signalLine{Good: map[string]int{"better": 1, "worse": -1}[x.Meaning], Ongoing: x.Ongoing, Href: f.AreaHref(x.Level, x.Code, "indicator", x.Indicator)}
		line.Place = place
		line.Text = f.T("signal_"+x.Side, "Place", place, "Name", name, "Value", f.withUnit(x.Value, unit), "Usual", f.withUnit(x.Centre, unit))
		line.Short = f.T("signalShort_"+x.Side, "Name", name, "Value", f.withUnit(x.Value, unit), "Usual", f.withUnit(x.Centre, unit))
		p.Signals = append(p.Signals, line)
	}
	return nil
}

// withUnit is a value with its unit behind it.
func (f *frame) withUnit(v float64, unit string) string {
	name := f.Unit(unit)
	if short := f.T("unitShort_" + unit); !strings.HasPrefix(short, "⟦") {
		name = short
	}
	if name != "" {
		return f.Locale.Value(v, unit) + " " + name
	}
	return f.Locale.Value(v, unit)
}

// places fills the map and the ranking of the areas below.
func (s *Server) places(f *frame, p *areaPage, own []charts.Point) error {
	if p.Level == "" {
		return nil
	}
	m := p.Chosen
	ranked, err := f.rankedBy(m, p.Level, p.Area)
	if err != nil {
		return err
	}
	var reference *float64
	if len(own) > 0 && own[len(own)-1].At == f.Period.Name {
		reference = own[len(own)-1].Value
	}
	areas := make([]charts.Area, len(ranked))
	for i, r := range ranked {
		areas[i] = f.ranked(m, r, reference)
	}
	better := map[string]int{"up": 1, "down": -1}[m.Direction]
	format := func(v float64) string { return f.Locale.Value(v, m.Unit) }
	options, err := charts.Choropleth(m.Unit, m.Name, areas, reference, better, format)
	if err != nil {
		return err
	}
	p.Map = charts.Chart{ID: "map", Class: "jc-chart-tall", Label: f.T("mapLabel", "Name", m.Name), Options: options,
		Map:  "/api/v1/map/" + p.Level + "?above=" + p.Area.Level + ":" + p.Area.Code + "&snapshot=" + f.view.Name,
		Link: f.Href("/area/"+p.Level+"/CODE", "indicator", m.Code)}
	p.MapNote = f.T("mapNote")
	if reference != nil && better != 0 {
		p.MapNote = f.T("mapColours", "Name", p.Name, "Value", format(*reference)) + p.MapNote
	}
	has := f.view.areas.drawn[p.Level]
	if !has {
		p.Map, p.MapNote = charts.Chart{}, f.T("noBoundaries")
	}
	within := "" // of the whole district, all areas of the level
	if p.Area.Level != "district" {
		within = p.Area.Level + ":" + p.Area.Code
	}
	p.Values = f.Href("/api/v1/values.csv", "indicator", m.Code, "level", p.Level, "period", f.Period.Name, "above", within)
	if m.Index {
		p.Values = f.Href("/api/v1/indices.csv", "index", m.Code, "level", p.Level, "period", f.Period.Name, "above", within)
	}
	return p.rank(f, areas, reference)
}

// ranked turns a ranking's row into an area of a chart, and says whether it can be told apart from the reference.
func (f *frame) ranked(m measure, r panels.Ranked, reference *float64) charts.Area {
	a := charts.Area{Code: r.Code, Name: r.Name, Value: pointer(r.Value), Low: pointer(r.Low), High: pointer(r.High)}
	if r.N.Valid {
		a.Note = "n = " + f.Int(r.N.Int64)
	}
	if reference == nil || a.Value == nil {
		return a
	}
	switch low, high := extent(*a.Value, r.Low, r.High); {
	case low > *reference:
		a.Apart = 1
	case high < *reference:
		a.Apart = -1
	}
	a.Good = a.Apart * map[string]int{"up": 1, "down": -1}[m.Direction]
	return a
}

// rank draws all areas where they are few, else those that need looking at.
func (p *areaPage) rank(f *frame, areas []charts.Area, reference *float64) error {
	m := p.Chosen
	shown := slices.DeleteFunc(slices.Clone(areas), func(a charts.Area) bool { return a.Value == nil })
	if len(shown) == 0 {
		return nil
	}
	if m.Direction == "down" { // the smallest is best
		slices.Reverse(shown)
	}
	p.RankingNote = f.T("rankingNote")
	if len(shown) > mostRanked {
		p.RankingNote = f.T("rankingWorst", "Shown", mostRanked, "All", len(shown)) + " " + p.RankingNote
		shown = shown[len(shown)-mostRanked:]
		slices.Reverse(shown)
	}
	options, err := charts.Ranking(m.Unit, shown, reference, p.Name, f.T("value"), f.T("interval"))
	p.Ranking = charts.Chart{ID: "ranking", Class: "jc-chart-tall", Label: f.T("rankingLabel", "Name", m.Name), Options: options,
		Link: f.Href("/area/"+p.Level+"/CODE", "indicator", m.Code)}
	return err
}

// trend draws the chosen measure over time, beside the area above.
func (f *frame) trend(p *areaPage, points []charts.Point) error {
	m := p.Chosen
	own := charts.Line{Name: p.Name, Points: points, Color: charts.Blue}
	if len(points) == 0 {
		return nil
	}
	lines := []charts.Line{own}
	if p.Area.ParentLevel != "" {
		others, err := f.history(m, panels.Area{Level: p.Area.ParentLevel, Code: p.Area.ParentCode})
		if err != nil {
			return err
		}
		byPeriod := map[string]charts.Point{}
		for _, q := range others {
			byPeriod[q.At] = q
		}
		line := charts.Line{Name: p.Crumbs[len(p.Crumbs)-1].Name, Dashed: true, Color: charts.Grey}
		for _, q := range points {
			line.Points = append(line.Points, charts.Point{At: q.At, Value: byPeriod[q.At].Value})
		}
		lines = append(lines, line)
	}
	options, err := charts.Trend(m.Unit, lines, m.Target, f.T("target"), f.T("interval"))
	p.Trend = charts.Chart{ID: "trend", Label: f.T("trendLabel", "Name", m.Name), Options: options}
	return err
}

// freshness says for each feed how far its data reach.
func (f *frame) freshness() ([]freshness, error) {
	asOf, err := f.view.AsOf()
	if err != nil {
		return nil, err
	}
	var all []freshness
	for _, feed := range f.view.quality.feeds {
		if !feed.LastEvent.Valid || !flows(feed.Name) {
			continue
		}
		days := int(asOf.Sub(feed.LastEvent.Time).Hours() / 24)
		all = append(all, freshness{f.T("feed_" + feed.Name), feed.Department, date(feed.LastEvent), max(days, 0), days > 3})
	}
	return all, nil
}

// flows says whether a feed brings rows every few days; the others (grids, staff, targets) change when they change.
func flows(feed string) bool {
	return slices.Contains([]string{"cases", "case_events", "satisfaction", "activities"}, feed)
}

func date(t sql.NullTime) string {
	if !t.Valid {
		return ""
	}
	return t.Time.Format(time.DateOnly)
}
