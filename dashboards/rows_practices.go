package dashboards

import (
	"slices"
	"strings"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/stat"
)

// levels are the levels at which cases are closed, the nearest first.
func levels() []string { return []string{"grid", "community", "subdistrict", "district", "city"} }

// handlers are the kinds of handlers, those nearest to residents first.
func handlers() []string {
	return []string{"grid_worker", "community", "mediator", "social_organisation", "joint", "department"}
}

func levelColours() map[string]string {
	return map[string]string{"grid": "#0b5f98", "community": "#5aa0cc", "subdistrict": "#e69f00", "district": "#d55e00", "city": "#8a4b2a"}
}

// fengqiao: how many cases climb how far, now and over time.
func fengqiao(w *rowWork) ([]figure, []string, error) {
	f := w.f
	var now, before [5]int64
	t := newTally(levels()...)
	for _, c := range w.closings {
		i := slices.Index(levels(), c.Level)
		if i < 0 {
			continue
		}
		t.add(c.Level, c.Month, float64(c.Closed))
		if w.inPeriod(c.Month) {
			now[i] += c.Closed
		}
		if w.yearBefore(c.Month) {
			before[i] += c.Closed
		}
	}
	ladder := figure{Title: f.T("escalation"), Note: f.T("escalationNote"), table: table{columns: []string{"level", "closed", "reached_at_least", "share_reached"}}}
	total := sum(now[:])
	var words []string
	if few := f.fewRungs(now); total > 0 && !f.few(total) {
		var rungs []charts.Rung
		for i, level := range levels() {
			reached := sum(now[i:])
			share := float64(reached) / float64(total)
			if few[i] {
				ladder.table.rows = append(ladder.table.rows, []any{level, nil, nil, nil})
				continue
			}
			ladder.table.rows = append(ladder.table.rows, []any{level, now[i], reached, share})
			name := f.T("rung_" + level)
			label := f.Int(reached) + " · " + w.percent(share)
			rungs = append(rungs, charts.Rung{Name: name, Label: label, Tip: name + "\n" + label, Value: share})
		}
		options, err := charts.Escalation(rungs)
		if err != nil {
			return nil, nil, err
		}
		ladder.Chart = charts.Chart{Class: "jc-chart-short", Label: ladder.Title, Options: options}
		above := float64(sum(now[3:])) / float64(total)
		if slices.Contains(few[:], true) {
			ladder.Note = strings.TrimSpace(ladder.Note + " " + f.T("fewRungs", "Least", f.view.threshold))
			return w.fengqiaoFigures(ladder, t, nil)
		}
		words = append(words, f.T("escalationFound", "All", f.Int(total), "Grid", w.percent(float64(now[0])/float64(total)), "Community", w.percent(float64(now[1])/float64(total)),
			"Subdistrict", w.percent(float64(now[2])/float64(total)), "Above", w.percent(above),
			"GridName", f.Level("grid"), "CommunityName", f.Level("community"), "SubdistrictName", f.Level("subdistrict")))
		if all := sum(before[:]); all > 0 {
			words[0] += f.T("escalationBefore", "Before", w.percent(float64(sum(before[3:]))/float64(all)))
		}
		words[0] += f.T("stop")
	}
	return w.fengqiaoFigures(ladder, t, words)
}

func (w *rowWork) fengqiaoFigures(ladder figure, t *tally, words []string) ([]figure, []string, error) {
	over, err := w.stack(w.f.T("closedByLevel"), "", t, "level_", levelColours(), true, "closed")
	return []figure{ladder, over}, words, err
}

// fewRungs says which rungs of the ladder this reader may not see. What is reached by so many is
// the sum of the rungs from there up, so that a rung with few cases takes those above it along, and
// the one below them, which would be the difference.
func (f *frame) fewRungs(closed [5]int64) (few [5]bool) {
	for i, n := range closed {
		if f.few(n) || f.few(sum(closed[i:])) {
			for j := max(0, i-1); j < len(few); j++ {
				few[j] = true
			}
			break
		}
	}
	return few
}

