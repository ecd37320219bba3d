package dashboards

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/index"
	"github.com/jiceng/jiceng/queries/index/aggregate"
	"github.com/jiceng/jiceng/queries/index/ask"
)

const (
	labShown = 20 // areas in the chart; the table has all
	// openAll lets the simulation vary the methods too, as the nightly run does.
	openAll = "all"
)

// labDraws is how often the page simulates so many areas: a thousand times for the communities of a
// district, less for its grids, so that an answer takes a tenth of a second.
func labDraws(areas int) int { return min(1000, max(200, 120_000/max(1, areas))) }

// labPage is what the index lab shows: the settings, and what comes of them.
type labPage struct {
	Indices, Levels                   []choice
	Treat, Normalise, Weighting, Join []choice
	Open                              []choice
	Dimensions                        []labDimension
	Sliders                           bool // whether the sliders' weights are used
	Changed                           bool // whether anything differs from the file
	Problem                           string
	Summary                           string
	Result                            *ask.LabResult
	Rows                              []labRow
	Columns                           []string
	Ranks, Factors                    charts.Chart
	FactorsData                       string // address of the factors' numbers
	Download, Reset, About, RanksNote string
	Values                            string // address of the table as CSV
	Grades                            bool
}

func (*labPage) passing() {}

// labDimension is one group of sliders.
type labDimension struct {
	Code, Name string
	Weight     labWeight
	Indicators []labWeight
}

// labWeight is one slider: the file's weight, the chosen one, and what share of its siblings' weight the method gave it.
type labWeight struct {
	Param, Name, Share string
	Default, Value     float64
	Max, Step          float64
	Missing            bool // no area has a value
}

// labRow is one area under the chosen settings.
type labRow struct {
	Name, Href, Score, Rank, Interval, Before, Shift, Grade string
	RankNumber, ShiftNumber                                 int
	ScoreNumber                                             string
	Dimensions                                              []string
}

// labSelect is one choice in the form.
type labSelect struct {
	Name, Label string
	Options     []choice
}

func newLabSelect(name, label string, options []choice) labSelect {
	return labSelect{name, label, options}
}

// lab is the settings that an address asks for, on the values of one level and period.
type lab struct {
	*frame
	bench *ask.Bench
	level string
	cfg   index.Config
}

// indexLab recomputes an index with other weights and methods.
func (s *Server) indexLab(f *frame) (content, error) {
	indices, err := ask.Indices(f.ctx, f.view.DB)
	if err != nil {
		return content{}, err
	}
	p := &labPage{}
	l, err := s.openLab(f, indices, p)
	if errors.Is(err, ask.ErrNoIndex) {
		p.Problem = f.T("labNothing")
		return content{"index_lab", f.T("indexLab"), p}, nil
	}
	if err != nil {
		return content{}, err
	}
	l.settings(p)
	result, err := l.bench.Try(l.cfg, labDraws(len(l.bench.Codes)))
	if err != nil {
		p.Problem = f.T("labFailed", "Reason", err.Error())
		l.sliders(p, nil)
		return content{"index_lab", f.T("indexLab"), p}, nil
	}
	l.sliders(p, &result)
	p.Result = &result
	if err := l.show(p, &result); err != nil {
		return content{}, err
	}
	return content{"index_lab", f.T("indexLab"), p}, nil
}

// openLab finds the index, level and period, and applies the address's settings to the file's.
func (s *Server) openLab(f *frame, indices []ask.Index, p *labPage) (*lab, error) {
	if len(indices) == 0 {
		return nil, fmt.Errorf("%w: none", ask.ErrNoIndex)
	}
	code := f.Query.Get("index")
	chosen := indices[0]
	for _, i := range indices {
		if i.Code == code {
			chosen = i
		}
	}
	for _, i := range indices {
		p.Indices = append(p.Indices, choice{i.Code, i.Name.In(f.Lang), i.Code == chosen.Code})
	}
	p.About = chosen.About.In(f.Lang)
	l := &lab{frame: f, level: f.one("level", "community", "subdistrict", "grid")}
	for _, level := range []string{"subdistrict", "community", "grid"} {
		p.Levels = append(p.Levels, choice{level, f.Level(level), level == l.level})
	}
	var err error
	if l.bench, err = f.view.bench(f.ctx, chosen.Code, l.level, f.Period.Name); err != nil {
		return nil, err
	}
	l.cfg, p.Changed = l.apply(l.bench.Shipped)
	return l, nil
}

