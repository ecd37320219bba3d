package dashboards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
)

// rowWork is what the panels of one area and period are made from, read once.
type rowWork struct {
	s          *Server
	f          *frame
	area       panels.Area
	cards      []card
	first, end time.Time // of the period
	from       time.Time // of the months that trends show
	closings   []panels.Closing
	activities []panels.Activity
	series     lines
	peers      map[string]float64 // medians of the indicators over the areas beside
}

// trendMonths is how many months charts over time show: a year and the month a year before.
const trendMonths = 13

func (s *Server) rowWork(f *frame, a panels.Area) (*rowWork, error) {
	w := &rowWork{s: s, f: f, area: a}
	var err error
	if w.first, w.end, err = span(f.Period); err != nil {
		return nil, err
	}
	w.from = w.end.AddDate(0, -trendMonths, 0)
	if w.first.Before(w.from) {
		w.from = w.first
	}
	if w.cards, err = s.areaCards(f, a); err != nil {
		return nil, err
	}
	if w.closings, err = panels.Closings(f.ctx, f.view.DB, a, w.from, w.end); err != nil {
		return nil, err
	}
	if w.activities, err = panels.Activities(f.ctx, f.view.DB, a, w.from, w.end); err != nil {
		return nil, err
	}
	if w.series, err = f.lines(a); err != nil {
		return nil, err
	}
	return w, w.readPeers()
}

// readPeers finds the median of each indicator over the areas beside this one (below it, for the district).
func (w *rowWork) readPeers() error {
	level, code := w.area.ParentLevel, w.area.ParentCode
	if w.f.view.confined != "" && w.area.Level != "community" && w.area.Level != "grid" {
		return w.readPeersElsewhere()
	}
	if level == "" {
		level, code = w.area.Level, w.area.Code
	}
	peers, err := panels.Peers(w.f.ctx, w.f.view.DB, level, code, w.f.Period.Name)
	if err != nil {
		return err
	}
	values := map[string][]float64{}
	for _, p := range peers {
		if p.Code != w.area.Code {
			values[p.Indicator] = append(values[p.Indicator], p.Value)
		}
	}
	w.peers = map[string]float64{}
	for indicator, all := range values {
		w.peers[indicator] = median(all)
	}
	return nil
}

// readPeersElsewhere takes the medians over all other subdistricts, which are all that a reader who is confined to one may know of them.
func (w *rowWork) readPeersElsewhere() error {
	averages, err := panels.Averages(w.f.ctx, w.f.view.DB, "subdistrict", w.f.Period.Name, "", true)
	w.peers = map[string]float64{}
	for _, a := range averages {
		w.peers[a.Indicator] = a.Median
	}
	return err
}

// builder makes what is special to one row: its charts and what they say in words.
type builder func(w *rowWork) ([]figure, []string, error)

// builders are the makers of the panels, by the row's key; every row has one.
func builders() map[string]builder {
	return map[string]builder{
		"fengqiao":                fengqiao,
		"local_mediators":         localMediators,
		"social_work":             socialWork,
		"standardisation":         standardisation,
		"embedding":               embedding,
		"social_organisations":    socialOrganisations,
		"unclear_powers":          unclearPowers,
		"weak_execution":          weakExecution,
		"informatisation":         informatisation,
		"joint_force":             jointForce,
		"capable_carriers":        capableCarriers,
		"rule_of_law":             ruleOfLaw,
		"open_sharing":            openSharing,
		"residents_participation": residentsParticipation,
		"two_way_appraisal":       twoWayAppraisal,
		"one_stop":                oneStop,
		"seamless_coverage":       seamlessCoverage,
		"cadre_force":             cadreForce,
	}
}

// leading are the indicators that speak first for a row that has many.
func leading(row string) []string {
	return map[string][]string{
		"fengqiao":                {"F31", "F32", "F33", "F34", "E31"},
		"local_mediators":         {"E18", "E32"},
		"weak_execution":          {"E41", "F16", "F27", "F24", "F13"},
		"residents_participation": {"E11", "E12", "E13", "F51"},
		"capable_carriers":        {"E23", "E24", "E25", "E14"},
		"rule_of_law":             {"E31", "E34", "E33"},
		"cadre_force":             {"E26", "F61", "E25", "E23"},
	}[row]
}

