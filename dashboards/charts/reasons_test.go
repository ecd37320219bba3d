package charts

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestAWaterfallsAxisShowsItsStepsAndEndsInsideIt(t *testing.T) {
	for _, steps := range [][]Step{
		{{Name: "before", To: 0.84, Whole: true}, {Name: "a", From: 0.84, To: 0.85}, {Name: "b", From: 0.85, To: 0.845}, {Name: "after", To: 0.845, Whole: true}},
		{{To: 0.001, Whole: true}, {From: 0.001, To: -0.0005}, {To: -0.0005, Whole: true}},
		{{To: 3, Whole: true}, {To: 3, Whole: true}},
	} {
		low, high := axisOf(steps)
		if !(low < high) || math.IsNaN(low) {
			t.Fatalf("axis from %v to %v", low, high)
		}
		for _, s := range steps {
			if s.To < low || s.To > high {
				t.Errorf("%v lies outside of %v to %v", s.To, low, high)
			}
		}
		options, err := Waterfall(steps)
		if err != nil {
			t.Fatal(err)
		}
		series := options["series"].([]any)
		for i, s := range steps {
			ground := series[0].(object)["data"].([]any)[i].(float64)
			bar := series[1].(object)["data"].([]any)[i].(object)["value"].(float64)
			from, to := math.Min(s.From, s.To), math.Max(s.From, s.To)
			if s.Whole {
				from, to = low, s.To
			}
			if math.Abs(ground-from) > 1e-12 || math.Abs(ground+bar-to) > 1e-12 {
				t.Errorf("step %d is drawn from %v to %v, want %v to %v", i, ground, ground+bar, from, to)
			}
		}
	}
}

func TestFlaggedPointsOfAControlChartStandOut(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	options, err := Control("percent", []ControlPoint{
		{At: "2026-01", Value: v(0.9)}, {At: "2026-02", Value: v(0.8), Centre: v(0.9), Low: v(0.85), High: v(0.95), Flag: -1, Note: "WE1"}, {At: "2026-03"},
	}, "value", "centre", "limits")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"value":[1,0.85,0.95]`, Orange, `"note":"WE1"`, `"value":null`, "draw:band"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
}

func TestAnEventStudyTellsBeforeFromAfter(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	options, err := EventStudy("percent", []Point{{At: "-3", Value: v(0.01), Low: v(-0.1), High: v(0.1)}, {At: "+1", Value: v(0.2), Low: v(0.1), High: v(0.3)}}, 1, "effect", "band", "start")
	if err != nil {
		t.Fatal(err)
	}
	dots := options["series"].([]any)[1].(object)["data"].([]any)
	colour := func(i int) any { return dots[i].(object)["itemStyle"].(object)["color"] }
	if colour(0) != Grey || colour(1) != Blue {
		t.Errorf("colours %v and %v", colour(0), colour(1))
	}
}
