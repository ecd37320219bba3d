package dashboards

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/disclosure"
	caseflows "github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/stat"
)

// efficiencyPage is what the efficiency page shows of one scope.
type efficiencyPage struct {
	*scope
	Summary     []string
	Cards       []card      // two of each dimension
	Dimensions  []dimension // all indicators of the page
	Timely      charts.Chart
	Effective   charts.Chart
	Filters     []filter
	By          []link
	ByName      string
	Curves      charts.Chart
	CurvesData  string
	CurvesNote  string
	Marks       []int // days of the at-risk table
	Speeds      []speedRow
	Layers      []link
	Backlog     charts.Chart
	BacklogAt   string // the day the backlog is told for
	BacklogNote string
	TooFew      bool // the scope has fewer cases than this reader may see
	Waiting     int64
	Ways        charts.Chart
	WaysNote    string
	Rises       charts.Chart
	RiseShare   string
	Hours       charts.Chart
	HoursNote   string
	Year        charts.Chart
	YearNote    string
	Data        map[string]string // addresses of the tables
}

// speedRow is one line of the at-risk table.
type speedRow struct {
	Name, Href    string
	Cases, Closed int64
	Median        string
	MedianDays    string // as a plain number, for sorting
	Interval      string
	AtRisk        []atRisk
	Whole         bool
}

// atRisk is how many cases are still open, as a number for sorting and in words.
type atRisk struct {
	N    int64
	Text string
}

// mostCurves is how many curves stay readable in one chart, mostRows how many bars;
// fewestCases is how many cases a curve needs to say anything.
const (
	mostCurves  = 7
	mostRows    = 20
	fewestCases = 10
)

// efficiencyCards are the indicators that speak for each dimension, in the page's order.
func efficiencyCards() []string {
	return []string{"F14", "F13", "F22", "F24", "F31", "F33", "F41", "F61"}
}

// efficiencyDimensions are those that the page shows as cards; satisfaction has a page of its own.
func efficiencyDimensions() []string { return []string{"F1", "F2", "F3", "F4", "F6"} }

// marks are the days of the at-risk table.
func marks() []int { return []int{1, 3, 7, 14, 30, 60} }

func (s *Server) efficiency(f *frame) (content, error) {
	sc, err := f.readScope()
	if err != nil {
		return content{}, err
	}
	p := &efficiencyPage{scope: sc, Marks: marks(), Data: map[string]string{}}
	cards, err := s.areaCards(f, sc.Area)
	if err != nil {
		return content{}, err
	}
	series, err := f.lines(sc.Area)
	if err != nil {
		return content{}, err
	}
	chosen := slices.DeleteFunc(slices.Clone(cards), func(c card) bool { return !slices.Contains(efficiencyDimensions(), c.Dimension) })
	if err := f.sparkle(chosen, series); err != nil {
		return content{}, err
	}
	p.Dimensions = f.byDimension(chosen)
	p.Cards = slices.DeleteFunc(pick(chosen, efficiencyCards()), func(c card) bool { return c.Value == "" }) // the table says why they are missing
	steps := []func() error{
		func() error { return s.bullets(f, p, chosen) },
		func() (err error) { p.Filters, err = f.filters(sc); return err },
		func() error { return f.speed(p) },
		func() error { return f.backlog(p) },
		func() error { return f.ways(p) },
		func() error { return f.rises(p) },
		func() error { return f.hours(p) },
		func() error { return f.year(p) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return content{}, err
		}
	}
	p.Summary = append(p.findings(f, chosen), f.summary(chosen)...)
	return content{"efficiency", f.T("efficiency"), p}, nil
}

// flowScope is the scope as the flows package knows it.
func (s *scope) flowScope() caseflows.Scope {
	return caseflows.Scope{Level: s.Area.Level, Code: s.Area.Code, First: s.First, End: s.End, Only: caseflows.By(s.Only), Value: s.Value}
}

// bullets draws the timely and the effective indicators that have a target.
func (s *Server) bullets(f *frame, p *efficiencyPage, cards []card) error {
	var err error
	if p.Timely, err = s.bulletsOf(f, "F1", cards); err != nil {
		return err
	}
	p.Effective, err = s.bulletsOf(f, "F2", cards)
	return err
}

func (s *Server) bulletsOf(f *frame, dimension string, cards []card) (charts.Chart, error) {
	var bullets []charts.Bullet
	for _, c := range cards {
		if ind, ok := s.catalogue.ByCode(c.Code); ok && c.Dimension == dimension && c.value != nil && c.target != nil {
			bullets = append(bullets, f.bullet(ind, c))
		}
	}
	if len(bullets) == 0 {
		return charts.Chart{}, nil
	}
	options, err := charts.Bullets(bullets, f.T("value"), f.T("target"), f.T("interval"))
	class := "jc-chart-short"
	if len(bullets) > 4 {
		class = ""
	}
	if len(bullets) > 7 {
		class = "jc-chart-tall"
	}
	return charts.Chart{ID: "bullets-" + dimension, Class: class, Label: f.T("bulletsLabel", "Name", f.T("dimension_"+dimension)), Options: options}, err
}

