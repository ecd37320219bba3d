package why

import (
	"fmt"
	"math"
)

// Words says the n largest effects in sentences, in Chinese or English. name gives what a
// group is called, amount writes an effect in the indicator's unit without its sign, and
// whole is what the groups together are called.
func (r Result) Words(lang string, n int, whole string, name func(key string) string, amount func(v float64) string) []string {
	var out []string
	for _, m := range r.Movers(n) {
		g := r.group(m.Group)
		if lang == "en" {
			out = append(out, english(m, g, r, whole, name, amount))
		} else {
			out = append(out, chinese(m, g, r, whole, name, amount))
		}
	}
	return out
}

func (r Result) group(key string) Effect {
	for _, g := range r.Groups {
		if g.Key == key {
			return g
		}
	}
	return Effect{}
}

// portion says how much of the change an effect is; "" where the change is small against
// what its parts do to each other.
func portion(lang string, m Mover) string {
	if math.IsNaN(m.OfChange) || math.Abs(m.OfChange) > 1.5 {
		return ""
	}
	percent := fmt.Sprintf("%.0f%%", 100*math.Abs(m.OfChange))
	switch {
	case lang == "en" && m.OfChange > 0:
		return ", " + percent + " of the change"
	case lang == "en":
		return ", against the change"
	case m.OfChange > 0:
		return "，占变化的 " + percent
	}
	return "，与总变化方向相反"
}

func chinese(m Mover, g Effect, r Result, whole string, name func(string) string, amount func(float64) string) string {
	pull := "拉高"
	if m.Effect < 0 {
		pull = "拉低"
	}
	end := fmt.Sprintf("，%s%s %s%s。", pull, whole, amount(math.Abs(m.Effect)), portion("zh", m))
	switch {
	case m.Presence == New:
		return name(m.Group) + "为新出现的部分" + end
	case m.Presence == Gone:
		return name(m.Group) + "不再出现" + end
	case m.Part == PartRate:
		return name(m.Group) + map[bool]string{true: "自身上升", false: "自身下降"}[g.ValueAfter > g.ValueBefore] + end
	}
	return fmt.Sprintf("%s所占比重由 %.1f%% %s %.1f%%，而其水平%s整体%s", name(m.Group), 100*g.WeightBefore,
		map[bool]string{true: "升至", false: "降至"}[g.WeightAfter > g.WeightBefore], 100*g.WeightAfter,
		map[bool]string{true: "高于", false: "低于"}[g.ValueBefore+g.ValueAfter > r.Before+r.After], end)
}

func english(m Mover, g Effect, r Result, whole string, name func(string) string, amount func(float64) string) string {
	pull := "raised"
	if m.Effect < 0 {
		pull = "lowered"
	}
	end := fmt.Sprintf(" %s %s by %s%s.", pull, whole, amount(math.Abs(m.Effect)), portion("en", m))
	switch {
	case m.Presence == New:
		return name(m.Group) + " is new, which" + end
	case m.Presence == Gone:
		return name(m.Group) + " is gone, which" + end
	case m.Part == PartRate:
		return map[bool]string{true: "A rise in ", false: "A fall in "}[g.ValueAfter > g.ValueBefore] + name(m.Group) + " itself" + end
	}
	return fmt.Sprintf("The share of %s went from %.1f%% to %.1f%%; being %s the whole, this%s", name(m.Group), 100*g.WeightBefore, 100*g.WeightAfter,
		map[bool]string{true: "above", false: "below"}[g.ValueBefore+g.ValueAfter > r.Before+r.After], end)
}
