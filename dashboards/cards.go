package dashboards

import (
	"database/sql"
	"math"
	"slices"
	"strings"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compare"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/why"
)

// card is one indicator of one area in one period, as cards and tables show it.
type card struct {
	Code, Name, Definition string
	Dimension              string
	Value, Unit            string // Value is "" where there are no data
	Number                 string // the value as a plain number, for sorting
	N, Interval            string
	Count                  int64 // N as a number
	Flags                  []string
	Target                 string
	Bound                  string // ≥ or ≤, before the target
	Met                    int    // 1 met, -1 not met, 0 no target, no value, or the interval holds the target
	Before, YearAgo, Above change
	Peers                  string // median of the areas beside, where a page asks for it
	Neutral                bool
	Counterpart            string
	Spark                  charts.Chart
	Catalogue              string // address of its definition
	Why                    string // address of the reasons for its change, "" where it cannot be split
	Yearly                 bool   // the period before is the one a year ago
	Missing                string // why there are no data
	Rank, RankInterval     string // of an index
	value, low, high       *float64
	target                 *float64
}

// change is a difference to another value.
type change struct {
	Text  string // "" where there is nothing to compare with
	Arrow string // ▲ ▼ or "" within usual variation
	Good  int    // 1 better, -1 worse, 0 neither or within usual variation
	Mark  string // ※ where the calendar was minded; the hint says how
	Hint  string
}

// areaCards are all indicators of the catalogue for one area, in the catalogue's order.
func (s *Server) areaCards(f *frame, a panels.Area) ([]card, error) {
	values, err := f.areaValues(a)
	if err != nil {
		return nil, err
	}
	compared, err := s.compared(f, a)
	if err != nil {
		return nil, err
	}
	cards := make([]card, 0, len(s.catalogue))
	for _, ind := range s.catalogue {
		i := slices.IndexFunc(values, func(v panels.Value) bool { return v.Indicator == ind.Code })
		if i < 0 {
			cards = append(cards, f.missingCard(ind))
			continue
		}
		if target, ok := ind.TargetFor(a.Level, f.Period.Kind); ok && !values[i].Target.Valid {
			values[i].Target = sql.NullFloat64{Float64: target, Valid: true}
		}
		c := f.card(ind, values[i])
		if a.Level != "grid" && why.CanExplain(ind, f.Period.Kind != "month") {
			c.Why = f.Href("/why", "indicator", ind.Code, "level", a.Level, "area", a.Code)
		}
		for _, held := range compared {
			if held.Code == ind.Code && c.Value != "" {
				f.hold(&c, ind, held)
			}
		}
		cards = append(cards, c)
	}
	return cards, nil
}

func (f *frame) missingCard(ind catalogue.Indicator) card {
	c := f.emptyCard(ind)
	var lacking []string
	for _, feed := range ind.Feeds {
		if !f.view.feeds[feed] {
			lacking = append(lacking, f.T("feed_"+feed))
		}
	}
	c.Missing = f.T("noDataPeriod")
	if len(lacking) > 0 {
		c.Missing = f.T("noFeed", "Feeds", strings.Join(lacking, f.T("listComma")))
	}
	return c
}

func (f *frame) emptyCard(ind catalogue.Indicator) card {
	return card{Code: ind.Code, Name: ind.Name.In(f.Lang), Definition: ind.Definition.In(f.Lang), Dimension: ind.Dimension, Unit: f.Unit(ind.Unit),
		Neutral: ind.Direction == "neutral", Counterpart: ind.Counterpart, Catalogue: f.Href("/catalogue/" + ind.Code), Yearly: f.Period.Kind == "year"}
}