func (f *frame) bullet(ind catalogue.Indicator, c card) charts.Bullet {
	sign := bound(ind)
	b := charts.Bullet{Name: c.Name, Value: *c.value, Target: *c.target, Met: c.Met, Low: c.low, High: c.high, Max: 1}
	b.Text = c.Value + " " + c.Unit + "  " + f.T("target") + " " + sign + c.Target
	b.Tip = c.Name + "\n" + c.Value + " " + c.Unit
	if c.Interval != "" {
		b.Tip += "\n" + f.T("interval") + " " + c.Interval
	}
	b.Tip += "\n" + f.T("target") + " " + sign + c.Target + "\nn = " + c.N
	largest := math.Max(b.Value, b.Target)
	if b.High != nil {
		largest = math.Max(largest, *b.High)
	}
	if ind.Unit != "percent" || largest < 0.35 || largest > 1 {
		b.Max = 1.15 * largest
	}
	return b
}

// by is what the time to close is told by: the area's parts unless the address says otherwise.
func (f *frame) by(sc *scope) (chosen caseflows.By, all []string) {
	all = []string{"area", "handler", "category", "channel"}
	switch {
	case sc.Value != "": // one category or channel is counted by area alone
		all = all[:1]
	case sc.Area.Level == "grid":
		all = all[:1]
	}
	return caseflows.By(f.one("by", all...)), all
}

func (f *frame) speed(p *efficiencyPage) error {
	by, choices := f.by(p.scope)
	p.By = f.switcher("by", string(by), choices, func(v string) string { return f.byName(p.scope, v) })
	p.ByName = f.byName(p.scope, string(by))
	p.Data["durations"] = f.data(p.scope, "durations", "by", string(by))
	all, groups, err := f.speedGroups(p.scope, by)
	if p.TooFew = f.few(all.Cases); err != nil || all.Cases == 0 || p.TooFew {
		return err
	}
	p.Speeds = append(p.Speeds, f.speedRow(p.scope, by, all, true))
	for _, g := range groups {
		p.Speeds = append(p.Speeds, f.speedRow(p.scope, by, g, false))
	}
	last := lastDay(all.Curve)
	p.Marks = slices.DeleteFunc(marks(), func(day int) bool { return day > last })
	for i := range p.Speeds {
		p.Speeds[i].AtRisk = p.Speeds[i].AtRisk[:len(p.Marks)]
	}
	days := make([]string, last+1)
	for i := range days {
		days[i] = f.T("dayN", "N", i)
	}
	curves := []charts.Curve{{Name: p.Name, Whole: true, Shares: shares(f.untilFew(all.Curve), last), Half: half(all.Curve)}}
	drawn := slices.DeleteFunc(slices.Clone(groups), func(g caseflows.Group) bool { return g.Cases < fewestCases })
	drawn = drawn[:min(len(drawn), mostCurves)]
	for _, g := range drawn {
		curves = append(curves, charts.Curve{Name: f.partName(p.scope, by, g.Key), Shares: shares(f.untilFew(g.Curve), last), Half: half(g.Curve)})
	}
	if len(groups) > len(drawn) {
		p.CurvesNote = f.T("curvesMost", "Shown", len(drawn), "All", len(groups), "Fewest", fewestCases) + " "
	}
	p.CurvesNote += f.T("curvesNote")
	options, err := charts.Survival(days, curves, f.T("halfDone"))
	p.Curves = charts.Chart{ID: "curves", Class: "jc-chart-tall", Label: f.T("curvesLabel"), Options: options}
	return err
}

// speedGroups is the time to close, most cases first, what is not known last.
func (f *frame) speedGroups(sc *scope, by caseflows.By) (all caseflows.Group, groups []caseflows.Group, err error) {
	all, groups, err = caseflows.Speed(f.ctx, f.view.DB, sc.flowScope(), by, 0.95)
	if sc.Area.Level == "grid" || (sc.Area.Level == "community" && sc.Value != "") {
		groups = nil // nothing below is counted
	}
	groups, _ = seen(f, groups, func(g caseflows.Group) []int64 { return []int64{g.Cases} })
	slices.SortStableFunc(groups, func(a, b caseflows.Group) int {
		if (a.Key == "") != (b.Key == "") {
			return map[bool]int{true: 1, false: -1}[a.Key == ""]
		}
		return cmp.Compare(b.Cases, a.Cases)
	})
	return all, groups, err
}

