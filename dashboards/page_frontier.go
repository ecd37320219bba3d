package dashboards

import (
	"cmp"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/dea"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
)

const (
	frontierEnds = 12 // areas shown at either end where there are too many for one chart
	// fewestToTell is the number of areas below which hardly any two are told apart: three
	// for each input and output.
	fewestToTell = 12
	// fewestUnits is below what even the best of them means nothing: two areas set a frontier of two.
	fewestUnits = 3
)

// frontierPage says how much areas get out of what they put in, against the best of them.
type frontierPage struct {
	Level, LevelName string
	Levels           []choice
	Note             string // why another period is shown than was asked for
	Empty            string // why there is nothing to show
	Summary          []string
	Scores, Split    charts.Chart
	ScoresNote       string
	Corrected        bool // whether scores are corrected and have intervals
	Uses             bool // whether it is known how often an area is another's yardstick
	Rows             []frontierRow
	Parts            []frontierInput
	Areas            []choice
	Area             *frontierArea
	Changes          charts.Chart
	ChangesTitle     string
	ChangesNote      string
	ChangeRows       []frontierChange
	Caveats          []string
	LeftOut          []frontierLeftOut
	Data             map[string]string // addresses of the tables
}

// frontierInput is what is counted as an input or an output.
type frontierInput struct{ Name, Unit, About, Kind string }

// frontierRow is one area in numbers.
type frontierRow struct {
	Code, Name, Href, AreaHref  string
	Chosen                      bool
	Score, Interval             cellNumber
	CCR, BCC, Scale, Super, Use cellNumber
	Returns, SuperNote, Verdict string
	Good                        int
}

// cellNumber is a number as it is written, and as it is sorted by.
type cellNumber struct{ Text, Number string }

// frontierArea is the chosen area: what would have to change, and whom it is measured against.
type frontierArea struct {
	Name, Href string
	Words      []string
	Parts      []frontierGap
	Peers      []frontierPeer
	Columns    []string // of the peers' amounts
}

// frontierGap is one input or output beside what the frontier asks for.
type frontierGap struct{ Part, Name, Unit, Kind, Amount, Target, Change, Share, Slack string }

// frontierPeer is one area of the yardstick.
type frontierPeer struct {
	Name, Href    string
	Weight, Share cellNumber
	Amounts       []string
}

// frontierChange is the change of one area's productivity.
type frontierChange struct {
	Code, Name, Href          string
	Total, Catching, Shift    cellNumber
	Pure, Scale               cellNumber
	Good                      int
	total, catching, frontier float64
}

type frontierLeftOut struct{ Name, Href, Reason string }

// frontierData is all that is stored of one level and period.
type frontierData struct {
	level   string
	units   []ask.Efficiency // best first
	parts   map[string][]ask.EfficiencyPart
	peers   map[string][]ask.Peer
	leftOut []ask.LeftOut
}

// frontierPeriod is the quarter or year to show: of a month its quarter, or the last one before it that is over.
func (f *frame) frontierPeriod() (asked panels.Period, changed bool) {
	asked = f.Period
	if asked.Kind != "month" {
		return asked, false
	}
	month, err := strconv.Atoi(asked.Name[5:])
	if err != nil {
		return asked, false
	}
	own := fmt.Sprintf("%s-Q%d", asked.Name[:4], (month+2)/3)
	var found panels.Period
	for _, p := range f.periods {
		if p.Kind == "quarter" && p.Complete && p.Name <= own && p.Name > found.Name {
			found = p
		}
	}
	if found.Name == "" { // no quarter is over yet
		for _, p := range f.periods {
			if p.Kind == "quarter" && p.Name == own {
				found = p
			}
		}
	}
	if found.Name != "" {
		f.Period = found
	}
	return asked, true
}

func (f *frame) frontierLevel() string { return f.one("level", "subdistrict", "community") }

