package dashboards

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/signals"
	"github.com/jiceng/jiceng/queries/spc"
)

// signalPage lists what noise hardly makes, with the chart of one signal.
type signalPage struct {
	Summary  string
	Levels   []choice
	Meanings []choice
	Chart    charts.Chart
	Title    string // of the chart
	Note     string // what the chosen signal says
	Chosen   string // its number
	Values   string // address of the chart's numbers as CSV
	List     string // address of the list as CSV
	Rows     []signalRow
	More     string // that there are more than are shown
	Rules    []ruleRow
	Next     string // where to go back to after acknowledging
}

type signalRow struct {
	ID, Href, Area, AreaHref, Indicator string
	SignalledOn, Span                   string
	Meaning                             string
	Good                                int
	Value, Usual, Rules                 string
	Ongoing                             bool
	Acknowledged, Note                  string // by whom and when
}

type ruleRow struct{ Code, Text string }

const (
	mostListed = 100
	// chartDays is how many days or weeks of a long chart are drawn, and daysAfter how
	// many of them lie after a chosen signal.
	chartDays = 180
	daysAfter = 60
)

// found is the signals that an address asks for, newest first.
func (s *Server) found(f *frame) ([]signals.Signal, error) {
	all, err := signals.List(f.ctx, f.view.DB, f.Query.Get("indicator"), f.Query.Get("level"), f.Query.Get("area"))
	if err != nil {
		return nil, err
	}
	meaning := f.one("meaning", "", "worse", "better", "neutral")
	var kept []signals.Signal
	for _, one := range all {
		if meaning == "" || string(one.Meaning) == meaning {
			kept = append(kept, one)
		}
	}
	return kept, nil
}

func (s *Server) signalList(f *frame) (content, error) {
	all, err := s.found(f)
	if err != nil {
		return content{}, err
	}
	p := &signalPage{List: f.Href("/api/v1/signals.csv", "indicator", f.Query.Get("indicator"), "level", f.Query.Get("level"), "area", f.Query.Get("area"), "meaning", f.Query.Get("meaning"))}
	if p.Summary, err = f.watchSentence(); err != nil {
		return content{}, err
	}
	for _, level := range []string{"", "district", "subdistrict", "community"} {
		name := f.T("signalAll")
		if level != "" {
			name = f.Level(level)
		}
		p.Levels = append(p.Levels, choice{level, name, level == f.Query.Get("level")})
	}
	for _, meaning := range []string{"", "worse", "better", "neutral"} {
		p.Meanings = append(p.Meanings, choice{meaning, f.T("meaning_" + meaning), meaning == f.Query.Get("meaning")})
	}
	for _, d := range spc.Rules() {
		p.Rules = append(p.Rules, ruleRow{string(d.Rule), pickLang(f.Lang, d.ZH, d.EN)})
	}
	acknowledged, err := s.desk.Acknowledged()
	if err != nil {
		return content{}, err
	}
	for i, one := range all {
		if i == mostListed {
			p.More = f.T("signalMore", "Shown", mostListed, "All", f.Int(int64(len(all))))
			break
		}
		row := s.signalRow(f, one)
		if a, ok := acknowledged[one.ID]; ok {
			row.Acknowledged, row.Note = a.By+" · "+a.At.Format(time.DateOnly), a.Note
		}
		p.Rows = append(p.Rows, row)
	}
	if len(all) == 0 {
		return content{"signals", f.T("signals"), p}, nil
	}
	chosen := all[0]
	for _, one := range all {
		if one.ID == f.Query.Get("signal") {
			chosen = one
		}
	}
	return content{"signals", f.T("signals"), p}, s.signalChart(f, p, chosen)
}

// signalIndicator is the indicator of a signal; for the number of cases one made up.
func (s *Server) signalIndicator(f *frame, code string) catalogue.Indicator {
	if ind, ok := s.catalogue.ByCode(code); ok {
		return ind
	}
	return catalogue.Indicator{Code: code, Name: catalogue.Text{Zh: f.T("signalCases"), En: f.T("signalCases")}, Direction: "neutral"}
}

func (s *Server) signalRow(f *frame, one signals.Signal) signalRow {
	ind := s.signalIndicator(f, one.Key.Indicator)
	r := signalRow{ID: one.ID, Href: f.With("signal", one.ID), Area: f.AreaName(panels.Area{Level: one.Key.Level, Name: one.Name}),
		AreaHref: f.AreaHref(one.Key.Level, one.Key.Code), Indicator: f.indicatorTitle(ind), SignalledOn: one.SignalledOn.Format(time.DateOnly),
		Span: f.pointName(one.Key.Grain, one.First), Meaning: f.T("meaning_" + string(one.Meaning)), Ongoing: one.Ongoing,
		Value: f.signalValue(one.Value, ind), Usual: f.signalValue(one.LowLimit, ind) + "–" + f.signalValue(one.HighLimit, ind)}
	if one.Points > 1 {
		r.Span += " … " + f.pointName(one.Key.Grain, one.Last)
	}
	switch one.Meaning {
	case signals.Better:
		r.Good = 1
	case signals.Worse:
		r.Good = -1
	default:
		r.Meaning = f.T(map[bool]string{true: "signalHigh", false: "signalLow"}[one.High])
	}
	for i, rule := range one.Rules {
		if i > 0 {
			r.Rules += " "
		}
		r.Rules += string(rule)
	}
	return r
}