// panel makes the panel of one row.
func (w *rowWork) panel(row catalogue.Row) (panel, error) {
	p := panel{Key: row.Key, Name: row.Name.In(w.f.Lang), Meaning: row.Meaning.In(w.f.Lang)}
	var codes []string
	for _, ind := range w.s.catalogue.ForRow(row.Key) {
		codes = append(codes, ind.Code)
	}
	first := slices.DeleteFunc(leading(row.Key), func(code string) bool { return !slices.Contains(codes, code) })
	codes = append(first, slices.DeleteFunc(codes, func(code string) bool { return slices.Contains(first, code) })...)
	p.Cards = pick(w.cards, codes)
	for i := range p.Cards {
		p.Cards[i].Peers = w.peer(p.Cards[i])
		switch p.Cards[i].Met {
		case 1:
			p.Met++
		case -1:
			p.Missed++
		}
	}
	build, ok := builders()[row.Key]
	if !ok {
		return p, fmt.Errorf("there is no panel for the row %s", row.Key)
	}
	figures, words, err := build(w)
	if err != nil {
		return p, err
	}
	for i := range figures {
		figures[i].Chart.ID = fmt.Sprintf("row-%s-%d", row.Key, i+1)
		figures[i].Data = w.f.Href("/api/v1/empowerment.csv", "area", w.f.Query.Get("area"), "row", row.Key, "figure", fmt.Sprint(i+1))
		p.Wide = p.Wide || figures[i].wide
	}
	p.Figures = figures
	p.Findings = append(slices.DeleteFunc(words, func(s string) bool { return s == "" }), w.moved(p.Cards)...)
	return p, nil
}

// peer is the median of the areas beside, written in the indicator's unit.
func (w *rowWork) peer(c card) string {
	v, ok := w.peers[c.Code]
	if !ok {
		return ""
	}
	ind, _ := w.s.catalogue.ByCode(c.Code)
	return w.f.Locale.Value(v, ind.Unit)
}

// Leading are the indicators of a panel that are shown at once, More those behind a click.
func (p panel) Leading() []card { return p.Cards[:min(len(p.Cards), 5)] }

// More are the panel's other indicators.
func (p panel) More() []card { return p.Cards[min(len(p.Cards), 5):] }

// moved says which indicators clearly moved since last year, and which miss their targets.
func (w *rowWork) moved(cards []card) []string {
	var better, worse, missed []string
	for _, c := range cards {
		if c.Met == -1 {
			missed = append(missed, c.Name)
		}
		if w.hardly(c) {
			continue
		}
		switch c.YearAgo.Good {
		case 1:
			better = append(better, c.Name)
		case -1:
			worse = append(worse, c.Name)
		}
	}
	var words []string
	if len(missed) > 0 {
		words = append(words, w.f.T("rowMissed", "List", w.f.enumerate(missed)))
	}
	if len(worse) > 0 {
		words = append(words, w.f.T("rowWorse", "List", w.f.enumerate(worse)))
	}
	if len(better) > 0 {
		words = append(words, w.f.T("rowBetter", "List", w.f.enumerate(better)))
	}
	return words
}

// hardly says whether a full count, which has no interval, differs by less than 2 % of its value a year ago: not worth a sentence.
func (w *rowWork) hardly(c card) bool {
	_, yearAgo := before(w.f.Period)
	return w.hardlySince(c, yearAgo)
}

// hardlySince is hardly against another period.
func (w *rowWork) hardlySince(c card, period string) bool {
	then, ok := w.series.past.At(c.Code, period)
	if c.Interval != "" || c.value == nil || !ok || !then.Value.Valid {
		return false
	}
	old := then.Value.Float64
	return abs(*c.value-old) < 0.02*abs(old)
}

// overall says for the page how many targets are met, and which rows need looking at.
func (w *rowWork) overall(groups []rowGroup) []string {
	seen := map[string]bool{}
	var met, missed int
	var weak []string
	for _, g := range groups {
		for _, p := range g.Panels {
			if p.Missed > 0 && p.Missed >= p.Met {
				weak = append(weak, p.Name)
			}
			for _, c := range p.Cards {
				if seen[c.Code] {
					continue
				}
				seen[c.Code] = true
				switch c.Met {
				case 1:
					met++
				case -1:
					missed++
				}
			}
		}
	}
	words := []string{w.f.T("headTargets", "Met", met, "Missed", missed)}
	if len(weak) > 0 {
		words[0] += w.f.T("rowsWeak", "List", w.f.enumerate(weak))
	}
	return words
}

