package dashboards

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	caseflows "github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/panels"
)

// areaCases is what an area's page says of its cases: over time, by category, and
// which of them take long. A category narrows what is shown over time, and tells
// where below it takes long; so does a channel, of which no days are counted.
type areaCases struct {
	*scope
	Filters        []filter
	Title          string // by day or by week
	Time           charts.Chart
	TimeNote       string
	Days           string // address of the days' numbers
	Categories     charts.Chart
	CategoriesData string
	SlowTitle      string
	Slow           charts.Chart
	SlowNote       string
	SlowData       string
}

const (
	// slowDays is after how many days cases that are still open count as slow.
	slowDays = 7
	// mostSlow is how many categories or areas the chart of the slow ones names.
	mostSlow = 10
	// fewADay is below how many cases a day weeks are drawn instead, of which more can be said.
	fewADay = 3
)

func (f *frame) areaCases(a panels.Area) (areaCases, error) {
	c := areaCases{}
	var err error
	if c.scope, err = f.newScope(a); err != nil {
		return c, err
	}
	if c.Filters, err = f.filters(c.scope); err != nil {
		return c, err
	}
	for _, step := range []func(*frame) error{c.overTime, c.byCategory, c.slowest} {
		if err := step(f); err != nil {
			return c, err
		}
	}
	return c, nil
}

// dailySpan is from when days are shown: a month alone is too short to see what is usual.
func (f *frame) dailySpan(sc *scope) (from, end time.Time) {
	if f.Period.Kind == "month" {
		return sc.First.AddDate(0, -2, 0), sc.End
	}
	return sc.First, sc.End
}

// seenDaily is the days of a scope as this reader may see them; nil counts are kept from them.
func (f *frame) seenDaily(sc *scope) (days []panels.Day, hidden map[string]bool, err error) {
	from, end := f.dailySpan(sc)
	category := ""
	if sc.Only == "category" {
		category = sc.Value
	}
	if category == "" && f.view.recent.Covers(from, end) {
		days = f.view.recent.Daily(sc.Area, from, end)
		return days, f.hiddenDays(days), nil
	}
	days, err = panels.Daily(f.ctx, f.view.DB, sc.Area, category, from, end)
	return days, f.hiddenDays(days), err
}

// overTime draws the cases by day, or by week where a period is long or cases are few.
func (c *areaCases) overTime(f *frame) error {
	c.Title, c.Days = f.T("daily"), f.data(c.scope, "daily")
	if c.Only == "channel" {
		c.TimeNote = f.T("daysOfNoChannel")
		return nil
	}
	days, hidden, err := f.seenDaily(c.scope)
	if err != nil || len(days) == 0 {
		return err
	}
	if 2*len(hidden) > len(days) {
		c.TimeNote = f.T("tooFewForDays")
		return nil
	}
	from, end := f.dailySpan(c.scope)
	asOf, err := f.view.AsOf()
	if err != nil {
		return err
	}
	if known := asOf.Truncate(24*time.Hour).AddDate(0, 0, 1); known.Before(end) { // days that the data do not know are not days without cases
		end = known
	}
	names, reported, closed := everyDay(days, hidden, from, end)
	var all int64
	for _, d := range days {
		all += d.Reported
	}
	if f.Period.Kind != "month" || float64(all) < fewADay*float64(len(names)) {
		c.Title = f.T("weekly")
		reported, closed = byWeek(reported), byWeek(closed)
		names = nil
		for _, p := range reported {
			names = append(names, p.At)
		}
	}
	lines := []charts.Line{{Name: f.T("reported"), Color: charts.Blue, Points: reported}, {Name: f.T("closed"), Color: charts.Green, Points: closed}}
	options, err := charts.Counts(names, lines)
	c.TimeNote = f.fewNote(len(hidden))
	if c.Value != "" {
		c.Title += " · " + f.valueName(c.Only, c.Value)
	}
	c.Time = charts.Chart{ID: "daily", Label: c.Title, Options: options}
	return err
}

