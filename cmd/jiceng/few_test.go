package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// countColumns are the columns of the pages' tables that count cases or answers behind a row.
func countColumns() map[string][]string {
	return map[string][]string{
		"days": {"reported"}, "hours": {"reported"}, "backlog": {"open"}, "ways": {"closed"}, "escalation": {"closed"},
		"surveys": {"asked"}, "survey-funnel": {"asked", "scored"}, "durations": {"at_risk", "closed", "censored"},
		"values": {"n"}, "why": {"denominator_before", "denominator_after"}, "signal-chart": {"n"},
		"empowerment": {"closed", "disputes", "participants", "dispatched", "reached_at_least"},
	}
}

// A viewer is told of no group of 1 to 4 cases or answers, in no table of no area, and of fewer rows than the operator, not of others.
func TestNoTableTellsAViewerOfFewCases(t *testing.T) {
	g := guardSite(t, "990100003")
	const least = 5
	hidden, shown := map[string]int{}, map[string]int{}
	rows := func(user, address string) []map[string]any {
		answer := g.send(user, http.MethodGet, address, "")
		if answer.Code == http.StatusNotFound {
			return nil
		}
		var body struct{ Rows []map[string]any }
		if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%s, %s: %d %v %.200s", user, address, answer.Code, err, answer.Body)
		}
		return body.Rows
	}
	var addresses []string
	for _, area := range []string{"", "level=subdistrict&area=990100003", "level=community&area=990100003001", "level=grid&area=990100003001001"} {
		for _, period := range []string{"2025-11", "2025"} {
			scope := area + "&period=" + period
			for _, table := range []string{"days?", "hours?", "backlog?", "backlog?layers=priority&", "ways?", "escalation?", "durations?", "durations?by=category&", "durations?by=handler&", "surveys?", "surveys?by=category&span=period&",
				"surveys?by=month&", "survey-funnel?unit=community&", "survey-funnel?unit=grid&span=period&", "why?indicator=F31&", "why?indicator=F13&compare=yoy&", "signal-chart?indicator=cases&"} {
				addresses = append(addresses, "/api/v1/"+table+scope)
			}
			for row, figures := range map[string]int{"fengqiao": 2, "joint_force": 2, "rule_of_law": 1, "residents_participation": 1, "unclear_powers": 2} {
				for n := 1; n <= figures; n++ {
					addresses = append(addresses, fmt.Sprintf("/api/v1/empowerment?row=%s&figure=%d&%s", row, n, scope))
				}
			}
		}
	}
	for _, level := range []string{"subdistrict", "community", "grid"} {
		addresses = append(addresses, "/api/v1/values?indicator=F31&period=&level="+level)
	}
	for _, address := range addresses {
		name, _, _ := strings.Cut(strings.TrimPrefix(address, "/api/v1/"), "?")
		all, own := rows("operator", address), rows("viewer", address)
		if len(own) > len(all) {
			t.Errorf("%s: %d rows for the viewer, %d for the operator", address, len(own), len(all))
		}
		hidden[name] += len(all) - len(own)
		for _, row := range own {
			for _, column := range countColumns()[name] {
				value, there := row[column]
				n, isNumber := value.(float64)
				switch {
				case there && !isNumber:
					hidden[name]++
				case isNumber && n > 0 && n < least:
					t.Errorf("%s tells of %v %s: %v", address, n, column, row)
				case isNumber && n > 0:
					shown[name]++
				}
			}
		}
	}
	for name := range countColumns() {
		if shown[name] == 0 {
			t.Errorf("%s shows a viewer nothing", name)
		}
		if hidden[name] == 0 && name != "signal-chart" {
			t.Errorf("%s hides nothing: the test tests nothing", name)
		}
	}
}

// What a viewer sees of the days of a month, with the month's own number, lacks no single day, nor days that have few cases together.
func TestTheDaysOfAMonthGiveNoHiddenDayAway(t *testing.T) {
	g := guardSite(t, "990100003")
	months := map[string][2][]float64{} // shown and all
	for at, user := range []string{"viewer", "operator"} {
		var body struct {
			Rows []struct {
				Date     string
				Reported float64
			}
		}
		if err := json.Unmarshal(g.send(user, http.MethodGet, "/api/v1/days?level=subdistrict&area=990100003&period=2025", "").Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		for _, row := range body.Rows {
			m := months[row.Date[:7]]
			m[at] = append(m[at], row.Reported)
			months[row.Date[:7]] = m
		}
	}
	lacking := 0
	for month, m := range months {
		missing, together := len(m[1])-len(m[0]), total(m[1])-total(m[0])
		if missing == 0 {
			continue
		}
		lacking++
		if missing == 1 || together < 5 || together == float64(missing) {
			t.Errorf("%s: %d days with %v cases are hidden", month, missing, together)
		}
	}
	if lacking == 0 {
		t.Error("no day is hidden: the test tests nothing")
	}
}

func total(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum
}
