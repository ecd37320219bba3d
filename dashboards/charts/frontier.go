package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Frontier is a ranking of shares of the best, on an axis that ends at 1, where the best
// stand. The plain values, before they were corrected, stand beside the dots as hollow
// diamonds; nil is none.
func Frontier(areas []Area, plain []*float64, reference *float64, referenceName, valueName, plainName, intervalName string) (map[string]any, error) {
	made, err := Ranking("percent", areas, reference, referenceName, valueName, intervalName)
	if err != nil {
		return nil, err
	}
	var hollow []any
	for i, v := range plain {
		if v != nil {
			hollow = append(hollow, object{"value": []any{*v, i}, "name": areas[i].Name, "code": areas[i].Code, "itemStyle": object{"color": Grey}})
		}
	}
	made = with(made, object{"xAxis": object{"max": 1}})
	if series, ok := made["series"].([]any); ok && len(hollow) > 0 {
		made["series"] = append(series, object{"type": "scatter", "name": plainName, "symbol": "emptyDiamond", "symbolSize": 8, "data": hollow, "z": 2})
	}
	return made, nil
}

// Shift is the change of one area, as a share of what was before, and the two parts that it is the product of.
type Shift struct {
	Code, Name, Tip      string
	Whole, First, Second float64
}

// Shifts is changes as bars to the left of 0 (less) or to the right (more), the first at
// the top, with their parts as marks.
func Shifts(shifts []Shift, wholeName, firstName, secondName string) (map[string]any, error) {
	c := charts.NewBar()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", "34", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(textTip()),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr("fmt:percent"), HideOverlap: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	mark := object{"opacity": 1, "borderColor": "#ffffff", "borderWidth": 1} // to be seen on a bar too
	names, bars, first, second := make([]string, len(shifts)), make([]any, len(shifts)), make([]any, len(shifts)), make([]any, len(shifts))
	for i, s := range shifts {
		names[i] = s.Name
		colour := Blue
		if s.Whole < 0 {
			colour = Orange
		}
		item := func(value any) object { return object{"value": value, "name": s.Name, "code": s.Code, "tip": s.Tip} }
		bars[i] = with(item(s.Whole), object{"itemStyle": object{"color": colour}})
		first[i], second[i] = item([]any{s.First, i}), item([]any{s.Second, i})
	}
	c.AddSeries(wholeName, nil)
	return options(c, object{
		"series": []any{
			object{"data": bars, "barMaxWidth": 14, "color": Blue},
			object{"type": "scatter", "name": firstName, "symbol": "diamond", "symbolSize": 9, "data": first, "color": Amber, "itemStyle": mark, "z": 4},
			object{"type": "scatter", "name": secondName, "symbol": "triangle", "symbolSize": 9, "data": second, "color": Green, "itemStyle": mark, "z": 4},
		},
		"yAxis": object{"data": names, "axisLabel": object{"interval": 0, "width": 130, "overflow": "truncate"}, "axisTick": object{"show": false}, "axisLine": object{"show": false}},
	})
}

// Split is areas by two shares whose product is a third; both axes end at 1.
func Split(xName, yName string, clouds []Cloud) (map[string]any, error) {
	made, err := Scatter(xName, "percent", yName, "percent", clouds, nil, nil)
	if err != nil {
		return nil, err
	}
	axis := object{"max": 1, "minInterval": 0.05}
	// Names stand to the right of their dots, those at the end of the axis too; the axis's name stands under the legend.
	return with(made, object{"xAxis": axis, "yAxis": axis, "grid": object{"right": "64", "top": "50"}}), nil
}
