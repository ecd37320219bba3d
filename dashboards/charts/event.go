package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// EventStudy is effects by their distance from a start, with whiskers for the band that
// holds for all of them, a line at no effect and one at the start (before the point
// startsAt). What lies before the start is grey.
func EventStudy(unit string, points []Point, startsAt int, effectName, bandName, startName string) (map[string]any, error) {
	names := make([]string, len(points))
	var dots, whiskers []any
	for i, p := range points {
		names[i] = p.At
		colour := Blue
		if i < startsAt {
			colour = Grey
		}
		dots = append(dots, object{"value": p.Value, "note": p.Note, "itemStyle": object{"color": colour}})
		if p.Low != nil && p.High != nil {
			whiskers = append(whiskers, object{"value": []any{i, *p.Low, *p.High}, "itemStyle": object{"color": colour}})
		}
	}
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", "32", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", Formatter: types.FuncStr("tip:" + Code(unit))}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Scale: opts.Bool(true), AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr("fmt:" + Code(unit))}}),
	)
	c.SetXAxis(names).AddSeries(bandName, nil).AddSeries(effectName, nil)
	lines := []any{object{"yAxis": 0, "label": object{"show": false}, "lineStyle": object{"type": "solid", "color": Grey}}}
	if startsAt > 0 && startsAt < len(points) {
		lines = append(lines, object{"xAxis": startsAt, "label": object{"formatter": startName, "position": "end"}, "lineStyle": object{"type": "dashed", "color": Grey}})
	}
	return options(c, object{
		"series": []any{
			object{"type": "custom", "renderItem": "draw:whisker", "data": whiskers, "silent": true, "z": 2, "encode": object{"x": 0, "y": []any{1, 2}}, "helper": true},
			object{"data": dots, "symbol": "circle", "symbolSize": 8, "showSymbol": true, "showAllSymbol": true, "lineStyle": object{"width": 0}, "z": 3,
				"markLine": object{"symbol": "none", "silent": true, "data": lines}},
		},
		"xAxis": object{"boundaryGap": true, "axisLabel": object{"hideOverlap": true}},
	})
}
