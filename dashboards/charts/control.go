package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// ControlPoint is one point of a control chart; nil is missing. Flag is 0 for a usual
// point, else 1 for a signal that is good, -1 bad, 2 neither.
type ControlPoint struct {
	At                       string
	Value, Centre, Low, High *float64
	Flag                     int
	Note                     string
}

// Control is a control chart: values as a line, the limits as a band, the centre dashed,
// and flagged points large and coloured.
func Control(unit string, points []ControlPoint, valueName, centreName, limitsName string) (map[string]any, error) {
	format := Code(unit)
	if unit == "" {
		format = "integer"
	}
	limits := Line{Name: limitsName}
	centre := Line{Name: centreName, Dashed: true, Color: Grey}
	names, values := make([]string, len(points)), make([]any, len(points))
	for i, p := range points {
		names[i] = p.At
		limits.Points = append(limits.Points, Point{At: p.At, Value: p.Centre, Low: p.Low, High: p.High})
		centre.Points = append(centre.Points, Point{At: p.At, Value: p.Centre})
		o := object{"value": p.Value, "symbolSize": 4}
		if p.Note != "" {
			o["note"] = p.Note
		}
		if p.Flag != 0 {
			o["symbolSize"] = 11
			o["itemStyle"] = object{"color": map[int]string{1: Green, -1: Orange, 2: Amber}[p.Flag], "borderColor": "#ffffff", "borderWidth": 1}
		}
		values[i] = o
	}
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", "32", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", Formatter: types.FuncStr("tip:" + format)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Scale: opts.Bool(true), AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr("fmt:" + format)}}),
	)
	c.SetXAxis(names).AddSeries(limitsName, nil).AddSeries(centreName, nil).AddSeries(valueName, nil)
	line := look(centre)
	line["showSymbol"] = false
	return options(c, object{
		"series": []any{
			band(limits),
			line,
			object{"data": values, "showSymbol": true, "showAllSymbol": true, "symbol": "circle", "lineStyle": object{"width": 1.5}, "color": Blue, "z": 3, "connectNulls": false},
		},
		"xAxis": object{"boundaryGap": false, "axisLabel": object{"hideOverlap": true}},
	})
}
