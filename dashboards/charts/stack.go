package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Layer is one layer of a stack, with one value for each name on the axis; a Tip stands for its number in the tooltip.
type Layer struct {
	Name, Color string
	Values      []float64
	Notes       []string
}

// Stack is layers on top of each other over time. With unit "percent" the values are shares that add up to 1.
func Stack(unit string, names []string, layers []Layer) (map[string]any, error) {
	c := charts.NewBar()
	format := "integer"
	y := opts.YAxis{Min: 0, AxisLabel: &opts.AxisLabel{Formatter: "fmt:integer"}}
	if unit == "percent" {
		format = "percent"
		y = opts.YAxis{Min: 0, Max: 1, AxisLabel: &opts.AxisLabel{Formatter: "fmt:percent"}}
	}
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "16", "30", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", Formatter: types.FuncStr("tip:" + format)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(y),
	)
	var series []any
	for _, layer := range layers {
		c.AddSeries(layer.Name, nil)
		data := make([]any, len(layer.Values))
		for i, v := range layer.Values {
			item := object{"value": v}
			if i < len(layer.Notes) {
				item["note"] = layer.Notes[i]
			}
			data[i] = item
		}
		one := object{"data": data, "stack": "all", "barMaxWidth": 28}
		if layer.Color != "" {
			one["color"] = layer.Color
		}
		series = append(series, one)
	}
	return options(c, object{"legend": compactLegend(), "series": series, "xAxis": object{"data": names, "axisLabel": object{"hideOverlap": true}}})
}

// Rung is one rung of an escalation ladder: what reached at least this level.
type Rung struct {
	Name, Label, Tip string
	Value            float64
}

// Escalation is a ladder of bars: how much of all that was closed climbed to each level, all of it at the top.
func Escalation(rungs []Rung) (map[string]any, error) {
	c := charts.NewBar()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "104", "8", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "tip:percent"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: 0, Max: 1, Show: opts.Bool(false)}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	shades := []string{"#0b5f98", "#5aa0cc", "#e69f00", "#d55e00", "#a03c00"}
	names, data := make([]string, len(rungs)), make([]any, len(rungs))
	for i, r := range rungs {
		names[i] = r.Name
		data[i] = object{"name": r.Name, "value": r.Value, "tip": r.Tip, "label": object{"formatter": r.Label}, "itemStyle": object{"color": shades[min(i, len(shades)-1)], "borderRadius": 2}}
	}
	c.AddSeries("", nil)
	return options(c, object{
		"series": []any{object{"data": data, "barWidth": "72%", "label": object{"show": true, "position": "right", "color": Ink}}},
		"yAxis":  object{"data": names, "axisLine": object{"show": false}, "axisTick": object{"show": false}, "axisLabel": object{"interval": 0}},
	})
}
