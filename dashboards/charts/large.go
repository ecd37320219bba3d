package charts

// Large is the same chart with texts of a size in pixels, for a wall.
func Large(made map[string]any, size int) map[string]any {
	more := object{}
	for _, axis := range []string{"xAxis", "yAxis"} {
		if _, ok := made[axis]; ok {
			more[axis] = object{"axisLabel": object{"fontSize": size}}
		}
	}
	if _, ok := made["visualMap"]; ok {
		more["visualMap"] = []any{object{"textStyle": object{"fontSize": size}, "itemHeight": 12 * size, "itemWidth": size}}
	}
	if list, ok := made["series"].([]any); ok {
		var series []any
		for _, one := range list {
			o, _ := one.(object)
			label, _ := o["label"].(object)
			if label == nil {
				series = append(series, nil)
				continue
			}
			series = append(series, object{"label": object{"fontSize": size}})
		}
		more["series"] = series
	}
	return with(made, more)
}

// Compact is the same chart for a narrow box: a legend that scrolls instead of
// wrapping into the plot, and without one no room kept for it.
func Compact(made map[string]any, legend bool) map[string]any {
	if made == nil {
		return nil
	}
	more := object{"legend": object{"type": "scroll", "itemWidth": 14, "itemHeight": 9, "itemGap": 8, "textStyle": object{"fontSize": 11}}}
	if !legend {
		more["grid"] = []any{object{"top": "14"}}
	}
	return with(made, more)
}
