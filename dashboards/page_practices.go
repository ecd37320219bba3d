package dashboards

import (
	"math"
	"strconv"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/practices"
)

// practicePage says which practices worked.
type practicePage struct {
	Practices []practiceView
	Unused    []practiceView // those that were introduced nowhere
	Values    string         // address of the effects as CSV
	Confined  bool           // the reader may see one subdistrict only, which compares nothing
}

// practiceView is one practice: a section of the page.
type practiceView struct {
	ID, Code, Name, Level string
	Introduced            string // where and when, in words; "" where it was not
	Outcomes              []outcomeView
	Related               []relatedView
}

// outcomeView is what a practice did to the indicator that it should move.
type outcomeView struct {
	Indicator, Href string
	Sentence        string
	Verdict         string
	Good            int // 1 it works, -1 it harms, 0 neither
	Event, Lines    charts.Chart
	Rows            []estimateRow
	Facts           string
	Points          string // address of the points as CSV
}

// relatedView is the same for an indicator on the practice's subject, in one line.
type relatedView struct {
	Indicator, Href, Effect, Interval, Verdict string
	Good                                       int
}

// estimateRow is one way to estimate an effect.
type estimateRow struct {
	Method, Effect, Error, Interval, P, PreTrend string
	Treated, Controls                            string
}

func (s *Server) practices(f *frame) (content, error) {
	all, err := practices.List(f.ctx, f.view.DB)
	if err != nil {
		return content{}, err
	}
	p := &practicePage{Values: f.Href("/api/v1/practices.csv"), Confined: f.view.confined != ""}
	if p.Confined {
		all = nil
	}
	for _, one := range all {
		v, err := s.practiceView(f, one)
		if err != nil {
			return content{}, err
		}
		if v.Introduced == "" {
			p.Unused = append(p.Unused, v)
		}
		p.Practices = append(p.Practices, v)
	}
	return content{"practices", f.T("practices"), p}, nil
}

func (s *Server) practiceView(f *frame, one practices.Practice) (practiceView, error) {
	v := practiceView{ID: "practice-" + strconv.Itoa(hashed(one.Code+one.Level)), Code: one.Code, Name: one.Name.In(f.Lang), Level: f.Level(one.Level)}
	if len(one.Outcomes) == 0 && one.Areas == 0 {
		return v, nil
	}
	key := "practiceIntroduced"
	if one.First.Equal(one.Last) {
		key = "practiceAtOnce"
	}
	v.Introduced = f.T(key, "N", one.Areas, "Level", v.Level, "First", f.Locale.Period(one.First.Format("2006-01")), "Last", f.Locale.Period(one.Last.Format("2006-01")))
	for i, o := range one.Outcomes {
		ind, known := s.catalogue.ByCode(o.Indicator)
		if !known {
			ind = catalogue.Indicator{Code: o.Indicator, Name: catalogue.Text{Zh: o.Indicator, En: o.Indicator}}
		}
		if !o.Expected {
			v.Related = append(v.Related, f.related(ind, o.Effect))
			continue
		}
		view, err := f.outcome(v.ID+"-"+strconv.Itoa(i), one, o, ind)
		if err != nil {
			return v, err
		}
		v.Outcomes = append(v.Outcomes, view)
	}
	return v, nil
}

// hashed makes an id of a code, whatever letters it has.
func hashed(code string) int {
	sum := 0
	for _, r := range code {
		sum = (sum*31 + int(r)) % 100_003
	}
	return sum
}

func verdictGood(v practices.Verdict) int {
	switch v {
	case practices.Works:
		return 1
	case practices.Harms:
		return -1
	}
	return 0
}

func (f *frame) related(ind catalogue.Indicator, e practices.Effect) relatedView {
	low, high := e.Interval()
	r := relatedView{Indicator: ind.Code + " " + ind.Name.In(f.Lang), Href: f.Href("/catalogue/" + ind.Code), Verdict: f.T("verdict_" + string(e.Verdict)), Good: verdictGood(e.Verdict)}
	if !math.IsNaN(e.Value) {
		r.Effect, r.Interval = f.signed(e.Value, ind.Unit), f.signed(low, ind.Unit)+" … "+f.signed(high, ind.Unit)
	}
	return r
}

