package ask

import (
	"cmp"
	"math"
	"slices"
)

// sortRows puts the best first and areas without a rank last.
func sortRows(rows []LabRow) {
	slices.SortStableFunc(rows, func(a, b LabRow) int {
		if (a.Rank == 0) != (b.Rank == 0) {
			return cmp.Compare(b.Rank, a.Rank)
		}
		return cmp.Compare(a.Rank, b.Rank)
	})
}

// kendall is tau-b of two rankings over the areas that have both ranks.
func kendall(a, b []int) float64 {
	var concordant, discordant, tiedA, tiedB float64
	for i := range a {
		for j := range i {
			if a[i] == 0 || a[j] == 0 || b[i] == 0 || b[j] == 0 {
				continue
			}
			da, db := a[i]-a[j], b[i]-b[j]
			switch {
			case da == 0 && db == 0:
			case da == 0:
				tiedA++
			case db == 0:
				tiedB++
			case (da > 0) == (db > 0):
				concordant++
			default:
				discordant++
			}
		}
	}
	if concordant+discordant == 0 {
		return math.NaN()
	}
	return (concordant - discordant) / math.Sqrt((concordant+discordant+tiedA)*(concordant+discordant+tiedB))
}
