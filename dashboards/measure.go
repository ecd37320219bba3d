package dashboards

import (
	"slices"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
)

// measure is what maps, rankings and trends can show: an indicator, or one of the two indices.
type measure struct {
	Code, Name, Unit, Direction string
	Target                      *float64
	Index                       bool
}

// indexCodes are the two headline indices.
func indexCodes() []string { return []string{"empowerment", "efficiency"} }

func (f *frame) measureOf(ind catalogue.Indicator) measure {
	return measure{Code: ind.Code, Name: ind.Name.In(f.Lang), Unit: ind.Unit, Direction: ind.Direction, Target: ind.Target}
}

func (f *frame) indexMeasure(code string) measure {
	return measure{Code: code, Name: f.T("index_" + code), Unit: "score", Direction: "up", Index: true}
}

// chosenMeasure is what the address asks for, else the first of the headline.
func (s *Server) chosenMeasure(f *frame, headline []card) measure {
	wanted := []string{f.Query.Get("indicator")}
	for _, c := range headline {
		wanted = append(wanted, c.Code)
	}
	for _, code := range wanted {
		if m, ok := s.measureNamed(f, code); ok {
			return m
		}
	}
	return f.measureOf(s.catalogue[0])
}

// measureNamed is the indicator or the index with a code.
func (s *Server) measureNamed(f *frame, code string) (measure, bool) {
	if slices.Contains(indexCodes(), code) {
		return f.indexMeasure(code), true
	}
	ind, ok := s.catalogue.ByCode(code)
	if !ok {
		return measure{}, false
	}
	return f.measureOf(ind), true
}

// choices are all measures one may choose.
func (s *Server) choices(f *frame, chosen measure) []choice {
	var all []choice
	for _, code := range indexCodes() {
		all = append(all, choice{code, f.T("index_" + code), chosen.Code == code})
	}
	for _, ind := range s.catalogue {
		all = append(all, choice{ind.Code, ind.Code + " " + ind.Name.In(f.Lang), chosen.Code == ind.Code})
	}
	return all
}

// rankedBy is every area of a level below one with its value of a measure, highest first.
func (f *frame) rankedBy(m measure, level string, above panels.Area) ([]panels.Ranked, error) {
	if !m.Index {
		return f.ranking(m.Code, level, above)
	}
	scores, err := ask.Scores(f.ctx, f.view.DB, m.Code, level, f.Period.Name, above.Level, above.Code)
	if err != nil {
		return nil, err
	}
	ranked := make([]panels.Ranked, len(scores))
	for i, s := range scores {
		ranked[i] = panels.Ranked{Code: s.Code, Name: s.Name, Value: s.Score, Low: s.ScoreLow, High: s.ScoreHigh, Flag: s.Flag, Estimate: s.Score}
	}
	return ranked, nil
}

// history is an area's values of a measure over the periods up to the present one.
func (f *frame) history(m measure, a panels.Area) ([]charts.Point, error) {
	if !m.Index {
		all, err := f.lines(a)
		if err != nil {
			return nil, err
		}
		return all.points(f, m.Code), nil
	}
	past, err := f.indexPast(a.Level, a.Code)
	if err != nil {
		return nil, err
	}
	scores := past.Series(m.Code, f.Period.Name)
	points := make([]charts.Point, len(scores))
	for i, s := range scores {
		points[i] = charts.Point{At: s.Period, Value: pointer(s.Score), Low: pointer(s.ScoreLow), High: pointer(s.ScoreHigh)}
	}
	return points, nil
}

// indexCards are the two headline indices of an area.
func (f *frame) indexCards(a panels.Area) ([]card, error) {
	headlines, err := f.headlines(a)
	if err != nil {
		return nil, err
	}
	var cards []card
	for _, code := range indexCodes() {
		c := card{Code: code, Name: f.T("index_" + code), Definition: f.T("indexAbout_" + code), Catalogue: f.With("indicator", code), Missing: f.T("noDataPeriod")}
		for _, h := range headlines {
			if h.Index == code && h.Score.Valid {
				f.fillIndex(&c, h)
			}
		}
		points, err := f.history(f.indexMeasure(code), a)
		if err != nil {
			return nil, err
		}
		if err := f.spark(&c, points); err != nil {
			return nil, err
		}
		cards = append(cards, c)
	}
	return cards, nil
}

func (f *frame) fillIndex(c *card, h ask.Headline) {
	c.Value, c.Number, c.value = f.Locale.Value(h.Score.Float64, "score"), plain(h.Score), pointer(h.Score)
	if h.ScoreLow.Valid && h.ScoreHigh.Valid {
		c.Interval = f.Locale.Value(h.ScoreLow.Float64, "score") + "–" + f.Locale.Value(h.ScoreHigh.Float64, "score")
	}
	if h.Rank.Valid {
		c.Rank = f.T("rankOf", "Rank", h.Rank.Int64, "All", h.Ranked.Int64)
		if h.RankLow.Valid && h.RankHigh.Valid {
			c.RankInterval = f.T("rankInterval", "Low", h.RankLow.Int64, "High", h.RankHigh.Int64)
		}
	}
	if moved := h.Change(); moved.Valid {
		c.Before = change{Text: f.Signed(moved.Float64)}
	}
	if h.Flag == "partial" {
		c.Flags = []string{f.T("flag_partial")}
	}
}