// readFrontier reads what is stored of the address's level and period.
func (f *frame) readFrontier() (frontierData, error) {
	d := frontierData{level: f.frontierLevel(), parts: map[string][]ask.EfficiencyPart{}, peers: map[string][]ask.Peer{}}
	var err error
	if d.units, err = ask.Efficiencies(f.ctx, f.view.DB, d.level, f.Period.Name); err != nil {
		return d, err
	}
	slices.SortStableFunc(d.units, func(a, b ask.Efficiency) int {
		if c := cmp.Compare(b.Score().Float64, a.Score().Float64); math.Abs(b.Score().Float64-a.Score().Float64) > 1e-9 {
			return c
		}
		return cmp.Compare(b.Super.Float64, a.Super.Float64) // tells the efficient ones apart
	})
	parts, err := ask.EfficiencyParts(f.ctx, f.view.DB, d.level, f.Period.Name)
	if err != nil {
		return d, err
	}
	for _, p := range parts {
		d.parts[p.Code] = append(d.parts[p.Code], p)
	}
	peers, err := ask.EfficiencyPeers(f.ctx, f.view.DB, d.level, f.Period.Name)
	if err != nil {
		return d, err
	}
	for _, p := range peers {
		d.peers[p.Code] = append(d.peers[p.Code], p)
	}
	d.leftOut, err = ask.EfficiencyLeftOut(f.ctx, f.view.DB, d.level, f.Period.Name)
	return d, err
}

// best says that an area gets the most out of what it puts in: it is on the frontier and
// neither wastes an input nor lacks an output there. It is then its own and only peer;
// like areas may be each other's, with no slack.
func (d frontierData) best(e ask.Efficiency) bool {
	if !e.OnFrontier() {
		return false
	}
	if peers := d.peers[e.Code]; len(peers) == 1 && peers[0].PeerCode == e.Code {
		return true
	}
	parts := d.parts[e.Code]
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(p ask.EfficiencyPart) bool { return !p.Slack.Valid || p.HasSlack() })
}

// intervals says whether the scores are corrected for bias and have intervals.
func (d frontierData) intervals() bool {
	return slices.ContainsFunc(d.units, func(e ask.Efficiency) bool { return e.Low.Valid })
}

// middle is the median score; nil for one area.
func (d frontierData) middle() *float64 {
	if len(d.units) < 2 {
		return nil
	}
	scores := make([]float64, len(d.units))
	for i, e := range d.units {
		scores[i] = e.Score().Float64
	}
	slices.Sort(scores)
	n := len(scores)
	m := (scores[(n-1)/2] + scores[n/2]) / 2
	return &m
}

// apart says where an area clearly stands: 1 above the middle, -1 below, 0 neither.
func apart(e ask.Efficiency, middle *float64) int {
	switch {
	case middle == nil || !e.Low.Valid || !e.High.Valid:
		return 0
	case e.Low.Float64 > *middle:
		return 1
	case e.High.Float64 < *middle:
		return -1
	}
	return 0
}

// levelNames is what areas of a level are called, many of them.
func (f *frame) levelNames(level string) string {
	if f.Lang == "en" {
		return f.T("levels_" + level)
	}
	return f.Level(level)
}

func (s *Server) frontier(f *frame) (content, error) {
	asked, changed := f.frontierPeriod()
	d, err := f.readFrontier()
	if err != nil {
		return content{}, err
	}
	p := &frontierPage{Level: d.level, LevelName: f.levelNames(d.level), Data: map[string]string{}, Corrected: d.intervals(), Uses: f.view.confined == ""}
	if changed {
		p.Note = f.T("frontierPeriodNote", "Asked", f.Locale.Period(asked.Name), "Shown", f.Locale.Period(f.Period.Name))
	}
	for _, level := range []string{"subdistrict", "community"} {
		p.Levels = append(p.Levels, choice{level, f.Level(level), level == d.level})
	}
	for _, name := range []string{"frontier", "frontier-parts", "frontier-peers", "frontier-changes", "frontier-left-out"} {
		p.Data[name] = f.Href("/api/v1/"+name+".csv", "level", d.level, "period", f.Period.Name)
	}
	for _, part := range []string{"workers", "training_hours", "on_time_closures", "satisfied_answers"} {
		kind := "frontierOutput"
		if part == "workers" || part == "training_hours" {
			kind = "frontierInput"
		}
		p.Parts = append(p.Parts, frontierInput{f.T("frontier_" + part), f.T("frontierUnit_" + part), f.T("frontierAbout_" + part), f.T(kind)})
	}
	for _, l := range d.leftOut {
		p.LeftOut = append(p.LeftOut, frontierLeftOut{l.Name, f.AreaHref(d.level, l.Code), f.T("frontierLeftOut_" + l.Reason)})
	}
	chosen, err := f.frontierChosen(d)
	if err != nil {
		return content{}, err
	}
	if p.Empty = s.frontierEmpty(f, d); p.Empty == "" {
		p.caveats(f, d)
		steps := []func() error{
			func() error { return p.words(f, d) },
			func() error { return p.scores(f, d, chosen) },
			func() error { return p.split(f, d) },
			func() error { p.area(f, d, chosen); return nil },
			func() error { return p.changes(f, d, chosen) },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return content{}, err
			}
		}
	}
	return content{"frontier", f.T("frontier"), p}, nil
}