// apply puts the address's settings over the file's, and says whether they differ.
func (l *lab) apply(shipped index.Config) (index.Config, bool) {
	cfg := shipped
	cfg.Aggregate = append([]aggregate.Method(nil), shipped.Aggregate...)
	cfg.Normalise = index.NormaliseMethod(l.among("normalise", string(shipped.Normalise), labNormalise(shipped)))
	cfg.Weights = index.WeightMethod(l.among("weighting", string(shipped.Weights), labWeighting(shipped)))
	if rule := index.TreatMethod(l.among("treat", treatRule(shipped), labTreat())); string(rule) != treatRule(shipped) {
		cfg.Treat = index.DefaultTreat()
		cfg.Treat.Rule = rule
	}
	top := len(cfg.Aggregate) - 1
	cfg.Aggregate[top] = aggregate.Method(l.among("join", string(cfg.Aggregate[top]), labJoin(shipped)))
	changed := cfg.Normalise != shipped.Normalise || cfg.Weights != shipped.Weights || treatRule(cfg) != treatRule(shipped) || cfg.Aggregate[top] != shipped.Aggregate[top]
	var moved bool
	if cfg.Tree, moved = l.reweigh(shipped.Tree, true); moved {
		changed = true
	}
	if shipped.Uncertain != nil && l.Query.Get("open") != openAll {
		// What is left open beside the choices made on the page: the weights' own spread and the values' errors.
		cfg.Uncertain = &index.Uncertainty{Draws: shipped.Uncertain.Draws, WeightsBy: shipped.Uncertain.WeightsBy, Sampling: shipped.Uncertain.Sampling}
	}
	return cfg, changed
}

// reweigh takes the sliders' weights into a tree. What has the weight 0 leaves it, and so does a dimension without indicators.
func (l *lab) reweigh(n index.Node, root bool) (index.Node, bool) {
	moved := false
	if w, ok := l.weight(n.Code); ok && !root && w != weightOf(n) {
		n.Weight, moved = w, true
	}
	var kept []index.Node
	for _, child := range n.Children {
		if w, ok := l.weight(child.Code); ok && w == 0 {
			moved = true
			continue
		}
		changed, childMoved := l.reweigh(child, false)
		moved = moved || childMoved
		if len(child.Children) > 0 && len(changed.Children) == 0 {
			continue
		}
		kept = append(kept, changed)
	}
	n.Children = kept
	return n, moved
}

// weight is a slider's value in the address.
func (l *lab) weight(code string) (float64, bool) {
	w, err := strconv.ParseFloat(l.Query.Get("w_"+code), 64)
	return w, err == nil && w >= 0 && w <= 1000
}

func weightOf(n index.Node) float64 {
	if n.Weight == 0 {
		return 1
	}
	return n.Weight
}

// among is a parameter if it is one of the allowed values, else the given one.
func (l *lab) among(name, otherwise string, allowed []string) string {
	wanted := l.Query.Get(name)
	for _, a := range allowed {
		if a == wanted {
			return wanted
		}
	}
	return otherwise
}

func treatRule(c index.Config) string {
	if c.Treat.Rule == "" {
		return string(index.TreatNone)
	}
	return string(c.Treat.Rule)
}

func labTreat() []string { return []string{string(index.TreatNone), string(index.TreatSkew)} }

func labNormalise(c index.Config) []string {
	all := []string{string(index.Goalposts), string(index.MinMax), string(index.ZScore), string(index.Percentile)}
	if c.Normalise == index.Goalposts {
		return all
	}
	return all[1:] // a file that was not written for goalposts has none
}

func labWeighting(c index.Config) []string {
	all := []string{string(index.WeightsGiven), string(index.WeightsEqual), string(index.WeightsEntropy), string(index.WeightsCRITIC), string(index.WeightsPCA)}
	if c.Weights == index.WeightsAHP {
		all = append(all, string(index.WeightsAHP))
	}
	return all
}