func (f *frame) card(ind catalogue.Indicator, v panels.Value) card {
	c := f.emptyCard(ind)
	c.N, c.Count = f.Int(v.N), v.N
	if v.Flag != "" {
		for _, flag := range strings.Split(v.Flag, ",") {
			if flag == "partial" && !f.Period.Complete { // the page says so once, above all
				continue
			}
			c.Flags = append(c.Flags, f.T("flag_"+flag))
		}
	}
	if !v.Value.Valid {
		c.Missing = f.T("noValue")
		return c
	}
	c.Value, c.Number = f.Locale.Value(v.Value.Float64, ind.Unit), plain(v.Value)
	c.value, c.low, c.high = pointer(v.Value), pointer(v.Low), pointer(v.High)
	if v.Low.Valid && v.High.Valid {
		c.Interval = f.Locale.Value(v.Low.Float64, ind.Unit) + "–" + f.Locale.Value(v.High.Float64, ind.Unit)
	}
	target := v.Target
	if !target.Valid && ind.Target != nil {
		target = sql.NullFloat64{Float64: *ind.Target, Valid: true}
	}
	if target.Valid {
		c.Target, c.Bound = f.Locale.Value(target.Float64, ind.Unit), bound(ind)
		c.Met, c.target = side(ind, v, target.Float64), &target.Float64
	}
	c.Above = f.above(ind, v)
	return c
}

// bound is the sign before a target: at least or at most.
func bound(ind catalogue.Indicator) string {
	return map[string]string{"up": "≥", "down": "≤"}[ind.Direction]
}

// hold puts a comparison on a card. What is still being closed cannot be
// compared with what had months to be closed.
func (f *frame) hold(c *card, ind catalogue.Indicator, held compare.Comparison) {
	if strings.Contains(held.Now.Flag, "unsettled") {
		return
	}
	to := &c.Before
	if held.With == compare.YearAgo {
		to = &c.YearAgo
	}
	to.Text = f.Difference(held.Expected, held.Expected+held.Difference, ind.Unit)
	to.judge(f, ind, held.Difference, held.Clear)
	var notes []string
	if held.Joint {
		notes = append(notes, f.T("compareJoint"))
	}
	if held.Festival {
		notes = append(notes, f.T("compareFestival"))
	}
	if held.Expected != held.Then.Value {
		notes = append(notes, f.T("compareWorkDays"))
	}
	if len(notes) > 0 {
		to.Mark = "※"
		to.Hint = f.list(append([]string{to.Hint}, notes...))
	}
}

// extent is from where to where a value may truly lie: its interval, open at an end that few cases do not reach (a median time to
// close has no upper end while too many are open), or the value alone where it has no interval.
func extent(value float64, low, high sql.NullFloat64) (least, most float64) {
	if !low.Valid && !high.Valid {
		return value, value
	}
	least, most = math.Inf(-1), math.Inf(1)
	if low.Valid {
		least = low.Float64
	}
	if high.Valid {
		most = high.Float64
	}
	return least, most
}

// side says whether a target is met (1) or missed (-1) beyond what the interval leaves open.
func side(ind catalogue.Indicator, v panels.Value, target float64) int {
	low, high := extent(v.Value.Float64, v.Low, v.High)
	switch ind.Direction {
	case "up":
		if v.Value.Float64 >= target {
			return 1
		}
		if high < target {
			return -1
		}
	case "down":
		if v.Value.Float64 <= target {
			return 1
		}
		if low > target {
			return -1
		}
	}
	return 0
}

// above compares a value with that of the area above, which is clear where the
// interval does not hold it, or, for full counts without an interval, where they
// differ at all.
func (f *frame) above(ind catalogue.Indicator, v panels.Value) change {
	if !v.Above.Valid {
		return change{}
	}
	c := change{Text: f.Difference(v.Above.Float64, v.Value.Float64, ind.Unit)}
	low, high := extent(v.Value.Float64, v.Low, v.High)
	c.judge(f, ind, v.Value.Float64-v.Above.Float64, low > v.Above.Float64 || high < v.Above.Float64)
	return c
}

// explained is a change with the address of its reasons, "" where there are none to give.
type explained struct {
	change
	Href string
}

// BeforeWhy is the change since the period before, with its reasons.
func (c card) BeforeWhy() explained { return explained{c.Before, c.why("mom")} }

// YearAgoWhy is the change since a year ago, with its reasons.
func (c card) YearAgoWhy() explained { return explained{c.YearAgo, c.why("yoy")} }