// frontierEmpty says why nothing can be shown; "" where something can.
func (s *Server) frontierEmpty(f *frame, d frontierData) string {
	if len(d.units) > 0 && d.units[0].Areas >= fewestUnits {
		return ""
	}
	if ind, ok := s.catalogue.ByCode("F62"); ok {
		var lacking []string
		for _, feed := range ind.Feeds {
			if !f.view.feeds[feed] {
				lacking = append(lacking, f.T("feed_"+feed))
			}
		}
		if len(lacking) > 0 && len(d.units) == 0 {
			return f.T("noFeed", "Feeds", f.list(lacking))
		}
	}
	switch {
	case len(d.units) > 0:
		return f.T("frontierTooFew", "N", d.units[0].Areas, "Level", f.levelNames(d.level), "Least", fewestUnits)
	case len(d.leftOut) > 0:
		return f.T("frontierNobody", "Level", f.levelNames(d.level), "Period", f.Locale.Period(f.Period.Name))
	}
	return f.T("frontierNothing", "Period", f.Locale.Period(f.Period.Name))
}

// frontierChosen is the code of the area that the address asks for; without one, the
// last of those that are measured.
func (f *frame) frontierChosen(d frontierData) (string, error) {
	code := f.Query.Get("area")
	if level, bare, both := strings.Cut(code, ":"); both { // as other pages write an area
		if level != d.level {
			return "", fmt.Errorf("%w: %s", panels.ErrNoArea, code)
		}
		code = bare
	}
	if code == "" {
		if len(d.units) > 0 {
			return d.units[len(d.units)-1].Code, nil
		}
		return "", nil
	}
	_, err := f.view.areas.find(d.level, code)
	return code, err
}

// words is what a leader reads: who gets the most out, how the others stand, who lags and by how much.
func (p *frontierPage) words(f *frame, d frontierData) error {
	n := d.units[0].Areas
	var best []string
	above, below := 0, 0
	for _, e := range d.units {
		if d.best(e) {
			best = append(best, e.Name)
		}
		switch apart(e, d.middle()) {
		case 1:
			above++
		case -1:
			below++
		}
	}
	if f.view.confined != "" {
		if err := p.confinedWords(f, d, best); err != nil {
			return err
		}
	} else {
		key := "frontierBest"
		if len(best) > 5 {
			key = "frontierBestMany"
		}
		p.Summary = append(p.Summary, f.T(key, "N", f.Int(int64(n)), "Level", p.LevelName, "Best", f.Int(int64(len(best))), "Names", f.list(best)))
		if m := d.middle(); m != nil {
			p.Summary = append(p.Summary, f.T("frontierMiddle", "Median", f.Value(*m, "percent"), "Level", p.LevelName))
		}
		if p.Corrected {
			p.Summary = append(p.Summary, f.T("frontierClear", "Above", f.Int(int64(above)), "Below", f.Int(int64(below)), "Rest", f.Int(int64(len(d.units)-above-below)), "Level", p.LevelName))
		}
		if last := d.units[len(d.units)-1]; !d.best(last) {
			p.Summary = append(p.Summary, f.T("frontierLast", "Name", last.Name, "Score", f.scoreWords(last))+f.would(d, last))
		}
	}
	p.Summary = append(p.Summary, f.T("frontierCareful"))
	return nil
}

// confinedWords is the same for a reader of one subdistrict, who may not see the others.
func (p *frontierPage) confinedWords(f *frame, d frontierData, best []string) error {
	n := d.units[0].Areas
	p.Summary = append(p.Summary, f.T("frontierConfined", "N", f.Int(int64(n)), "Level", p.LevelName, "Shown", f.Int(int64(len(d.units)))))
	if len(best) > 0 {
		p.Summary = append(p.Summary, f.T("frontierOwnBest", "Names", f.list(best)))
	}
	if last := d.units[len(d.units)-1]; !d.best(last) {
		key := "frontierLast"
		if len(d.units) == 1 {
			key = "frontierOwn"
		}
		p.Summary = append(p.Summary, f.T(key, "Name", last.Name, "Score", f.scoreWords(last))+f.would(d, last))
	}
	elsewhere, err := panels.Averages(f.ctx, f.view.DB, d.level, f.Period.Name, "F62", true)
	if err != nil {
		return err
	}
	for _, a := range elsewhere {
		p.Summary = append(p.Summary, f.T("frontierElsewhere", "N", f.Int(a.Areas), "Level", p.LevelName, "Median", f.Value(a.Median, "percent")))
	}
	return nil
}