// month names the months of the trends in order.
func (w *rowWork) months() []string {
	var names []string
	for m := w.from; m.Before(w.end); m = m.AddDate(0, 1, 0) {
		names = append(names, m.Format("2006-01"))
	}
	return names
}

// inPeriod says whether a month belongs to the period of the page.
func (w *rowWork) inPeriod(month string) bool {
	return month >= w.first.Format("2006-01") && month < w.end.Format("2006-01")
}

// yearBefore says whether a month belongs to the same period a year before.
func (w *rowWork) yearBefore(month string) bool {
	return month >= w.first.AddDate(-1, 0, 0).Format("2006-01") && month < w.end.AddDate(-1, 0, 0).Format("2006-01")
}

// percent writes a share.
func (w *rowWork) percent(v float64) string { return w.f.Locale.Value(v, "percent") }

// trend draws indicators of one unit over time; those without values are left out.
func (w *rowWork) trend(title, note string, codes ...string) (figure, error) {
	g := figure{Title: title, Note: note, table: table{columns: []string{"indicator", "name", "period", "value", "low", "high"}}}
	var lines []charts.Line
	unit := ""
	var target *float64
	colours := []string{charts.Blue, charts.Amber, charts.Green}
	for _, code := range codes {
		ind, ok := w.s.catalogue.ByCode(code)
		if !ok {
			continue
		}
		points := w.series.points(w.f, code)
		if len(points) > 2*trendMonths {
			points = points[len(points)-2*trendMonths:]
		}
		if !slices.ContainsFunc(points, func(p charts.Point) bool { return p.Value != nil }) {
			continue
		}
		unit = ind.Unit
		if len(codes) == 1 {
			target = w.s.target(ind, w.area.Level, w.f.Period.Kind)
		}
		lines = append(lines, charts.Line{Name: ind.Name.In(w.f.Lang), Points: points, Color: colours[len(lines)%len(colours)]})
		for _, p := range points {
			g.table.rows = append(g.table.rows, []any{code, ind.Name.In(w.f.Lang), p.At, maybe(p.Value), maybe(p.Low), maybe(p.High)})
		}
	}
	if len(lines) == 0 {
		return g, nil
	}
	align(lines)
	options, err := charts.Trend(unit, lines, target, w.f.T("target"), w.f.T("interval"))
	options = charts.Compact(options)
	g.Chart = charts.Chart{Class: "jc-chart-short", Label: title, Options: options}
	return g, err
}

// align gives all lines the same periods; where a line has none, it has a gap.
func align(lines []charts.Line) {
	names := map[string]bool{}
	for _, l := range lines {
		for _, p := range l.Points {
			names[p.At] = true
		}
	}
	var order []string
	for name := range names {
		order = append(order, name)
	}
	slices.Sort(order)
	for i := range lines {
		known := map[string]charts.Point{}
		for _, p := range lines[i].Points {
			known[p.At] = p
		}
		lines[i].Points = nil
		for _, name := range order {
			p, ok := known[name]
			if !ok {
				p = charts.Point{At: name}
			}
			lines[i].Points = append(lines[i].Points, p)
		}
	}
}

// target is an indicator's default target for a level and kind of period, nil without one.
func (s *Server) target(ind catalogue.Indicator, level, kind string) *float64 {
	if v, ok := ind.TargetFor(level, kind); ok {
		return &v
	}
	return nil
}

// tally sums numbers by month and key, and keeps the keys in a given order; keys that are not named come last.
type tally struct {
	order []string
	sums  map[string]map[string]float64 // by key and month
	// hidden are the keys and months that the reader may not see
	hidden map[[2]string]bool
}

func newTally(order ...string) *tally {
	return &tally{order, map[string]map[string]float64{}, map[[2]string]bool{}}
}

