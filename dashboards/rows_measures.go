package dashboards

import (
	"cmp"
	"slices"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
)

// residentsParticipation: what people come to, and what they raise themselves.
func residentsParticipation(w *rowWork) ([]figure, []string, error) {
	f := w.f
	took := newTally("deliberation", "volunteer", "party", "service", "social_work")
	for _, a := range w.activities {
		if a.Kind != "visit" {
			took.add(a.Kind, a.Month, float64(a.Participants))
		}
	}
	kinds, err := w.stack(f.T("participantsByKind"), "", took, "kind_", nil, false, "participants")
	if err != nil {
		return nil, nil, err
	}
	raised, err := w.trend(f.T("raisedTrend"), f.T("raisedNote"), "E13", "E14")
	return []figure{kinds, raised}, nil, err
}

// twoWayAppraisal: how departments and subdistricts score each other.
func twoWayAppraisal(w *rowWork) ([]figure, []string, error) {
	f := w.f
	subdistrict := ""
	if w.area.Level != "district" {
		a := w.area
		for a.Level != "subdistrict" {
			above, err := f.view.areas.above(a)
			if err != nil {
				return nil, nil, err
			}
			a = above
		}
		subdistrict = a.Code
	}
	pairs, err := panels.Appraisals(f.ctx, f.view.DB, subdistrict, w.first, w.end)
	if err != nil {
		return nil, nil, err
	}
	down, err := w.matrix(f.T("down"), pairs, func(p panels.Appraisal) *float64 { return pointer(p.Down) })
	if err != nil {
		return nil, nil, err
	}
	up, err := w.matrix(f.T("up"), pairs, func(p panels.Appraisal) *float64 { return pointer(p.Up) })
	if err != nil {
		return nil, nil, err
	}
	var words []string
	if len(pairs) > 0 {
		var due, given int64
		widest := 0
		gap := func(p panels.Appraisal) float64 {
			if !p.Down.Valid || !p.Up.Valid {
				return 0
			}
			return p.Down.Float64 - p.Up.Float64
		}
		for i, p := range pairs {
			due += p.Due
			given += p.Given
			if abs(gap(p)) > abs(gap(pairs[widest])) {
				widest = i
			}
		}
		words = append(words, f.T("appraisalFound", "Due", f.Int(due), "Given", f.Int(given), "Department", pairs[widest].Department, "Subdistrict", pairs[widest].Name,
			"Gap", w.f.Signed(gap(pairs[widest]))))
	}
	return []figure{down, up}, words, nil
}

func abs(v float64) float64 { return max(v, -v) }

// matrix is the scores of one direction, departments down, subdistricts across.
func (w *rowWork) matrix(title string, pairs []panels.Appraisal, score func(panels.Appraisal) *float64) (figure, error) {
	f := w.f
	g := figure{Title: title, Note: f.T("matrixNote"), wide: true, table: table{columns: []string{"department", "subdistrict_code", "subdistrict", "score"}}}
	var rows, columns, codes []string
	var cells []charts.Cell
	low, high := 100.0, 0.0
	for _, p := range pairs {
		if !slices.Contains(rows, p.Department) {
			rows = append(rows, p.Department)
		}
		if !slices.Contains(codes, p.Subdistrict) {
			codes, columns = append(codes, p.Subdistrict), append(columns, p.Name)
		}
		v := score(p)
		text := f.T("notGiven")
		if v != nil {
			low, high = min(low, *v), max(high, *v)
			text = f.measured(*v, "points")
		}
		cells = append(cells, charts.Cell{Column: slices.Index(codes, p.Subdistrict), Row: slices.Index(rows, p.Department), Value: v, Tip: p.Department + " · " + p.Name + "\n" + text})
		g.table.rows = append(g.table.rows, []any{p.Department, p.Subdistrict, p.Name, maybe(v)})
	}
	if low > high {
		return g, nil
	}
	options, err := charts.Matrix("points", columns, rows, cells, low, high, func(v float64) string { return f.Locale.Value(v, "points") })
	g.Chart = charts.Chart{Class: "jc-chart-tall", Label: title, Options: options}
	return g, err
}

// oneStop: visits needed and hand-offs, over time.
func oneStop(w *rowWork) ([]figure, []string, error) {
	visits, err := w.trend(w.f.T("oneVisitTrend"), "", "F41")
	if err != nil {
		return nil, nil, err
	}
	hands, err := w.trend(w.f.T("handoffTrend"), "", "F42")
	return []figure{visits, hands}, nil, err
}

