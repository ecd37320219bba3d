package charts

import (
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// textTip shows the text that each item carries as "tip", in the page's language.
func textTip() opts.Tooltip {
	return opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "tip:text"}
}

// Curve is a share by whole day, starting at day 0; nil ends it.
type Curve struct {
	Name   string
	Shares []*float64
	Half   *int // the day by which half are done; nil where that is not reached
	Whole  bool // drawn in grey behind the others: what the parts are compared with
}

// Survival is the shares still open after so many days, as steps, with the level at
// which half is done.
func Survival(days []string, curves []Curve, halfName string) (map[string]any, error) {
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "24", "34", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", Formatter: "tip:percent"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Min: 0, Max: 1, AxisLabel: &opts.AxisLabel{Formatter: "fmt:percent"}}),
	)
	c.SetXAxis(days)
	var more []any
	for _, curve := range curves {
		c.AddSeries(curve.Name, nil)
		data := make([]any, len(curve.Shares))
		for i, share := range curve.Shares {
			data[i] = share
		}
		line := object{"data": data, "step": "end", "showSymbol": false, "lineStyle": object{"width": 2}}
		if curve.Whole {
			line = with(line, object{"color": Grey, "lineStyle": object{"width": 3, "type": "dashed"}})
		}
		if curve.Half != nil && *curve.Half < len(curve.Shares) {
			line["markPoint"] = object{"symbol": "circle", "symbolSize": 9, "silent": true, "label": object{"show": false}, "data": []any{object{"coord": []any{*curve.Half, 0.5}}}}
		}
		more = append(more, line)
	}
	if len(more) > 0 {
		more[0] = with(more[0].(object), object{"markLine": object{"symbol": "none", "silent": true, "lineStyle": object{"type": "dotted", "color": Grey},
			"label": object{"formatter": halfName, "position": "insideEndTop", "color": "#1d2733", "textBorderWidth": 0}, "data": []any{object{"yAxis": 0.5}}}})
	}
	return options(c, object{"series": more, "xAxis": object{"boundaryGap": false, "axisLabel": object{"hideOverlap": true}}})
}

// Bullet is one value against its target, on a scale of its own that starts at 0.
type Bullet struct {
	Name, Text string // Text is written at the right: the value and its target
	Value, Max float64
	Low, High  *float64
	Target     float64
	Met        int // 1 met, -1 missed, 0 neither for certain
	Tip        string
}

// Bullets is one bar for each value with its interval, and a tick at its target
// (S. Few, "Bullet graph design specification", 2013).
func Bullets(bullets []Bullet, valueName, targetName, intervalName string) (map[string]any, error) {
	c := charts.NewBar()
	c.SetGlobalOptions(charts.WithTooltipOpts(textTip()), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}))
	row := 100 / float64(max(len(bullets), 1))
	at := func(i int, part float64) string { return fmt.Sprintf("%.2f%%", (float64(i)+part)*row) }
	var titles, grids, xs, ys, series []any
	for i, b := range bullets {
		colour := map[int]string{1: Blue, 0: Grey, -1: Orange}[b.Met]
		small := object{"fontSize": 12, "fontWeight": "normal"}
		titles = append(titles,
			object{"text": b.Name, "left": 0, "top": at(i, 0.08), "padding": 0, "textStyle": small},
			object{"text": b.Text, "right": 4, "top": at(i, 0.08), "padding": 0, "textStyle": with(small, object{"color": colour})})
		grids = append(grids, object{"left": 2, "right": 6, "top": at(i, 0.5), "height": fmt.Sprintf("%.2f%%", 0.26*row)})
		xs = append(xs, object{"type": "value", "gridIndex": i, "min": 0, "max": b.Max, "show": false})
		ys = append(ys, object{"type": "category", "gridIndex": i, "data": []any{b.Name}, "show": false})
		series = append(series, object{"type": "bar", "name": valueName, "xAxisIndex": i, "yAxisIndex": i, "barWidth": "70%", "showBackground": true,
			"backgroundStyle": object{"color": "#e8ecf1"}, "itemStyle": object{"color": colour}, "data": []any{object{"value": b.Value, "tip": b.Tip}}})
		if b.Low != nil && b.High != nil {
			series = append(series, object{"type": "custom", "name": intervalName, "renderItem": "draw:range", "xAxisIndex": i, "yAxisIndex": i, "silent": true, "z": 4,
				"encode": object{"x": []any{1, 2}, "y": 0}, "itemStyle": object{"color": "#17212c"}, "data": []any{object{"value": []any{0, *b.Low, *b.High}}}})
		}
		series = append(series, object{"type": "custom", "name": targetName, "renderItem": "draw:tick", "xAxisIndex": i, "yAxisIndex": i, "silent": true, "z": 5,
			"encode": object{"x": 1, "y": 0}, "itemStyle": object{"color": "#17212c"}, "data": []any{object{"value": []any{0, b.Target}}}})
	}
	return options(c, object{"title": titles, "grid": grids, "xAxis": xs, "yAxis": ys, "series": series})
}

