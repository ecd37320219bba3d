package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Pair is one area with its values of two indicators.
type Pair struct {
	Code, Name, Tip string
	X, Y            float64
}

// Cloud is the areas of one level.
type Cloud struct {
	Name, Color string
	Size        int  // of a dot, in pixels
	Named       bool // whether the dots carry their names
	Pairs       []Pair
}

// Scatter is areas by two indicators; middleX and middleY, where given, are drawn as dashed lines that make four fields.
func Scatter(xName, xUnit, yName, yUnit string, clouds []Cloud, middleX, middleY *float64) (map[string]any, error) {
	c := charts.NewScatter()
	axis := func(unit string) types.FuncStr { return types.FuncStr("fmt:" + Code(unit)) }
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", "36", "24")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(len(clouds) > 1), Top: "0", Right: "16"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "tip:number"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: xName, Scale: opts.Bool(true), AxisLabel: &opts.AxisLabel{Formatter: axis(xUnit), HideOverlap: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: yName, Scale: opts.Bool(true), AxisLabel: &opts.AxisLabel{Formatter: axis(yUnit)}}),
	)
	var series []any
	for i, cloud := range clouds {
		c.AddSeries(cloud.Name, nil)
		data := make([]any, len(cloud.Pairs))
		for j, p := range cloud.Pairs {
			data[j] = object{"value": []any{p.X, p.Y}, "name": p.Name, "tip": p.Tip, "code": p.Code}
		}
		one := object{"data": data, "symbolSize": cloud.Size, "color": cloud.Color, "itemStyle": object{"opacity": 0.75},
			"z":           2 + len(clouds) - i, // the few large dots over the many small ones
			"label":       object{"show": cloud.Named, "formatter": "{b}", "position": "right", "fontSize": 11, "color": Ink, "textBorderColor": "#ffffff", "textBorderWidth": 2},
			"labelLayout": object{"hideOverlap": true}}
		if i == 0 {
			var lines []any
			if middleX != nil {
				lines = append(lines, object{"xAxis": *middleX})
			}
			if middleY != nil {
				lines = append(lines, object{"yAxis": *middleY})
			}
			one["markLine"] = object{"symbol": "none", "silent": true, "label": object{"show": false}, "lineStyle": object{"type": "dashed", "color": Grey}, "data": lines}
		}
		series = append(series, one)
	}
	return options(c, object{"series": series, "xAxis": object{"nameLocation": "middle", "nameGap": 26}, "yAxis": object{"nameTextStyle": object{"align": "left"}}})
}

// Concentration is a Lorenz curve: the share of the load that the least loaded
// share of workers carries; the diagonal is where everybody carries the same.
func Concentration(xName, yName, sameName, curveName string, x, y []float64) (map[string]any, error) {
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", "48", "24")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0", Left: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "tip:percent"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: xName, Min: 0, Max: 1, AxisLabel: &opts.AxisLabel{Formatter: "fmt:percent"}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: yName, Min: 0, Max: 1, AxisLabel: &opts.AxisLabel{Formatter: "fmt:percent"}}),
	)
	data := make([]any, len(x))
	for i := range x {
		data[i] = []any{x[i], y[i]}
	}
	c.AddSeries(curveName, nil).AddSeries(sameName, nil)
	return options(c, object{
		"series": []any{
			object{"data": data, "showSymbol": false, "color": Blue, "areaStyle": object{"opacity": 0.12}, "lineStyle": object{"width": 2}},
			object{"data": []any{[]any{0, 0}, []any{1, 1}}, "showSymbol": false, "color": Grey, "silent": true, "lineStyle": object{"type": "dashed", "width": 1.5}},
		},
		"xAxis": object{"nameLocation": "middle", "nameGap": 26}, "yAxis": object{"nameTextStyle": object{"align": "left"}},
	})
}