// untilFew is a curve up to where few cases are left, which would be counted one by one.
func (f *frame) untilFew(c stat.Curve) stat.Curve {
	if end := slices.IndexFunc(c.Steps, func(s stat.Step) bool { return f.few(int64(s.AtRisk)) }); end >= 0 {
		c.Steps = c.Steps[:end]
	}
	return c
}

// byName is what a way to split is called here.
func (f *frame) byName(sc *scope, by string) string {
	if by == "area" {
		if sc.BelowLevel == "" {
			return sc.Name
		}
		return f.Level(sc.BelowLevel)
	}
	return f.T("by_" + by)
}

func (f *frame) partName(sc *scope, by caseflows.By, key string) string {
	if by == caseflows.Area {
		return f.areaName(sc, sc.BelowLevel, key)
	}
	return f.valueName(string(by), key)
}

func (f *frame) speedRow(sc *scope, by caseflows.By, g caseflows.Group, whole bool) speedRow {
	r := speedRow{Name: sc.Name, Cases: g.Cases, Closed: g.Closed, Whole: whole}
	if !whole {
		r.Name = f.partName(sc, by, g.Key)
		if by == caseflows.Area && g.Key != "" {
			r.Href = f.at(panels.Area{Level: sc.BelowLevel, Code: g.Key})
		}
	}
	median := g.Curve.Median()
	r.Median = f.T("flag_not_reached")
	if !math.IsInf(median.Value, 0) && !math.IsNaN(median.Value) {
		r.Median, r.MedianDays = f.T("withinDays", "N", int(median.Value)), strconv.Itoa(int(median.Value))
		r.Interval = f.Int(int64(median.Low)) + "–"
		if math.IsInf(median.High, 0) {
			r.Interval = "≥ " + f.Int(int64(median.Low))
		} else {
			r.Interval += f.Int(int64(median.High))
		}
	}
	for _, day := range marks() {
		left := atRisk{N: int64(stillOpen(g.Curve, float64(day)))}
		if left.Text = f.Int(left.N); f.few(left.N) {
			left = atRisk{0, "< " + f.Int(int64(f.view.threshold))}
		}
		r.AtRisk = append(r.AtRisk, left)
	}
	return r
}

// half is the day by which half are done, nil where that is not reached.
func half(c stat.Curve) *int {
	median := c.Median().Value
	if math.IsNaN(median) || math.IsInf(median, 0) {
		return nil
	}
	day := int(median)
	return &day
}

// stillOpen is how many are known to be open after a day has passed.
func stillOpen(c stat.Curve, day float64) float64 {
	for _, s := range c.Steps {
		if s.Time > day {
			return s.AtRisk
		}
	}
	return 0
}

// lastDay is how far the curves are drawn: to where nearly all is done, at most 60 days.
func lastDay(c stat.Curve) int {
	for _, day := range []int{14, 30} {
		if s, ok := c.At(float64(day)); ok && s.Survival < 0.04 {
			return day
		}
	}
	return 60
}

// shares are the shares still open after 0, 1, 2, … days, as far as anything is known.
func shares(c stat.Curve, last int) []*float64 {
	all := make([]*float64, last+1)
	if len(c.Steps) == 0 {
		return all
	}
	known := c.Steps[len(c.Steps)-1].Time
	for day := range all {
		share := 1.0
		if s, ok := c.At(float64(day)); ok {
			share = s.Survival
		}
		if float64(day) > known && share > 0 {
			break
		}
		all[day] = &share
	}
	return all
}

// ageBands are the lower ends of the backlog's age bands, in days.
func ageBands() []int64 { return []int64{0, 3, 7, 14, 30, 60, 90, 180} }

func (f *frame) ageName(from int64) string {
	bands := ageBands()
	i := slices.Index(bands, from)
	if i == len(bands)-1 {
		return f.T("ageOver", "From", from)
	}
	return f.T("ageBand", "From", from, "To", bands[i+1])
}

func (f *frame) layer() string { return f.one("layers", "level", "priority") }

