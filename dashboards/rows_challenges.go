package dashboards

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
)

// socialOrganisations: their share of cases and of activities over time, and the age of their staff.
func socialOrganisations(w *rowWork) ([]figure, []string, error) {
	f := w.f
	closed, closedAll := map[string]int64{}, map[string]int64{}
	for _, c := range w.closings {
		if c.Handler == "" {
			continue
		}
		closedAll[c.Month] += c.Closed
		if c.Handler == "social_organisation" {
			closed[c.Month] += c.Closed
		}
	}
	held, heldAll := map[string]int64{}, map[string]int64{}
	for _, a := range w.activities {
		if a.Organiser == "" || a.Kind == "visit" { // rounds of visits are the community's own work
			continue
		}
		heldAll[a.Month] += a.Activities
		if a.Organiser == "social_organisation" {
			held[a.Month] += a.Activities
		}
	}
	g := figure{Title: f.T("socialShare"), Note: f.T("socialShareNote"), table: table{columns: []string{"month", "share_of_cases", "cases", "share_of_activities", "activities"}}}
	cases := charts.Line{Name: f.T("shareOfCases"), Color: charts.Blue}
	activities := charts.Line{Name: f.T("shareOfActivities"), Color: charts.Amber}
	for _, month := range w.months() {
		a, b := share(closed[month], closedAll[month]), share(held[month], heldAll[month])
		cases.Points = append(cases.Points, charts.Point{At: month, Value: a, Note: "n = " + f.Int(closedAll[month])})
		activities.Points = append(activities.Points, charts.Point{At: month, Value: b, Note: "n = " + f.Int(heldAll[month])})
		g.table.rows = append(g.table.rows, []any{month, maybe(a), closedAll[month], maybe(b), heldAll[month]})
	}
	if len(closedAll)+len(heldAll) > 0 {
		options, err := charts.Trend("percent", []charts.Line{cases, activities}, nil, "", f.T("interval"))
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Class: "jc-chart-short", Label: g.Title, Options: charts.Compact(options)}
	}
	ages, err := w.ages()
	return []figure{g, ages}, nil, err
}

// share is a part of a whole, nil where there is no whole.
func share(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	v := float64(part) / float64(whole)
	return &v
}

// ages is the age structure of social organisations' staff at the end of the period.
func (w *rowWork) ages() (figure, error) {
	f := w.f
	g := figure{Title: f.T("ages"), Note: f.T("agesNote"), table: table{columns: []string{"age", "people"}}}
	posts, err := panels.Posts(f.ctx, f.view.DB, w.area, w.end.AddDate(0, 0, -1))
	if err != nil {
		return g, err
	}
	people := map[string]int64{}
	for _, p := range posts {
		if p.Organisation == "social_organisation" {
			people[p.Age] += p.People
		}
	}
	if len(people) == 0 {
		return g, nil
	}
	var bars []charts.Bar
	for _, age := range []string{"under_35", "35_44", "45_54", "55_up", ""} {
		if age == "" && people[age] == 0 {
			continue
		}
		bars = append(bars, charts.Bar{Name: f.word("age_", age), Value: float64(people[age])})
		g.table.rows = append(g.table.rows, []any{age, people[age]})
	}
	options, err := charts.Bars(f.T("people"), "", bars)
	g.Chart = charts.Chart{Class: "jc-chart-short", Label: g.Title, Options: options}
	return g, err
}