// everyDay is one point for each day of a span; a day without a row had no case.
func everyDay(days []panels.Day, hidden map[string]bool, from, end time.Time) (names []string, reported, closed []charts.Point) {
	byDay := map[string]panels.Day{}
	for _, d := range days {
		byDay[d.Date.Format(time.DateOnly)] = d
	}
	for day := from; day.Before(end); day = day.AddDate(0, 0, 1) {
		name := day.Format(time.DateOnly)
		names = append(names, name)
		r, c := charts.Point{At: name}, charts.Point{At: name}
		if !hidden[name] {
			in, out := float64(byDay[name].Reported), float64(byDay[name].Closed)
			r.Value, c.Value = &in, &out
		}
		reported, closed = append(reported, r), append(closed, c)
	}
	return names, reported, closed
}

// byWeek sums days to weeks, each named after its Monday. A first and a last week that
// are not whole are left out, since they would look like a fall.
func byWeek(days []charts.Point) []charts.Point {
	var weeks []charts.Point
	var lengths []int
	for _, d := range days {
		day, err := time.Parse(time.DateOnly, d.At)
		if err != nil {
			continue
		}
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7).Format(time.DateOnly)
		last := len(weeks) - 1
		if last < 0 || weeks[last].At != monday {
			zero := 0.0
			weeks, lengths = append(weeks, charts.Point{At: monday, Value: &zero}), append(lengths, 0)
			last++
		}
		lengths[last]++
		if d.Value == nil || weeks[last].Value == nil { // what is kept back of a day is kept back of its week
			weeks[last].Value = nil
			continue
		}
		*weeks[last].Value += *d.Value
	}
	if n := len(weeks); n > 2 && lengths[n-1] < 7 {
		weeks, lengths = weeks[:n-1], lengths[:n-1]
	}
	if len(weeks) > 2 && lengths[0] < 7 {
		weeks = weeks[1:]
	}
	return weeks
}

// byCategory draws the main categories.
func (c *areaCases) byCategory(f *frame) error {
	c.CategoriesData = f.data(c.scope, "categories")
	found, err := f.seenCategories(c.scope)
	if err != nil || len(found) == 0 {
		return err
	}
	bars := make([]charts.Bar, len(found))
	for i, x := range found {
		bars[i] = charts.Bar{Name: x.Name, Code: x.Name, Value: float64(x.Reported), Faint: c.Only == "category" && c.Value != x.Name}
	}
	options, err := charts.Bars(f.T("reported"), "", bars)
	c.Categories = charts.Chart{ID: "categories", Label: f.T("categories"), Options: options, Link: f.narrowed("category", "CODE")}
	return err
}

func (f *frame) seenCategories(sc *scope) ([]panels.Category, error) {
	var found []panels.Category
	var err error
	if f.view.recent.Covers(sc.First, sc.End) {
		found = f.view.recent.Categories(sc.Area, sc.First, sc.End)
	} else {
		found, err = panels.Categories(f.ctx, f.view.DB, sc.Area, sc.First, sc.End)
	}
	found, _ = seen(f, found, func(c panels.Category) []int64 { return []int64{c.Reported} })
	return found, err
}

// narrowed is this page's address for the cases of one value of a field.
func (f *frame) narrowed(field, value string) string {
	return f.With("category", "", "channel", "", field, value)
}