// labJoin are the ways to join the topmost level; some need a scale that starts above 0.
func labJoin(c index.Config) []string {
	all := []string{string(aggregate.Arithmetic), string(aggregate.Median), string(aggregate.TOPSIS)}
	if c.Scale[0] > 0 {
		all = append(all, string(aggregate.Geometric), string(aggregate.Harmonic))
	}
	return all
}

// settings fills the choices.
func (l *lab) settings(p *labPage) {
	options := func(prefix, chosen string, all []string) []choice {
		var out []choice
		for _, value := range all {
			out = append(out, choice{value, l.T(prefix + value), value == chosen})
		}
		return out
	}
	cfg := l.cfg
	p.Treat = options("labTreat_", treatRule(cfg), labTreat())
	p.Normalise = options("labNormalise_", string(cfg.Normalise), labNormalise(l.bench.Shipped))
	p.Weighting = options("labWeighting_", string(cfg.Weights), labWeighting(l.bench.Shipped))
	p.Join = options("labJoin_", string(cfg.Aggregate[len(cfg.Aggregate)-1]), labJoin(l.bench.Shipped))
	p.Open = options("labOpen_", l.one("open", "some", openAll), []string{"some", openAll})
	p.Sliders = cfg.Weights == index.WeightsGiven
	p.Reset = l.Href("/index-lab", "index", cfg.Code, "level", l.level)
	p.Download = "/index-lab.yaml?" + l.Query.Encode()
	p.Values = "/api/v1/index-lab.csv?" + l.Query.Encode()
	p.Grades = len(cfg.Grades) > 0
}

// sliders are the weights of the whole shipped tree, those set to 0 among them.
func (l *lab) sliders(p *labPage, result *ask.LabResult) {
	names := l.nodeNames()
	shares := map[string]string{}
	if result != nil {
		for at, n := range result.Tree.Nodes {
			shares[n.Code] = l.Value(result.Weights[at], "percent")
		}
	}
	known := l.bench.Known()
	one := func(n index.Node, siblings []index.Node) labWeight {
		most := 0.0
		for _, s := range siblings {
			most = max(most, weightOf(s))
		}
		w := labWeight{Param: "w_" + n.Code, Name: names[n.Code], Share: shares[n.Code], Default: weightOf(n), Value: weightOf(n), Max: max(5, 2*most), Step: 0.5,
			Missing: len(n.Children) == 0 && !known[n.Code]}
		if most > 5 {
			w.Step = 5
		}
		if chosen, ok := l.weight(n.Code); ok {
			w.Value = min(chosen, w.Max)
		}
		return w
	}
	root := l.bench.Shipped.Tree
	flat := labDimension{Code: root.Code, Name: names[root.Code]}
	for _, n := range root.Children {
		if len(n.Children) == 0 {
			flat.Indicators = append(flat.Indicators, one(n, root.Children))
			continue
		}
		d := labDimension{Code: n.Code, Name: names[n.Code], Weight: one(n, root.Children)}
		for _, leaf := range n.Children {
			d.Indicators = append(d.Indicators, one(leaf, n.Children))
		}
		p.Dimensions = append(p.Dimensions, d)
	}
	if len(flat.Indicators) > 0 {
		p.Dimensions = append(p.Dimensions, flat)
	}
}

// nodeNames are the names of the shipped tree's nodes; indicators carry their codes.
func (l *lab) nodeNames() map[string]string {
	names := map[string]string{}
	for _, n := range l.bench.Nodes {
		names[n.Code] = n.Name.In(l.Lang)
		if n.Height == 0 && n.Indicator == n.Code {
			names[n.Code] = n.Code + " " + names[n.Code]
		}
	}
	return names
}

