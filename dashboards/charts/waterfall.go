package charts

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Step is one bar of a waterfall, from From to To; a whole one stands on the axis.
type Step struct {
	Name     string
	From, To float64
	Whole    bool
	Good     int    // 1 the step is good, -1 bad, 0 neither
	Label    string // written beside the bar
}

// Waterfall leads from one value to another, the first step at the top. The axis does not
// start at 0, since the steps are small against the values; the labels say what they are.
func Waterfall(steps []Step) (map[string]any, error) {
	low, high := axisOf(steps)
	c := charts.NewBar()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "96", "8", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: low, Max: high, Show: opts.Bool(false)}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	names, ground, bars := make([]string, len(steps)), make([]any, len(steps)), make([]any, len(steps))
	for i, s := range steps {
		names[i] = s.Name
		from, to := math.Min(s.From, s.To), math.Max(s.From, s.To)
		if s.Whole {
			from, to = low, s.To
		}
		colour := map[int]string{1: Blue, -1: Orange, 0: Grey}[s.Good]
		ground[i] = from
		bars[i] = object{"value": to - from, "itemStyle": object{"color": colour},
			"label": object{"show": true, "position": "right", "formatter": s.Label}}
	}
	c.AddSeries("", nil).AddSeries("", nil)
	return options(c, object{
		"tooltip": object{"show": false},
		"series": []any{
			object{"stack": "steps", "silent": true, "data": ground, "itemStyle": object{"color": "transparent"}, "barMaxWidth": 20},
			object{"stack": "steps", "silent": true, "data": bars, "barMaxWidth": 20},
		},
		"yAxis": object{"data": names, "axisLabel": object{"interval": 0, "width": 130, "overflow": "truncate"}, "axisTick": object{"show": false}},
	})
}

// axisOf gives an axis that shows the steps: a tenth of room on both sides, rounded.
func axisOf(steps []Step) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range steps {
		if !s.Whole {
			low, high = math.Min(low, s.From), math.Max(high, s.From)
		}
		low, high = math.Min(low, s.To), math.Max(high, s.To)
	}
	room := (high - low) / 5
	if room == 0 {
		room = math.Max(math.Abs(high)/10, 1e-3)
	}
	unit := math.Pow(10, math.Floor(math.Log10(room)))
	below := math.Floor((low-room)/unit) * unit
	if low >= 0 {
		below = math.Max(0, below)
	}
	return below, math.Ceil((high+room/2)/unit) * unit
}
