// Package signals finds, every night, the movements that noise hardly makes: it draws a
// control chart of every indicator for every area that has enough cases, and of the
// number of cases by day or week, and stores what the charts flag.
//
// A point is judged by what was known before it (package spc, moving limits), so that the
// day on which a signal could first be seen is stored with it, and a later run finds the
// same signals.
package signals

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"math"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/snapshot"
	"github.com/jiceng/jiceng/queries/spc"
)

//go:embed sql/*.sql
var statements embed.FS

// Cases is the code under which the number of reported cases is watched.
const Cases = "cases"

// Grain is what one point of a chart is.
type Grain string

// The grains.
const (
	Day   Grain = "day"
	Week  Grain = "week"
	Month Grain = "month"
)

// after is the first day that is not in the period that starts on day.
func (g Grain) after(day time.Time) time.Time {
	switch g {
	case Day:
		return day.AddDate(0, 0, 1)
	case Week:
		return day.AddDate(0, 0, 7)
	}
	return day.AddDate(0, 1, 0)
}

// Key says whose chart it is.
type Key struct {
	Indicator, Level, Code string
	Grain                  Grain
}

// Point is one point of a chart, in the indicator's unit (cases: a number). Where no limits
// are known yet, Centre, Low, High and Z are NaN.
type Point struct {
	Start             time.Time // first day of the period
	Value, N          float64
	Centre, Low, High float64
	Z                 float64
	Rules             []spc.Rule
}

func (p Point) judged() bool { return !math.IsNaN(p.Z) }

// Chart is one control chart.
type Chart struct {
	Key    Key
	Kind   spc.Kind
	Rules  []spc.Rule // that are applied
	Points []Point
}

// Signal is an unbroken run of flagged points on one side of the centre.
type Signal struct {
	ID          string
	Key         Key
	Name        string // of the area; only when read
	Kind        spc.Kind
	First, Last time.Time // first days of the first and the last point
	SignalledOn time.Time // day after the first point ended
	Ongoing     bool
	Points      int
	Rules       []spc.Rule // of the first point
	High        bool       // above the centre
	Meaning     Meaning
	Value, N    float64 // of the first point
	Centre      float64
	LowLimit    float64
	HighLimit   float64
	Z           float64
	Peak, PeakZ float64 // of the point farthest off
}

// Meaning says what a signal means by the indicator's direction.
type Meaning string

// The meanings.
const (
	Better  Meaning = "better"
	Worse   Meaning = "worse"
	Neutral Meaning = "neutral"
)

func meaning(ind catalogue.Indicator, high bool) Meaning {
	switch {
	case ind.Direction != "up" && ind.Direction != "down":
		return Neutral
	case (ind.Direction == "up") == high:
		return Better
	}
	return Worse
}

// find returns the signals of a chart.
func (c Chart) find(ind catalogue.Indicator) []Signal {
	var out []Signal
	open := false
	for _, p := range c.Points {
		if !p.judged() {
			continue
		}
		if len(p.Rules) == 0 {
			open = false
			continue
		}
		high := p.Z > 0
		if !open || out[len(out)-1].High != high {
			out = append(out, Signal{
				ID: id(c.Key, p.Start), Key: c.Key, Kind: c.Kind, First: p.Start, SignalledOn: c.Key.Grain.after(p.Start),
				Rules: p.Rules, High: high, Meaning: meaning(ind, high), Value: p.Value, N: p.N, Centre: p.Centre,
				LowLimit: p.Low, HighLimit: p.High, Z: p.Z, Peak: p.Value, PeakZ: p.Z,
			})
		}
		open = true
		s := &out[len(out)-1]
		s.Last = p.Start
		s.Points++
		if math.Abs(p.Z) > math.Abs(s.PeakZ) {
			s.Peak, s.PeakZ = p.Value, p.Z
		}
	}
	if open {
		out[len(out)-1].Ongoing = true
	}
	return out
}

