// Package charts makes the options of the charts that pages show. Every chart
// is a go-echarts chart; the browser gets its options as data, with formatters
// and custom renderers named ("fmt:percent", "tip:number", "draw:interval") and
// defined in the one static script. What go-echarts cannot say is added by with,
// here and nowhere else.
package charts

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Colours that stay apart for colour-blind readers (M. Okabe and K. Ito, "Color
// Universal Design", 2008). The script replaces them by lighter ones in dark mode.
const (
	Blue   = "#0072b2"
	Orange = "#d55e00"
	Amber  = "#e69f00"
	Green  = "#009e73"
	Grey   = "#8a94a3"
)

// Chart is one chart as a template shows it.
type Chart struct {
	ID      string         // of its element; unique on the page
	Label   string         // what it shows, for those who cannot see it
	Class   string         // its size: "", jc-chart-tall, jc-chart-short, jc-spark
	Map     string         // address of the GeoJSON it draws, "" if none
	Link    string         // where a click leads; CODE stands for the clicked item's code
	Options map[string]any // for ECharts
	Still   bool           // drawn without animation
}

// JSON is the options as data for the page; < > & are escaped, so that it can stand in a script element.
func (c Chart) JSON() (template.JS, error) {
	text, err := json.Marshal(c.Options)
	if err != nil {
		return "", fmt.Errorf("options of chart %s: %w", c.ID, err)
	}
	return template.JS(text), nil
}

// Empty says that there is nothing to draw.
func (c Chart) Empty() bool { return c.Options == nil }

// Code is the number format of a unit in the script: percent or number.
func Code(unit string) string {
	if unit == "percent" {
		return "percent"
	}
	return "number"
}

// chart is what every go-echarts chart can do.
type chart interface {
	Validate()
	JSON() map[string]any
}

// options gives a chart's options as plain data, without the decoration that
// go-echarts turns on by itself, and with what it cannot say.
func options(c chart, more map[string]any) (map[string]any, error) {
	c.Validate()
	text, err := json.Marshal(c.JSON())
	if err != nil {
		return nil, fmt.Errorf("chart options: %w", err)
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil, fmt.Errorf("chart options: %w", err)
	}
	for _, name := range []string{"title", "toolbox", "color"} {
		delete(plain, name)
	}
	return with(plain, more), nil
}

// with merges more into base: objects by key, lists item by item where both have them.
func with(base, more map[string]any) map[string]any {
	merged := maps.Clone(base)
	for key, value := range more {
		merged[key] = withValue(merged[key], value)
	}
	return merged
}

func withValue(base, more any) any {
	switch more := more.(type) {
	case map[string]any:
		if b, ok := base.(map[string]any); ok {
			return with(b, more)
		}
		if list, ok := base.([]any); ok && len(list) == 1 {
			return []any{withValue(list[0], more)}
		}
	case []any:
		b, ok := base.([]any)
		if !ok {
			return more
		}
		merged := make([]any, max(len(b), len(more)))
		for i := range merged {
			switch {
			case i >= len(more) || more[i] == nil:
				merged[i] = b[i]
			case i >= len(b):
				merged[i] = more[i]
			default:
				merged[i] = withValue(b[i], more[i])
			}
		}
		return merged
	}
	return more
}

// object is short for what options are made of.
type object = map[string]any

// margins is the usual room around a plot; labels are kept inside by ECharts itself.
func margins(left, right, top, bottom string) opts.Grid {
	return opts.Grid{Left: left, Right: right, Top: top, Bottom: bottom, ContainLabel: opts.Bool(true)}
}
