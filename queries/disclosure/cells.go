package disclosure

import "slices"

// Cells are the numbers of a published table, some of which are sums of others.
// Hide says which of them a reader may not see, so that no count below a
// threshold is shown, nor can be worked out from one of the sums.
//
// A sum with one hidden cell gives it away by subtraction. A sum with more gives
// away what they have together, so that must not be a small count either, nor
// as many as there are cells (each would then be one).
type Cells struct {
	counts [][]float64
	sums   []sum
	hidden []bool
}

// sum is cells that add up to a total; total is -1 where that is no cell of the
// table, but known.
type sum struct {
	total int
	parts []int
}

// Add puts a cell into the table and returns its number. The counts are those
// that are shown together, the first of them the one that says how many cases or
// persons stand behind the cell.
func (c *Cells) Add(counts ...float64) int {
	c.counts = append(c.counts, counts)
	c.hidden = append(c.hidden, false)
	return len(c.counts) - 1
}

// Known is the total of a sum that is shown elsewhere.
const Known = -1

// Sum says that the parts add up to a total.
func (c *Cells) Sum(total int, parts ...int) {
	if len(parts) > 0 {
		c.sums = append(c.sums, sum{total, parts})
	}
}

// Keep hides a cell whatever its counts are.
func (c *Cells) Keep(cell int) { c.hidden[cell] = true }

// Hide returns which cells are hidden: those with a count of 1 to least − 1, those
// kept back, and as many more as it takes, the smallest first. A least of 0 or 1
// hides nothing but what is kept back.
func (c *Cells) Hide(least float64) []bool {
	for i, counts := range c.counts {
		if slices.ContainsFunc(counts, func(n float64) bool { return n > 0 && n < least }) {
			c.hidden[i] = true
		}
	}
	for again := true; again; {
		again = false
		for _, s := range c.sums {
			for c.givesAway(s, least) {
				next := c.smallestShown(s)
				if next < 0 {
					break // everything is hidden already
				}
				c.hidden[next] = true
				again = true
			}
		}
	}
	return c.hidden
}

// givesAway says whether a sum tells more of its hidden cells than may be known.
func (c *Cells) givesAway(s sum, least float64) bool {
	hidden := 0
	var together []float64
	for _, part := range s.parts {
		if !c.hidden[part] {
			continue
		}
		hidden++
		for j, n := range c.counts[part] {
			if j == len(together) {
				together = append(together, 0)
			}
			together[j] += n
		}
	}
	if s.total != Known && c.hidden[s.total] {
		return hidden == 0 // the total is the sum of what is shown; with a hidden part it is as unknown as that
	}
	if hidden < 2 {
		return hidden == 1
	}
	return slices.ContainsFunc(together, func(n float64) bool { return n > 0 && (n < least || n == float64(hidden)) })
}

// smallestShown is the shown cell of a sum that is cheapest to give up: one that
// counts something rather than one that is 0, the total last.
func (c *Cells) smallestShown(s sum) int {
	best := -1
	better := func(a, b int) bool {
		x, y := c.counts[a][0], c.counts[b][0]
		if (x == 0) != (y == 0) {
			return x != 0
		}
		return x < y
	}
	for _, part := range s.parts {
		if !c.hidden[part] && (best < 0 || better(part, best)) {
			best = part
		}
	}
	if best < 0 && s.total != Known && !c.hidden[s.total] {
		return s.total
	}
	return best
}
