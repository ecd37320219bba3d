package dashboards

import (
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
)

// screen is the page for a wall (大屏): everything on 16:9, two groups of slides that the script turns.
type screen struct {
	Kpis    []card
	Heads   []screenHead
	Slides  []screenSlide // one for each indicator: map and ranking
	Areas   []screenArea  // one for each area below
	Level   string
	Signals []signalLine
	Missed  []string // names of the indicators that miss their target
	Back    string
}

// screenHead is one index as a large number.
type screenHead struct{ Name, Score, Interval, Change string }

// screenSlide is one indicator over the areas below.
type screenSlide struct {
	Card         card
	Map, Ranking charts.Chart
}

// screenArea is one area below with the headline indicators.
type screenArea struct {
	Name  string
	Rank  string
	Cells []screenCell
}

// screenCell is one indicator of an area; Good says whether it is clearly better (1) or worse (-1) than the whole.
type screenCell struct {
	Name, Value, Unit string
	Good              int
}

// wallText is the size of the charts' texts on a wall of 1920 × 1080, in pixels.
const wallText = 16

func (s *Server) screen(f *frame) (content, error) {
	a, err := f.chosenArea()
	if err != nil {
		return content{}, err
	}
	cards, err := s.areaCards(f, a)
	if err != nil {
		return content{}, err
	}
	p := &screen{Level: f.Level(below(a.Level)), Back: f.AreaHref(a.Level, a.Code)}
	for _, c := range cards {
		if c.Met == -1 {
			p.Missed = append(p.Missed, c.Name)
		}
	}
	p.Kpis = s.headline(cards)
	p.Kpis = p.Kpis[:min(len(p.Kpis), 6)]
	if err := p.heads(f, a); err != nil {
		return content{}, err
	}
	if level := below(a.Level); level != "" {
		if err := p.turn(s, f, a, level); err != nil {
			return content{}, err
		}
	}
	lines := &areaPage{Area: a}
	if err := s.signals(f, lines); err != nil {
		return content{}, err
	}
	p.Signals = lines.Signals[:min(len(lines.Signals), 3)]
	if len(p.Signals) > 1 {
		p.Missed = nil // there is room for one of the two
	}
	return content{"screen", f.T("screen"), p}, nil
}

func (p *screen) heads(f *frame, a panels.Area) error {
	heads, err := f.headlines(a)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if !slices.Contains(indexCodes(), h.Index) || !h.Score.Valid {
			continue
		}
		head := screenHead{Name: f.T("index_" + h.Index), Score: f.points0(pointer(h.Score))}
		if h.ScoreLow.Valid && h.ScoreHigh.Valid {
			head.Interval = f.points0(pointer(h.ScoreLow)) + "–" + f.points0(pointer(h.ScoreHigh))
		}
		if h.Previous.Valid {
			head.Change = f.Signed(h.Score.Float64 - h.Previous.Float64)
		}
		p.Heads = append(p.Heads, head)
	}
	return nil
}

// turn makes the slides of the indicators, and those of the areas below.
func (p *screen) turn(s *Server, f *frame, a panels.Area, level string) error {
	has := f.view.areas.drawn[level]
	byArea := map[string]*screenArea{}
	var order []string
	for i, c := range p.Kpis {
		ind, ok := s.catalogue.ByCode(c.Code)
		if !ok {
			continue
		}
		m := f.measureOf(ind)
		ranked, err := f.rankedBy(m, level, a)
		if err != nil {
			return err
		}
		areas := make([]charts.Area, len(ranked))
		for j, r := range ranked {
			areas[j] = f.ranked(m, r, c.value)
			if byArea[r.Code] == nil {
				byArea[r.Code] = &screenArea{Name: r.Name}
				order = append(order, r.Code)
			}
			cell := screenCell{Name: c.Name, Value: f.T("noData"), Good: areas[j].Good}
			if areas[j].Value != nil {
				cell.Value, cell.Unit = f.Locale.Value(*areas[j].Value, ind.Unit), f.Unit(ind.Unit)
			}
			byArea[r.Code].Cells = append(byArea[r.Code].Cells, cell)
		}
		slide := screenSlide{Card: c}
		if err := slide.draw(f, m, areas, c.value, a, level, i, has); err != nil {
			return err
		}
		p.Slides = append(p.Slides, slide)
	}
	slices.Sort(order)
	for _, code := range order {
		p.Areas = append(p.Areas, *byArea[code])
	}
	return nil
}

// draw makes a slide's map and ranking, with texts large enough for a wall.
func (slide *screenSlide) draw(f *frame, m measure, areas []charts.Area, reference *float64, a panels.Area, level string, i int, has bool) error {
	better := map[string]int{"up": 1, "down": -1}[m.Direction]
	options, err := charts.Choropleth(m.Unit, m.Name, areas, reference, better, func(v float64) string { return f.Locale.Value(v, m.Unit) })
	if err != nil {
		return err
	}
	if has && options != nil {
		slide.Map = charts.Chart{ID: fmt.Sprintf("wall-map-%d", i+1), Class: "jc-wall-chart", Label: f.T("mapLabel", "Name", m.Name), Options: charts.Large(options, wallText), Still: true,
			Map: "/api/v1/map/" + level + "?above=" + a.Level + ":" + a.Code + "&snapshot=" + f.view.Name}
	}
	shown := slices.DeleteFunc(slices.Clone(areas), func(x charts.Area) bool { return x.Value == nil })
	if len(shown) == 0 {
		return nil
	}
	if m.Direction == "down" {
		slices.Reverse(shown)
	}
	if len(shown) > mostRanked {
		shown = shown[len(shown)-mostRanked:]
	}
	ranking, err := charts.Ranking(m.Unit, shown, reference, " ", f.T("value"), f.T("interval"))
	slide.Ranking = charts.Chart{ID: fmt.Sprintf("wall-ranking-%d", i+1), Class: "jc-wall-chart", Label: f.T("rankingLabel", "Name", m.Name), Options: charts.Large(ranking, wallText), Still: true}
	return err
}