// scoreWords is a score with its interval.
func (f *frame) scoreWords(e ask.Efficiency) string {
	text := f.Value(e.Score().Float64, "percent")
	if e.Low.Valid && e.High.Valid {
		text += f.T("inBrackets", "Text", f.T("interval")+" "+f.Value(e.Low.Float64, "percent")+"–"+f.Value(e.High.Float64, "percent"))
	}
	return text
}

// would is what an area's inputs would give if it did as its peers do, in words; "" where that is not shown.
func (f *frame) would(d frontierData, e ask.Efficiency) string {
	var outputs []string
	for _, part := range d.parts[e.Code] {
		if !part.IsInput && part.Amount.Valid && part.Target.Valid {
			outputs = append(outputs, f.T("frontierWould_"+part.Part, "From", f.Int(int64(math.Round(part.Amount.Float64))), "To", f.Int(int64(math.Round(part.Target.Float64)))))
		}
	}
	if len(outputs) == 0 {
		return ""
	}
	return f.T("frontierWould", "Parts", f.list(outputs))
}

// quantity writes an amount: a whole number without decimals.
func (f *frame) quantity(v float64) string {
	if math.Abs(v-math.Round(v)) < 0.05 {
		return f.Int(int64(math.Round(v)))
	}
	return f.Value(v, "score")
}

func (f *frame) cell(v sql.NullFloat64, unit string) cellNumber {
	if !v.Valid {
		return cellNumber{}
	}
	text := f.Value(v.Float64, unit)
	if unit == "ratio" {
		text = strconv.FormatFloat(v.Float64, 'f', 3, 64)
	}
	return cellNumber{text, strconv.FormatFloat(v.Float64, 'g', -1, 64)}
}

// scores draws the ranking and fills the table.
func (p *frontierPage) scores(f *frame, d frontierData, chosen string) error {
	middle := d.middle()
	var reference *float64
	if f.view.confined == "" && p.Corrected {
		reference = middle
	}
	uses := map[string]int{}
	for code, peers := range d.peers {
		for _, peer := range peers {
			if peer.PeerCode != code {
				uses[peer.PeerCode]++
			}
		}
	}
	var areas []charts.Area
	var plain []*float64
	for i, e := range d.units {
		where := apart(e, reference)
		row := frontierRow{Code: e.Code, Name: e.Name, Href: f.With("area", e.Code), AreaHref: f.AreaHref(d.level, e.Code), Chosen: e.Code == chosen, Good: where,
			Score: f.cell(e.Score(), "percent"), CCR: f.cell(e.CCR, "percent"), BCC: f.cell(e.BCC, "percent"), Scale: f.cell(e.Scale, "percent"), Super: f.cell(e.Super, "ratio")}
		if e.Low.Valid && e.High.Valid {
			row.Interval = cellNumber{Text: f.Value(e.Low.Float64, "percent") + "–" + f.Value(e.High.Float64, "percent")}
		}
		if e.Returns != "" {
			row.Returns = f.T("frontierReturns_" + e.Returns)
		}
		if e.SuperNote != "" {
			row.SuperNote = f.T("frontierSuper_" + e.SuperNote)
		}
		row.Use = cellNumber{f.Int(int64(uses[e.Code])), strconv.Itoa(uses[e.Code])}
		row.Verdict = f.frontierVerdict(d, e, where, reference != nil)
		p.Rows = append(p.Rows, row)
		p.Areas = append(p.Areas, choice{e.Code, e.Name, e.Code == chosen})
		if len(d.units) > 2*frontierEnds+1 && i >= frontierEnds && i < len(d.units)-frontierEnds && e.Code != chosen {
			if i == frontierEnds {
				areas, plain = append(areas, charts.Area{Name: "⋯"}), append(plain, nil)
			}
			continue
		}
		area, ccr := f.frontierDot(e, where, e.Code == chosen)
		if !p.Corrected && d.best(e) {
			area.Good = 1
		}
		areas, plain = append(areas, area), append(plain, ccr)
	}
	referenceName := ""
	if reference != nil {
		referenceName = f.T("frontierReference", "Value", f.Value(*reference, "percent"))
	}
	options, err := charts.Frontier(areas, plain, reference, referenceName, f.T("frontierScore"), f.T("frontierPlain"), f.T("interval"))
	class := "jc-chart-tall"
	if len(areas) > 14 {
		class = "jc-rows-14"
	}
	p.Scores = charts.Chart{ID: "frontier-scores", Class: class, Label: f.T("frontierScoresLabel", "Level", p.LevelName), Options: options, Link: f.With("area", "CODE")}
	key := "frontierScoresNoteFew"
	if p.Corrected {
		key = "frontierScoresNote"
	}
	p.ScoresNote = f.T(key, "Fewest", dea.FewestForBootstrap)
	if len(d.units) > 2*frontierEnds+1 {
		p.ScoresNote += " " + f.T("frontierEnds", "N", frontierEnds, "All", len(d.units))
	}
	return err
}