func (f *frame) indicatorTitle(ind catalogue.Indicator) string {
	if ind.Code == signals.Cases {
		return ind.Name.In(f.Lang)
	}
	return ind.Code + " " + ind.Name.In(f.Lang)
}

// signalValue writes a value of an indicator, or a number of cases.
func (f *frame) signalValue(v float64, ind catalogue.Indicator) string {
	if math.IsNaN(v) {
		return "—"
	}
	if ind.Code == signals.Cases {
		return f.Int(int64(math.Round(v)))
	}
	return f.Locale.Value(v, ind.Unit)
}

// pointName names a day, a week by its first day, or a month.
func (f *frame) pointName(grain signals.Grain, start time.Time) string {
	switch grain {
	case signals.Month:
		return f.Locale.Period(start.Format("2006-01"))
	case signals.Week:
		return f.T("signalWeek", "Day", start.Format(time.DateOnly))
	}
	return start.Format(time.DateOnly)
}

// watchSentence says how much was looked at and what noise alone would flag.
func (f *frame) watchSentence() (string, error) {
	watches, err := signals.Watches(f.ctx, f.view.DB)
	if err != nil {
		return "", err
	}
	var total signals.Watch
	for _, w := range watches {
		total.Charts += w.Charts
		total.TooSmall += w.TooSmall
		total.Points += w.Points
		total.Flagged += w.Flagged
		total.ExpectedFalse += w.ExpectedFalse
	}
	return f.T("signalSummary", "Charts", f.Int(int64(total.Charts)), "Small", f.Int(int64(total.TooSmall)), "Points", f.Int(int64(total.Points)),
		"Flagged", f.Int(int64(total.Flagged)), "Expected", f.Int(int64(math.Round(total.ExpectedFalse)))), nil
}

// signalChart draws the control chart of the chosen signal.
func (s *Server) signalChart(f *frame, p *signalPage, one signals.Signal) error {
	if one.Key.Indicator == signals.Cases && one.Key.Level == "district" && f.view.confined != "" {
		return nil // the district's cases are not this reader's to see
	}
	chart, err := signals.Draw(f.ctx, f.view.DB, s.catalogue, one.Key.Indicator, one.Key.Level, one.Key.Code)
	if errors.Is(err, signals.ErrNoChart) {
		return nil
	}
	if err != nil {
		return err
	}
	ind := s.signalIndicator(f, one.Key.Indicator)
	area := f.AreaName(panels.Area{Level: one.Key.Level, Name: one.Name})
	p.Next = f.With("signal", one.ID)
	p.Chosen, p.Title = one.ID, area+" · "+f.indicatorTitle(ind)
	p.Values = f.Href("/api/v1/signal-chart.csv", "indicator", one.Key.Indicator, "level", one.Key.Level, "area", one.Key.Code)
	p.Note = f.signalSentence(one, ind, area) + f.T("chartKind_"+string(chart.Kind))
	points := chart.Points
	if len(points) > chartDays && chart.Key.Grain != signals.Month {
		end := len(points)
		for i, q := range points {
			if q.Start.Equal(one.First) {
				end = min(end, max(i+daysAfter, chartDays))
			}
		}
		points = points[end-chartDays : end]
	}
	var drawn []charts.ControlPoint
	for _, q := range points {
		if f.fewBehind(chart.Key, q) {
			q.Value = math.NaN()
		}
		c := charts.ControlPoint{At: q.Start.Format(time.DateOnly), Value: number(q.Value), Centre: number(q.Centre), Low: number(q.Low), High: number(q.High)}
		if chart.Key.Grain == signals.Month {
			c.At = q.Start.Format("2006-01")
		}
		for _, r := range q.Rules {
			c.Note += string(r) + " "
		}
		if len(q.Rules) > 0 {
			c.Flag = flagOf(ind, q.Z > 0)
		}
		drawn = append(drawn, c)
	}
	unit := ind.Unit
	options, err := charts.Control(unit, drawn, f.T("value"), f.T("signalCentre"), f.T("signalLimits"))
	p.Chart = charts.Chart{ID: "control", Label: f.T("signalChartLabel", "Name", p.Title), Options: options}
	return err
}

// fewBehind says whether a point of a chart stands on fewer cases than this reader may see.
func (f *frame) fewBehind(key signals.Key, q signals.Point) bool {
	n := q.N
	if key.Indicator == signals.Cases {
		n = q.Value
	}
	return !math.IsNaN(n) && f.few(int64(math.Round(n)))
}