func (f *frame) outcome(id string, one practices.Practice, o practices.Outcome, ind catalogue.Indicator) (outcomeView, error) {
	level := f.Level(one.Level)
	if f.Lang == "en" {
		level = f.T("levels_" + one.Level)
	}
	e := o.Effect
	v := outcomeView{Indicator: ind.Code + " " + ind.Name.In(f.Lang), Href: f.Href("/catalogue/" + ind.Code), Sentence: e.Sentence(f.Lang, ind, level),
		Verdict: f.T("verdict_" + string(e.Verdict)), Good: verdictGood(e.Verdict), Points: f.Href("/api/v1/practice-points.csv", "practice", one.Code, "indicator", ind.Code, "level", one.Level)}
	if math.IsNaN(e.Value) {
		return v, nil
	}
	v.Facts = f.T("practiceFacts", "Treated", e.Treated, "Controls", e.ControlUnits, "LeftOut", e.LeftOut,
		"Before", f.withUnit(e.Before, ind.Unit), "After", f.withUnit(e.After, ind.Unit),
		"ControlBefore", f.withUnit(e.ControlBefore, ind.Unit), "ControlAfter", f.withUnit(e.ControlAfter, ind.Unit))
	for _, way := range append([]practices.Effect{e}, o.Alternatives...) {
		v.Rows = append(v.Rows, f.estimate(way, ind))
	}
	points, err := practices.Points(f.ctx, f.view.DB, one.Code, ind.Code, one.Level)
	if err != nil {
		return v, err
	}
	return v, f.practiceCharts(&v, id, points, ind)
}

func (f *frame) estimate(e practices.Effect, ind catalogue.Indicator) estimateRow {
	low, high := e.Interval()
	if math.IsNaN(low) { // only the main way is permuted
		low, high = e.Low, e.High
	}
	p := func(v float64) string {
		if math.IsNaN(v) {
			return "—"
		}
		if v < 0.001 {
			return "< 0.001"
		}
		return strconv.FormatFloat(v, 'f', 3, 64)
	}
	r := estimateRow{Method: f.T("method_" + e.Method), Effect: f.signed(e.Value, ind.Unit), Error: "—", Interval: "—", P: p(e.P), PreTrend: p(e.PreTrendP),
		Treated: f.Int(int64(e.Treated)), Controls: f.Int(int64(e.ControlUnits))}
	if !math.IsNaN(e.StdError) {
		r.Error = f.amount(e.StdError, ind.Unit)
	}
	if !math.IsNaN(low) && !math.IsInf(low, 0) && !math.IsInf(high, 0) {
		r.Interval = f.signed(low, ind.Unit) + " … " + f.signed(high, ind.Unit)
	}
	return r
}

// thinnest is the least share of the fullest point's cases that a point of a chart must
// have; the ends of an event study hold few areas, and would only stretch the axis.
const thinnest = 0.15