// frontierDot is an area in the ranking, and its score before it was corrected.
func (f *frame) frontierDot(e ask.Efficiency, where int, chosen bool) (charts.Area, *float64) {
	a := charts.Area{Code: e.Code, Name: e.Name, Good: where}
	if chosen {
		a.Name = "▸ " + e.Name
	}
	if score := e.Score(); score.Valid {
		a.Value = &score.Float64
	}
	if !e.Corrected.Valid {
		return a, nil
	}
	a.Low, a.High = pointer(e.Low), pointer(e.High)
	a.Note = f.T("interval") + " " + f.Value(e.Low.Float64, "percent") + "–" + f.Value(e.High.Float64, "percent")
	return a, pointer(e.CCR)
}

// frontierVerdict says in a word or two where an area stands.
func (f *frame) frontierVerdict(d frontierData, e ask.Efficiency, where int, tested bool) string {
	var words []string
	switch {
	case d.best(e):
		words = append(words, f.T("frontierIs_best"))
	case e.OnFrontier():
		words = append(words, f.T("frontierIs_slack"))
	}
	switch {
	case where > 0:
		words = append(words, f.T("frontierIs_above"))
	case where < 0:
		words = append(words, f.T("frontierIs_below"))
	case tested:
		words = append(words, f.T("frontierIs_same"))
	}
	return f.list(words)
}

// split draws efficiency as the product of what an area makes of its size and what its size makes.
func (p *frontierPage) split(f *frame, d frontierData) error {
	colours := map[string]string{"increasing": charts.Blue, "constant": charts.Grey, "decreasing": charts.Orange}
	var clouds []charts.Cloud
	for _, returns := range []string{"increasing", "constant", "decreasing"} {
		cloud := charts.Cloud{Name: f.T("frontierReturns_" + returns), Color: colours[returns], Size: 10, Named: len(d.units) <= 20}
		if len(d.units) > 40 {
			cloud.Size = 7
		}
		for _, e := range d.units {
			if e.Returns == returns && e.BCC.Valid && e.Scale.Valid {
				cloud.Pairs = append(cloud.Pairs, charts.Pair{Code: e.Code, Name: e.Name, X: e.BCC.Float64, Y: e.Scale.Float64,
					Tip: e.Name + "\n" + f.T("frontierBCC") + " " + f.Value(e.BCC.Float64, "percent") + "\n" + f.T("frontierScale") + " " + f.Value(e.Scale.Float64, "percent") +
						"\n" + f.T("frontierPlain") + " " + f.Value(e.CCR.Float64, "percent") + "\n" + cloud.Name})
			}
		}
		if len(cloud.Pairs) > 0 {
			clouds = append(clouds, cloud)
		}
	}
	if len(clouds) == 0 {
		return nil
	}
	options, err := charts.Split(f.T("frontierBCC"), f.T("frontierScale"), clouds)
	p.Split = charts.Chart{ID: "frontier-split", Class: "jc-chart-tall", Label: f.T("frontierSplitLabel", "Level", p.LevelName), Options: options, Link: f.With("area", "CODE")}
	return err
}

