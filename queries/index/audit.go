package index

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/jiceng/jiceng/queries/index/weigh"
)

// Audit is what the data say about an index's own structure.
type Audit struct {
	Pairs      []Pair      // of leaves that both have data
	Leaves     []LeafAudit // as Tree.Leaves
	Dimensions []DimensionAudit
}

// Pair is the correlation of two leaves, over the units that have both.
type Pair struct {
	A, B   int  // positions among Tree.Leaves
	Within bool // whether both are in one dimension
	R      float64
}

// LeafAudit is how a leaf relates to the whole.
type LeafAudit struct {
	Weight    float64 // in the whole, as the tree says
	Index     float64 // correlation with the index
	Dimension float64 // correlation with its dimension
	Effective float64 // r² with the index, as a share of all leaves': what the index really listens to
}

// DimensionAudit is how the children of one node hang together.
type DimensionAudit struct {
	Node    int
	Alpha   float64   // Cronbach's, over the units that have all children
	Shares  []float64 // of the variance of the children's principal components, largest first
	Weight  float64   // in the whole
	Index   float64   // correlation with the index
	Members int       // children with data
}

// Audit looks at the index's structure. What too few units tell is NaN.
func (r *Result) Audit() Audit {
	var a Audit
	global := r.Tree.global(r.Weights)
	root := r.Score()
	var total float64
	for j, at := range r.Tree.Leaves {
		column := r.Normalised.Columns[j]
		l := LeafAudit{Weight: global[at], Index: weigh.Correlation(column, root), Dimension: weigh.Correlation(column, r.Scores.Columns[r.Tree.Parent[at]])}
		if !math.IsNaN(l.Index) {
			l.Effective = l.Index * l.Index
		}
		total += l.Effective
		a.Leaves = append(a.Leaves, l)
		for k := range j {
			if c := weigh.Correlation(column, r.Normalised.Columns[k]); !math.IsNaN(c) {
				a.Pairs = append(a.Pairs, Pair{A: k, B: j, Within: r.Tree.Parent[at] == r.Tree.Parent[r.Tree.Leaves[k]], R: c})
			}
		}
	}
	for j := range a.Leaves {
		if total > 0 {
			a.Leaves[j].Effective /= total
		} else {
			a.Leaves[j].Effective = math.NaN()
		}
	}
	for at, children := range r.Tree.Children {
		if len(children) > 0 {
			a.Dimensions = append(a.Dimensions, r.dimension(at, children, global))
		}
	}
	return a
}

func (r *Result) dimension(at int, children []int, global []float64) DimensionAudit {
	d := DimensionAudit{Node: at, Weight: global[at], Index: weigh.Correlation(r.Scores.Columns[at], r.Score())}
	var columns [][]float64
	for _, c := range children {
		if len(known(r.Scores.Columns[c])) > 0 {
			columns = append(columns, r.Scores.Columns[c])
		}
	}
	d.Members = len(columns)
	d.Alpha = Cronbach(columns)
	if values, _, _, err := weigh.Components(columns); err == nil && len(r.Units) > 2 {
		var sum float64
		for _, v := range values {
			sum += v
		}
		for _, v := range values {
			d.Shares = append(d.Shares, v/sum)
		}
	}
	return d
}

// Cronbach is the alpha of k columns over the units that have all of them:
// k/(k−1) · (1 − Σ var(x) / var(Σx)). NaN for fewer than two columns or three
// units, or a sum that does not vary. Source: L. J. Cronbach, Psychometrika 16 (1951).
func Cronbach(columns [][]float64) float64 {
	k := float64(len(columns))
	if k < 2 {
		return math.NaN()
	}
	complete := make([][]float64, len(columns))
	var sums []float64
	for i := range columns[0] {
		var sum float64
		for _, c := range columns {
			sum += c[i]
		}
		if math.IsNaN(sum) {
			continue
		}
		sums = append(sums, sum)
		for j, c := range columns {
			complete[j] = append(complete[j], c[i])
		}
	}
	if len(sums) < 3 {
		return math.NaN()
	}
	var parts float64
	for _, c := range complete {
		parts += stat.Variance(c, nil)
	}
	whole := stat.Variance(sums, nil)
	if whole <= 1e-24 {
		return math.NaN()
	}
	return k / (k - 1) * (1 - parts/whole)
}
