package dashboards

import (
	"github.com/jiceng/jiceng/queries/compare"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
)

// keptPasts is how many areas' pasts of one snapshot stay in memory, some hundred kB each.
const keptPasts = 64

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