// area fills what would have to change in the chosen area, and whom it is measured against.
func (p *frontierPage) area(f *frame, d frontierData, chosen string) {
	at := slices.IndexFunc(d.units, func(e ask.Efficiency) bool { return e.Code == chosen })
	if at < 0 {
		for _, l := range d.leftOut {
			if l.Code == chosen {
				p.Area = &frontierArea{Name: l.Name, Href: f.AreaHref(d.level, l.Code), Words: []string{f.T("frontierAreaLeftOut", "Reason", f.T("frontierLeftOut_"+l.Reason))}}
				p.Areas = append([]choice{{l.Code, l.Name, true}}, p.Areas...)
			}
		}
		return
	}
	e := d.units[at]
	a := &frontierArea{Name: e.Name, Href: f.AreaHref(d.level, e.Code)}
	for _, part := range d.parts[e.Code] {
		a.Parts = append(a.Parts, f.frontierGap(part))
	}
	a.Words = append(a.Words, f.T("frontierAreaScore", "Score", f.scoreWords(e)))
	switch {
	case d.best(e):
		a.Words = append(a.Words, f.T("frontierAreaBest"))
	case e.OnFrontier():
		a.Words = append(a.Words, f.T("frontierAreaSlack"))
	case e.SuperNote == "no_output":
		a.Words = append(a.Words, f.T("frontierAreaNothing"))
	default:
		if words := f.would(d, e); words != "" {
			a.Words = append(a.Words, words)
		}
		if e.BCC.Valid && e.Scale.Valid && e.Returns != "" {
			a.Words = append(a.Words, f.T("frontierAreaSplit", "BCC", f.Value(e.BCC.Float64, "percent"), "Scale", f.Value(e.Scale.Float64, "percent"), "Returns", f.T("frontierReturnsLong_"+e.Returns)))
		}
	}
	p.peers(f, d, a, e)
	p.Area = a
}

func (f *frame) frontierGap(part ask.EfficiencyPart) frontierGap {
	g := frontierGap{Part: part.Part, Name: f.T("frontier_" + part.Part), Unit: f.T("frontierUnit_" + part.Part), Kind: f.T("frontierOutput")}
	if part.IsInput {
		g.Kind = f.T("frontierInput")
	}
	if !part.Amount.Valid {
		g.Amount = f.T("frontierHidden")
		return g
	}
	g.Amount = f.quantity(part.Amount.Float64)
	if !part.Target.Valid {
		return g
	}
	g.Target = f.quantity(part.Target.Float64)
	if part.Slack.Valid {
		g.Slack = f.quantity(part.Slack.Float64)
	}
	change := part.Target.Float64 - part.Amount.Float64
	switch text := f.quantity(math.Abs(change)); {
	case text == "0":
		g.Change = "0"
	case change > 0:
		g.Change = "+" + text
	default:
		g.Change = "−" + text
	}
	if part.Amount.Float64 > 0 && g.Change != "0" {
		g.Share = f.signedShare(change / part.Amount.Float64)
	}
	return g
}

// signedShare writes a relative change.
func (f *frame) signedShare(v float64) string { return f.Signed(100*v) + "%" }

// peers fills the yardstick of the chosen area.
func (p *frontierPage) peers(f *frame, d frontierData, a *frontierArea, e ask.Efficiency) {
	peers := d.peers[e.Code]
	if len(peers) == 0 || d.best(e) {
		return
	}
	var sum float64
	for _, peer := range peers {
		sum += peer.Weight.Float64
	}
	for _, part := range d.parts[e.Code] {
		a.Columns = append(a.Columns, f.T("frontier_"+part.Part)+f.T("inBrackets", "Text", f.T("frontierUnit_"+part.Part)))
	}
	var mix []string
	for _, peer := range peers {
		row := frontierPeer{Name: peer.PeerName, Href: f.With("area", peer.PeerCode)}
		if peer.PeerCode == "" {
			row.Name, row.Href = f.T("frontierPeerElsewhere"), ""
		}
		if peer.Weight.Valid {
			row.Weight = cellNumber{strconv.FormatFloat(peer.Weight.Float64, 'f', 2, 64), strconv.FormatFloat(peer.Weight.Float64, 'g', -1, 64)}
			row.Share = f.cell(sql.NullFloat64{Float64: peer.Weight.Float64 / sum, Valid: true}, "percent")
			mix = append(mix, f.T("frontierTimes", "Weight", row.Weight.Text, "Name", row.Name))
		}
		parts := d.parts[peer.PeerCode]
		for i := range a.Columns {
			text := f.T("frontierHidden")
			if i < len(parts) && parts[i].Amount.Valid {
				text = f.quantity(parts[i].Amount.Float64)
			}
			row.Amounts = append(row.Amounts, text)
		}
		a.Peers = append(a.Peers, row)
	}
	if len(mix) > 0 {
		a.Words = append(a.Words, f.T("frontierMix", "Mix", strings.Join(mix, " + ")))
	}
}