// unclearPowers: which departments send cases back, and why.
func unclearPowers(w *rowWork) ([]figure, []string, error) {
	f := w.f
	departments, err := panels.Dispatches(f.ctx, f.view.DB, w.area, w.first, w.end)
	if err != nil {
		return nil, nil, err
	}
	departments, _ = seen(f, departments, func(d panels.Dispatch) []int64 { return []int64{d.Dispatched} })
	reasons, byDepartment := w.reasons(departments), figure{Title: f.T("returnsByDepartment"), Note: f.T("returnsNote"),
		table: table{columns: []string{"department", "dispatched", "returned", "bounced", "wrong_dispatch", "no_authority", "insufficient_information", "failed_check", "other"}}}
	var rows []charts.Area
	var dispatched, returned int64
	for _, d := range departments {
		byDepartment.table.rows = append(byDepartment.table.rows, []any{d.Department, d.Dispatched, d.Returned, d.Bounced, d.WrongDispatch, d.NoAuthority, d.InsufficientInformation, d.FailedCheck, d.Other})
		dispatched += d.Dispatched
		returned += d.Returned
	}
	all := share(returned, dispatched)
	for _, d := range departments {
		value, low, high := w.f.wilson(d.Returned, d.Dispatched)
		a := charts.Area{Name: f.department(d.Department), Value: value, Low: low, High: high,
			Note: fmt.Sprintf("%s / %s", f.Int(d.Returned), f.Int(d.Dispatched))}
		if *low > *all {
			a.Good = -1
		} else if *high < *all {
			a.Good = 1
		}
		rows = append(rows, a)
	}
	slices.SortStableFunc(rows, func(a, b charts.Area) int { return cmp.Compare(*b.Value, *a.Value) })
	rows = rows[:min(len(rows), 14)]
	twin := byDepartment.table
	byDepartment, err = w.dots(byDepartment.Title, byDepartment.Note, "percent", rows, all)
	byDepartment.table = twin
	byDepartment.Chart.Class = ""
	if err != nil {
		return nil, nil, err
	}
	var words, high []string
	for _, r := range rows {
		if r.Good == -1 {
			high = append(high, r.Name)
		}
	}
	switch {
	case all == nil:
	case len(high) > 0:
		words = append(words, f.T("returnsFound", "Share", w.percent(*all), "List", f.enumerate(high)))
	default:
		words = append(words, f.T("returnsAlike", "Share", w.percent(*all)))
	}
	return []figure{byDepartment, reasons}, words, nil
}

// department is a department's name; cases that went to none were mostly handled where they arose.
func (f *frame) department(name string) string {
	if name == "" {
		return f.T("noDepartment")
	}
	return name
}

// reasons counts why cases came back.
func (w *rowWork) reasons(departments []panels.Dispatch) figure {
	f := w.f
	g := figure{Title: f.T("reasons"), Note: f.T("reasonsNote"), table: table{columns: []string{"reason", "cases"}}}
	counts := map[string]int64{}
	for _, d := range departments {
		counts["wrong_dispatch"] += d.WrongDispatch
		counts["no_authority"] += d.NoAuthority
		counts["insufficient_information"] += d.InsufficientInformation
		counts["failed_check"] += d.FailedCheck
		counts["other"] += d.Other
		counts["bounced"] += d.Bounced
	}
	if len(counts) == 0 {
		return g
	}
	var bars []charts.Bar
	for _, reason := range []string{"wrong_dispatch", "no_authority", "insufficient_information", "failed_check", "other", "bounced"} {
		bars = append(bars, charts.Bar{Name: f.T("reason_" + reason), Value: float64(counts[reason])})
		g.table.rows = append(g.table.rows, []any{reason, counts[reason]})
	}
	if options, err := charts.Bars(f.T("cases"), "", bars); err == nil {
		g.Chart = charts.Chart{Label: g.Title, Options: options}
	}
	return g
}

// weakExecution: instructions from above that each grid worker carries, and how much comes late.
func weakExecution(w *rowWork) ([]figure, []string, error) {
	f := w.f
	months, err := panels.Superiors(f.ctx, f.view.DB, w.area, w.from, w.end)
	if err != nil {
		return nil, nil, err
	}
	g := figure{Title: f.T("superiors"), Note: f.T("superiorsNote"), table: table{columns: []string{"month", "cases_from_above", "grid_workers", "per_100_workers"}}}
	line := charts.Line{Name: f.T("superiors"), Color: charts.Blue}
	var cases int64
	var workers float64
	some := false
	for _, m := range months {
		p := charts.Point{At: m.Month, Note: "n = " + f.Int(m.Cases)}
		if m.Workers.Valid && m.Workers.Float64 > 0 {
			v := 100 * float64(m.Cases) / m.Workers.Float64
			p.Value, some = &v, true
			if w.inPeriod(m.Month) {
				cases += m.Cases
				workers += m.Workers.Float64
			}
		}
		line.Points = append(line.Points, p)
		g.table.rows = append(g.table.rows, []any{m.Month, m.Cases, null(m.Workers), maybe(p.Value)})
	}
	if some {
		options, err := charts.Trend("times", []charts.Line{line}, nil, "", f.T("interval"))
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Class: "jc-chart-short", Label: g.Title, Options: charts.Compact(options)}
	}
	var words []string
	if workers > 0 {
		words = append(words, f.T("superiorsFound", "Value", f.Locale.Value(100*float64(cases)/workers, "times"), "N", f.Int(cases)))
	}
	late, err := w.trend(f.T("lateTrend"), "", "F27", "F24", "E41")
	return []figure{g, late}, words, err
}