func sum(values []int64) int64 {
	var total int64
	for _, v := range values {
		total += v
	}
	return total
}

// localMediators: success and time of local mediators beside all other handlers of disputes.
func localMediators(w *rowWork) ([]figure, []string, error) {
	f := w.f
	mediated, agreed := map[string]int64{}, map[string]int64{}
	for _, c := range w.closings {
		if w.inPeriod(c.Month) {
			mediated[c.Handler] += c.Mediated
			agreed[c.Handler] += c.Agreed
			if c.Handler != "mediator" {
				mediated["others"] += c.Mediated
				agreed["others"] += c.Agreed
			}
		}
	}
	var rows []charts.Area
	for _, h := range handlers() {
		value, low, high := w.f.wilson(agreed[h], mediated[h])
		if value == nil {
			continue
		}
		rows = append(rows, charts.Area{Name: f.T("handler_" + h), Value: value, Low: low, High: high, Note: "n = " + f.Int(mediated[h]), Good: w.marked(h)})
	}
	other, otherLow, otherHigh := w.f.wilson(agreed["others"], mediated["others"])
	success, err := w.dots(f.T("mediationSuccess"), f.T("mediationNote"), "percent", rows, other)
	if err != nil {
		return nil, nil, err
	}
	var words []string
	own, low, high := w.f.wilson(agreed["mediator"], mediated["mediator"])
	switch {
	case own == nil:
		words = append(words, f.T("noMediation"))
	case other != nil:
		verdict := f.T("cannotTell")
		if *low > *otherHigh {
			verdict = f.T("clearlyHigher")
		} else if *high < *otherLow {
			verdict = f.T("clearlyLower")
		}
		words = append(words, f.T("mediationFound", "N", f.Int(mediated["mediator"]), "Rate", w.percent(*own), "Low", w.percent(*low), "High", w.percent(*high),
			"Other", w.percent(*other), "Verdict", verdict))
	}
	times, err := w.mediationTimes()
	return []figure{success, times}, words, err
}

// marked colours local mediators among the handlers.
func (w *rowWork) marked(handler string) int {
	if handler == "mediator" {
		return 1
	}
	return 0
}

// mediationTimes are the medians of the days that disputes took, by handler, with intervals by the ranks of the binomial distribution.
func (w *rowWork) mediationTimes() (figure, error) {
	times, err := panels.MediationTimes(w.f.ctx, w.f.view.DB, w.area, w.first, w.end)
	if err != nil {
		return figure{}, err
	}
	byHandler := map[string][]float64{} // days, in rising order
	for _, t := range times {
		for range t.Disputes {
			byHandler[t.Handler] = append(byHandler[t.Handler], (float64(t.HalfDays)+0.5)/2) // the middle of the half-day
		}
	}
	var rows []charts.Area
	for _, h := range handlers() {
		days := byHandler[h]
		if len(days) == 0 || w.f.few(int64(len(days))) {
			continue
		}
		m := median(days)
		a := charts.Area{Name: w.f.T("handler_" + h), Value: &m, Note: w.f.T("unit_days") + "  n = " + w.f.Int(int64(len(days))), Good: w.marked(h)}
		if low, high, ok := stat.QuantileRanks(len(days), 0.5, 0.95); ok {
			a.Low, a.High = &days[low-1], &days[high-1]
		}
		rows = append(rows, a)
	}
	return w.dots(w.f.T("mediationTime"), w.f.T("mediationTimeNote"), "days", rows, nil)
}

