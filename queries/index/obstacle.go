package index

import "math"

// Obstacle is how much one leaf holds a unit back.
type Obstacle struct {
	Leaf   int     // position among Tree.Leaves
	Gap    float64 // 0–1: how far the score is from the top of the scale
	Degree float64 // its weight in the whole times its gap, as a share of all leaves' (障碍度)
}

// Obstacles gives the obstacle degree of every leaf of a unit that has a value:
// O = w·(1 − x) / Σ w·(1 − x), with w the leaf's weight in the whole and x its
// score as a share of the scale. Nil when nothing is short of the top.
func (r *Result) Obstacles(unit int) []Obstacle {
	weights := r.Tree.global(r.Shares(unit))
	low, high := r.Config.Scale[0], r.Config.Scale[1]
	var out []Obstacle
	var total float64
	for j, at := range r.Tree.Leaves {
		x := r.Normalised.Columns[j][unit]
		if math.IsNaN(x) || weights[at] == 0 {
			continue
		}
		gap := max(0, min(1, (high-x)/(high-low)))
		out = append(out, Obstacle{Leaf: j, Gap: gap, Degree: weights[at] * gap})
		total += weights[at] * gap
	}
	if total == 0 {
		return nil
	}
	for i := range out {
		out[i].Degree /= total
	}
	return out
}
