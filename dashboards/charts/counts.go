package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Counts is whole numbers over time, one line each, from 0; a slider chooses the span where there is much.
func Counts(names []string, lines []Line) (map[string]any, error) {
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "16", "32", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", Formatter: "tip:integer"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Min: 0, MinInterval: 1, AxisLabel: &opts.AxisLabel{Formatter: "fmt:integer"}}),
	)
	c.SetXAxis(names)
	var more []any
	for _, line := range lines {
		c.AddSeries(line.Name, nil)
		more = append(more, look(line))
	}
	return options(c, object{"series": more, "xAxis": object{"boundaryGap": false, "axisLabel": object{"hideOverlap": true}}})
}

// Bar is one bar.
type Bar struct {
	Name  string
	Code  string // what a click leads to
	Value float64
	Note  string
	Faint bool // drawn pale, beside the one that is chosen
}

// Bars is horizontal bars from 0, the first at the top, each with its number.
func Bars(seriesName, unit string, bars []Bar) (map[string]any, error) {
	c := charts.NewBar()
	format := "integer"
	if unit != "" {
		format = Code(unit)
	}
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "56", "8", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: types.FuncStr("tip:" + format)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: 0, Show: opts.Bool(false)}), // each bar says its number
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	names, data := make([]string, len(bars)), make([]any, len(bars))
	for i, b := range bars {
		names[i] = b.Name
		data[i] = object{"value": b.Value, "note": b.Note, "code": b.Code}
		if b.Faint {
			data[i] = with(data[i].(object), object{"itemStyle": object{"opacity": 0.35}})
		}
	}
	c.AddSeries(seriesName, nil)
	return options(c, object{
		"series": []any{object{"data": data, "barMaxWidth": 18, "label": object{"show": true, "position": "right", "formatter": "val:" + format, "color": Ink}}},
		"yAxis":  object{"data": names, "axisLabel": object{"interval": 0, "width": 130, "overflow": "truncate"}, "axisTick": object{"show": false}, "axisLine": object{"show": true}},
	})
}
