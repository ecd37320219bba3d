package dashboards

import (
	"context"
	"fmt"

	"github.com/jiceng/jiceng/queries/compare"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
)

// keptPasts is how many areas' pasts of one snapshot stay in memory, some hundred kB each.
const keptPasts = 64

// gazetteer is the areas of a snapshot. Every page names some; they are few, so that they are read once.
type gazetteer struct {
	at    map[[2]string]panels.Area   // by level and code
	below map[[2]string][]panels.Area // the areas right below, in the order of their codes
	drawn map[string]bool             // levels whose areas have polygons
}

func readGazetteer(ctx context.Context, v *view) (*gazetteer, error) {
	areas, err := panels.Areas(ctx, v.DB, "")
	if err != nil {
		return nil, err
	}
	g := &gazetteer{at: map[[2]string]panels.Area{}, below: map[[2]string][]panels.Area{}, drawn: map[string]bool{}}
	for _, a := range areas {
		g.at[[2]string{a.Level, a.Code}] = a
		if a.ParentLevel != "" {
			above := [2]string{a.ParentLevel, a.ParentCode}
			g.below[above] = append(g.below[above], a)
		}
	}
	levels, err := panels.DrawnLevels(ctx, v.DB)
	for _, level := range levels {
		g.drawn[level] = true
	}
	return g, err
}

// find returns one area, or panels.ErrNoArea.
func (g *gazetteer) find(level, code string) (panels.Area, error) {
	a, ok := g.at[[2]string{level, code}]
	if !ok {
		return a, fmt.Errorf("%w: %s %s", panels.ErrNoArea, level, code)
	}
	return a, nil
}

// above returns the area that another lies in.
func (g *gazetteer) above(a panels.Area) (panels.Area, error) {
	return g.find(a.ParentLevel, a.ParentCode)
}

// children returns the areas right below one.
func (g *gazetteer) children(a panels.Area) []panels.Area { return g.below[[2]string{a.Level, a.Code}] }

// within returns the areas of a level that lie in another, in the order of their codes.
func (g *gazetteer) within(a panels.Area, level string) []panels.Area {
	found := []panels.Area{a}
	for len(found) > 0 && found[0].Level != level {
		var lower []panels.Area
		for _, above := range found {
			lower = append(lower, g.children(above)...)
		}
		found = lower
	}
	return found
}

// ranking is an indicator of all areas of a level in another, largest estimate first.
func (f *frame) ranking(indicator, level string, above panels.Area) ([]panels.Ranked, error) {
	return panels.Ranking(f.ctx, f.view.DB, indicator, f.Period.Name, f.view.areas.within(above, level))
}

// areaPast is what one area was like over the periods of a kind. Its pages need it for every period,
// and those of the areas below are held against it.
type areaPast struct {
	values  *panels.History
	cases   compare.Cases
	indices ask.History
}

// past reads what an area was like over the periods of the page's kind.
func (f *frame) past(level, code string) (areaPast, error) {
	key := [3]string{level, code, f.Period.Kind}
	if p, ok := f.view.pasts.Get(key); ok {
		return p, nil
	}
	var p areaPast
	var err error
	if p.values, err = panels.ReadHistory(f.ctx, f.view.DB, level, code, f.Period.Kind); err != nil {
		return p, err
	}
	if p.cases, err = compare.ReadCases(f.ctx, f.view.DB, level, code, f.Period.Kind); err != nil {
		return p, err
	}
	if p.indices, err = ask.ReadHistory(f.ctx, f.view.DB, level, code, f.Period.Kind); err != nil {
		return p, err
	}
	f.view.pasts.Add(key, p)
	return p, nil
}

// areaValues is every indicator of an area in the page's period.
func (f *frame) areaValues(a panels.Area) ([]panels.Value, error) {
	past, err := f.past(a.Level, a.Code)
	if err != nil {
		return nil, err
	}
	var above areaPast
	if a.ParentLevel != "" {
		if above, err = f.past(a.ParentLevel, a.ParentCode); err != nil {
			return nil, err
		}
	}
	var targets map[string]float64
	if f.view.feeds["targets"] {
		targets, err = panels.Targets(f.ctx, f.view.DB, a.Level, a.Code, f.Period.Name)
	}
	return past.values.Values(f.Period.Name, above.values, targets), err
}

// series is every indicator of an area over the periods up to the page's.
func (f *frame) series(a panels.Area) ([]panels.Point, error) {
	past, err := f.past(a.Level, a.Code)
	if err != nil {
		return nil, err
	}
	return past.values.Series(f.Period.Name), nil
}

// headlines is where an area stands in every index.
func (f *frame) headlines(a panels.Area) ([]ask.Headline, error) {
	past, err := f.past(a.Level, a.Code)
	return past.indices.Headlines(f.Period.Name), err
}

// compared is every indicator of an area held against the period before and a year ago.
func (s *Server) compared(f *frame, a panels.Area) ([]compare.Comparison, error) {
	past, err := f.past(a.Level, a.Code)
	if err != nil {
		return nil, err
	}
	return compare.Area(f.view.workDays, s.catalogue, past.values, past.cases, f.Period.Name)
}
