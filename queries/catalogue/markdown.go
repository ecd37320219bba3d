package catalogue

import (
	"fmt"
	"strings"
)

// Markdown is the catalogue as a document in both languages: an overview, and
// each indicator with its definition and SQL. docs/indicators.md is this text.
func (c Catalogue) Markdown() string {
	var b strings.Builder
	b.WriteString("# 指标目录 · Indicators\n\n")
	b.WriteString("<!-- Written from queries/indicators by `go test ./queries/catalogue -update`; edit the .sql files instead. -->\n\n")
	b.WriteString("每个指标是 `queries/indicators` 下的一个 `.sql` 文件，可在快照上单独运行（`jiceng indicators show CODE`）。" +
		"每个指标都按区、街道、社区、网格四级和月、季、年三种时段计算。\n\n")
	b.WriteString("Each indicator is one `.sql` file in `queries/indicators` that runs by itself on a snapshot (`jiceng indicators show CODE`). " +
		"Each is computed for district, subdistrict, community and grid, by month, quarter and year.\n\n")
	b.WriteString("| 代码 code | 名称 | name | 方向 | 单位 unit | 默认目标 target | 数据源 feeds |\n|---|---|---|---|---|---|---|\n")
	for _, ind := range c {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s | %s | %s | %s |\n", ind.Code, strings.ToLower(ind.Code), ind.Name.Zh, ind.Name.En,
			ind.Arrow(), unitText(ind.Unit, "en"), ind.targetText(), strings.Join(ind.Feeds, ", "))
	}
	b.WriteString("\n## 服务于哪些主题 · What the subject asks for\n\n| 主题 | subject | 指标 indicators |\n|---|---|---|\n")
	for _, row := range Rows() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.Name.Zh, row.Name.En, strings.Join(c.serving(row.Key), ", "))
	}
	for _, ind := range c {
		ind.markdown(&b)
	}
	return b.String()
}

// serving are the codes of the indicators that serve a row of the subject's table.
func (c Catalogue) serving(row string) []string {
	var codes []string
	for _, ind := range c {
		for _, r := range ind.Rows {
			if r == row {
				codes = append(codes, ind.Code)
			}
		}
	}
	return codes
}

// Arrow is ↑ where higher is better, ↓ where lower is, and ◇ with the counterpart where neither is.
func (ind Indicator) Arrow() string {
	switch ind.Direction {
	case "up":
		return "↑"
	case "down":
		return "↓"
	}
	return "◇ " + ind.Counterpart
}

func (ind Indicator) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n**%s · %s** (%s)\n\n", ind.Code, ind.Name.Zh, ind.Name.En, ind.Arrow())
	b.WriteString("| | 中文 | English |\n|---|---|---|\n")
	for _, row := range ind.Fields() {
		fmt.Fprintf(b, "| %s · %s | %s | %s |\n", row.Key, fieldEn[row.Key], escape(row.Name.Zh), escape(row.Name.En))
	}
	fmt.Fprintf(b, "\n```sql\n%s\n```\n", ind.Statement)
}

var fieldEn = map[string]string{"定义": "definition", "分子": "numerator", "分母": "denominator", "日期": "date", "剔除": "exclusions",
	"注意": "caveat", "来源": "source", "算法": "method", "时段": "periods", "区间": "interval", "单位": "unit"}

// Fields are what the header says, in the order in which people ask; the keys are Chinese words.
func (ind Indicator) Fields() []Named {
	return []Named{
		{"定义", ind.Definition}, {"分子", ind.NumeratorText}, {"分母", ind.DenominatorText}, {"日期", ind.DateText}, {"剔除", ind.Exclusions},
		{"注意", ind.Caveat}, {"来源", ind.Source}, {"算法", kindText[ind.Kind]}, {"时段", ind.overText()}, {"区间", intervalText[ind.Interval]},
		{"单位", Text{unitText(ind.Unit, "zh"), unitText(ind.Unit, "en")}},
	}
}

var kindText = map[Kind]Text{
	Share:     {"分子与分母之比，取值 0–1", "numerator over denominator, between 0 and 1"},
	Rate:      {"分子与分母之比乘以单位系数", "numerator over denominator, times the unit’s scale"},
	Mean:      {"均值：和除以个数", "a mean: sum over count"},
	Survival:  {"Kaplan–Meier 分位数，未完结的按删失处理", "a Kaplan–Meier quantile; what still runs is censored"},
	Evenness:  {"Shannon 均匀度：熵除以最大熵", "Shannon’s evenness: entropy over the largest entropy"},
	Balance:   {"1 减去各网格之间的 Gini 系数，由网格重新计算，不是下级之和", "one minus Gini over the grids, computed from the grids anew, not summed from below"},
	Area:      {"各区域自行测算，不由下级相加", "measured on each area itself, not summed from below"},
	Composite: {"由其他指标的值合成", "made of other indicators’ values"},
	Derived:   {"由夜间作业的另一步骤写入，语句给出其输入", "written by another nightly step; the statement shows what goes in"},
}

var intervalText = map[string]Text{
	"wilson":       {"Wilson 95% 区间", "Wilson, 95 %"},
	"poisson":      {"泊松精确 95% 区间", "exact Poisson, 95 %"},
	"t":            {"学生 t 95% 区间", "Student’s t, 95 %"},
	"kaplan_meier": {"Brookmeyer–Crowley 95% 区间（log–log）", "Brookmeyer–Crowley (log–log), 95 %"},
	"none":         {"无：全数统计或合成", "none: a full count, or a composite"},
}

// overText says how months become quarters and years.
func (ind Indicator) overText() Text {
	zh := map[Over]string{Sum: "各月相加", Avg: "各月平均", Last: "取最后一月"}
	en := map[Over]string{Sum: "summed over months", Avg: "averaged over months", Last: "that of the last month"}
	switch {
	case ind.Kind.Whole():
		return Text{"每个时段单独计算", "computed for each period by itself"}
	case ind.Kind == Survival:
		return Text{"各月的时长合并后计算", "computed from the durations of all months together"}
	case ind.NumeratorOver == ind.DenominatorOver:
		return Text{"季、年的分子与分母由" + zh[ind.NumeratorOver] + "得到", "numerator and denominator of quarters and years are " + en[ind.NumeratorOver]}
	}
	return Text{"季、年的分子" + zh[ind.NumeratorOver] + "，分母" + zh[ind.DenominatorOver],
		"of quarters and years, the numerator is " + en[ind.NumeratorOver] + ", the denominator " + en[ind.DenominatorOver]}
}

func (ind Indicator) targetText() string {
	if ind.Target == nil {
		return ""
	}
	if ind.Unit == "percent" {
		return fmt.Sprintf("%g%%", 100**ind.Target)
	}
	return fmt.Sprintf("%g", *ind.Target)
}

func unitText(key, lang string) string {
	for _, u := range Units() {
		if u.Key == key {
			return u.Name.In(lang)
		}
	}
	return key
}

// UnitName is the name of the indicator's unit in a language.
func (ind Indicator) UnitName(lang string) string { return unitText(ind.Unit, lang) }

func escape(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
