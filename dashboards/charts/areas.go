package charts

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Area is one area's value; nil is "no data".
type Area struct {
	Code, Name       string
	Value, Low, High *float64
	Note             string
	Apart            int // -1 clearly below the reference, 1 clearly above, 0 cannot be told apart
	Good             int // 1 the clear difference is good, -1 bad, 0 neither
}

// Ranking is areas as dots with their intervals, the first at the top, and the
// reference (the area above) as a line. Those that cannot be told apart from it
// are grey.
func Ranking(unit string, areas []Area, reference *float64, referenceName, valueName, intervalName string) (map[string]any, error) {
	c := charts.NewScatter()
	top := "8"
	if reference != nil && strings.TrimSpace(referenceName) != "" { // its name stands above the plot
		top = "26"
	}
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", top, "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: types.FuncStr("tip:" + Code(unit))}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Scale: opts.Bool(true), SplitNumber: 4, AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr("fmt:" + Code(unit)), HideOverlap: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	names, dots, bars := make([]string, len(areas)), []any{}, []any{}
	for i, a := range areas {
		names[i] = a.Name
		if a.Value == nil {
			continue
		}
		colour := Grey
		switch a.Good {
		case 1:
			colour = Blue
		case -1:
			colour = Orange
		}
		dots = append(dots, object{"value": []any{*a.Value, i}, "name": a.Name, "code": a.Code, "note": a.Note, "itemStyle": object{"color": colour}})
		if a.Low != nil && a.High != nil {
			bars = append(bars, object{"value": []any{i, *a.Low, *a.High}, "name": a.Name, "code": a.Code, "itemStyle": object{"color": colour}})
		}
	}
	c.AddSeries(intervalName, nil).AddSeries(valueName, nil)
	dot := object{"data": dots, "symbolSize": 9, "z": 3, "tipValue": 0}
	if reference != nil {
		// A dot that is not seen keeps the reference within the axis.
		dot["data"] = append(dots, object{"value": []any{*reference, 0}, "symbolSize": 0, "silent": true, "itemStyle": object{"opacity": 0}})
		dot["markLine"] = object{"symbol": "none", "silent": true, "lineStyle": object{"type": "dashed", "color": Grey},
			"label": object{"formatter": referenceName, "position": "start", "color": Ink, "distance": 4}, "data": []any{object{"xAxis": *reference}}}
	}
	return options(c, object{
		"series": []any{
			object{"type": "custom", "renderItem": "draw:interval", "data": bars, "encode": object{"x": []any{1, 2}, "y": 0}, "z": 2, "silent": true, "helper": true},
			dot,
		},
		"yAxis": object{"data": names, "axisLabel": object{"interval": 0, "width": 130, "overflow": "truncate"}, "axisTick": object{"show": false}},
	})
}

// Choropleth colours the areas of a map by their difference to the reference (the
// area above), blue where it is good and orange where it is bad; where neither
// is, from light to dark. The scale ends at the 90th percentile of the
// differences, so that one outlier does not wash out all others; what lies beyond
// gets the end's colour. Areas without a value are grey. better says whether high
// is good (1), bad (-1) or neither (0). Without any value there is no map.
func Choropleth(unit, valueName string, areas []Area, reference *float64, better int, format func(float64) string) (map[string]any, error) {
	data, values := []any{}, []float64{}
	for _, a := range areas {
		item := object{"name": a.Code, "label": a.Name, "code": a.Code}
		if a.Value != nil {
			item["value"], item["note"] = *a.Value, a.Note
			values = append(values, *a.Value)
		}
		data = append(data, item)
	}
	if len(values) == 0 {
		return nil, nil
	}
	low, high := slices.Min(values), slices.Max(values)
	colours := []string{"#e3eef6", "#9cc5e0", "#5aa0cc", "#1f78b4", "#0b4f85"}
	if better != 0 && reference != nil {
		half := reach(values, *reference)
		low, high = *reference-half, *reference+half
		colours = []string{"#b34700", "#e6894a", "#f3ece2", "#74b0d8", "#0b5f98"}
		if better < 0 {
			slices.Reverse(colours)
		}
		low, high, colours = within(unit, low, high, values, colours)
	}
	if high == low {
		high = low + 1e-9
	}
	c := charts.NewMap()
	c.RegisterMapType("areas")
	c.AddSeries(valueName, nil)
	c.SetGlobalOptions(
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: types.FuncStr("tip:" + Code(unit))}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
	)
	return options(c, object{
		"series": []any{object{"data": data, "nameProperty": "code", "selectedMode": false, "roam": false, "showLegendSymbol": false,
			"itemStyle": object{"borderColor": "#ffffff", "borderWidth": 0.8, "areaColor": "#c9ced6"},
			"label":     with(plate(), object{"show": len(areas) <= 20, "fontSize": 11}),
			"emphasis":  object{"label": with(plate(), object{"show": true}), "itemStyle": object{"borderWidth": 2, "areaColor": nil}},
			"top":       8, "bottom": 40, "left": 8, "right": 8, "aspectScale": 0.86}},
		"visualMap": []any{object{"type": "continuous", "min": low, "max": high, "calculable": false, "orient": "horizontal", "left": "center", "bottom": 4,
			"itemHeight": 160, "itemWidth": 10, "inRange": object{"color": colours}, "text": []any{format(high), format(low)}, "hoverLink": false}},
	})
}

