package compare

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// period is a month, a quarter or a year; number is 1–12, 1–4 or 0.
type period struct {
	kind         string
	year, number int
}

func parsePeriod(s string) (period, error) {
	p := period{}
	switch {
	case len(s) == 4:
		p.kind = "year"
		_, err := fmt.Sscanf(s, "%4d", &p.year)
		if err != nil || p.name() != s {
			return p, fmt.Errorf("%q is not a period: want 2025-11, 2025-Q4 or 2025", s)
		}
	case strings.Contains(s, "Q"):
		p.kind = "quarter"
		_, err := fmt.Sscanf(s, "%4d-Q%1d", &p.year, &p.number)
		if err != nil || p.name() != s || p.number < 1 || p.number > 4 {
			return p, fmt.Errorf("%q is not a period: want 2025-11, 2025-Q4 or 2025", s)
		}
	default:
		p.kind = "month"
		_, err := fmt.Sscanf(s, "%4d-%2d", &p.year, &p.number)
		if err != nil || p.name() != s || p.number < 1 || p.number > 12 {
			return p, fmt.Errorf("%q is not a period: want 2025-11, 2025-Q4 or 2025", s)
		}
	}
	return p, nil
}

func (p period) name() string {
	year := strconv.Itoa(10000 + p.year)[1:]
	switch p.kind {
	case "year":
		return year
	case "quarter":
		return year + "-Q" + strconv.Itoa(p.number)
	}
	return year + "-" + strconv.Itoa(100 + p.number)[1:]
}

func (p period) yearAgo() period { return period{p.kind, p.year - 1, p.number} }

func (p period) before() period {
	last := map[string]int{"month": 12, "quarter": 4}[p.kind]
	if p.kind == "year" {
		return period{p.kind, p.year - 1, 0}
	}
	if p.number == 1 {
		return period{p.kind, p.year - 1, last}
	}
	return period{p.kind, p.year, p.number - 1}
}

// months are the numbers of the first and the last month.
func (p period) months() (first, last int) {
	switch p.kind {
	case "year":
		return 1, 12
	case "quarter":
		return 3*p.number - 2, 3 * p.number
	}
	return p.number, p.number
}

// span is the first day, and the day after the last.
func (p period) span() (first, end time.Time) {
	from, to := p.months()
	return time.Date(p.year, time.Month(from), 1, 0, 0, 0, 0, time.UTC), time.Date(p.year, time.Month(to+1), 1, 0, 0, 0, 0, time.UTC)
}