func flagOf(ind catalogue.Indicator, high bool) int {
	switch {
	case ind.Direction != "up" && ind.Direction != "down":
		return 2
	case (ind.Direction == "up") == high:
		return 1
	}
	return -1
}

// signalSentence says what a signal is, in words.
func (f *frame) signalSentence(one signals.Signal, ind catalogue.Indicator, area string) string {
	rules := ""
	for i, r := range one.Rules {
		if i > 0 {
			rules += f.T("listComma")
		}
		rules += signals.RuleTexts()[r].In(f.Lang)
	}
	key := "signalSaysLow"
	if one.High {
		key = "signalSaysHigh"
	}
	return f.T(key, "Area", area, "Name", ind.Name.In(f.Lang), "When", f.pointName(one.Key.Grain, one.First), "Value", f.signalValue(one.Value, ind),
		"Low", f.signalValue(one.LowLimit, ind), "High", f.signalValue(one.HighLimit, ind), "On", one.SignalledOn.Format(time.DateOnly), "Rules", rules, "N", one.Points)
}

// signalTable is the list of signals, all of them.
func (s *Server) signalTable(f *frame) (table, error) {
	all, err := s.found(f)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"signal_id", "indicator", "geo_level", "geo_code", "name", "grain", "chart", "first_period", "last_period", "signalled_on", "ongoing",
		"points", "rules", "side", "meaning", "value", "centre", "low", "high", "z"}}
	for _, one := range all {
		rules, side := "", "low"
		for i, r := range one.Rules {
			if i > 0 {
				rules += " "
			}
			rules += string(r)
		}
		if one.High {
			side = "high"
		}
		out.rows = append(out.rows, []any{one.ID, one.Key.Indicator, one.Key.Level, one.Key.Code, one.Name, string(one.Key.Grain), string(one.Kind),
			one.First.Format(time.DateOnly), one.Last.Format(time.DateOnly), one.SignalledOn.Format(time.DateOnly), one.Ongoing, one.Points, rules, side, string(one.Meaning),
			cellOf(one.Value), cellOf(one.Centre), cellOf(one.LowLimit), cellOf(one.HighLimit), cellOf(one.Z)})
	}
	return out, nil
}

// signalChartTable is the points of one control chart.
func (s *Server) signalChartTable(f *frame) (table, error) {
	level := f.one("level", "district", "subdistrict", "community")
	area := f.Query.Get("area")
	if area == "" {
		level, area = f.view.top.Level, f.view.top.Code
	}
	indicator := f.Query.Get("indicator")
	if indicator == "" {
		indicator = signals.Cases
	}
	if indicator == signals.Cases && level == "district" && f.view.confined != "" {
		level, area = "subdistrict", f.view.confined
	}
	chart, err := signals.Draw(f.ctx, f.view.DB, s.catalogue, indicator, level, area)
	if errors.Is(err, signals.ErrNoChart) {
		return table{}, fmt.Errorf("%w: %w", errNotFound, err)
	}
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"start", "value", "n", "centre", "low", "high", "z", "rules"}}
	for _, q := range chart.Points {
		rules := ""
		for i, r := range q.Rules {
			if i > 0 {
				rules += " "
			}
			rules += string(r)
		}
		if f.fewBehind(chart.Key, q) {
			q.Value, q.N, q.Z = math.NaN(), math.NaN(), math.NaN()
		}
		out.rows = append(out.rows, []any{q.Start.Format(time.DateOnly), cellOf(q.Value), cellOf(q.N), cellOf(q.Centre), cellOf(q.Low), cellOf(q.High), cellOf(q.Z), rules})
	}
	return out, nil
}

// acknowledge notes that somebody has looked at a signal, and goes back to it. Requests
// from other sites are refused before they come here.
func (s *Server) acknowledge(c echo.Context) error {
	v, release := s.hold(c)
	defer release()
	if v == nil {
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
	id, who := c.FormValue("signal"), access.Who(c)
	known, err := signals.Known(c.Request().Context(), v.DB, id)
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("%w: there is no signal %q", errNotFound, id)
	}
	err = s.desk.Acknowledge(id, who.Name, c.FormValue("note"), time.Now())
	if errors.Is(err, signals.ErrBadNote) {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	if err != nil {
		return err
	}
	s.guard.Audit.Write(c.Request().Context(), "acknowledge", who, "signal", id)
	s.mu.RLock()
	if s.current != nil {
		s.current.forget()
	}
	s.mu.RUnlock()
	return c.Redirect(http.StatusSeeOther, access.SafeNext(c.FormValue("next")))
}

// forgetNotes drops the finished pages when somebody has acknowledged a signal since
// they were made: acknowledgements lie beside the snapshots, not in them.
func (s *Server) forgetNotes() {
	changed := s.desk.Changed()
	if changed.Equal(s.noted) {
		return
	}
	s.noted = changed
	s.mu.RLock()
	v := s.current
	s.mu.RUnlock()
	if v != nil {
		v.forget()
	}
}
