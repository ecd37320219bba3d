package spc

import (
	"math"

	"github.com/jiceng/jiceng/queries/stat"
)

// FalseAlarms is how many flagged points noise alone makes: with many series looked
// at every night, some always are.
type FalseAlarms struct {
	Series, Points int              // looked at: series, and points of each
	PerPoint       float64          // chance that a point in control is flagged by any rule
	ByRule         map[Rule]float64 // chance that a point in control completes this rule's pattern
	Expected       float64          // flagged points in all series
}

// ExpectedFalseAlarms computes the false alarms of a rule set for independent normal
// points and known limits. The chance of any of the four Western Electric rules is
// exact in the long run, from a Markov chain over the zones of the last points, as in
// C. W. Champ and W. H. Woodall, "Exact results for Shewhart control charts with
// supplementary runs rules", Technometrics 29, 1987; the chances of N3 and MR are
// added to it, so that with them PerPoint is an upper bound. Limits estimated from a
// short baseline, and neighbours that resemble each other, give more.
func ExpectedFalseAlarms(rules []Rule, series, points int) FalseAlarms {
	f := FalseAlarms{Series: series, Points: points, ByRule: map[Rule]float64{}}
	var zoned []Rule
	extra := 0.0
	for _, r := range rules {
		switch r {
		case N3:
			f.ByRule[r] = 2.0 / 720 // one order of 6 points in 6!, up or down
			extra += f.ByRule[r]
		case MR:
			f.ByRule[r] = 2 * stat.NormalCDF(-rangeFactor*d2/math.Sqrt2)
			extra += f.ByRule[r]
		default:
			f.ByRule[r] = newChain([]Rule{r}).signalRate()
			zoned = append(zoned, r)
		}
	}
	f.PerPoint = math.Min(1, newChain(zoned).signalRate()+extra)
	f.Expected = f.PerPoint * float64(series) * float64(points)
	return f
}

// AverageRunLength is the mean number of points of a process in control until the
// first false alarm of the given Western Electric rules (370.4 for WE1 alone). NaN for
// rules that do not depend on zones alone (N3, MR).
func AverageRunLength(rules []Rule) float64 {
	for _, r := range rules {
		if r == N3 || r == MR {
			return math.NaN()
		}
	}
	return newChain(rules).meanRunLength()
}

// memory is what the zone rules need to know of the past: the run on one side, and
// which of the last points lay beyond 1 and 2 sigma above and below.
type memory struct {
	run                    int8  // points in a row, negative below; up to 7
	up1, down1, up2, down2 uint8 // bits, the latest lowest
}

// zones are 0–1, 1–2, 2–3 and beyond 3 sigma on both sides: ±1 … ±4.
func zoneChance(zone int) float64 {
	k := float64(max(zone, -zone))
	upper := stat.NormalCDF(-k)
	if k == 4 {
		upper = 0
	}
	return stat.NormalCDF(-(k - 1)) - upper
}

func (m memory) after(zone int) memory {
	shift := func(bits uint8, now bool, keep int) uint8 {
		bits <<= 1
		if now {
			bits |= 1
		}
		return bits & (1<<keep - 1)
	}
	next := memory{
		up1: shift(m.up1, zone >= 2, 4), down1: shift(m.down1, zone <= -2, 4),
		up2: shift(m.up2, zone >= 3, 2), down2: shift(m.down2, zone <= -3, 2),
	}
	switch {
	case zone > 0:
		next.run = min(max(m.run, 0)+1, 7)
	default:
		next.run = max(min(m.run, 0)-1, -7)
	}
	return next
}

// signals tells whether a point in zone completes a pattern of rules.
func (m memory) signals(zone int, rules []Rule) bool {
	near1, near2, run := m.up1, m.up2, int(m.run)
	if zone < 0 {
		near1, near2, run, zone = m.down1, m.down2, -run, -zone
	}
	for _, r := range rules {
		switch {
		case r == WE1 && zone == 4,
			r == WE2 && zone >= 3 && near2 != 0,
			r == WE3 && zone >= 2 && bitCount(near1) >= 3,
			r == WE4 && run >= 7:
			return true
		}
	}
	return false
}

func bitCount(b uint8) (n int) {
	for ; b != 0; b &= b - 1 {
		n++
	}
	return n
}

// chain is the Markov chain of memories. Only what the rules need is remembered, which
// keeps it to some hundred states.
type chain struct {
	rules  []Rule
	states []memory
	next   [][]int     // by state and zone
	alarm  [][]float64 // by state and zone: chance of an alarm there, or 0
	chance []float64   // by zone
}

func newChain(rules []Rule) *chain {
	c := &chain{rules: rules}
	var zones []int
	for z := -4; z <= 4; z++ {
		if z != 0 {
			zones = append(zones, z)
			c.chance = append(c.chance, zoneChance(z))
		}
	}
	at := map[memory]int{{}: 0}
	c.states = []memory{{}}
	for s := 0; s < len(c.states); s++ {
		c.next = append(c.next, make([]int, len(zones)))
		c.alarm = append(c.alarm, make([]float64, len(zones)))
		for k, zone := range zones {
			m := c.needed(c.states[s].after(zone))
			if _, known := at[m]; !known {
				at[m] = len(c.states)
				c.states = append(c.states, m)
			}
			c.next[s][k] = at[m]
			if c.states[s].signals(zone, rules) {
				c.alarm[s][k] = c.chance[k]
			}
		}
	}
	return c
}

// needed forgets what no rule asks for.
func (c *chain) needed(m memory) memory {
	var keep memory
	for _, r := range c.rules {
		switch r {
		case WE2:
			keep.up2, keep.down2 = m.up2, m.down2
		case WE3:
			keep.up1, keep.down1 = m.up1, m.down1
		case WE4:
			keep.run = m.run
		}
	}
	return keep
}

// settle is enough rounds for a memory of 8 points to forget its start.
const settle = 200

// signalRate is the long-run chance of an alarm at a point.
func (c *chain) signalRate() float64 {
	p := make([]float64, len(c.states))
	p[0] = 1
	for range settle {
		next := make([]float64, len(p))
		for s, ps := range p {
			for k, to := range c.next[s] {
				next[to] += ps * c.chance[k]
			}
		}
		p = next
	}
	rate := 0.0
	for s, ps := range p {
		for _, a := range c.alarm[s] {
			rate += ps * a
		}
	}
	return rate
}

// meanRunLength sums the chance of no alarm so far over all points.
func (c *chain) meanRunLength() float64 {
	p := make([]float64, len(c.states))
	p[0] = 1
	length, alive := 0.0, 1.0
	for alive > 1e-12 {
		length += alive
		next := make([]float64, len(p))
		alive = 0
		for s, ps := range p {
			for k, to := range c.next[s] {
				if c.alarm[s][k] == 0 {
					next[to] += ps * c.chance[k]
				}
			}
		}
		for _, x := range next {
			alive += x
		}
		if len(c.rules) == 0 {
			return math.Inf(1)
		}
		p = next
	}
	return length
}