// show fills what comes of the settings.
func (l *lab) show(p *labPage, result *ask.LabResult) error {
	names := l.nodeNames()
	for _, code := range result.Dimensions {
		p.Columns = append(p.Columns, names[code])
	}
	var areas []charts.Area
	ranked, up, down := 0, 0, 0
	for _, row := range result.Rows {
		p.Rows = append(p.Rows, l.row(row))
		if row.Rank == 0 {
			continue
		}
		ranked++
		switch {
		case row.Shift > 0:
			up++
		case row.Shift < 0:
			down++
		}
		if len(areas) < labShown {
			areas = append(areas, l.dot(row))
		}
	}
	p.Summary = l.T("labSummary", "Ranked", l.Int(int64(ranked)), "Up", l.Int(int64(up)), "Down", l.Int(int64(down)),
		"Mean", l.Value(result.MeanShift, "score"), "Tau", decimals(result.Kendall), "Coverage", l.Value(result.Coverage, "percent"))
	if !p.Changed {
		p.Summary = l.T("labUnchanged", "Ranked", l.Int(int64(ranked)), "Coverage", l.Value(result.Coverage, "percent"))
	}
	p.RanksNote = l.T("labRanksNote", "Shown", l.Int(int64(len(areas))), "All", l.Int(int64(ranked)))
	if len(areas) > 0 {
		options, err := charts.Ranking("count", areas, nil, "", l.T("labRank"), l.T("labInterval"))
		if err != nil {
			return err
		}
		p.Ranks = charts.Chart{ID: "lab-ranks", Label: l.T("labRanks"), Class: "jc-chart-tall", Options: options}
	}
	return l.factors(p)
}

// indexLabTable is what comes of the settings: the page's table in numbers.
func (s *Server) indexLabTable(f *frame) (table, error) {
	indices, err := ask.Indices(f.ctx, f.view.DB)
	if err != nil {
		return table{}, err
	}
	l, err := s.openLab(f, indices, &labPage{})
	if errors.Is(err, ask.ErrNoIndex) {
		return table{}, fmt.Errorf("%w: %w", errNotFound, err)
	}
	if err != nil {
		return table{}, err
	}
	result, err := l.bench.Try(l.cfg, labDraws(len(l.bench.Codes)))
	if err != nil {
		return table{}, fmt.Errorf("%w: %s", errNotFound, l.T("labFailed", "Reason", err.Error()))
	}
	out := table{passing: true, columns: []string{"index", "geo_level", "geo_code", "name", "period", "score", "rank", "rank_low", "rank_high", "nightly_rank", "shift"}}
	for _, code := range result.Dimensions {
		out.columns = append(out.columns, "dimension_"+code)
	}
	place := func(n int) any {
		if n == 0 {
			return nil
		}
		return n
	}
	for _, r := range result.Rows {
		row := []any{l.cfg.Code, l.level, r.Code, r.Name, l.Period.Name, finite(r.Score), place(r.Rank), place(r.RankLow), place(r.RankHigh), place(r.BaseRank), r.Shift}
		for _, x := range r.Dimensions {
			row = append(row, finite(x))
		}
		out.rows = append(out.rows, row)
	}
	return out, nil
}

func (l *lab) row(row ask.LabRow) labRow {
	out := labRow{Name: row.Name, Href: l.AreaHref(l.level, row.Code), RankNumber: row.Rank, ShiftNumber: row.Shift}
	if row.Rank > 0 {
		out.Score, out.ScoreNumber, out.Rank = l.Value(row.Score, "score"), strconv.FormatFloat(row.Score, 'g', -1, 64), l.Int(int64(row.Rank))
		out.Grade = l.cfg.GradeOf(row.Score)
	}
	if row.RankLow > 0 {
		out.Interval = fmt.Sprintf("%d–%d", row.RankLow, row.RankHigh)
	}
	if row.BaseRank > 0 {
		out.Before = l.Int(int64(row.BaseRank))
	}
	switch {
	case row.Shift > 0:
		out.Shift = fmt.Sprintf("▲ %d", row.Shift)
	case row.Shift < 0:
		out.Shift = fmt.Sprintf("▼ %d", -row.Shift)
	}
	for _, x := range row.Dimensions {
		text := ""
		if !math.IsNaN(x) {
			text = l.Value(x, "score")
		}
		out.Dimensions = append(out.Dimensions, text)
	}
	return out
}

func (l *lab) dot(row ask.LabRow) charts.Area {
	a := charts.Area{Code: row.Code, Name: row.Name}
	rank := float64(row.Rank)
	a.Value = &rank
	if row.RankLow > 0 {
		low, high := float64(row.RankLow), float64(row.RankHigh)
		a.Low, a.High = &low, &high
	}
	if row.BaseRank > 0 {
		a.Note = l.T("labWas", "Rank", l.Int(int64(row.BaseRank)))
	}
	a.Good = min(1, max(-1, row.Shift))
	return a
}

