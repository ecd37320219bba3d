package dashboards

import (
	"slices"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
)

// cataloguePage is one indicator with its definition and history.
type cataloguePage struct {
	Indicator catalogue.Indicator
	Card      card
	Fields    []field
	Trend     charts.Chart
	Previous  string
	Next      string
}

type field struct{ Name, Text string }

// catalogueGroup is the indicators of one dimension.
type catalogueGroup struct {
	Family, Code, Name string
	Cards              []card
}

func (s *Server) catalogueList(f *frame) (content, error) {
	cards, err := s.areaCards(f, f.view.top)
	if err != nil {
		return content{}, err
	}
	var groups []catalogueGroup
	for _, d := range f.byDimension(cards) {
		groups = append(groups, catalogueGroup{f.T("family_" + d.Code[:1]), d.Code, d.Name, d.Cards})
	}
	return content{"catalogue", f.T("catalogue"), groups}, nil
}

func (s *Server) cataloguePage(f *frame) (content, error) {
	ind, ok := s.catalogue.ByCode(f.Params("code"))
	if !ok {
		return content{}, errNotFound
	}
	cards, err := s.areaCards(f, f.view.top)
	if err != nil {
		return content{}, err
	}
	p := &cataloguePage{Indicator: ind, Card: pick(cards, []string{ind.Code})[0]}
	i := slices.IndexFunc(s.catalogue, func(x catalogue.Indicator) bool { return x.Code == ind.Code })
	if i > 0 {
		p.Previous = s.catalogue[i-1].Code
	}
	if i+1 < len(s.catalogue) {
		p.Next = s.catalogue[i+1].Code
	}
	feeds := make([]string, len(ind.Feeds))
	for i, feed := range ind.Feeds {
		feeds[i] = f.T("feed_" + feed)
	}
	for _, x := range []struct {
		key  string
		text catalogue.Text
	}{{"definition", ind.Definition}, {"numerator", ind.NumeratorText}, {"denominator", ind.DenominatorText}, {"date", ind.DateText},
		{"exclusions", ind.Exclusions}, {"caveat", ind.Caveat}, {"source", ind.Source}} {
		p.Fields = append(p.Fields, field{f.T(x.key), x.text.In(f.Lang)})
	}
	p.Fields = append(p.Fields, field{f.T("feeds"), f.list(feeds)}, field{f.T("direction"), f.T("direction_" + ind.Direction)}, field{f.T("intervalKind"), f.T("interval_" + ind.Interval)})
	series, err := f.lines(f.view.top)
	if err != nil {
		return content{}, err
	}
	if points := series.points(f, ind.Code); len(points) > 0 {
		options, err := charts.Trend(ind.Unit, []charts.Line{{Name: f.Place(), Points: points, Color: charts.Blue}}, ind.Target, f.T("target"), f.T("interval"))
		if err != nil {
			return content{}, err
		}
		p.Trend = charts.Chart{ID: "trend", Label: f.T("trendLabel", "Name", ind.Name.In(f.Lang)), Options: options}
	}
	return content{"indicator", ind.Code + " " + ind.Name.In(f.Lang), p}, nil
}
