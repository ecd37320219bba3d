package dashboards

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/stat"
)

// empowermentIndex is the index whose dimensions the radar shows.
const empowermentIndex = "empowerment"

// empowermentPage answers whether each actor and carrier of governance is able.
type empowermentPage struct {
	Area     panels.Area
	Name     string
	Crumbs   []crumb
	Areas    []areaGroup
	Findings []string
	Radar    part
	Rule     string // how indicators become scores
	Scores   []dimensionScore
	Groups   []rowGroup
	twin     table // the radar's numbers
}

// areaGroup is the areas of one level that one may choose.
type areaGroup struct {
	Level string
	Areas []choice
}

// dimensionScore is one dimension of the radar as a row of a table.
type dimensionScore struct {
	Code, Name           string
	Score, Peers, Before string
	score, before        *float64
	Gap, Change          change
	Number               string
}

// rowGroup is the panels of one group of the subject's rows.
type rowGroup struct {
	Key    string
	Panels []panel
}

// panel is one row of the subject: what it means, what was found, its indicators and its charts.
type panel struct {
	Key, Name, Meaning string
	Met, Missed        int
	Findings           []string
	Cards              []card
	Figures            []figure
	Wide               bool
}

// figure is a chart of a panel and the numbers behind it.
type figure struct {
	Title, Note string
	Chart       charts.Chart
	Data        string // address of its numbers
	table       table
	wide        bool
}

// Part is the figure as templates show charts.
func (g figure) Part() part { return newPart(g.Title, g.Chart, g.Data, g.Note) }

func (s *Server) empowerment(f *frame) (content, error) {
	a, err := f.chosenArea()
	if err != nil {
		return content{}, err
	}
	p := &empowermentPage{Area: a, Name: f.AreaName(a)}
	if p.Crumbs, err = f.crumbs(a); err != nil {
		return content{}, err
	}
	if p.Areas, err = f.areaGroups(a); err != nil {
		return content{}, err
	}
	if err := f.scores(p); err != nil {
		return content{}, err
	}
	w, err := s.rowWork(f, a)
	if err != nil {
		return content{}, err
	}
	for _, key := range catalogue.RowGroups() {
		group := rowGroup{Key: key}
		for _, row := range catalogue.Rows() {
			if row.Group != key {
				continue
			}
			made, err := w.panel(row)
			if err != nil {
				return content{}, fmt.Errorf("panel %s: %w", row.Key, err)
			}
			group.Panels = append(group.Panels, made)
		}
		p.Groups = append(p.Groups, group)
	}
	p.Findings = append(p.Findings, w.overall(p.Groups)...)
	title := f.T("empowerment")
	if a.Level != "district" {
		title += " · " + p.Name
	}
	return content{"empowerment", title, p}, nil
}

// chosenArea is the area that the address asks for, as area=level:code or as level=…&area=code, else the whole district.
func (f *frame) chosenArea() (panels.Area, error) {
	level, code, ok := strings.Cut(f.Query.Get("area"), ":")
	if !ok {
		level, code = f.Query.Get("level"), f.Query.Get("area")
	}
	if code == "" {
		return f.view.top, nil
	}
	return f.view.areas.find(level, code)
}

// areaGroups are the areas one may go to: the way up, the siblings and the areas below.
func (f *frame) areaGroups(a panels.Area) ([]areaGroup, error) {
	line := []panels.Area{a}
	for line[0].ParentLevel != "" {
		above, err := f.view.areas.above(line[0])
		if err != nil {
			return nil, err
		}
		line = slices.Insert(line, 0, above)
	}
	groups := []areaGroup{{f.Level("district"), []choice{{"", f.Place(), a.Level == "district"}}}}
	for i, above := range line {
		children := f.view.areas.children(above)
		if len(children) == 0 {
			return groups, nil
		}
		group := areaGroup{Level: f.Level(children[0].Level)}
		for _, child := range children {
			chosen := i+1 < len(line) && line[i+1].Code == child.Code && child.Code == a.Code && child.Level == a.Level
			group.Areas = append(group.Areas, choice{child.Level + ":" + child.Code, child.Name, chosen})
		}
		groups = append(groups, group)
	}
	return groups, nil
}