// Block is one piece of a stacked bar.
type Block struct {
	Row   int
	Value float64 // negative to the left of 0
	Tip   string
	Code  string
}

// Pile is the pieces of one kind, which share a colour and a place in the legend.
type Pile struct {
	Name, Color string
	Blocks      []Block
}

// Stacked is stacked horizontal bars, to both sides of 0 where blocks are negative.
// names are the rows from the top; a name may have a second, smaller line behind "\n".
// legend is the names of the layers in the order they are listed. format is how the
// axis writes numbers: percent, integer, absolute or absolutePercent; limit is the
// axis's largest value, 0 for as needed.
func Stacked(names []string, layers []Pile, legend []string, format string, limit float64, both bool) (map[string]any, error) {
	c := charts.NewBar()
	x := opts.XAxis{Type: "value", AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr("fmt:" + format), HideOverlap: opts.Bool(true)}}
	if format == "absolute" || format == "integer" {
		x.MinInterval = 1
	}
	if limit > 0 {
		x.Max, x.Min = limit, 0
		if both {
			x.Min = -limit
		}
	}
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "20", "34", "8")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithTooltipOpts(textTip()),
		charts.WithXAxisOpts(x),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	var series []any
	for _, l := range layers {
		c.AddSeries(l.Name, nil)
		data := make([]any, len(names))
		for i := range data {
			data[i] = object{"value": nil}
		}
		for _, b := range l.Blocks {
			data[b.Row] = object{"value": b.Value, "tip": b.Tip, "code": b.Code}
		}
		series = append(series, object{"data": data, "stack": "all", "barMaxWidth": 26, "color": l.Color, "itemStyle": object{"borderColor": "#ffffff", "borderWidth": 0.5}})
	}
	return options(c, object{
		"series": series,
		"legend": object{"data": legend},
		"yAxis":  object{"data": names, "axisLabel": object{"interval": 0, "width": 165, "overflow": "truncate", "lineHeight": 15}, "axisTick": object{"show": false}},
	})
}

// Node is one stop on a way; Stage counts from 0.
type Node struct {
	ID, Name string
	Stage    int
	Color    string
}

// Flow is so many going from one node to another.
type Flow struct {
	From, To string
	Value    int64
	Tip      string
}