// backlog draws the open cases by age: overdue to the left, the others to the right.
func (f *frame) backlog(p *efficiencyPage) error {
	layers := f.layer()
	p.Layers = f.switcher("layers", layers, []string{"level", "priority"}, func(v string) string { return f.T("layers_" + v) })
	p.Data["backlog"] = f.data(p.scope, "backlog", "layers", layers)
	open, err := caseflows.Backlog(f.ctx, f.view.DB, p.flowScope(), layers)
	if err != nil {
		return err
	}
	asOf, err := f.view.AsOf()
	if err != nil {
		return err
	}
	at := p.End.AddDate(0, 0, -1)
	if asOf.Before(at) {
		at = asOf
	}
	p.BacklogAt = at.Format(time.DateOnly)
	for _, o := range open {
		p.Waiting += o.Cases
	}
	var hidden int
	open, hidden = seen(f, open, openCount)
	p.BacklogNote = f.fewNote(hidden)
	if len(open) == 0 {
		return nil
	}
	stack := f.backlogLayers(open, layers)
	options, err := charts.Stacked(f.ageNames(), stack, legendOf(stack), "absolute", 0, true)
	p.Backlog = charts.Chart{ID: "backlog", Class: "jc-chart-tall", Label: f.T("backlogLabel"), Options: options}
	return err
}

func openCount(o caseflows.Open) []int64 { return []int64{o.Cases} }

// ageNames are the age bands, the oldest at the top.
func (f *frame) ageNames() []string {
	var names []string
	for _, from := range slices.Backward(ageBands()) {
		names = append(names, f.ageName(from))
	}
	return names
}

// layerOrder is the order of the levels and of the priorities.
func layerOrder(layers string) []string {
	if layers == "priority" {
		return []string{"urgent", "normal", "low", ""}
	}
	return []string{"grid", "community", "subdistrict", "district", "city", ""}
}