// socialWork: hours of projects over time, and how content people are with what social organisations closed.
func socialWork(w *rowWork) ([]figure, []string, error) {
	f := w.f
	hours := newTally()
	for _, a := range w.activities {
		if a.Kind == "social_work" {
			hours.add(a.Organiser, a.Month, a.Hours)
		}
	}
	projects, err := w.stack(f.T("socialWorkHours"), "", hours, "organiser_", map[string]string{"social_organisation": charts.Green}, false, "hours")
	if err != nil {
		return nil, nil, err
	}
	answers, err := panels.AnswersByHandler(f.ctx, f.view.DB, w.area, w.first, w.end)
	if err != nil {
		return nil, nil, err
	}
	var rows []charts.Area
	for _, h := range handlers() {
		i := slices.IndexFunc(answers, func(a panels.Answers) bool { return a.Handler == h })
		if i < 0 {
			continue
		}
		value, low, high := w.f.wilson(answers[i].Satisfied, answers[i].Answered)
		if value == nil {
			continue
		}
		good := 0
		if h == "social_organisation" {
			good = 1
		}
		rows = append(rows, charts.Area{Name: f.T("handler_" + h), Value: value, Low: low, High: high, Note: "n = " + f.Int(answers[i].Answered), Good: good})
	}
	content, err := w.dots(f.T("satisfactionByHandler"), f.T("satisfactionByHandlerNote"), "percent", rows, nil)
	return []figure{projects, content}, nil, err
}

// standardisation: each step of the procedure as a share of its own cases.
func standardisation(w *rowWork) ([]figure, []string, error) {
	var rows []charts.Area
	lowest := -1
	for _, code := range []string{"F18", "F19", "F11", "F13", "E33"} {
		ind, ok := w.s.catalogue.ByCode(code)
		cards := pick(w.cards, []string{code})
		if !ok || len(cards) == 0 || cards[0].value == nil {
			continue
		}
		now, ok := w.series.past.At(code, w.f.Period.Name)
		a := charts.Area{Name: w.f.T("step_" + code), Value: cards[0].value, Note: code + " " + ind.Name.In(w.f.Lang) + "  n = " + cards[0].N}
		if ok {
			a.Low, a.High = pointer(now.Low), pointer(now.High)
		}
		if cards[0].Met != 0 {
			a.Good = cards[0].Met
		}
		if code != "E33" && (lowest < 0 || *a.Value < *rows[lowest].Value) {
			lowest = len(rows)
		}
		rows = append(rows, a)
	}
	steps, err := w.dots(w.f.T("steps"), w.f.T("stepsNote"), "percent", rows, nil)
	if err != nil {
		return nil, nil, err
	}
	var words []string
	if lowest >= 0 {
		words = append(words, w.f.T("weakestStep", "Step", rows[lowest].Name, "Share", w.percent(*rows[lowest].Value)))
	}
	over, err := w.trend(w.f.T("standardTrend"), "", "E33")
	return []figure{steps, over}, words, err
}

// embedding: cases of several departments closed inside the subdistrict, joint handling, and money brought in.
func embedding(w *rowWork) ([]figure, []string, error) {
	f := w.f
	over, err := w.trend(f.T("embeddingTrend"), "", "E43")
	if err != nil {
		return nil, nil, err
	}
	funding := newTally()
	var joint, all int64
	for _, a := range w.activities {
		if a.Funding.Valid {
			funding.add(a.Organiser, a.Month, a.Funding.Float64)
		}
	}
	for _, c := range w.closings {
		if w.inPeriod(c.Month) && c.Handler != "" {
			all += c.Closed
			if c.Handler == "joint" {
				joint += c.Closed
			}
		}
	}
	var words []string
	if all > 0 {
		value, low, high := w.f.wilson(joint, all)
		if value == nil {
			return nil, nil, nil
		}
		words = append(words, f.T("jointFound", "Share", w.percent(*value), "Low", w.percent(*low), "High", w.percent(*high), "N", f.Int(joint)))
	}
	money, err := w.stack(f.T("funding"), f.T("fundingNote"), funding, "organiser_", map[string]string{"social_organisation": charts.Green}, false, "yuan")
	return []figure{over, money}, words, err
}
