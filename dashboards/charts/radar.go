package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Ink and Rule are the colours of texts and of thin lines; the script has others for dark mode.
const (
	Ink  = "#1d2733"
	Rule = "#dfe3e8"
)

// Shape is one area's scores on a radar, one for each axis; Tip is its tooltip.
type Shape struct {
	Name, Tip string
	Scores    []float64
	Color     string
	Filled    bool
	Dashed    bool
}

// Radar is scores from 0 to 100 on a few axes. Every shape has a score on every axis.
func Radar(axes []string, shapes []Shape) (map[string]any, error) {
	c := charts.NewRadar()
	indicators := make([]*opts.Indicator, len(axes))
	for i, name := range axes {
		indicators[i] = &opts.Indicator{Name: name, Max: 100}
	}
	c.SetGlobalOptions(
		charts.WithRadarComponentOpts(opts.RadarComponent{Indicator: indicators, SplitNumber: 5}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Bottom: "0"}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "tip:number"}),
	)
	var series []any
	for _, s := range shapes {
		c.AddSeries(s.Name, nil)
		item := object{"value": s.Scores, "name": s.Name, "tip": s.Tip, "lineStyle": object{"width": 2, "type": lineType(s.Dashed)}}
		if s.Filled {
			item["areaStyle"] = object{"opacity": 0.18}
		}
		series = append(series, object{"color": s.Color, "symbolSize": 5, "data": []any{item}})
	}
	return options(c, object{"series": series, "radar": object{"radius": "68%", "center": []any{"50%", "50%"}, "axisName": object{"color": Ink},
		"splitArea": object{"show": false}, "splitLine": object{"lineStyle": object{"color": Rule}}, "axisLine": object{"lineStyle": object{"color": Rule}}}})
}

func lineType(dashed bool) string {
	if dashed {
		return "dashed"
	}
	return "solid"
}