func (f *frame) backlogLayers(open []caseflows.Open, layers string) []charts.Pile {
	bands := ageBands()
	row := func(from int64) int { return len(bands) - 1 - slices.Index(bands, from) }
	colours := []string{"#0b5f98", "#56b4e9", "#009e73", "#e69f00", "#cc79a7", "#b9c0c9"}
	var all []charts.Pile
	block := func(o caseflows.Open, name string, sign float64) charts.Block {
		return charts.Block{Row: row(o.AgeFrom), Value: sign * float64(o.Cases), Tip: name + " · " + f.ageName(o.AgeFrom) + "\n" + f.T("state_"+o.State) + " " + f.T("casesN", "N", f.Int(o.Cases))}
	}
	for i, value := range layerOrder(layers) {
		name := f.valueName(layers, value)
		left, right := charts.Pile{Name: name, Color: colours[i]}, charts.Pile{Name: name, Color: colours[i]}
		for _, o := range open {
			switch {
			case o.Layer != value:
			case o.State == "overdue":
				left.Blocks = append(left.Blocks, block(o, name, -1))
			case o.State == "not_due":
				right.Blocks = append(right.Blocks, block(o, name, 1))
			}
		}
		if len(left.Blocks)+len(right.Blocks) > 0 {
			all = append(all, left, right)
		}
	}
	for _, state := range []struct{ code, colour string }{{"no_limit", "#8a94a3"}, {"on_hold", "#cfd5dc"}} {
		byBand := map[int64]int64{}
		for _, o := range open {
			if o.State == state.code {
				byBand[o.AgeFrom] += o.Cases
			}
		}
		l := charts.Pile{Name: f.T("state_" + state.code), Color: state.colour}
		for _, from := range bands {
			if n := byBand[from]; n > 0 {
				l.Blocks = append(l.Blocks, block(caseflows.Open{AgeFrom: from, State: state.code, Cases: n}, f.T("allTogether"), 1))
			}
		}
		if len(l.Blocks) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// mostStops is how many handlers the flow names; the rest are drawn as one.
const mostStops = 12

// ways draws how the cases closed in the period went from source to level.
func (f *frame) ways(p *efficiencyPage) error {
	sc := p.flowScope()
	p.Data["ways"] = f.data(p.scope, "ways")
	switch {
	case p.Area.Level == "grid":
		p.WaysNote = f.T("notForGrids")
		return nil
	case p.Only == "channel":
		p.WaysNote = f.T("notByChannel")
		sc.Value = ""
	}
	links, err := caseflows.Ways(f.ctx, f.view.DB, sc)
	if err != nil {
		return err
	}
	var hidden int
	links, hidden = f.seenLinks(links)
	if note := f.fewNote(hidden); note != "" {
		p.WaysNote = strings.TrimSpace(p.WaysNote + " " + note)
	}
	if len(links) == 0 {
		return nil
	}
	nodes, drawn := f.stops(links)
	options, err := charts.Sankey(nodes, drawn)
	p.Ways = charts.Chart{ID: "ways", Class: "jc-chart-tall", Label: f.T("waysLabel"), Options: options}
	return err
}

// seenLinks leaves of a flow the links that this reader may see. What flows into a stop flows out
// of it again, so that a link is a part of three sums: of its stage, and of the stops at its ends.
func (f *frame) seenLinks(links []caseflows.Link) (kept []caseflows.Link, hidden int) {
	if f.view.threshold == 0 {
		return links, 0
	}
	var cells disclosure.Cells
	sums := map[string][]int{}
	for _, l := range links {
		cell := cells.Add(float64(l.Cases))
		stage := strconv.FormatInt(l.Stage, 10)
		for _, key := range []string{stage, stage + " from " + l.From, stage + " to " + l.To} {
			sums[key] = append(sums[key], cell)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		cells.Sum(disclosure.Known, sums[key]...)
	}
	for i, hide := range cells.Hide(float64(f.view.threshold)) {
		if hide {
			hidden++
		} else {
			kept = append(kept, links[i])
		}
	}
	return kept, hidden
}

// stops makes the nodes and links of a flow; small handlers become one.
func (f *frame) stops(links []caseflows.Link) ([]charts.Node, []charts.Flow) {
	fields := []string{"source", "category", "handler", "level"}
	handled := map[string]int64{}
	for _, l := range links {
		if l.Stage == 3 {
			handled[l.From] += l.Cases
		}
	}
	busiest := make([]string, 0, len(handled))
	for handler := range handled {
		busiest = append(busiest, handler)
	}
	slices.SortFunc(busiest, func(a, b string) int { return cmp.Or(cmp.Compare(handled[b], handled[a]), cmp.Compare(a, b)) })
	const others = "\x00others"
	id := func(stage int64, value string) string {
		if stage == 2 && slices.Index(busiest, value) >= mostStops {
			value = others
		}
		return strconv.FormatInt(stage, 10) + " " + value
	}
	name := func(stage int64, value string) string {
		if stage == 2 && slices.Index(busiest, value) >= mostStops {
			return f.T("otherHandlers", "N", len(busiest)-mostStops)
		}
		return f.valueName(fields[stage], value)
	}
	colours := []string{"#6a51a3", "#0072b2", "#e69f00", "#009e73"}
	var nodes []charts.Node
	seen := map[string]bool{}
	node := func(stage int64, value string) string {
		key := id(stage, value)
		if !seen[key] {
			seen[key] = true
			nodes = append(nodes, charts.Node{ID: key, Name: name(stage, value), Stage: int(stage), Color: colours[stage]})
		}
		return key
	}
	var drawn []charts.Flow
	for _, l := range links {
		from, to := node(l.Stage-1, l.From), node(l.Stage, l.To)
		i := slices.IndexFunc(drawn, func(d charts.Flow) bool { return d.From == from && d.To == to })
		if i < 0 {
			drawn, i = append(drawn, charts.Flow{From: from, To: to}), len(drawn)
		}
		drawn[i].Value += l.Cases
		drawn[i].Tip = name(l.Stage-1, l.From) + " → " + name(l.Stage, l.To) + "\n" + f.T("casesN", "N", f.Int(drawn[i].Value))
	}
	return nodes, drawn
}

// rise is how far up the closed cases of one group went.
type rise struct {
	Key    string
	Levels map[string]int64 // closed by level; "" not known
	Closed int64            // with a known level of closing
	Known  int64            // of which the level first reported at is known too
	Up     int64            // closed above it
}

func (r rise) share() stat.Estimate { return stat.Wilson(float64(r.Up), float64(r.Known), 0.95) }

// riseGroups adds up where cases were reported and closed, by area; the first is the whole.
func (f *frame) riseGroups(sc *scope) ([]rise, error) {
	rows, err := caseflows.Rises(f.ctx, f.view.DB, sc.flowScope(), caseflows.Area)
	if err != nil {
		return nil, err
	}
	order := layerOrder("level")
	all := []rise{{Levels: map[string]int64{}}}
	add := func(r *rise, row caseflows.Rise) {
		r.Levels[row.Done] += row.Cases
		if row.Done == "" {
			return
		}
		r.Closed += row.Cases
		if row.Reported != "" {
			r.Known += row.Cases
			if slices.Index(order, row.Done) > slices.Index(order, row.Reported) {
				r.Up += row.Cases
			}
		}
	}
	for _, row := range rows {
		add(&all[0], row)
		i := slices.IndexFunc(all[1:], func(r rise) bool { return r.Key == row.Key }) + 1
		if i == 0 {
			all, i = append(all, rise{Key: row.Key, Levels: map[string]int64{}}), len(all)
		}
		add(&all[i], row)
	}
	if sc.Area.Level == "grid" || (sc.Area.Level == "community" && sc.Value != "") {
		all = all[:1]
	}
	if f.few(all[0].Closed) {
		return []rise{{Levels: map[string]int64{}}}, nil
	}
	parts, _ := seen(f, all[1:], func(r rise) []int64 { return []int64{r.Closed} })
	return append(all[:1:1], parts...), nil
}

func (f *frame) rises(p *efficiencyPage) error {
	p.Data["escalation"] = f.data(p.scope, "escalation")
	groups, err := f.riseGroups(p.scope)
	if err != nil || groups[0].Closed == 0 {
		return err
	}
	whole := groups[0]
	if whole.Known > 0 {
		p.RiseShare = f.share(whole.share())
	}
	parts := slices.DeleteFunc(groups[1:], func(r rise) bool { return r.Closed == 0 || r.Key == "" })
	slices.SortStableFunc(parts, func(a, b rise) int { return cmp.Compare(b.Closed, a.Closed) })
	parts = parts[:min(len(parts), mostRows)]
	slices.SortStableFunc(parts, func(a, b rise) int { return cmp.Compare(b.share().Value, a.share().Value) })
	rows := append([]rise{whole}, parts...)
	names := make([]string, len(rows))
	for i, r := range rows {
		name := p.Name
		if i > 0 {
			name = f.areaName(p.scope, p.BelowLevel, r.Key)
		}
		names[i] = name + "\n" + f.T("risenN", "Share", f.share(r.share()), "N", f.Int(r.Closed))
	}
	colours := []string{"#0b5f98", "#6aaed6", "#b9c0c9", "#eda45f", "#c2500a"}
	var layers []charts.Pile
	for i, level := range layerOrder("level")[:5] {
		l := charts.Pile{Name: f.valueName("level", level), Color: colours[i]}
		for row, r := range rows {
			if n := r.Levels[level]; n > 0 {
				share := float64(n) / float64(r.Closed)
				block := charts.Block{Row: row, Value: share, Tip: names[row] + "\n" + l.Name + " " + f.Locale.Value(share, "percent") + "  " + f.T("casesN", "N", f.Int(n))}
				if row > 0 {
					block.Code = r.Key
				}
				l.Blocks = append(l.Blocks, block)
			}
		}
		if len(l.Blocks) > 0 {
			layers = append(layers, l)
		}
	}
	options, err := charts.Stacked(names, layers, legendOf(layers), "percent", 1, false)
	p.Rises = charts.Chart{ID: "rises", Class: tallFor(len(rows)), Label: f.T("risesLabel"), Options: options}
	if p.BelowLevel != "" {
		p.Rises.Link = f.With("level", p.BelowLevel, "area", "CODE")
	}
	return err
}

// legendOf is the layers' names, each once.
func legendOf(layers []charts.Pile) []string {
	var names []string
	for _, l := range layers {
		if !slices.Contains(names, l.Name) {
			names = append(names, l.Name)
		}
	}
	return names
}

// tallFor is a chart's size for so many rows of two lines.
func tallFor(rows int) string {
	for _, most := range []int{4, 8, 14} {
		if rows <= most {
			return "jc-rows-" + strconv.Itoa(most)
		}
	}
	return "jc-rows-21"
}

// share writes an estimate, a word where there is none.
func (f *frame) share(e stat.Estimate) string {
	if math.IsNaN(e.Value) {
		return f.T("noData")
	}
	return f.Locale.Value(e.Value, "percent")
}

// hours draws when cases are reported, by weekday and hour.
func (f *frame) hours(p *efficiencyPage) error {
	p.Data["hours"] = f.data(p.scope, "hours")
	if p.Area.Level == "grid" || (p.Area.Level == "community" && p.Value != "") {
		p.HoursNote = f.T("tooFewForHours")
		return nil
	}
	rows, err := caseflows.Hours(f.ctx, f.view.DB, p.flowScope())
	if err != nil {
		return err
	}
	rows, hidden := seen(f, rows, hourCount)
	if 2*hidden > len(rows) {
		p.HoursNote = f.T("tooFewForHours")
		return nil
	}
	days := f.weekdays()
	columns := make([]string, 24)
	for h := range columns {
		columns[h] = strconv.Itoa(h)
	}
	var cells []charts.Tile
	var without, all int64
	for _, r := range rows {
		all += r.Cases
		if !r.Hour.Valid {
			without += r.Cases
			continue
		}
		tip := days[r.Weekday-1] + " " + f.T("hourN", "From", r.Hour.Int64, "To", r.Hour.Int64+1) + "\n" + f.T("casesN", "N", f.Int(r.Cases))
		cells = append(cells, charts.Tile{X: int(r.Hour.Int64), Y: int(r.Weekday - 1), Value: float64(r.Cases), Tip: tip})
	}
	if all > 0 && 2*without > all { // a few at midnight do happen
		p.HoursNote = f.T("noClock")
		return nil
	}
	if len(cells) == 0 {
		return nil
	}
	if without > 0 {
		p.HoursNote = f.T("someWithoutClock", "N", f.Int(without))
	}
	p.HoursNote = strings.TrimSpace(p.HoursNote + " " + f.fewNote(hidden))
	options, err := charts.Heat(columns, days, cells, f.T("reported"))
	p.Hours = charts.Chart{ID: "hours", Label: f.T("hoursLabel"), Options: options}
	return err
}

func hourCount(h caseflows.Hour) []int64 { return []int64{h.Cases} }

// weekdays are the short names of the days, Monday first.
func (f *frame) weekdays() []string {
	var names []string
	for day := 1; day <= 7; day++ {
		names = append(names, f.T("weekday_"+strconv.Itoa(day)))
	}
	return names
}

// year draws the reports of each day of the period's year.
func (f *frame) year(p *efficiencyPage) error {
	sc := p.flowScope()
	sc.First = time.Date(p.First.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	sc.End = sc.First.AddDate(1, 0, 0)
	year := strconv.Itoa(p.First.Year())
	p.Data["days"] = f.data(p.scope, "days")
	p.YearNote = f.Locale.Period(year)
	if sc.Only == "channel" && sc.Value != "" {
		p.YearNote += " · " + f.T("notByChannel")
		sc.Value = ""
	}
	days, hidden, err := f.seenDays(sc)
	if note := f.fewNote(hidden); note != "" {
		p.YearNote += " · " + note
	}
	if err != nil || len(days) == 0 {
		return err
	}
	weekdays := f.weekdays()
	dates := make([]charts.Date, len(days))
	for i, d := range days {
		name := d.Date.Format(time.DateOnly)
		weekday := weekdays[(int(d.Date.Weekday())+6)%7]
		dates[i] = charts.Date{Day: name, Value: float64(d.Cases), Tip: name + " " + weekday + "\n" + f.T("casesN", "N", f.Int(d.Cases))}
	}
	months := make([]string, 12)
	for m := range months {
		months[m] = f.T("monthN_" + strconv.Itoa(m+1))
	}
	sundayFirst := append([]string{weekdays[6]}, weekdays[:6]...)
	options, err := charts.Year(year, dates, sundayFirst, months, f.T("reported"))
	p.Year = charts.Chart{ID: "year", Label: f.T("yearLabel", "Year", year), Options: options}
	return err
}

// seenDays are the days of a scope that this reader may see; each month's days add up to what is shown of it elsewhere.
func (f *frame) seenDays(sc caseflows.Scope) (kept []caseflows.Day, hidden int, err error) {
	days, err := caseflows.Days(f.ctx, f.view.DB, sc)
	for len(days) > 0 {
		end := slices.IndexFunc(days, func(d caseflows.Day) bool { return d.Date.Month() != days[0].Date.Month() })
		if end < 0 {
			end = len(days)
		}
		month, few := seen(f, days[:end], func(d caseflows.Day) []int64 { return []int64{d.Cases} })
		kept, hidden, days = append(kept, month...), hidden+few, days[end:]
	}
	return kept, hidden, err
}

// findings is the page in one sentence: how many, how fast, what waits, how far up.
func (p *efficiencyPage) findings(f *frame, cards []card) []string {
	if p.TooFew {
		return []string{f.T("tooFewCases", "Name", p.Name, "Period", f.Locale.Period(f.Period.Name), "Least", f.view.threshold)}
	}
	if len(p.Speeds) == 0 {
		return []string{f.T("noCases", "Name", p.Name, "Period", f.Locale.Period(f.Period.Name))}
	}
	whole := p.Speeds[0]
	words := f.T("foundCases", "Name", p.Name, "Period", f.Locale.Period(f.Period.Name), "N", f.Int(whole.Cases))
	if p.Value != "" {
		words = f.T("foundCasesOf", "Name", p.Name, "Period", f.Locale.Period(f.Period.Name), "N", f.Int(whole.Cases), "What", f.valueName(p.Only, p.Value))
	}
	if whole.MedianDays != "" {
		words += f.T("foundMedian", "N", whole.MedianDays)
	} else {
		words += f.T("foundNoMedian")
	}
	if onTime := pick(cards, []string{"F13"}); p.Value == "" && len(onTime) == 1 && onTime[0].Value != "" {
		words += f.T("foundOnTime", "Share", onTime[0].Value)
	}
	if !f.few(p.Waiting) {
		words += f.T("foundWaiting", "N", f.Int(p.Waiting))
	}
	if p.RiseShare != "" {
		words += f.T("foundRisen", "Share", p.RiseShare)
	}
	words += f.T("fullStop")
	sentences := []string{words}
	if slow, quick := extremes(p.Speeds[1:]); slow != nil {
		sentences[0] += f.T("foundExtremes", "Slow", slow.Name, "SlowDays", slow.MedianDays, "Quick", quick.Name, "QuickDays", quick.MedianDays)
	}
	return sentences
}

// extremes are the slowest and the quickest of the parts that have enough cases, where they differ.
func extremes(rows []speedRow) (slow, quick *speedRow) {
	const enough = 30
	days := func(r *speedRow) int {
		n, err := strconv.Atoi(r.MedianDays)
		if err != nil {
			return 0
		}
		return n
	}
	for i := range rows {
		r := &rows[i]
		if r.Cases < enough || r.MedianDays == "" {
			continue
		}
		if slow == nil || days(r) > days(slow) {
			slow = r
		}
		if quick == nil || days(r) < days(quick) {
			quick = r
		}
	}
	if slow == nil || days(slow) == days(quick) {
		return nil, nil
	}
	return slow, quick
}

// durationTable is the curves of the time to close, one row a step.
func (s *Server) durationTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	by, _ := f.by(sc)
	all, groups, err := f.speedGroups(sc, by)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"by", "key", "name", "days", "at_risk", "closed", "censored", "share_open", "low", "high"}}
	add := func(by, key, name string, c stat.Curve) {
		for _, step := range f.untilFew(c).Steps {
			out.rows = append(out.rows, []any{by, key, name, int64(step.Time), int64(step.AtRisk), f.count(int64(step.Ended)), f.count(int64(step.Censored)), step.Survival, finite(step.Low), finite(step.High)})
		}
	}
	if f.few(all.Cases) {
		return out, nil
	}
	add("all", "", sc.Name, all.Curve)
	for _, g := range groups {
		add(string(by), g.Key, f.partName(sc, by, g.Key), g.Curve)
	}
	return out, nil
}

// finite is nil for what is no number.
func finite(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

func (s *Server) backlogTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	open, err := caseflows.Backlog(f.ctx, f.view.DB, sc.flowScope(), f.layer())
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"age_from_days", f.layer(), "state", "open"}}
	open, _ = seen(f, open, openCount)
	for _, o := range open {
		out.rows = append(out.rows, []any{o.AgeFrom, o.Layer, o.State, o.Cases})
	}
	return out, nil
}

