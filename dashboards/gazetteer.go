package dashboards

import (
	"context"
	"fmt"

	"github.com/jiceng/jiceng/queries/panels"
)

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