// scores fills the radar: the area's dimensions beside its peers' median and last year's, from the Empowerment Index.
func (f *frame) scores(p *empowermentPage) error {
	peers, peersName, err := f.peerScores(p.Area)
	if err != nil {
		return err
	}
	_, yearAgo := before(f.Period)
	now, err := ask.Steps(f.ctx, f.view.DB, empowermentIndex, p.Area.Level, p.Area.Code, f.Period.Name)
	if err != nil {
		return err
	}
	then, err := ask.Steps(f.ctx, f.view.DB, empowermentIndex, p.Area.Level, p.Area.Code, yearAgo)
	if err != nil {
		return err
	}
	for _, step := range now {
		if step.Height != 1 {
			continue
		}
		d := dimensionScore{Code: step.Node, Name: f.T("dimension_" + step.Node), score: pointer(step.Score), Number: plain(step.Score)}
		if i := slices.IndexFunc(then, func(s ask.Step) bool { return s.Node == step.Node }); i >= 0 {
			d.before = pointer(then[i].Score)
		}
		d.Score, d.Peers, d.Before = f.points0(d.score), f.points0(peers[step.Node]), f.points0(d.before)
		d.Gap, d.Change = f.pointChange(peers[step.Node], d.score), f.pointChange(d.before, d.score)
		p.Scores = append(p.Scores, d)
	}
	if err := f.radar(p, peers, peersName); err != nil {
		return err
	}
	indices, err := ask.Indices(f.ctx, f.view.DB)
	if err != nil {
		return err
	}
	for _, index := range indices {
		if index.Code == empowermentIndex {
			p.Rule = f.T("radarRule") + map[string]string{"zh": index.About.Zh, "en": index.About.En}[f.Lang]
		}
	}
	return f.scoreFindings(p)
}