func (s *Server) wayTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	scope := sc.flowScope()
	if scope.Only == caseflows.Channel {
		scope.Value = ""
	}
	links, err := caseflows.Ways(f.ctx, f.view.DB, scope)
	if err != nil {
		return table{}, err
	}
	links, _ = f.seenLinks(links)
	fields := []string{"source", "category", "handler", "level"}
	out := table{columns: []string{"from_stage", "from", "to_stage", "to", "closed"}}
	for _, l := range links {
		out.rows = append(out.rows, []any{fields[l.Stage-1], l.From, fields[l.Stage], l.To, l.Cases})
	}
	return out, nil
}

func (s *Server) escalationTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	groups, err := f.riseGroups(sc)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"geo_level", "geo_code", "name", "closed_grid", "closed_community", "closed_subdistrict", "closed_district", "closed_city", "closed", "known", "escalated", "share", "low", "high"}}
	for i, r := range groups {
		level, code, name := sc.Area.Level, sc.Area.Code, sc.Name
		if i > 0 {
			level, code, name = sc.BelowLevel, r.Key, f.areaName(sc, sc.BelowLevel, r.Key)
		}
		row := []any{level, code, name}
		for _, l := range layerOrder("level")[:5] {
			row = append(row, r.Levels[l])
		}
		e := r.share()
		out.rows = append(out.rows, append(row, r.Closed, r.Known, r.Up, finite(e.Value), finite(e.Low), finite(e.High)))
	}
	return out, nil
}

func (s *Server) hourTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	rows, err := caseflows.Hours(f.ctx, f.view.DB, sc.flowScope())
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"weekday", "hour", "reported"}}
	rows, _ = seen(f, rows, hourCount)
	for _, r := range rows {
		out.rows = append(out.rows, []any{r.Weekday, whole(r.Hour), r.Cases})
	}
	return out, nil
}

func (s *Server) dayTable(f *frame) (table, error) {
	sc, err := f.readScope()
	if err != nil {
		return table{}, err
	}
	scope := sc.flowScope()
	if scope.Only == caseflows.Channel {
		scope.Value = ""
	}
	scope.First = time.Date(sc.First.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	scope.End = scope.First.AddDate(1, 0, 0)
	days, _, err := f.seenDays(scope)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"date", "reported"}}
	for _, d := range days {
		out.rows = append(out.rows, []any{d.Date.Format(time.DateOnly), d.Cases})
	}
	return out, nil
}