func (t *tally) add(key, month string, v float64) {
	if t.sums[key] == nil {
		t.sums[key] = map[string]float64{}
		if !slices.Contains(t.order, key) {
			t.order = append(t.order, key)
		}
	}
	t.sums[key][month] += v
}

// hideFew marks in a tally of counts what this reader may not see, month by month, and says how much that is.
func (f *frame) hideFew(t *tally) (hidden int) {
	type part struct {
		key string
		n   float64
	}
	byMonth := map[string][]part{}
	for _, key := range t.order {
		for month, n := range t.sums[key] {
			byMonth[month] = append(byMonth[month], part{key, n})
		}
	}
	for month, parts := range byMonth {
		kept, few := seen(f, parts, func(p part) []int64 { return []int64{int64(p.n)} })
		hidden += few
		if few == 0 {
			continue
		}
		for _, p := range parts {
			if !slices.Contains(kept, p) {
				t.hidden[[2]string{p.key, month}] = true
			}
		}
	}
	return hidden
}

// layers are the tally's keys over the months as layers of a stack; as shares of the month's total where asked.
func (t *tally) layers(months []string, name func(key string) string, colour map[string]string, share bool, count func(float64) string) []charts.Layer {
	total := map[string]float64{}
	for _, byMonth := range t.sums {
		for month, v := range byMonth {
			total[month] += v
		}
	}
	var layers []charts.Layer
	for _, key := range t.order {
		if t.sums[key] == nil {
			continue
		}
		layer := charts.Layer{Name: name(key), Color: colour[key]}
		for _, month := range months {
			v := t.sums[key][month]
			if t.hidden[[2]string{key, month}] {
				v = 0
			}
			if share {
				layer.Notes = append(layer.Notes, "n = "+count(v))
				v /= max(total[month], 1)
			}
			layer.Values = append(layer.Values, v)
		}
		layers = append(layers, layer)
	}
	return layers
}

func (t *tally) table(months []string, what string) table {
	out := table{columns: []string{"month", "kind", what}}
	for _, month := range months {
		for _, key := range t.order {
			switch {
			case t.hidden[[2]string{key, month}]:
				out.rows = append(out.rows, []any{month, key, nil})
			case t.sums[key] != nil:
				out.rows = append(out.rows, []any{month, key, t.sums[key][month]})
			}
		}
	}
	return out
}

// stack draws a tally over the months.
func (w *rowWork) stack(title, note string, t *tally, prefix string, colour map[string]string, share bool, what string) (figure, error) {
	if what != "hours" && what != "yuan" { // those count nobody
		note = strings.TrimSpace(note + " " + w.f.fewNote(w.f.hideFew(t)))
	}
	g := figure{Title: title, Note: note, table: t.table(w.months(), what)}
	if len(t.sums) == 0 {
		return g, nil
	}
	unit := ""
	if share {
		unit = "percent"
	}
	count := func(v float64) string { return w.f.Int(int64(v + 0.5)) }
	options, err := charts.Stack(unit, w.months(), t.layers(w.months(), func(key string) string { return w.f.word(prefix, key) }, colour, share, count))
	g.Chart = charts.Chart{Class: "jc-chart-short", Label: title, Options: options}
	return g, err
}

// word is the text of a value of a feed's column; what is empty is not known, and what is no known value stands as it is.
func (f *frame) word(prefix, value string) string {
	if value == "" {
		return f.T("unknown")
	}
	if text := f.T(prefix + value); !strings.HasPrefix(text, "⟦") {
		return text
	}
	return value
}

// dots draws shares or durations with intervals, one a row; the note says what the reference line is.
func (w *rowWork) dots(title, note, unit string, areas []charts.Area, reference *float64) (figure, error) {
	g := figure{Title: title, Note: note, table: table{columns: []string{"name", "value", "low", "high", "note"}}}
	for _, a := range areas {
		g.table.rows = append(g.table.rows, []any{a.Name, maybe(a.Value), maybe(a.Low), maybe(a.High), a.Note})
	}
	if !slices.ContainsFunc(areas, func(a charts.Area) bool { return a.Value != nil }) {
		return g, nil
	}
	options, err := charts.Ranking(unit, areas, reference, " ", w.f.T("value"), w.f.T("interval"))
	g.Chart = charts.Chart{Class: "jc-chart-short", Label: title, Options: options}
	return g, err
}