// changes draws how productivity has moved since the period before.
func (p *frontierPage) changes(f *frame, d frontierData, chosen string) error {
	previous := ""
	var logs [3]float64
	rose := 0
	for _, e := range d.units {
		if !e.Malmquist.Valid || !e.CatchingUp.Valid || !e.FrontierShift.Valid {
			continue
		}
		previous = e.Previous
		row := frontierChange{Name: e.Name, Href: f.With("area", e.Code), Code: e.Code, Total: f.cell(e.Malmquist, "ratio"), Catching: f.cell(e.CatchingUp, "ratio"), Shift: f.cell(e.FrontierShift, "ratio"),
			Pure: f.cell(e.PureChange, "ratio"), Scale: f.cell(e.ScaleChange, "ratio"), total: e.Malmquist.Float64, catching: e.CatchingUp.Float64, frontier: e.FrontierShift.Float64}
		row.Good = cmp.Compare(row.total, 1)
		if row.Good > 0 {
			rose++
		}
		for i, x := range []float64{row.total, row.catching, row.frontier} {
			logs[i] += math.Log(x)
		}
		p.ChangeRows = append(p.ChangeRows, row)
	}
	n := len(p.ChangeRows)
	if n == 0 {
		key := "frontierNoChange"
		if !f.Period.Complete {
			key = "frontierNoChangeYet"
		}
		p.ChangesNote = f.T(key)
		return nil
	}
	slices.SortStableFunc(p.ChangeRows, func(a, b frontierChange) int { return cmp.Compare(b.total, a.total) })
	p.ChangesTitle = f.T("frontierChangesSince", "Previous", f.Locale.Period(previous))
	mean := func(i int) string { return f.signedShare(math.Exp(logs[i]/float64(n)) - 1) }
	if f.view.confined == "" {
		p.Summary = slices.Insert(p.Summary, len(p.Summary)-1, f.T("frontierMoved", "Previous", f.Locale.Period(previous), "Total", mean(0), "Catching", mean(1), "Shift", mean(2),
			"Rose", f.Int(int64(rose)), "N", f.Int(int64(n)), "Level", p.LevelName))
	}
	var shifts []charts.Shift
	for i, row := range p.ChangeRows {
		if n > 2*frontierEnds+1 && i >= frontierEnds && i < n-frontierEnds && row.Code != chosen {
			continue
		}
		name := row.Name
		if row.Code == chosen {
			name = "▸ " + name
		}
		shifts = append(shifts, charts.Shift{Code: row.Code, Name: name, Whole: row.total - 1, First: row.catching - 1, Second: row.frontier - 1,
			Tip: row.Name + "\n" + f.T("frontierTotal") + " " + f.signedShare(row.total-1) + "\n" + f.T("frontierCatching") + " " + f.signedShare(row.catching-1) + "\n" + f.T("frontierShift") + " " + f.signedShare(row.frontier-1)})
	}
	options, err := charts.Shifts(shifts, f.T("frontierTotal"), f.T("frontierCatching"), f.T("frontierShift"))
	class := "jc-chart-tall"
	if len(shifts) > 14 {
		class = "jc-rows-14"
	}
	p.Changes = charts.Chart{ID: "frontier-changes", Class: class, Label: f.T("frontierChangesLabel", "Level", p.LevelName), Options: options, Link: f.With("area", "CODE")}
	p.ChangesNote = f.T("frontierChangesNote")
	if n > 2*frontierEnds+1 {
		p.ChangesNote += " " + f.T("frontierEnds", "N", frontierEnds, "All", n)
	}
	return err
}