// within cuts from a scale what no value can be: a share is between 0 and 1, and where
// nothing is negative, nothing could be. The colours that are left keep their places.
func within(unit string, low, high float64, values []float64, colours []string) (float64, float64, []string) {
	from, to := low, high
	if slices.Min(values) >= 0 {
		from = max(low, 0)
	}
	if unit == "percent" {
		to = min(high, 1)
	}
	if from == low && to == high || to <= from {
		return low, high, colours
	}
	const steps = 24
	cut := make([]string, steps+1)
	for i := range cut {
		at := from + (to-from)*float64(i)/steps
		cut[i] = blend(colours, (at-low)/(high-low))
	}
	return from, to, cut
}

// blend is the colour at a place between 0 and 1 of a scale of colours.
func blend(colours []string, at float64) string {
	place := at * float64(len(colours)-1)
	i := min(int(place), len(colours)-2)
	var a, b [3]uint8
	read := func(colour string, into *[3]uint8) {
		for j := range into {
			n, err := strconv.ParseUint(colour[1+2*j:3+2*j], 16, 8)
			if err != nil {
				panic(err) // the colours are constants of this file
			}
			into[j] = uint8(n)
		}
	}
	read(colours[i], &a)
	read(colours[i+1], &b)
	part := place - float64(i)
	mix := func(j int) int { return int(math.Round(float64(a[j]) + part*(float64(b[j])-float64(a[j])))) }
	return fmt.Sprintf("#%02x%02x%02x", mix(0), mix(1), mix(2))
}

// plate is a name on a light ground of its own, which can be read on every colour of a map.
func plate() object {
	return object{"formatter": "fmt:label", "color": "#16202b", "backgroundColor": "rgba(255,255,255,0.82)", "padding": []any{1, 4}, "borderRadius": 3}
}

// reach is the 90th percentile of the values' distances from a reference.
func reach(values []float64, reference float64) float64 {
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - reference)
	}
	slices.Sort(distances)
	return distances[int(0.9*float64(len(distances)-1))]
}

// Shortfall colours the areas of a map by how far they stay below full, from light to dark.
func Shortfall(unit, valueName string, areas []Area, full float64, format func(float64) string) (map[string]any, error) {
	made, err := Choropleth(unit, valueName, areas, nil, 0, format)
	if err != nil || made == nil {
		return nil, err
	}
	var gaps []float64
	for _, a := range areas {
		if a.Value != nil && *a.Value < full {
			gaps = append(gaps, *a.Value)
		}
	}
	low := full - 0.01
	if len(gaps) > 0 {
		low = full - reach(gaps, full)
	}
	return with(made, object{"visualMap": []any{object{"min": low, "max": full, "inRange": object{"color": []any{"#b34700", "#e6894a", "#f3ece2"}},
		"text": []any{format(full), format(low)}}}}), nil
}
