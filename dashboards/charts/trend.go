package charts

import (
	"sync"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Point is one value on a time axis; what is missing is nil and leaves a gap.
type Point struct {
	At               string // shown on the axis
	Value, Low, High *float64
	Note             string // shown behind the value in the tooltip
}

// Line is one series of a trend.
type Line struct {
	Name   string
	Points []Point
	Dashed bool
	Color  string // "": the theme's next
}

// Trend is values over time, the first line with its interval as a band, and the
// target as a dashed line. The value axis of a share that is not near 0 does not
// start at 0; its labels say where it starts.
func Trend(unit string, lines []Line, target *float64, targetName, intervalName string) (map[string]any, error) {
	c := charts.NewLine()
	top := "14"
	if len(lines) > 1 {
		top = "32"
	}
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", top, "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(len(lines) > 1), Top: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", Formatter: types.FuncStr("tip:" + Code(unit))}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Scale: opts.Bool(true), AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr("fmt:" + Code(unit))}}),
	)
	var names []string
	for _, p := range lines[0].Points {
		names = append(names, p.At)
	}
	c.SetXAxis(names)
	var more []any
	if hasBand(lines[0]) {
		more = append(more, nil)
		c.AddSeries(intervalName, nil)
		more[len(more)-1] = band(lines[0])
	}
	for _, line := range lines {
		data := make([]opts.LineData, len(line.Points))
		for i, p := range line.Points {
			data[i] = opts.LineData{Value: p.Value}
		}
		c.AddSeries(line.Name, data)
		more = append(more, look(line))
	}
	if target != nil {
		more[len(more)-len(lines)] = with(more[len(more)-len(lines)].(object), object{"markLine": object{
			"symbol": "none", "silent": true,
			"lineStyle": object{"type": "dashed", "color": Grey},
			"label":     object{"formatter": targetName, "position": "insideStartTop", "color": Ink},
			"data":      []any{object{"yAxis": *target}},
		}})
	}
	return options(c, object{"series": more, "xAxis": object{"boundaryGap": false, "axisLabel": object{"hideOverlap": true}}})
}

func look(l Line) object {
	style := object{"width": 2}
	if l.Dashed {
		style["type"] = "dashed"
	}
	o := object{"showSymbol": len(l.Points) < 40, "symbolSize": 5, "lineStyle": style, "connectNulls": false, "data": pointData(l.Points)}
	if l.Color != "" {
		o["color"] = l.Color
	}
	return o
}

func pointData(points []Point) []any {
	data := make([]any, len(points))
	for i, p := range points {
		o := object{"value": p.Value}
		if p.Note != "" {
			o["note"] = p.Note
		}
		data[i] = o
	}
	return data
}

func hasBand(l Line) bool {
	for _, p := range l.Points {
		if p.Low != nil && p.High != nil {
			return true
		}
	}
	return false
}

// band draws the intervals of a line as one polygon; the script has the renderer.
func band(l Line) object {
	data := make([]any, 0, len(l.Points))
	for i, p := range l.Points {
		if p.Low != nil && p.High != nil {
			data = append(data, object{"value": []any{i, *p.Low, *p.High}})
		}
	}
	return object{"type": "custom", "renderItem": "draw:band", "data": data, "silent": true, "z": 1,
		"encode": object{"x": 0, "y": []any{1, 2}}, "itemStyle": object{"color": Blue, "opacity": 0.16}, "helper": true}
}

// sparkFrame is what all sparks have in common; a page has a dozen of them, and this is most of their work.
var sparkFrame = sync.OnceValues(func() (map[string]any, error) {
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(opts.Grid{Left: "2", Right: "6", Top: "6", Bottom: "4"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Show: opts.Bool(false)}),
		charts.WithYAxisOpts(opts.YAxis{Scale: opts.Bool(true), Show: opts.Bool(false)}),
	)
	c.AddSeries("", nil)
	return options(c, object{
		"tooltip": object{"show": false},
		"series":  []any{object{"symbol": "circle", "lineStyle": object{"width": 1.5}, "silent": true}},
		"xAxis":   object{"boundaryGap": false},
	})
})

// Spark is a line without axes, its last point marked.
func Spark(points []Point) (map[string]any, error) {
	frame, err := sparkFrame()
	if err != nil {
		return nil, err
	}
	names := make([]any, len(points))
	for i, p := range points {
		names[i] = p.At
	}
	last := len(points) - 1
	items := pointData(points)
	for i := range items {
		items[i].(object)["symbolSize"] = map[bool]int{true: 7, false: 0}[i == last]
	}
	return with(frame, object{"series": []any{object{"data": items}}, "xAxis": object{"data": names}}), nil
}