// Sankey is flows between the stages of a way.
func Sankey(nodes []Node, flows []Flow) (map[string]any, error) {
	c := charts.NewSankey()
	c.SetGlobalOptions(charts.WithTooltipOpts(textTip()), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}))
	through := map[string]int64{}
	links := make([]any, len(flows))
	for i, f := range flows {
		links[i] = object{"source": f.From, "target": f.To, "value": f.Value, "tip": f.Tip}
		through[f.To] += f.Value
	}
	for _, f := range flows {
		if _, passed := through[f.From]; !passed {
			through[f.From] = 0
		}
	}
	stops := make([]any, len(nodes))
	last := 0
	for _, n := range nodes {
		last = max(last, n.Stage)
	}
	for i, n := range nodes {
		o := object{"name": n.ID, "label": object{"formatter": n.Name}, "depth": n.Stage, "tip": n.Name, "itemStyle": object{"color": n.Color, "borderWidth": 0}}
		if n.Stage == last {
			o["label"] = object{"formatter": n.Name, "position": "left"}
		}
		stops[i] = o
	}
	c.AddSeries("", nil, nil)
	return options(c, object{"series": []any{object{"data": stops, "links": links, "left": 4, "right": 4, "top": 12, "bottom": 12, "nodeWidth": 12, "nodeGap": 8,
		"draggable": false, "nodeAlign": "justify", "layoutIterations": 48, "emphasis": object{"focus": "adjacency"},
		"lineStyle": object{"color": "source", "opacity": 0.28, "curveness": 0.5},
		"label":     object{"fontSize": 12, "color": "#1d2733", "textBorderColor": "#ffffff", "textBorderWidth": 2, "overflow": "truncate", "width": 120}}}})
}

// Tile is one cell of a heat map.
type Tile struct {
	X, Y  int
	Value float64
	Tip   string
}

// heat is colours from none to most.
func heat() []string { return []string{"#edf3f8", "#b5d3e8", "#6aaed6", "#2a7db8", "#0b4f85"} }

// Heat is a table of cells coloured by value; the first row is at the top.
func Heat(columns, rows []string, cells []Tile, name string) (map[string]any, error) {
	c := charts.NewHeatMap()
	c.SetGlobalOptions(
		charts.WithGridOpts(margins("8", "12", "8", "44")),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(textTip()),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: columns}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true)}),
	)
	most := 1.0
	data := make([]any, len(cells))
	for i, cell := range cells {
		most = max(most, cell.Value)
		data[i] = object{"value": []any{cell.X, cell.Y, cell.Value}, "tip": cell.Tip}
	}
	c.AddSeries(name, nil)
	return options(c, object{
		"series":    []any{object{"data": data, "itemStyle": object{"borderColor": "#ffffff", "borderWidth": 1}}},
		"xAxis":     object{"data": columns, "splitArea": object{"show": false}, "axisTick": object{"show": false}, "axisLabel": object{"hideOverlap": true}},
		"yAxis":     object{"data": rows, "axisTick": object{"show": false}},
		"visualMap": []any{scale(most)},
	})
}

func scale(most float64) object {
	return object{"type": "continuous", "min": 0, "max": most, "calculable": false, "orient": "horizontal", "left": "center", "bottom": 2,
		"itemHeight": 140, "itemWidth": 10, "inRange": object{"color": heat()}, "formatter": "fmt:integer", "text": []any{fmt.Sprintf("%.0f", most), "0"}}
}

// Date is one day of a year.
type Date struct {
	Day   string // 2026-10-31
	Value float64
	Tip   string
}

// Year is the days of one year, coloured by value; weeks are columns and begin on
// Monday. days and months are their short names, Sunday and January first.
func Year(year string, dates []Date, days, months []string, name string) (map[string]any, error) {
	c := charts.NewHeatMap()
	c.SetGlobalOptions(charts.WithTooltipOpts(textTip()), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}))
	most := 1.0
	data := make([]any, len(dates))
	for i, d := range dates {
		most = max(most, d.Value)
		data[i] = object{"value": []any{d.Day, d.Value}, "tip": d.Tip}
	}
	c.AddSeries(name, nil)
	plain, err := options(c, object{
		"series":    []any{object{"coordinateSystem": "calendar", "data": data}},
		"visualMap": []any{scale(most)},
		"calendar": object{"range": year, "left": 36, "right": 8, "top": 24, "bottom": 44, "cellSize": []any{"auto", "auto"},
			"itemStyle": object{"color": "transparent", "borderColor": "#dfe3e8", "borderWidth": 0.5}, "splitLine": object{"lineStyle": object{"color": Grey, "width": 1}},
			"dayLabel": object{"firstDay": 1, "nameMap": days, "color": Grey}, "monthLabel": object{"nameMap": months, "color": Grey}, "yearLabel": object{"show": false}},
	})
	delete(plain, "xAxis")
	delete(plain, "yAxis")
	return plain, err
}
