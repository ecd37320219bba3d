package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Cell is one cell of a matrix; nil is "no data" and stays empty.
type Cell struct {
	Column, Row int
	Value       *float64
	Tip         string
}

// Matrix is values by row and column, from light to dark between low and high; each
// cell carries its number where there is room. Cells without a value are hatched in grey.
func Matrix(unit string, columns, rows []string, cells []Cell, low, high float64, format func(float64) string) (map[string]any, error) {
	c := charts.NewHeatMap()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("4", "8", "4", "44")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: types.FuncStr("tip:" + Code(unit))}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	var filled, empty []any
	for _, cell := range cells {
		if cell.Value == nil {
			empty = append(empty, object{"value": []any{cell.Column, cell.Row, low}, "tip": cell.Tip})
			continue
		}
		filled = append(filled, object{"value": []any{cell.Column, cell.Row, *cell.Value}, "tip": cell.Tip})
	}
	c.AddSeries("", nil)
	series := []any{object{"data": filled, "label": object{"show": len(columns) <= 14, "formatter": "val:integer", "fontSize": 11},
		"itemStyle": object{"borderColor": "#ffffff", "borderWidth": 1}}}
	if len(empty) > 0 {
		c.AddSeries("", nil)
		series = append(series, object{"data": empty, "label": object{"show": false},
			"itemStyle": object{"color": "#c9ced6", "borderColor": "#ffffff", "borderWidth": 1, "decal": object{"symbol": "rect", "dashArrayX": []any{1, 0}, "dashArrayY": []any{2, 4}, "rotation": 0.7}}})
	}
	return options(c, object{
		"series": series,
		"xAxis":  object{"data": columns, "axisLabel": object{"interval": 0, "rotate": 40, "width": 90, "overflow": "truncate", "fontSize": 11}, "axisTick": object{"show": false}, "splitLine": object{"show": false}},
		"yAxis":  object{"data": rows, "axisLabel": object{"interval": 0, "width": 120, "overflow": "truncate", "fontSize": 11}, "axisTick": object{"show": false}, "splitLine": object{"show": false}},
		"visualMap": []any{object{"type": "continuous", "seriesIndex": []any{0}, "min": low, "max": high, "calculable": false, "orient": "horizontal", "left": "center", "bottom": 0,
			"itemHeight": 140, "itemWidth": 10, "inRange": object{"color": []any{"#b34700", "#e6894a", "#f3ece2", "#74b0d8", "#0b5f98"}}, "text": []any{format(high), format(low)}, "hoverLink": false}},
	})
}
