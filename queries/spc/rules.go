package spc

import (
	"fmt"
	"math"
)

// Rule is the code of a special-cause rule: a pattern that chance alone seldom makes.
type Rule string

const (
	WE1 Rule = "WE1" // one point beyond 3 sigma
	WE2 Rule = "WE2" // 2 of 3 points beyond 2 sigma, on one side
	WE3 Rule = "WE3" // 4 of 5 points beyond 1 sigma, on one side
	WE4 Rule = "WE4" // 8 points in a row on one side of the centre
	N3  Rule = "N3"  // 6 points in a row, each above (or below) the one before
	MR  Rule = "MR"  // a step between two points beyond the moving range's limit; XmR only
)

// Description is what a page shows for a rule.
type Description struct {
	Rule   Rule
	Key    string // for the translation catalogue
	ZH, EN string
	Source string
}

const (
	westernElectric = "Western Electric, Statistical Quality Control Handbook, 1956"
	nelson          = "L. S. Nelson, The Shewhart control chart: tests for special causes, Journal of Quality Technology 16, 1984"
	wheeler         = "D. J. Wheeler, Understanding Variation, 2nd ed., 2000"
)

// Rules lists all rules in the order in which they are shown.
func Rules() []Description {
	return []Description{
		{WE1, "spc.rule.we1", "一点超出3σ控制限", "one point beyond the 3-sigma limits", westernElectric},
		{WE2, "spc.rule.we2", "连续3点中有2点在同侧超出2σ", "2 of 3 points beyond 2 sigma on one side", westernElectric},
		{WE3, "spc.rule.we3", "连续5点中有4点在同侧超出1σ", "4 of 5 points beyond 1 sigma on one side", westernElectric},
		{WE4, "spc.rule.we4", "连续8点位于中心线同侧", "8 points in a row on one side of the centre line", westernElectric},
		{N3, "spc.rule.n3", "连续6点持续上升或下降", "6 points in a row rising or falling", nelson},
		{MR, "spc.rule.mr", "相邻两点跳动超出移动极差上限", "a step beyond the limit of the moving range", wheeler},
	}
}

// Standard is the rule set of the nightly run: the four Western Electric rules.
func Standard() []Rule { return []Rule{WE1, WE2, WE3, WE4} }

func checkRules(rules []Rule, kind Kind) error {
	for _, r := range rules {
		switch r {
		case WE1, WE2, WE3, WE4, N3:
		case MR:
			if kind != XmR {
				return fmt.Errorf("control chart: rule %s needs an %s chart, not %s", r, XmR, kind)
			}
		default:
			return fmt.Errorf("control chart: unknown rule %q", r)
		}
	}
	return nil
}

// fires tells whether a rule's pattern is completed by point i of the standardised
// series z; steps are the moving ranges in units of their upper limit.
func fires(rule Rule, z, steps []float64, i int) bool {
	switch rule {
	case WE1:
		return math.Abs(z[i]) > 3
	case WE2:
		return among(z, i, 3, 2, 2)
	case WE3:
		return among(z, i, 5, 4, 1)
	case WE4:
		return among(z, i, 8, 8, 0)
	case N3:
		return rising(z, i, 1) || rising(z, i, -1)
	case MR:
		return steps[i] > 1
	}
	return false
}

// among tells whether point i lies beyond k sigma, and with it at least need of the
// last window points on its side.
func among(z []float64, i, window, need int, k float64) bool {
	side := math.Copysign(1, z[i])
	if side*z[i] <= k {
		return false
	}
	count := 0
	for j := max(0, i-window+1); j <= i; j++ {
		if side*z[j] > k {
			count++
		}
	}
	return count >= need
}

func rising(z []float64, i int, sign float64) bool {
	if i < 5 {
		return false
	}
	for j := i - 4; j <= i; j++ {
		if sign*z[j] <= sign*z[j-1] {
			return false
		}
	}
	return true
}
