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

// Compact is the same chart for a narrow box, with a smaller legend.
func Compact(made map[string]any) map[string]any {
	if made == nil {
		return nil
	}
	return with(made, object{"legend": compactLegend()})
}

func compactLegend() object {
	return object{"itemWidth": 14, "itemHeight": 9, "itemGap": 8, "textStyle": object{"fontSize": 11}}
}