// informatisation: digital share and visits of every area below, on one scatter.
func informatisation(w *rowWork) ([]figure, []string, error) {
	f := w.f
	digital, _ := w.s.catalogue.ByCode("E51")
	visits, _ := w.s.catalogue.ByCode("E52")
	g := figure{Title: f.T("digitalVisits"), Note: f.T("digitalVisitsNote"), wide: false, table: table{columns: []string{"geo_level", "geo_code", "name", "E51", "E52"}}}
	var clouds []charts.Cloud
	var low []string
	middleX, middleY := w.value("E51"), w.value("E52")
	first := below(w.area.Level)
	for i, level := range []string{first, below(first)} {
		if level == "" || level == "grid" && i == 1 {
			continue
		}
		pairs, err := w.pairs("E51", "E52", level)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range pairs {
			g.table.rows = append(g.table.rows, []any{level, p.Code, p.Name, p.X, p.Y})
			if i == 0 && middleX != nil && middleY != nil && p.X > *middleX && p.Y < *middleY {
				low = append(low, p.Name)
			}
		}
		cloud := charts.Cloud{Name: f.Level(level), Color: charts.Blue, Size: 15, Named: true, Pairs: pairs}
		if i == 1 {
			cloud.Color, cloud.Size, cloud.Named = charts.Grey, 6, false
		}
		if len(pairs) > 0 {
			clouds = append(clouds, cloud)
		}
	}
	if len(clouds) > 0 {
		options, err := charts.Scatter(digital.Name.In(f.Lang), digital.Unit, f.T("visitsAxis"), visits.Unit, clouds, middleX, middleY)
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Label: g.Title, Options: options}
	}
	var words []string
	if len(low) > 0 {
		words = append(words, f.T("screensOnly", "List", f.enumerate(low)))
	}
	return []figure{g}, words, nil
}

// value is the area's value of an indicator, nil without one.
func (w *rowWork) value(code string) *float64 {
	cards := pick(w.cards, []string{code})
	if len(cards) == 0 {
		return nil
	}
	return cards[0].value
}

// pairs are the areas of a level below by their values of two indicators.
func (w *rowWork) pairs(x, y, level string) ([]charts.Pair, error) {
	f := w.f
	indX, _ := w.s.catalogue.ByCode(x)
	indY, _ := w.s.catalogue.ByCode(y)
	xs, err := f.ranking(x, level, w.area)
	if err != nil {
		return nil, err
	}
	ys, err := f.ranking(y, level, w.area)
	if err != nil {
		return nil, err
	}
	other := map[string]panels.Ranked{}
	for _, r := range ys {
		other[r.Code] = r
	}
	var pairs []charts.Pair
	for _, r := range xs {
		o := other[r.Code]
		if !r.Value.Valid || !o.Value.Valid {
			continue
		}
		tip := fmt.Sprintf("%s\n%s  %s\n%s  %s", r.Name, indX.Name.In(f.Lang), f.measured(r.Value.Float64, indX.Unit), indY.Name.In(f.Lang), f.measured(o.Value.Float64, indY.Unit))
		pairs = append(pairs, charts.Pair{Code: r.Code, Name: r.Name, Tip: tip, X: r.Value.Float64, Y: o.Value.Float64})
	}
	slices.SortFunc(pairs, func(a, b charts.Pair) int { return cmp.Compare(a.X, b.X) })
	return pairs, nil
}

// measured is a value with its unit.
func (f *frame) measured(v float64, unit string) string {
	text := f.Locale.Value(v, unit)
	if name := f.Unit(unit); name != "" {
		text += " " + name
	}
	return text
}
