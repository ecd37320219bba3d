package charts

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Spot is one area of a funnel plot.
type Spot struct {
	N, Share   float64
	Name, Code string // Code is "" for several areas in one place
	Tip        string
	Areas      int    // in this place; drawn larger where they are many
	Color      string // "": usual
	Named      bool   // its name is written beside it
}

// Limit is a limit of a funnel at one number of answers.
type Limit struct{ N, Low, High float64 }

// Bounds is the limits of one level over all numbers of answers.
type Bounds struct {
	Name   string
	Limits []Limit
	Dashed bool
}

// FunnelPlot is shares of areas over the number of answers behind them, with the
// share of all and the limits that chance leaves.
func FunnelPlot(spots []Spot, target float64, targetName string, bounds []Bounds, nName, shareName string) (map[string]any, error) {
	c := charts.NewScatter()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "28", "40", "28")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(textTip()),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: 0, Name: nName, NameLocation: "middle", NameGap: 26, AxisLabel: &opts.AxisLabel{Formatter: "fmt:integer", HideOverlap: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: 0, Max: 1, AxisLabel: &opts.AxisLabel{Formatter: "fmt:percent"}}),
	)
	var usual, marked []any
	most := 1.0
	for _, s := range spots {
		most = max(most, s.N)
	}
	for _, s := range spots {
		o := object{"value": []any{s.N, s.Share}, "name": s.Name, "code": s.Code, "tip": s.Tip}
		if s.Color == "" {
			o["symbolSize"] = math.Min(4+2*math.Sqrt(float64(s.Areas)), 18)
			usual = append(usual, o)
			continue
		}
		o["itemStyle"] = object{"color": s.Color, "opacity": 1}
		if s.Named {
			side := "right"
			if s.N > 0.6*most { // else it would stand over the edge
				side = "left"
			}
			o["label"] = object{"show": true, "formatter": s.Name, "position": side, "fontSize": 11, "color": Ink, "textBorderColor": "#ffffff", "textBorderWidth": 3}
		}
		marked = append(marked, o)
	}
	c.AddSeries(shareName, nil).AddSeries(shareName, nil)
	series := []any{
		object{"data": usual, "z": 2, "color": Grey, "itemStyle": object{"opacity": 0.55}, "markLine": object{"symbol": "none", "silent": true,
			"lineStyle": object{"color": Grey}, "label": object{"formatter": targetName, "position": "insideEndTop", "color": "#1d2733", "textBorderWidth": 0}, "data": []any{object{"yAxis": target}}}},
		object{"data": marked, "symbolSize": 10, "z": 5, "labelLayout": object{"hideOverlap": true}},
	}
	for _, b := range bounds {
		var low, high []any
		for _, l := range b.Limits {
			low, high = append(low, []any{l.N, l.Low}), append(high, []any{l.N, l.High})
		}
		style := object{"width": 1.4}
		if b.Dashed {
			style["type"] = "dashed"
		}
		for _, side := range [][]any{low, high} {
			series = append(series, object{"type": "line", "name": b.Name, "data": side, "showSymbol": false, "silent": true, "color": Blue, "lineStyle": style, "z": 1})
		}
	}
	names := []any{}
	for _, b := range bounds {
		names = append(names, b.Name)
	}
	return options(c, object{"series": series, "legend": object{"data": names}, "xAxis": object{"max": math.Ceil(1.04 * most)}})
}
