package compare

import "time"

// WorkDays is the working days of each month that the data know, the running month's up to as_of.
type WorkDays map[int]float64

func monthKey(year, month int) int { return 12*year + month }

// in is the working days of a period, per month that is known of it: flows per
// month are compared, so that a year that is not over compares with a whole one.
func (w WorkDays) in(p period) float64 {
	first, last := p.months()
	days, months := 0.0, 0
	for m := first; m <= last; m++ {
		if n, ok := w[monthKey(p.year, m)]; ok {
			days += n
			months++
		}
	}
	if months == 0 {
		return 0
	}
	return days / float64(months)
}

// firstTwoMonths is the working days of January and February, per month.
func (w WorkDays) firstTwoMonths(year int) float64 {
	return (w[monthKey(year, 1)] + w[monthKey(year, 2)]) / 2
}

// newYears are the days of the lunar New Year. They follow from the Chinese
// calendar (GB/T 33661-2017); these were taken from the Python library lunardate
// and agree with the State Council's holidays of 2022–2026.
var newYears = []string{
	"2010-02-14", "2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31", "2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05",
	"2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
	"2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15", "2038-02-04", "2039-01-24",
	"2040-02-12", "2041-02-01", "2042-01-22", "2043-02-10", "2044-01-30", "2045-02-17", "2046-02-06", "2047-01-26", "2048-02-14", "2049-02-02", "2050-01-23",
}

// The season in which offices and residents alike are away or busy with the
// festival: the week before New Year's Day to the Lantern Festival, 14 days after it.
const (
	seasonBefore = 7
	seasonAfter  = 14
	// A few days more or less in a period are not worth a word.
	seasonMoved = 3
)

// season is how many days of the Spring Festival's season lie in a period.
func season(p period) int {
	first, end := p.span()
	n := 0
	for _, text := range newYears {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			continue
		}
		from, until := day.AddDate(0, 0, -seasonBefore), day.AddDate(0, 0, seasonAfter+1)
		if from.Before(first) {
			from = first
		}
		if until.After(end) {
			until = end
		}
		n += max(0, int(until.Sub(from).Hours()/24))
	}
	return n
}

// festivalMoved says whether the two periods differ in how much of the season lies in them.
func festivalMoved(a, b period) bool {
	d := season(a) - season(b)
	return d > seasonMoved || d < -seasonMoved
}