// peerScores are the medians of the dimensions over the areas beside one; for the district, over its subdistricts.
func (f *frame) peerScores(a panels.Area) (map[string]*float64, string, error) {
	level, above := a.Level, panels.Area{Level: a.ParentLevel, Code: a.ParentCode}
	name := f.T("peersMedian", "Level", f.Level(level))
	if a.ParentLevel == "" {
		level, above = below(a.Level), a
		name = f.T("belowMedian", "Level", f.Level(level))
	}
	scores, err := ask.Scores(f.ctx, f.view.DB, empowermentIndex, level, f.Period.Name, above.Level, above.Code)
	if err != nil {
		return nil, "", err
	}
	byNode := map[string][]float64{}
	for _, score := range scores {
		for node, value := range score.Dimensions {
			if value.Valid && (score.Code != a.Code || level != a.Level) {
				byNode[node] = append(byNode[node], value.Float64)
			}
		}
	}
	medians := map[string]*float64{}
	for node, values := range byNode {
		m := median(values)
		medians[node] = &m
	}
	return medians, name, nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// radar draws the dimensions that the area itself has; another shape is left out where it lacks one of them.
func (f *frame) radar(p *empowermentPage, peers map[string]*float64, peersName string) error {
	own := charts.Shape{Name: p.Name, Color: charts.Blue, Filled: true}
	beside := charts.Shape{Name: peersName, Color: charts.Grey, Dashed: true}
	earlier := charts.Shape{Name: f.T("lastYear"), Color: charts.Amber, Dashed: true}
	var axes []string
	twin := table{columns: []string{"dimension", "name", "score", "peers_median", "last_year"}}
	for _, d := range p.Scores {
		if d.score == nil {
			continue
		}
		axes = append(axes, d.Name)
		own.Scores = append(own.Scores, *d.score)
		if v := peers[d.Code]; v != nil {
			beside.Scores = append(beside.Scores, *v)
		}
		if d.before != nil {
			earlier.Scores = append(earlier.Scores, *d.before)
		}
		twin.rows = append(twin.rows, []any{d.Code, d.Name, *d.score, maybe(peers[d.Code]), maybe(d.before)})
	}
	g := figure{Title: f.T("radar"), table: twin, Note: f.T("radarNote", "Peers", peersName)}
	if len(axes) > 2 {
		var shapes []charts.Shape
		for _, s := range []charts.Shape{own, beside, earlier} {
			if len(s.Scores) != len(axes) {
				continue
			}
			lines := []string{s.Name}
			for i, axis := range axes {
				lines = append(lines, axis+"  "+f.points0(&s.Scores[i]))
			}
			s.Tip = strings.Join(lines, "\n")
			shapes = append(shapes, s)
		}
		options, err := charts.Radar(axes, shapes)
		if err != nil {
			return err
		}
		g.Chart = charts.Chart{ID: "radar", Label: f.T("radar"), Options: options}
	}
	p.twin = g.table
	p.Radar = g.Part()
	p.Radar.Data = f.Href("/api/v1/empowerment.csv", "area", f.Query.Get("area"))
	return nil
}

// maybe gives nil for what is missing.
func maybe(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// points0 is a score with one decimal, or a dash.
func (f *frame) points0(v *float64) string {
	if v == nil {
		return "—"
	}
	return fmt.Sprintf("%.1f", *v)
}

// pointChange is the difference of two scores; whether it is noise the index's interval says, not this.
func (f *frame) pointChange(from, to *float64) change {
	if from == nil || to == nil {
		return change{}
	}
	c := change{Text: f.Signed(*to - *from)}
	switch {
	case *to > *from:
		c.Arrow, c.Good = "▲", 1
	case *to < *from:
		c.Arrow, c.Good = "▼", -1
	}
	return c
}

// scoreFindings says in words where the area stands, what is strong and what is weak.
func (f *frame) scoreFindings(p *empowermentPage) error {
	heads, err := f.headlines(p.Area)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if h.Index != empowermentIndex || !h.Score.Valid {
			continue
		}
		p.Findings = append(p.Findings, f.place(f.T("index_"+empowermentIndex), h.Place, p.Area))
	}
	known := slices.DeleteFunc(slices.Clone(p.Scores), func(d dimensionScore) bool { return d.score == nil })
	if len(known) < 2 {
		return nil
	}
	slices.SortFunc(known, func(a, b dimensionScore) int { return cmp.Compare(*b.score, *a.score) })
	best, worst := known[0], known[len(known)-1]
	p.Findings = append(p.Findings, f.T("bestWorst", "Best", best.Name, "BestScore", best.Score, "Worst", worst.Name, "WorstScore", worst.Score))
	return nil
}

// place says an index's score, its rank with the interval that holds it, and its change.
func (f *frame) place(name string, h ask.Place, a panels.Area) string {
	text := f.T("indexScore", "Name", name, "Score", f.points0(pointer(h.Score)), "Low", f.points0(pointer(h.ScoreLow)), "High", f.points0(pointer(h.ScoreHigh)))
	if !h.ScoreLow.Valid {
		text = f.T("indexScoreOnly", "Name", name, "Score", f.points0(pointer(h.Score)))
	}
	if h.Rank.Valid && h.RankLow.Valid {
		text += f.T("indexRank", "Level", f.Level(a.Level), "All", h.Ranked.Int64, "Rank", h.Rank.Int64, "Low", h.RankLow.Int64, "High", h.RankHigh.Int64)
	}
	if h.Previous.Valid {
		text += f.T("indexMoved", "Change", f.Signed(h.Score.Float64-h.Previous.Float64))
	}
	return text + f.T("stop")
}

// wilson is a share with its Wilson interval as an error bar of a dot; nil without cases, or where the reader may not see so few.
func (f *frame) wilson(x, n int64) (value, low, high *float64) {
	if n <= 0 || f.few(n) {
		return nil, nil, nil
	}
	v := float64(x) / float64(n)
	i := stat.Wilson(float64(x), float64(n), 0.95)
	return &v, &i.Low, &i.High
}

// empowermentTable is the numbers behind one figure of the page: row and figure name it; without a row, the radar's.
func (s *Server) empowermentTable(f *frame) (table, error) {
	a, err := f.chosenArea()
	if err != nil {
		return table{}, err
	}
	key := f.Query.Get("row")
	if key == "" {
		p := &empowermentPage{Area: a, Name: f.AreaName(a)}
		err := f.scores(p)
		return p.twin, err
	}
	build, ok := builders()[key]
	if !ok {
		return table{}, fmt.Errorf("%w: there is no row %q", errNotFound, key)
	}
	w, err := s.rowWork(f, a)
	if err != nil {
		return table{}, err
	}
	figures, _, err := build(w)
	if err != nil {
		return table{}, err
	}
	n, err := strconv.Atoi(f.one("figure", "1", "2", "3"))
	if err != nil || n > len(figures) {
		return table{}, fmt.Errorf("%w: the row %s has no figure %d", errNotFound, key, n)
	}
	return figures[n-1].table, nil
}