func (c card) why(compare string) string {
	if c.Why == "" {
		return ""
	}
	return c.Why + "&compare=" + compare
}

// Sign is what an arrow stands for, to those who cannot see it.
func (c change) Sign() string {
	if strings.HasPrefix(c.Text, "−") || strings.HasPrefix(c.Text, "+") {
		return string([]rune(c.Text)[0])
	}
	return ""
}

// Bare is the text without its sign, behind an arrow.
func (c change) Bare() string { return strings.TrimPrefix(c.Text, c.Sign()) }

// judge says whether a difference is clear, and whether that is good.
func (c *change) judge(f *frame, ind catalogue.Indicator, difference float64, clear bool) {
	if !clear {
		c.Hint = f.T("noise")
		return
	}
	up := difference > 0
	c.Arrow = "▼"
	if up {
		c.Arrow = "▲"
	}
	switch {
	case ind.Direction == "neutral":
		c.Hint = f.T("clearChange")
	case up == (ind.Direction == "up"):
		c.Good, c.Hint = 1, f.T("better")
	default:
		c.Good, c.Hint = -1, f.T("worse")
	}
}

// summary is the page's first words: what meets its target, what clearly moved.
func (f *frame) summary(cards []card) []string {
	var met, missed int
	var better, worse []string
	for _, c := range cards {
		switch c.Met {
		case 1:
			met++
		case -1:
			missed++
		}
		switch c.Before.Good {
		case 1:
			better = append(better, c.Name)
		case -1:
			worse = append(worse, c.Name)
		}
	}
	words := []string{f.T("headTargets", "Met", met, "Missed", missed)}
	if len(better) > 0 {
		words = append(words, f.T("headBetter", "List", f.enumerate(better)))
	}
	if len(worse) > 0 {
		words = append(words, f.T("headWorse", "List", f.enumerate(worse)))
	}
	if len(better)+len(worse) == 0 {
		words = append(words, f.T("headStill"))
	}
	return words
}

// enumerate names the first few and says how many more there are.
func (f *frame) enumerate(names []string) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, f.T("listComma"))
	}
	return f.T("andMore", "List", strings.Join(names[:most], f.T("listComma")), "More", len(names)-most, "All", len(names))
}

// Enumerate is enumerate for templates.
func (f *frame) Enumerate(names []string) string { return f.enumerate(names) }

// List is list for templates.
func (f *frame) List(names []string) string { return f.list(names) }

// pick returns the cards with these codes, in this order.
func pick(cards []card, codes []string) []card {
	var picked []card
	for _, code := range codes {
		if i := slices.IndexFunc(cards, func(c card) bool { return c.Code == code }); i >= 0 {
			picked = append(picked, cards[i])
		}
	}
	return picked
}

// sparkle gives cards the line of their last periods.
func (f *frame) sparkle(cards []card, all lines) error {
	for i := range cards {
		if err := f.spark(&cards[i], all.latest(f, cards[i].Code, sparkLength)); err != nil {
			return err
		}
	}
	return nil
}

// sparkLength is how many periods a spark shows: for months, a year and the month it is compared with.
const sparkLength = 13

// spark gives a card the line of the last periods.
func (f *frame) spark(c *card, points []charts.Point) error {
	if len(points) < 2 {
		return nil
	}
	options, err := charts.Spark(points[max(0, len(points)-sparkLength):])
	c.Spark = charts.Chart{ID: "spark-" + c.Code, Label: f.T("sparkLabel", "Name", c.Name), Class: "jc-spark", Options: options, Still: true}
	return err
}

// dimension is the indicators of one dimension.
type dimension struct {
	Code, Name string
	Cards      []card
}

// byDimension groups cards in the catalogue's order.
func (f *frame) byDimension(cards []card) []dimension {
	var groups []dimension
	first := 0
	for i := range cards {
		if i+1 == len(cards) || cards[i+1].Dimension != cards[i].Dimension {
			code := cards[i].Dimension
			groups = append(groups, dimension{Code: code, Name: f.T("dimension_" + code), Cards: cards[first : i+1 : i+1]})
			first = i + 1
		}
	}
	return groups
}
