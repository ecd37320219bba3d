package dashboards

import (
	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
)

func handlerColours() map[string]string {
	return map[string]string{"grid_worker": charts.Blue, "community": "#56b4e9", "mediator": charts.Green, "social_organisation": charts.Amber, "joint": "#cc79a7", "department": charts.Grey}
}

// jointForce: who closes cases and who holds activities, over time.
func jointForce(w *rowWork) ([]figure, []string, error) {
	f := w.f
	closed, took := newTally(handlers()...), newTally("resident", "social_organisation", "community", "party", "enterprise", "department")
	actors := map[string]bool{}
	for _, c := range w.closings {
		if c.Handler != "" {
			closed.add(c.Handler, c.Month, float64(c.Closed))
			if w.inPeriod(c.Month) {
				actors[c.Handler] = true
			}
		}
	}
	organisers := map[string]bool{}
	var people int64
	for _, a := range w.activities {
		if a.Kind == "visit" {
			continue
		}
		took.add(a.Organiser, a.Month, float64(a.Participants))
		if w.inPeriod(a.Month) {
			people += a.Participants
			if a.Organiser != "" {
				organisers[a.Organiser] = true
			}
		}
	}
	by, err := w.stack(f.T("closedByHandler"), "", closed, "handler_", handlerColours(), true, "closed")
	if err != nil {
		return nil, nil, err
	}
	with, err := w.stack(f.T("participantsByOrganiser"), f.T("participantsNote"), took, "organiser_", nil, false, "participants")
	var words []string
	if len(actors)+len(organisers) > 0 {
		words = append(words, f.T("actorsFound", "Handlers", len(actors), "Organisers", len(organisers), "People", f.Int(people)))
	}
	return []figure{by, with}, words, err
}

// capableCarriers: certificates by role, and training over time.
func capableCarriers(w *rowWork) ([]figure, []string, error) {
	f := w.f
	g := figure{Title: f.T("certificates"), Note: f.T("certificatesNote"), table: table{columns: []string{"role", "people", "known", "certified"}}}
	posts, err := panels.Posts(f.ctx, f.view.DB, w.area, w.end.AddDate(0, 0, -1))
	if err != nil {
		return nil, nil, err
	}
	people, known, certified := map[string]int64{}, map[string]int64{}, map[string]int64{}
	var roles []string
	for _, p := range posts {
		if people[p.Role] == 0 {
			roles = append(roles, p.Role)
		}
		people[p.Role] += p.People
		known[p.Role] += p.Known
		certified[p.Role] += p.Certified
	}
	var bars []charts.Bar
	for _, role := range roles {
		g.table.rows = append(g.table.rows, []any{role, people[role], known[role], certified[role]})
		if v := share(certified[role], known[role]); v != nil {
			bars = append(bars, charts.Bar{Name: f.word("role_", role), Value: *v, Note: "n = " + f.Int(known[role])})
		}
	}
	if len(bars) > 0 {
		options, err := charts.Bars(f.T("certified"), "percent", bars)
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Class: "jc-chart-short", Label: g.Title, Options: options}
	}
	trained, err := w.trend(f.T("trainedTrend"), "", "E24", "E25")
	return []figure{g, trained}, nil, err
}

// ruleOfLaw: how disputes ended, over time.
func ruleOfLaw(w *rowWork) ([]figure, []string, error) {
	f := w.f
	ends := newTally("confirmed", "agreed", "failed", "otherwise")
	var confirmed, agreed int64
	for _, c := range w.closings {
		if c.Disputes == 0 {
			continue
		}
		ends.add("confirmed", c.Month, float64(c.Confirmed))
		ends.add("agreed", c.Month, float64(c.Agreed-c.Confirmed))
		ends.add("failed", c.Month, float64(c.Mediated-c.Agreed))
		ends.add("otherwise", c.Month, float64(c.Disputes-c.Mediated))
		if w.inPeriod(c.Month) {
			confirmed += c.Confirmed
			agreed += c.Agreed
		}
	}
	colours := map[string]string{"confirmed": "#0b5f98", "agreed": "#5aa0cc", "failed": charts.Orange, "otherwise": charts.Grey}
	how, err := w.stack(f.T("disputesEnd"), f.T("localRules"), ends, "end_", colours, true, "disputes")
	if err != nil {
		return nil, nil, err
	}
	var words []string
	if v, low, high := w.f.wilson(confirmed, agreed); v != nil {
		words = append(words, f.T("confirmedFound", "N", f.Int(agreed), "Share", w.percent(*v), "Low", w.percent(*low), "High", w.percent(*high)))
	}
	kept, err := w.trend(f.T("keptTrend"), "", "E31", "E34")
	return []figure{how, kept}, words, err
}

// openSharing: what each department delivered against its usual.
func openSharing(w *rowWork) ([]figure, []string, error) {
	f := w.f
	delivered, err := panels.Delivered(f.ctx, f.view.DB, w.first, w.end)
	if err != nil {
		return nil, nil, err
	}
	g := figure{Title: f.T("delivered"), Note: f.T("deliveredNote"), table: table{columns: []string{"feed", "department", "rows", "usual", "short_months", "months"}}}
	var bars []charts.Bar
	var short []string
	for _, d := range delivered {
		g.table.rows = append(g.table.rows, []any{d.Feed, d.Department, d.Rows, d.Usual, d.Short, d.Months})
		name := f.department(d.Department) + " · " + f.T("feed_"+d.Feed)
		if d.Short > 0 {
			short = append(short, name)
		}
		bars = append(bars, charts.Bar{Name: name, Value: float64(d.Rows) / d.Usual, Note: "n = " + f.Int(d.Rows)})
	}
	if len(bars) > 0 {
		options, err := charts.Bars(f.T("ofUsual"), "percent", bars[:min(len(bars), 12)])
		if err != nil {
			return nil, nil, err
		}
		g.Chart = charts.Chart{Class: "jc-chart-short", Label: g.Title, Options: options}
	}
	var words []string
	switch {
	case len(short) > 0:
		words = append(words, f.T("shortFound", "List", f.enumerate(short)))
	case len(bars) > 0:
		words = append(words, f.T("noneShort"))
	}
	over, err := w.trend(f.T("sharingTrend"), "", "E53", "E54", "E55")
	return []figure{g, over}, words, err
}
