package disclosure

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestARowOfCountsHidesTheSmallOnesAndWhatGivesThemAway(t *testing.T) {
	for _, test := range []struct {
		counts []float64
		hidden string
	}{
		{[]float64{10, 20, 30}, ""},
		{[]float64{0, 20, 30}, ""},                       // none is no secret
		{[]float64{3, 10, 30}, "0 1 "},                   // the smallest of the others goes too
		{[]float64{3, 4, 30}, "0 1 "},                    // 7 together tell neither
		{[]float64{1, 2, 30, 40}, "0 1 2 "},              // 3 together are a small count themselves
		{[]float64{1, 1, 1, 1, 1, 9, 8}, "0 1 2 3 4 6 "}, // five cells of five are one each
		{[]float64{3, 0, 30}, "0 2 "},                    // hiding a zero would hide nothing
		{[]float64{3, 0, 0}, "0 1 2 "},                   // nothing else is left to hide
		{[]float64{3}, "0 "},
	} {
		var c Cells
		var parts []int
		for _, n := range test.counts {
			parts = append(parts, c.Add(n))
		}
		c.Sum(Known, parts...)
		if got := list(c.Hide(5)); got != test.hidden {
			t.Errorf("%v: hidden are %q, want %q", test.counts, got, test.hidden)
		}
	}
}

func list(hidden []bool) (text string) {
	for i, h := range hidden {
		if h {
			text += fmt.Sprint(i, " ")
		}
	}
	return text
}

func TestWithoutAThresholdNothingIsHidden(t *testing.T) {
	var c Cells
	c.Sum(Known, c.Add(1), c.Add(2))
	if got := list(c.Hide(0)); got != "" {
		t.Errorf("hidden are %s", got)
	}
}

// Random tables of areas and categories with their margins: whatever is small is hidden, and no
// sum, of a row, a column or the margins, has a single hidden cell or a small hidden total.
func TestNoSumOfATableGivesASmallCountAway(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 6))
	shown := 0
	for range 2000 {
		rows, columns, most := 1+rng.IntN(6), 1+rng.IntN(6), 1+rng.IntN(40)
		var c Cells
		cell := make([][]int, rows)
		count := map[int]float64{}
		total, byRow, byColumn := 0.0, make([]float64, rows), make([]float64, columns)
		for i := range cell {
			cell[i] = make([]int, columns)
			for j := range cell[i] {
				n := float64(rng.IntN(most))
				cell[i][j] = c.Add(n)
				count[cell[i][j]] = n
				total, byRow[i], byColumn[j] = total+n, byRow[i]+n, byColumn[j]+n
			}
		}
		all := c.Add(total)
		count[all] = total
		type equation struct {
			total int
			parts []int
		}
		var equations []equation
		rowTotals, columnTotals := make([]int, rows), make([]int, columns)
		for i := range cell {
			rowTotals[i] = c.Add(byRow[i])
			count[rowTotals[i]] = byRow[i]
			equations = append(equations, equation{rowTotals[i], cell[i]})
		}
		for j := range columns {
			columnTotals[j] = c.Add(byColumn[j])
			count[columnTotals[j]] = byColumn[j]
			var parts []int
			for i := range cell {
				parts = append(parts, cell[i][j])
			}
			equations = append(equations, equation{columnTotals[j], parts})
		}
		equations = append(equations, equation{all, rowTotals}, equation{all, columnTotals})
		for _, e := range equations {
			c.Sum(e.total, e.parts...)
		}
		hidden := c.Hide(5)
		for i, n := range count {
			if n > 0 && n < 5 && !hidden[i] {
				t.Fatalf("a count of %v is shown", n)
			}
			if n >= 5 && !hidden[i] {
				shown++
			}
		}
		for _, e := range equations {
			members, together, small := 0, 0.0, false
			for _, part := range e.parts {
				if hidden[part] {
					members++
					together += count[part]
					small = small || count[part] > 0 && count[part] < 5
				}
			}
			if hidden[e.total] {
				if members == 0 {
					t.Fatalf("a hidden total is the sum of what is shown")
				}
				continue
			}
			if members == 1 || members > 1 && small && (together < 5 || together == float64(members)) {
				t.Fatalf("%d hidden cells with %v together give a small count away", members, together)
			}
		}
	}
	if shown < 5000 {
		t.Errorf("only %d counts are shown: too much is hidden to be of use", shown)
	}
}
