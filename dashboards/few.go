package dashboards

import (
	"github.com/jiceng/jiceng/queries/disclosure"
)

// few says that a group has fewer cases or answers than this reader may see. None is no secret.
func (f *frame) few(n int64) bool { return n > 0 && n < int64(f.view.threshold) }

// seen leaves of the rows of a table those that this reader may see: not those of few cases or
// answers, nor those that the sum of all, which is shown too, would give away. counts are what
// a row shows, the first of them the cases behind it. hidden is how many rows are left out.
func seen[T any](f *frame, rows []T, counts func(T) []int64) (kept []T, hidden int) {
	if f.view.threshold == 0 {
		return rows, 0
	}
	var cells disclosure.Cells
	parts := make([]int, len(rows))
	for i, row := range rows {
		parts[i] = cells.Add(floats(counts(row))...)
	}
	cells.Sum(disclosure.Known, parts...)
	for i, hide := range cells.Hide(float64(f.view.threshold)) {
		if hide {
			hidden++
		} else {
			kept = append(kept, rows[i])
		}
	}
	return kept, hidden
}

func floats(counts []int64) []float64 {
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n)
	}
	return out
}

// count is a count for a table, nil where this reader may not see it.
func (f *frame) count(n int64) any {
	if f.few(n) {
		return nil
	}
	return n
}

// fewNote says how many parts are left out because they stand on few cases; "" for none.
func (f *frame) fewNote(hidden int) string {
	if hidden == 0 {
		return ""
	}
	return f.T("fewHidden", "N", hidden, "Least", f.view.threshold)
}