// practiceCharts draws the event study, and the levels of both groups around the start.
func (f *frame) practiceCharts(v *outcomeView, id string, points []practices.Point, ind catalogue.Indicator) error {
	var effects []charts.Point
	treated, control := charts.Line{Name: f.T("practiceTreated"), Color: charts.Blue}, charts.Line{Name: f.T("practiceControl"), Color: charts.Grey, Dashed: true}
	startsAt := 0
	most := 0.0
	for _, p := range points {
		most = math.Max(most, p.Cases)
	}
	for _, p := range points {
		if p.Kind != "event" || p.Cases < thinnest*most {
			continue
		}
		if p.Position < 0 {
			startsAt++
		}
		at := f.T("practiceMonths", "From", monthNumber(p.Position), "To", monthNumber(p.Position+p.Months-1))
		effects = append(effects, charts.Point{At: at, Value: number(p.Value), Low: number(p.BandLow), High: number(p.BandHigh), Note: "n = " + f.Int(int64(math.Round(p.Cases)))})
		treated.Points = append(treated.Points, charts.Point{At: at, Value: number(p.Treated)})
		control.Points = append(control.Points, charts.Point{At: at, Value: number(p.Control)})
	}
	if len(effects) == 0 {
		return nil
	}
	name := ind.Name.In(f.Lang)
	options, err := charts.EventStudy(ind.Unit, effects, startsAt, f.T("practiceEffect"), f.T("practiceBand"), f.T("practiceStart"))
	if err != nil {
		return err
	}
	v.Event = charts.Chart{ID: id + "-event", Label: f.T("practiceEventLabel", "Name", name), Options: options}
	options, err = charts.Trend(ind.Unit, []charts.Line{treated, control}, nil, "", "")
	v.Lines = charts.Chart{ID: id + "-lines", Label: f.T("practiceLinesLabel", "Name", name), Options: options}
	return err
}

// monthNumber counts from the start: the first month with the practice is 1, the last
// before it −1.
func monthNumber(position int) string {
	if position < 0 {
		return "−" + strconv.Itoa(-position)
	}
	return "+" + strconv.Itoa(position+1)
}

// number is nil for NaN.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// cell is nil for NaN, as a table holds it.
func cellOf(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// practiceTable is every effect, in every way it was estimated.
func (s *Server) practiceTable(f *frame) (table, error) {
	all, err := practices.List(f.ctx, f.view.DB)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"practice", "name_zh", "name_en", "geo_level", "first_start", "last_start", "indicator", "expected", "method", "areas_treated", "areas_control",
		"areas_left_out", "treated_before", "treated_after", "control_before", "control_after", "effect", "std_error", "df", "low", "high", "p_value",
		"permutation_p", "permutation_low", "permutation_high", "clusters_treated", "clusters_control", "few_clusters", "pretrend_p", "group_average", "event_average", "verdict"}}
	for _, p := range all {
		for _, o := range p.Outcomes {
			for _, e := range append([]practices.Effect{o.Effect}, o.Alternatives...) {
				out.rows = append(out.rows, []any{p.Code, p.Name.Zh, p.Name.En, p.Level, p.First.Format(time.DateOnly), p.Last.Format(time.DateOnly), e.Indicator, o.Expected, e.Method, e.Treated, e.ControlUnits,
					e.LeftOut, cellOf(e.Before), cellOf(e.After), cellOf(e.ControlBefore), cellOf(e.ControlAfter), cellOf(e.Value), cellOf(e.StdError), cellOf(e.DF),
					cellOf(e.Low), cellOf(e.High), cellOf(e.P), cellOf(e.PermutationP), cellOf(e.PermutationLow), cellOf(e.PermutationHigh), cellOf(e.ClustersTreated),
					cellOf(e.ClustersControl), e.Few, cellOf(e.PreTrendP), cellOf(e.GroupAverage), cellOf(e.EventAverage), string(e.Verdict)})
			}
		}
	}
	return out, nil
}

// practicePointTable is the event study, the groups and the group–time effects of one
// practice on one indicator.
func (s *Server) practicePointTable(f *frame) (table, error) {
	level := f.one("level", "community", "subdistrict", "grid", "district")
	points, err := practices.Points(f.ctx, f.view.DB, f.Query.Get("practice"), f.Query.Get("indicator"), level)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"kind", "group", "month", "position", "months", "effect", "std_error", "low", "high", "band_low", "band_high", "treated", "control", "areas", "cases"}}
	for _, p := range points {
		out.rows = append(out.rows, []any{p.Kind, p.Group, p.Month, p.Position, p.Months, cellOf(p.Value), cellOf(p.StdError), cellOf(p.Low), cellOf(p.High),
			cellOf(p.BandLow), cellOf(p.BandHigh), cellOf(p.Treated), cellOf(p.Control), p.Areas, cellOf(p.Cases)})
	}
	return out, nil
}
