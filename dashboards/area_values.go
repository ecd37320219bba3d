package dashboards

import (
	"math"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/compare"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
)

// keptPasts is how many areas' values of one snapshot stay in memory, some hundred kB each. A grid's
// page is held against the community's: with so many, those of the communities stay while pages of
// grids all over the district are asked for.
const keptPasts = 384

// keptPastsOfOne is the same for readers of a single subdistrict, of which there may be many, each with a view of its own.
const keptPastsOfOne = 48

// ranking is an indicator of all areas of a level in another, largest estimate first.
func (f *frame) ranking(indicator, level string, above panels.Area) ([]panels.Ranked, error) {
	return panels.Ranking(f.ctx, f.view.DB, indicator, f.Period.Name, f.view.areas.within(above, level))
}

// past is every indicator of an area over the periods of the page's kind. Its pages need it for
// every period, and those of the areas below are held against it.
func (f *frame) past(level, code string) (*panels.History, error) {
	key := [3]string{level, code, f.Period.Kind}
	if p, ok := f.view.pasts.Get(key); ok {
		return p, nil
	}
	p, err := f.view.histories.Read(f.ctx, level, code, f.Period.Kind)
	if err != nil {
		return nil, err
	}
	f.view.pasts.Add(key, p)
	return p, nil
}

// indexPast is every index of an area over the periods of the page's kind.
func (f *frame) indexPast(level, code string) (ask.History, error) {
	if !f.view.indexed[[2]string{level, f.Period.Kind}] {
		return nil, nil
	}
	key := [3]string{level, code, f.Period.Kind}
	if p, ok := f.view.indices.Get(key); ok {
		return p, nil
	}
	p, err := ask.ReadHistory(f.ctx, f.view.DB, level, code, f.Period.Kind)
	if err != nil {
		return nil, err
	}
	f.view.indices.Add(key, p)
	return p, nil
}

// areaValues is every indicator of an area in the page's period.
func (f *frame) areaValues(a panels.Area) ([]panels.Value, error) {
	past, err := f.past(a.Level, a.Code)
	if err != nil {
		return nil, err
	}
	var above *panels.History
	if a.ParentLevel != "" {
		if above, err = f.past(a.ParentLevel, a.ParentCode); err != nil {
			return nil, err
		}
	}
	return past.Values(f.Period.Name, above, f.view.targets.Of(a.Level, a.Code, f.Period.Name)), nil
}

// lines are the indicators of an area over the periods up to the page's.
type lines struct {
	past *panels.History
	last string
}

// lines reads every indicator of an area over the periods up to the page's.
func (f *frame) lines(a panels.Area) (lines, error) {
	past, err := f.past(a.Level, a.Code)
	return lines{past, f.Period.Name}, err
}

// points are one of the indicators for a chart.
func (l lines) points(f *frame, code string) []charts.Point { return l.latest(f, code, math.MaxInt) }

// latest are the last points of one of the indicators, most of them at most.
func (l lines) latest(f *frame, code string, most int) []charts.Point {
	series := l.past.Of(code).Series(l.last, most)
	points := make([]charts.Point, len(series))
	for i, q := range series {
		points[i] = charts.Point{At: q.Period, Value: pointer(q.Value), Low: pointer(q.Low), High: pointer(q.High)}
		if q.N > 0 {
			points[i].Note = "n = " + f.Int(q.N)
		}
	}
	return points
}

// headlines is where an area stands in every index.
func (f *frame) headlines(a panels.Area) ([]ask.Headline, error) {
	past, err := f.indexPast(a.Level, a.Code)
	return past.Headlines(f.Period.Name), err
}

// compared is every indicator of an area held against the period before and a year ago.
func (s *Server) compared(f *frame, a panels.Area) ([]compare.Comparison, error) {
	past, err := f.past(a.Level, a.Code)
	if err != nil {
		return nil, err
	}
	return compare.Area(f.view.workDays, s.catalogue, past, f.view.cases.Of(a.Level, a.Code, f.Period.Kind), f.Period.Name)
}

// showPeriod gives the signals of an area, and of those below it, their indicators' values in the page's period.
func (f *frame) showPeriod(a panels.Area, signals []panels.Signal) error {
	var below []*panels.Signal
	for i := range signals {
		x := &signals[i]
		if x.Level != a.Level || x.Code != a.Code {
			below = append(below, x)
			continue
		}
		past, err := f.past(a.Level, a.Code)
		if err != nil {
			return err
		}
		if r, ok := past.At(x.Indicator, f.Period.Name); ok && r.Value.Valid {
			x.Value = r.Value.Float64
		}
	}
	return panels.ShowPeriod(f.ctx, f.view.DB, below, f.Period.Name)
}
