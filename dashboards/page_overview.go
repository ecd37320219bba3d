package dashboards

import (
	"database/sql"
	"slices"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
)

// defaultHeadline is what a leader is asked about first: is it done, in time, on the
// spot, to people's satisfaction, and by whom.
func defaultHeadline() []string {
	return []string{"F13", "F14", "F23", "F51", "F31", "F24", "E31", "E21"}
}

// areaPage is what the overview and an area's page show.
type areaPage struct {
	Area        panels.Area
	Name        string
	Crumbs      []crumb
	Summary     []string
	Headline    []card
	Dimensions  []dimension // the area's page only
	Chosen      card        // the indicator that map, ranking and trend show
	ChosenCode  string
	Indicators  []choice
	Levels      []choice // levels below that the map can show
	Level       string
	Map         charts.Chart
	Ranking     charts.Chart
	RankingNote string
	Trend       charts.Chart
	Daily       charts.Chart
	Categories  charts.Chart
	Feeds       []freshness // the overview only
	Values      string      // address of the map's numbers as CSV
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
	a, err := panels.FindArea(f.ctx, f.view.DB, f.Params("level"), f.Params("code"))
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
	series, err := panels.Series(f.ctx, f.view.DB, a, f.Period.Kind, f.Period.Name)
	if err != nil {
		return nil, err
	}
	p.Summary = f.summary(cards)
	codes := s.config.Headline
	if len(codes) == 0 {
		codes = defaultHeadline()
	}
	p.Headline = pick(cards, codes)
	if err := f.sparkle(p.Headline, series); err != nil {
		return nil, err
	}
	p.Dimensions = f.byDimension(cards)
	ind := s.chosen(f, codes)
	p.ChosenCode, p.Chosen = ind.Code, pick(cards, []string{ind.Code})[0]
	for _, i := range s.catalogue {
		p.Indicators = append(p.Indicators, choice{i.Code, i.Code + " " + i.Name.In(f.Lang), i.Code == ind.Code})
	}
	p.setLevels(f)
	steps := []func() error{
		func() error { return s.places(f, p, ind) },
		func() error { return s.trend(f, p, ind, series) },
		func() error { return f.daily(p) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// chosen is the indicator that the address asks for, else the first of the headline.
func (s *Server) chosen(f *frame, headline []string) catalogue.Indicator {
	for _, code := range append([]string{f.Query.Get("indicator")}, headline...) {
		if ind, ok := s.catalogue.ByCode(code); ok {
			return ind
		}
	}
	return s.catalogue[0]
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
		above, err := panels.FindArea(f.ctx, f.view.DB, a.ParentLevel, a.ParentCode)
		if err != nil {
			return nil, err
		}
		path = append(path, crumb{f.AreaName(above), f.AreaHref(above.Level, above.Code)})
		a = above
	}
	slices.Reverse(path)
	return path, nil
}

// places fills the map and the ranking of the areas below.
func (s *Server) places(f *frame, p *areaPage, ind catalogue.Indicator) error {
	if p.Level == "" {
		return nil
	}
	ranked, err := panels.Ranking(f.ctx, f.view.DB, ind.Code, p.Level, f.Period.Name, p.Area)
	if err != nil {
		return err
	}
	areas := make([]charts.Area, len(ranked))
	reference := p.Chosen.value
	for i, r := range ranked {
		areas[i] = f.ranked(ind, r, reference)
	}
	better := map[string]int{"up": 1, "down": -1}[ind.Direction]
	format := func(v float64) string { return f.Locale.Value(v, ind.Unit) }
	options, err := charts.Choropleth(ind.Unit, ind.Name.In(f.Lang), areas, reference, better, format)
	if err != nil {
		return err
	}
	p.Map = charts.Chart{ID: "map", Class: "jc-chart-tall", Label: f.T("mapLabel", "Name", ind.Name.In(f.Lang)), Options: options,
		Map:  "/api/v1/map/" + p.Level + "?above=" + p.Area.Level + ":" + p.Area.Code + "&snapshot=" + f.view.Name,
		Link: f.Href("/area/"+p.Level+"/CODE", "indicator", ind.Code)}
	has, err := panels.HasBoundaries(f.ctx, f.view.DB, p.Level)
	if err != nil {
		return err
	}
	if !has {
		p.Map = charts.Chart{}
	}
	p.Values = f.Href("/api/v1/values.csv", "indicator", ind.Code, "level", p.Level, "period", f.Period.Name)
	return p.rank(f, ind, areas, reference)
}

// ranked turns a ranking's row into an area of a chart, and says whether it can be told apart from the reference.
func (f *frame) ranked(ind catalogue.Indicator, r panels.Ranked, reference *float64) charts.Area {
	a := charts.Area{Code: r.Code, Name: r.Name, Value: pointer(r.Value), Low: pointer(r.Low), High: pointer(r.High)}
	if r.N.Valid {
		a.Note = "n = " + f.Int(r.N.Int64)
	}
	if reference == nil || a.Value == nil {
		return a
	}
	low, high := *a.Value, *a.Value
	if a.Low != nil && a.High != nil {
		low, high = *a.Low, *a.High
	}
	switch {
	case low > *reference:
		a.Apart = 1
	case high < *reference:
		a.Apart = -1
	}
	a.Good = a.Apart * map[string]int{"up": 1, "down": -1}[ind.Direction]
	return a
}

// rank draws all areas where they are few, else those that need looking at.
func (p *areaPage) rank(f *frame, ind catalogue.Indicator, areas []charts.Area, reference *float64) error {
	shown := slices.DeleteFunc(slices.Clone(areas), func(a charts.Area) bool { return a.Value == nil })
	if len(shown) == 0 {
		return nil
	}
	if ind.Direction == "down" { // the smallest is best
		slices.Reverse(shown)
	}
	p.RankingNote = f.T("rankingNote")
	if len(shown) > mostRanked {
		p.RankingNote = f.T("rankingWorst", "Shown", mostRanked, "All", len(shown)) + " " + p.RankingNote
		shown = shown[len(shown)-mostRanked:]
		slices.Reverse(shown)
	}
	options, err := charts.Ranking(ind.Unit, shown, reference, p.Name, f.T("value"), f.T("interval"))
	p.Ranking = charts.Chart{ID: "ranking", Class: "jc-chart-tall", Label: f.T("rankingLabel", "Name", ind.Name.In(f.Lang)), Options: options,
		Link: f.Href("/area/"+p.Level+"/CODE", "indicator", ind.Code)}
	return err
}

// trend draws the chosen indicator over time, beside the area above.
func (s *Server) trend(f *frame, p *areaPage, ind catalogue.Indicator, series []panels.Point) error {
	own := charts.Line{Name: p.Name, Points: f.points(ind.Code, series), Color: charts.Blue}
	if len(own.Points) == 0 {
		return nil
	}
	lines := []charts.Line{own}
	if p.Area.ParentLevel != "" {
		above := panels.Area{Level: p.Area.ParentLevel, Code: p.Area.ParentCode}
		others, err := panels.Series(f.ctx, f.view.DB, above, f.Period.Kind, f.Period.Name)
		if err != nil {
			return err
		}
		byPeriod := map[string]charts.Point{}
		for _, q := range f.points(ind.Code, others) {
			byPeriod[q.At] = q
		}
		line := charts.Line{Name: p.Crumbs[len(p.Crumbs)-1].Name, Dashed: true, Color: charts.Grey}
		for _, q := range own.Points {
			q = charts.Point{At: q.At, Value: byPeriod[q.At].Value}
			line.Points = append(line.Points, q)
		}
		lines = append(lines, line)
	}
	options, err := charts.Trend(ind.Unit, lines, ind.Target, f.T("target"), f.T("interval"))
	p.Trend = charts.Chart{ID: "trend", Label: f.T("trendLabel", "Name", ind.Name.In(f.Lang)), Options: options}
	return err
}

func (f *frame) points(code string, series []panels.Point) []charts.Point {
	var points []charts.Point
	for _, q := range series {
		if q.Indicator != code {
			continue
		}
		point := charts.Point{At: q.Period, Value: pointer(q.Value), Low: pointer(q.Low), High: pointer(q.High)}
		if q.N > 0 {
			point.Note = "n = " + f.Int(q.N)
		}
		points = append(points, point)
	}
	return points
}

// daily draws the cases by day of the period, and the main categories.
func (f *frame) daily(p *areaPage) error {
	first, end, err := span(f.Period)
	if err != nil {
		return err
	}
	from := first
	if f.Period.Kind == "month" { // a month alone is too short to see what is usual
		from = first.AddDate(0, -2, 0)
	}
	days, err := panels.Daily(f.ctx, f.view.DB, p.Area, from, end)
	if err != nil {
		return err
	}
	if len(days) > 0 {
		reported, closed := charts.Line{Name: f.T("reported"), Color: charts.Blue}, charts.Line{Name: f.T("closed"), Color: charts.Green}
		var names []string
		byDay := map[string]panels.Day{}
		for _, d := range days {
			byDay[d.Date.Format(time.DateOnly)] = d
		}
		for day := from; day.Before(end) && !day.After(days[len(days)-1].Date); day = day.AddDate(0, 0, 1) {
			name := day.Format(time.DateOnly)
			d := byDay[name] // a day without a row had no case
			r, c := float64(d.Reported), float64(d.Closed)
			names = append(names, name)
			reported.Points = append(reported.Points, charts.Point{At: name, Value: &r})
			closed.Points = append(closed.Points, charts.Point{At: name, Value: &c})
		}
		options, err := charts.Counts(names, []charts.Line{reported, closed})
		if err != nil {
			return err
		}
		p.Daily = charts.Chart{ID: "daily", Label: f.T("daily"), Options: options}
	}
	categories, err := panels.Categories(f.ctx, f.view.DB, p.Area, first, end)
	if err != nil || len(categories) == 0 {
		return err
	}
	bars := make([]charts.Bar, len(categories))
	for i, c := range categories {
		bars[i] = charts.Bar{Name: c.Name, Value: float64(c.Reported)}
	}
	options, err := charts.Bars(f.T("reported"), "", bars)
	p.Categories = charts.Chart{ID: "categories", Label: f.T("categories"), Options: options}
	return err
}

// freshness says for each feed how far its data reach.
func (f *frame) freshness() ([]freshness, error) {
	feeds, err := panels.Feeds(f.ctx, f.view.DB)
	if err != nil {
		return nil, err
	}
	asOf, err := f.view.AsOf()
	if err != nil {
		return nil, err
	}
	var all []freshness
	for _, feed := range feeds {
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