// id is the same for the same chart and first point in every run.
func id(k Key, first time.Time) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{k.Indicator, k.Level, k.Code, string(k.Grain), first.Format(time.DateOnly)}, "|")))
	return hex.EncodeToString(sum[:6])
}

// Watch is what was looked at, for the false alarms to be expected.
type Watch struct {
	Indicator, Level string
	Grain            Grain
	Rules            []spc.Rule
	Charts, TooSmall int
	Points, Flagged  int     // in the last year
	ExpectedFalse    float64 // of Points, by noise alone
}

// Run draws all charts of the snapshot that conn has open for writing and stores the
// signals. It returns how many there are.
func Run(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) (int64, error) {
	c := collector{watches: map[watchKey]*Watch{}}
	if err := eachMonthly(ctx, conn, cat, "", "", "", c.take); err != nil {
		return 0, err
	}
	if err := eachCounted(ctx, conn, "", "", c.take); err != nil {
		return 0, err
	}
	return int64(len(c.signals)), c.write(ctx, conn)
}

type watchKey struct {
	indicator, level string
	grain            Grain
}

// collector gathers signals and counts what was looked at.
type collector struct {
	signals []Signal
	watches map[watchKey]*Watch
	order   []watchKey
}

// take adds one chart; one without points had too few cases.
func (c *collector) take(chart Chart, ind catalogue.Indicator) error {
	key := watchKey{chart.Key.Indicator, chart.Key.Level, chart.Key.Grain}
	w := c.watches[key]
	if w == nil {
		w = &Watch{Indicator: key.indicator, Level: key.level, Grain: key.grain, Rules: chart.Rules}
		c.watches[key] = w
		c.order = append(c.order, key)
	}
	if len(chart.Points) == 0 {
		w.TooSmall++
		return nil
	}
	w.Charts++
	yearAgo := chart.Points[len(chart.Points)-1].Start.AddDate(-1, 0, 0)
	for _, p := range chart.Points {
		if p.judged() && p.Start.After(yearAgo) {
			w.Points++
			if len(p.Rules) > 0 {
				w.Flagged++
			}
		}
	}
	c.signals = append(c.signals, chart.find(ind)...)
	return nil
}

// write stores signals and watches.
func (c *collector) write(ctx context.Context, conn *sql.Conn) error {
	for _, statement := range []string{"delete from signal", "delete from signal_watch"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, s := range c.signals {
		side := "low"
		if s.High {
			side = "high"
		}
		rows = append(rows, []any{s.ID, s.Key.Indicator, s.Key.Level, s.Key.Code, string(s.Key.Grain), string(s.Kind), s.First, s.Last, s.SignalledOn,
			s.Ongoing, s.Points, joinRules(s.Rules), side, string(s.Meaning), s.Value, s.N, s.Centre, s.LowLimit, s.HighLimit, s.Z, s.Peak, s.PeakZ})
	}
	if err := snapshot.Append(ctx, conn, "", "signal", rows); err != nil {
		return err
	}
	rows = nil
	perPoint := map[string]float64{}
	for _, key := range c.order {
		w := c.watches[key]
		rules := joinRules(w.Rules)
		if _, known := perPoint[rules]; !known {
			perPoint[rules] = spc.ExpectedFalseAlarms(w.Rules, 1, 1).PerPoint
		}
		rows = append(rows, []any{w.Indicator, w.Level, string(w.Grain), rules, w.Charts, w.TooSmall, w.Points, w.Flagged, perPoint[rules] * float64(w.Points)})
	}
	return snapshot.Append(ctx, conn, "", "signal_watch", rows)
}

func joinRules(rules []spc.Rule) string {
	words := make([]string, len(rules))
	for i, r := range rules {
		words[i] = string(r)
	}
	return strings.Join(words, ",")
}

func splitRules(text string) []spc.Rule {
	var out []spc.Rule
	for _, word := range strings.Split(text, ",") {
		if word != "" {
			out = append(out, spc.Rule(word))
		}
	}
	return out
}