// caveats says what the numbers can bear.
func (p *frontierPage) caveats(f *frame, d frontierData) {
	n := d.units[0].Areas
	key := "frontierEnough"
	if n < fewestToTell {
		key = "frontierFew"
	}
	p.Caveats = append(p.Caveats, f.T(key, "N", n, "Level", p.LevelName, "Least", fewestToTell))
	if p.Corrected {
		p.Caveats = append(p.Caveats, f.T("frontierBootstrap"))
	} else {
		p.Caveats = append(p.Caveats, f.T("frontierNoBootstrap", "N", n, "Level", p.LevelName, "Least", dea.FewestForBootstrap))
	}
	if !f.Period.Complete {
		p.Caveats = append(p.Caveats, f.T("frontierPartial"))
	}
	p.Caveats = append(p.Caveats, f.T("frontierDemand"), f.T("frontierCompare"))
	if f.Period.Kind == "quarter" {
		p.Caveats = append(p.Caveats, f.T("frontierSeason"))
	}
	if len(p.LeftOut) == 0 {
		p.Caveats = append(p.Caveats, f.T("frontierAllIn"))
	}
}

// frontierRead is what the tables need.
func (f *frame) frontierRead() (frontierData, error) {
	f.frontierPeriod()
	d, err := f.readFrontier()
	if err != nil {
		return d, err
	}
	if area := f.Query.Get("area"); area != "" {
		code, err := f.frontierChosen(d)
		if err != nil {
			return d, err
		}
		d.units = slices.DeleteFunc(d.units, func(e ask.Efficiency) bool { return e.Code != code })
	}
	return d, nil
}

// frontierTable is every measured area's efficiency.
func (s *Server) frontierTable(f *frame) (table, error) {
	d, err := f.frontierRead()
	out := table{columns: []string{"geo_level", "geo_code", "name", "period", "areas", "on_frontier", "ccr", "bcc", "scale", "returns", "super", "super_note", "corrected", "low", "high"}}
	for _, e := range d.units {
		out.rows = append(out.rows, []any{d.level, e.Code, e.Name, f.Period.Name, e.Areas, d.best(e), null(e.CCR), null(e.BCC), null(e.Scale), e.Returns, null(e.Super), e.SuperNote, null(e.Corrected), null(e.Low), null(e.High)})
	}
	return out, err
}

// frontierPartTable is the inputs and outputs, with slacks and what the frontier asks for.
func (s *Server) frontierPartTable(f *frame) (table, error) {
	d, err := f.frontierRead()
	out := table{columns: []string{"geo_level", "geo_code", "name", "period", "part", "is_input", "amount", "slack", "target"}}
	for _, e := range d.units {
		for _, p := range d.parts[e.Code] {
			out.rows = append(out.rows, []any{d.level, e.Code, e.Name, f.Period.Name, p.Part, p.IsInput, null(p.Amount), null(p.Slack), null(p.Target)})
		}
	}
	return out, err
}

// frontierPeerTable is whom each area is measured against. A peer that a reader may not see has no code.
func (s *Server) frontierPeerTable(f *frame) (table, error) {
	d, err := f.frontierRead()
	out := table{columns: []string{"geo_level", "geo_code", "name", "period", "peer_code", "peer_name", "weight"}}
	for _, e := range d.units {
		for _, p := range d.peers[e.Code] {
			out.rows = append(out.rows, []any{d.level, e.Code, e.Name, f.Period.Name, orNil(p.PeerCode), orNil(p.PeerName), null(p.Weight)})
		}
	}
	return out, err
}

// frontierChangeTable is the changes of productivity with their parts.
func (s *Server) frontierChangeTable(f *frame) (table, error) {
	d, err := f.frontierRead()
	out := table{columns: []string{"geo_level", "geo_code", "name", "period", "previous", "malmquist", "catching_up", "frontier_shift", "pure", "scale"}}
	for _, e := range d.units {
		if e.Previous != "" {
			out.rows = append(out.rows, []any{d.level, e.Code, e.Name, f.Period.Name, e.Previous, null(e.Malmquist), null(e.CatchingUp), null(e.FrontierShift), null(e.PureChange), null(e.ScaleChange)})
		}
	}
	return out, err
}

// frontierLeftOutTable is the areas that were not measured.
func (s *Server) frontierLeftOutTable(f *frame) (table, error) {
	f.frontierPeriod()
	level := f.frontierLevel()
	left, err := ask.EfficiencyLeftOut(f.ctx, f.view.DB, level, f.Period.Name)
	out := table{columns: []string{"geo_level", "geo_code", "name", "period", "reason"}}
	for _, l := range left {
		out.rows = append(out.rows, []any{level, l.Code, l.Name, f.Period.Name, l.Reason})
	}
	return out, err
}

// orNil is nil for what is not shown.
func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