// factors shows which choices the nightly run found to matter here.
func (l *lab) factors(p *labPage) error {
	found, err := ask.Sensitivity(l.ctx, l.view.DB, l.cfg.Code, l.level, l.Period.Name)
	if err != nil {
		return err
	}
	var bars []charts.Bar
	for _, x := range found {
		if x.Total.Valid {
			bars = append(bars, charts.Bar{Name: l.T("labFactor_" + x.Name), Value: max(0, x.Total.Float64),
				Note: l.T("labAlone", "Share", l.Value(max(0, x.First.Float64), "percent"))})
		}
	}
	if len(bars) == 0 {
		return nil
	}
	options, err := charts.Bars(l.T("labTotal"), "percent", bars)
	if err != nil {
		return err
	}
	p.FactorsData = l.Href("/api/v1/index-sensitivity.csv", "index", l.cfg.Code, "level", l.level, "period", l.Period.Name)
	p.Factors = charts.Chart{ID: "lab-factors", Label: l.T("labFactors"), Class: "jc-chart-short", Options: options}
	return nil
}

// sensitivityTable is what each choice does to the ranks, as the nightly run found it.
func (s *Server) sensitivityTable(f *frame) (table, error) {
	index := f.one("index", indexCodes()...)
	level := f.one("level", "community", "subdistrict", "grid")
	found, err := ask.Sensitivity(f.ctx, f.view.DB, index, level, f.Period.Name)
	out := table{columns: []string{"index", "geo_level", "period", "choice", "first_order", "total"}}
	for _, x := range found {
		out.rows = append(out.rows, []any{index, level, f.Period.Name, x.Name, null(x.First), null(x.Total)})
	}
	return out, err
}

func decimals(x float64) string {
	if math.IsNaN(x) {
		return "—"
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// indexLabFile answers with the settings as an index configuration to keep.
func (s *Server) indexLabFile(c echo.Context) error {
	v, release := s.hold(c)
	defer release()
	f, err := s.readFrame(c, v)
	if err != nil {
		return err
	}
	if v == nil {
		return s.emptyPage(c, f)
	}
	indices, err := ask.Indices(f.ctx, v.DB)
	if err != nil {
		return err
	}
	l, err := s.openLab(f, indices, &labPage{})
	if errors.Is(err, ask.ErrNoIndex) {
		return fmt.Errorf("%w: %w", errNotFound, err)
	}
	if err != nil {
		return err
	}
	cfg := l.cfg
	cfg.Uncertain = l.bench.Shipped.Uncertain
	text, err := cfg.YAML()
	if err != nil {
		return err
	}
	header := fmt.Sprintf("# %s · %s\n# /index-lab?%s\n", cfg.Name.Zh, v.Name, strings.ReplaceAll(url.Values(l.Query).Encode(), "\n", ""))
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+cfg.Code+`.yaml"`)
	return c.Blob(http.StatusOK, "application/yaml; charset=utf-8", append([]byte(header), text...))
}

// benches are the values of the indices, levels and periods that were asked for
// last, so that a moved slider does not read them again.
type benches struct {
	mu   sync.Mutex
	kept []keptBench // newest last
}

type keptBench struct {
	key   string
	bench *ask.Bench
}

const mostBenches = 8

// bench is the values of one index at a level and period.
func (v *view) bench(ctx context.Context, code, level, period string) (*ask.Bench, error) {
	b := &v.benches
	key := code + " " + level + " " + period
	b.mu.Lock()
	at := slices.IndexFunc(b.kept, func(k keptBench) bool { return k.key == key })
	if at >= 0 {
		found := b.kept[at]
		b.kept = append(slices.Delete(b.kept, at, at+1), found)
		b.mu.Unlock()
		return found.bench, nil
	}
	b.mu.Unlock()
	opened, err := ask.OpenBench(ctx, v.DB, code, level, period)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, keptBench{key, opened})
	if len(b.kept) > mostBenches {
		b.kept = b.kept[1:]
	}
	return opened, nil
}