// slowest draws what takes long: the categories, or, of one category or channel, the areas below.
func (c *areaCases) slowest(f *frame) error {
	by := caseflows.Category
	c.SlowTitle = f.T("slowCategories", "N", slowDays)
	if c.Value != "" {
		by = caseflows.Area
		c.SlowTitle = f.T("slowAreas", "N", slowDays, "What", f.valueName(c.Only, c.Value))
	}
	c.SlowData = f.data(c.scope, "durations", "by", string(by))
	if c.Area.Level == "grid" {
		return nil // its cases are too few to be told apart
	}
	all, groups, err := f.speedGroups(c.scope, by)
	if err != nil || f.few(all.Cases) {
		return err
	}
	whole, ok := f.untilFew(all.Curve).At(slowDays)
	if !ok {
		return nil
	}
	var areas []charts.Area
	for _, g := range groups {
		open, ok := f.untilFew(g.Curve).At(slowDays)
		if !ok || g.Key == "" || g.Cases < fewestCases || math.IsNaN(open.Low) {
			continue
		}
		a := charts.Area{Code: g.Key, Name: f.partName(c.scope, by, g.Key), Value: &open.Survival, Low: &open.Low, High: &open.High, Note: "n = " + f.Int(g.Cases)}
		switch {
		case open.Low > whole.Survival:
			a.Apart, a.Good = 1, -1
		case open.High < whole.Survival:
			a.Apart, a.Good = -1, 1
		}
		areas = append(areas, a)
	}
	if len(areas) == 0 {
		return nil
	}
	slices.SortStableFunc(areas, func(a, b charts.Area) int { return cmp.Compare(*b.Value, *a.Value) })
	areas = areas[:min(len(areas), mostSlow)]
	options, err := charts.Ranking("percent", areas, &whole.Survival, c.Name, f.T("stillOpen"), f.T("interval"))
	c.Slow = charts.Chart{ID: "slow", Label: c.SlowTitle, Options: options, Link: f.narrowed("category", "CODE")}
	if by == caseflows.Area {
		c.Slow.Link = f.AreaHref(c.BelowLevel, "CODE", c.Only, c.Value)
	}
	c.SlowNote = f.T("slowNote")
	return err
}

// hiddenDays are the days that this reader may not see counted, by date; a month's days add up to what is shown of it elsewhere.
func (f *frame) hiddenDays(days []panels.Day) map[string]bool {
	hidden := map[string]bool{}
	byMonth := map[string][]panels.Day{}
	for _, d := range days {
		month := d.Date.Format("2006-01")
		byMonth[month] = append(byMonth[month], d)
		hidden[d.Date.Format(time.DateOnly)] = true
	}
	for _, month := range byMonth {
		kept, _ := seen(f, month, func(d panels.Day) []int64 { return []int64{d.Reported, d.Closed} })
		for _, d := range kept {
			delete(hidden, d.Date.Format(time.DateOnly))
		}
	}
	return hidden
}

// dailyTable is the days behind the chart over time.
func (s *Server) dailyTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	days, hidden, err := f.seenDaily(sc)
	out := table{columns: []string{"date", "reported", "closed"}}
	for _, d := range days {
		if name := d.Date.Format(time.DateOnly); !hidden[name] {
			out.rows = append(out.rows, []any{name, d.Reported, d.Closed})
		}
	}
	return out, err
}

// categoryTable is the main categories of an area.
func (s *Server) categoryTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	found, err := f.seenCategories(sc)
	out := table{columns: []string{"category", "reported"}}
	for _, c := range found {
		out.rows = append(out.rows, []any{c.Name, c.Reported})
	}
	return out, err
}

// seriesTable is an indicator or index of one area over the periods of a kind up to the present one, beside the area above.
func (s *Server) seriesTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	m, ok := s.measureNamed(f, f.Query.Get("indicator"))
	if !ok {
		return table{}, fmt.Errorf("%w: there is no indicator %q", errNotFound, f.Query.Get("indicator"))
	}
	out := table{columns: []string{"indicator", "geo_level", "geo_code", "period", "value", "low", "high"}}
	areas := []panels.Area{sc.Area}
	if sc.Area.ParentLevel != "" {
		areas = append(areas, panels.Area{Level: sc.Area.ParentLevel, Code: sc.Area.ParentCode})
	}
	for _, a := range areas {
		points, err := f.history(m, a)
		if err != nil {
			return table{}, err
		}
		for _, p := range points {
			out.rows = append(out.rows, []any{m.Code, a.Level, a.Code, p.At, maybe(p.Value), maybe(p.Low), maybe(p.High)})
		}
	}
	return out, nil
}
