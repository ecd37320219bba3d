package index

import (
	"fmt"
	"math"

	"github.com/jiceng/jiceng/queries/index/aggregate"
)

// Contribution is one leaf's part in a change of the index between two
// periods. Over all leaves, Value and Weight together add up to the change.
type Contribution struct {
	Leaf   int     // position among Tree.Leaves
	Value  float64 // because the leaf's score moved
	Weight float64 // because its share in the index moved: it, or a sibling, came or went
}

// NotSeparableError says that an index joined by a median or by TOPSIS has no
// split of a change that adds up: one unit's score there is no mean of its parts.
type NotSeparableError struct{ Method aggregate.Method }

func (e *NotSeparableError) Error() string {
	return fmt.Sprintf("a change of an index joined by %s has no split into contributions that adds up", e.Method)
}

// Contributions splits the change of one unit's index from an earlier to a
// later period into its leaves' parts, exactly.
//
// A mean f⁻¹(Σ w f(x)) moves by K·Δ(Σ w f(x)), where K is the ratio of the
// change of the mean to that of its transform (for the geometric mean the
// logarithmic mean of both: LMDI, B. W. Ang 2005). Each product splits evenly:
// Δ(w f) = w̄·Δf + f̄·Δw, and f̄ is measured from the node's own level, which
// takes nothing away since ΣΔw = 0. A child's part goes down to its own
// children in the same way. What is missing in one of the periods has no
// change of its own: it only came or went.
//
// Both results are of one configuration. NaN scores give nil.
func Contributions(before, after *Result, unitBefore, unitAfter int) ([]Contribution, error) {
	tree := after.Tree
	if len(before.Tree.Nodes) != len(tree.Nodes) {
		return nil, fmt.Errorf("contributions of %s: the two periods have different trees", after.Config.Code)
	}
	s := split{tree: tree, method: after.method, x0: column(before, unitBefore), x1: column(after, unitAfter),
		w0: before.Shares(unitBefore), w1: after.Shares(unitAfter), value: make([]float64, len(tree.Nodes)), weight: make([]float64, len(tree.Nodes))}
	return s.contributions()
}

func column(r *Result, unit int) []float64 {
	out := make([]float64, len(r.Tree.Nodes))
	for at := range out {
		out[at] = r.Scores.Columns[at][unit]
	}
	return out
}

// split is a change under way: scores and shares of every node, before and after.
type split struct {
	tree          *Tree
	method        func(at int) aggregate.Method
	x0, x1        []float64
	w0, w1        []float64
	value, weight []float64 // parts that reached each node
}

func (s *split) contributions() ([]Contribution, error) {
	root := s.tree.Root
	if math.IsNaN(s.x0[root]) || math.IsNaN(s.x1[root]) {
		return nil, nil
	}
	if err := s.down(root, 1); err != nil {
		return nil, err
	}
	out := make([]Contribution, len(s.tree.Leaves))
	for j, at := range s.tree.Leaves {
		out[j] = Contribution{Leaf: j, Value: s.value[at], Weight: s.weight[at]}
	}
	return out, nil
}

// down splits a node's change, times a factor, between its children and theirs.
func (s *split) down(at int, factor float64) error {
	method := s.method(at)
	f, _ := aggregate.Transform(method)
	if f == nil {
		return &NotSeparableError{method}
	}
	k := slope(s.x0[at], s.x1[at], f, method)
	level := (f(s.x0[at]) + f(s.x1[at])) / 2
	for _, c := range s.tree.Children[at] {
		x0, x1 := s.x0[c], s.x1[c]
		came, went := math.IsNaN(x0) || s.w0[c] == 0, math.IsNaN(x1) || s.w1[c] == 0
		if came && went {
			continue
		}
		if came {
			x0 = x1
		}
		if went {
			x1 = x0
		}
		weight := factor * k * (s.w1[c] - s.w0[c]) * ((f(x0)+f(x1))/2 - level)
		moved := factor * k * (s.w0[c] + s.w1[c]) / 2 / slope(x0, x1, f, method)
		if err := s.pass(c, weight, moved, came || went); err != nil {
			return err
		}
	}
	return nil
}

// pass gives a child its part: the weight's by its leaves' shares, the value's by what moved below.
func (s *split) pass(c int, weight, moved float64, cameOrWent bool) error {
	if len(s.tree.Children[c]) == 0 {
		if !cameOrWent {
			s.value[c] += moved * (s.x1[c] - s.x0[c])
		}
		s.weight[c] += weight
		return nil
	}
	s.spread(c, weight)
	if cameOrWent {
		return nil
	}
	return s.down(c, moved)
}

// spread shares a part among the leaves below a node by their shares in it.
func (s *split) spread(at int, part float64) {
	if len(s.tree.Children[at]) == 0 {
		s.weight[at] += part
		return
	}
	var total float64
	for _, c := range s.tree.Children[at] {
		total += s.w0[c] + s.w1[c]
	}
	for _, c := range s.tree.Children[at] {
		if w := s.w0[c] + s.w1[c]; w > 0 {
			s.spread(c, part*w/total)
		}
	}
}

// slope is Δx/Δf(x), and its limit where nothing moved.
func slope(x0, x1 float64, f func(float64) float64, method aggregate.Method) float64 {
	if d := f(x1) - f(x0); math.Abs(d) > 1e-12*max(1e-12, math.Abs(f(x0))) {
		return (x1 - x0) / d
	}
	switch method {
	case aggregate.Geometric:
		return x1
	case aggregate.Harmonic:
		return -x1 * x1
	}
	return 1
}