// seamlessCoverage: where people live outside a staffed grid.
func seamlessCoverage(w *rowWork) ([]figure, []string, error) {
	f := w.f
	level := below(w.area.Level)
	if w.area.Level == "district" {
		level = "community" // a whole subdistrict would hide the gaps
	}
	if level == "" {
		over, err := w.trend(f.T("coverageTrend"), "", "E21")
		return []figure{over}, nil, err
	}
	ind, _ := w.s.catalogue.ByCode("E21")
	ranked, err := f.ranking("E21", level, w.area)
	if err != nil {
		return nil, nil, err
	}
	g := figure{Title: f.T("coverageMap"), Note: f.T("coverageNote"), table: table{columns: []string{"geo_code", "name", "E21", "people"}}}
	areas := make([]charts.Area, len(ranked))
	var gaps []charts.Area
	for i, r := range ranked {
		areas[i] = charts.Area{Code: r.Code, Name: r.Name, Value: pointer(r.Value)}
		if r.N.Valid {
			areas[i].Note = "n = " + f.Int(r.N.Int64)
		}
		var people any
		if r.N.Valid {
			people = r.N.Int64
		}
		g.table.rows = append(g.table.rows, []any{r.Code, r.Name, null(r.Value), people})
		if r.Value.Valid && r.Value.Float64 < 1 {
			gaps = append(gaps, areas[i])
		}
	}
	has := f.view.areas.drawn[level]
	if has {
		options, err := charts.Shortfall(ind.Unit, ind.Name.In(f.Lang), areas, 1, func(v float64) string { return f.Locale.Value(v, ind.Unit) })
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Label: g.Title, Options: options, Link: f.Href("/area/"+level+"/CODE", "indicator", "E21"),
			Map: "/api/v1/map/" + level + "?above=" + w.area.Level + ":" + w.area.Code + "&snapshot=" + f.view.Name}
	}
	slices.Reverse(gaps) // ranked best first
	worst, err := w.dots(f.T("coverageWorst"), f.T("coverageWorstNote", "Shown", min(len(gaps), 12), "All", len(gaps)), "percent", gaps[:min(len(gaps), 12)], w.value("E21"))
	worst.Chart.Class = ""
	words := []string{f.T("coverageFound", "N", len(gaps), "All", len(ranked), "Level", f.Level(level))}
	if len(ranked) == 0 {
		words = nil
	}
	return []figure{g, worst}, words, err
}

// cadreForce: how evenly the load lies, and how areas with a like load do.
func cadreForce(w *rowWork) ([]figure, []string, error) {
	f := w.f
	g := figure{Title: f.T("lorenz"), Note: f.T("lorenzNote"), table: table{columns: []string{"geo_code", "name", "cases", "worker_months"}}}
	loads, err := panels.Loads(f.ctx, f.view.DB, "F61", f.Period.Name, w.area)
	if err != nil {
		return nil, nil, err
	}
	var words []string
	if len(loads) > 1 {
		x, y := lorenz(loads)
		options, err := charts.Concentration(f.T("workersAxis"), f.T("casesAxis"), f.T("evenly"), f.T("lorenz"), x, y)
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Label: g.Title, Options: options}
		words = append(words, f.T("lorenzFound", "Share", w.percent(1-at(x, y, 0.8))))
	}
	for _, l := range loads {
		g.table.rows = append(g.table.rows, []any{l.Code, l.Name, l.Cases, l.Workers})
	}
	peers, err := w.likeLoad()
	return []figure{g, peers}, words, err
}

// lorenz is the curve's points: shares of workers and of cases, least loaded first, from 0 to 1.
func lorenz(loads []panels.Load) (x, y []float64) {
	sorted := slices.Clone(loads)
	slices.SortFunc(sorted, func(a, b panels.Load) int { return cmp.Compare(a.Cases/a.Workers, b.Cases/b.Workers) })
	var workers, cases float64
	for _, l := range sorted {
		workers += l.Workers
		cases += l.Cases
	}
	x, y = []float64{0}, []float64{0}
	var w, c float64
	for _, l := range sorted {
		w += l.Workers
		c += l.Cases
		x, y = append(x, w/workers), append(y, c/max(cases, 1e-9))
	}
	return x, y
}

// at reads a rising curve at x by straight lines between its points.
func at(xs, ys []float64, x float64) float64 {
	for i := 1; i < len(xs); i++ {
		if xs[i] >= x {
			if xs[i] == xs[i-1] {
				return ys[i]
			}
			return ys[i-1] + (ys[i]-ys[i-1])*(x-xs[i-1])/(xs[i]-xs[i-1])
		}
	}
	return ys[len(ys)-1]
}

// likeLoad is load against on-time closure for the areas below, so that each is seen beside those with a like load.
func (w *rowWork) likeLoad() (figure, error) {
	f := w.f
	g := figure{Title: f.T("likeLoad"), Note: f.T("likeLoadNote"), table: table{columns: []string{"geo_code", "name", "F61", "F13"}}}
	level := below(w.area.Level)
	if level == "" {
		return g, nil
	}
	pairs, err := w.pairs("F61", "F13", level)
	if err != nil || len(pairs) == 0 {
		return g, err
	}
	for _, p := range pairs {
		g.table.rows = append(g.table.rows, []any{p.Code, p.Name, p.X, p.Y})
	}
	load, _ := w.s.catalogue.ByCode("F61")
	onTime, _ := w.s.catalogue.ByCode("F13")
	options, err := charts.Scatter(f.T("loadAxis"), load.Unit, onTime.Name.In(f.Lang), onTime.Unit,
		[]charts.Cloud{{Name: f.Level(level), Color: charts.Blue, Size: 12, Named: len(pairs) <= 20, Pairs: pairs}}, w.value("F61"), w.value("F13"))
	g.Chart = charts.Chart{Label: g.Title, Options: options, Link: f.Href("/area/" + level + "/CODE")}
	return g, err
}
