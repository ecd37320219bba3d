package index

import (
	"fmt"

	"github.com/jiceng/jiceng/queries/index/weigh"
)

// Tree is a configuration's nodes laid flat, children before parents.
type Tree struct {
	Nodes    []Node
	Parent   []int   // −1 for the root
	Children [][]int // empty for a leaf
	Height   []int   // 0 for a leaf, 1 for what joins leaves, ...
	Leaves   []int   // positions of the leaves, in the file's order
	Root     int
}

// NewTree lays a tree flat and refuses codes that stand twice, weights that are
// not positive, and directions that are neither up nor down.
func NewTree(root Node) (*Tree, error) {
	t := &Tree{}
	seen := map[string]bool{}
	if err := t.add(root, seen); err != nil {
		return nil, err
	}
	t.Root = len(t.Nodes) - 1
	if len(t.Children[t.Root]) == 0 {
		return nil, fmt.Errorf("the tree has no indicators")
	}
	return t, nil
}

func (t *Tree) add(n Node, seen map[string]bool) error {
	if n.Code == "" {
		return fmt.Errorf("a node of the tree has no code")
	}
	if seen[n.Code] {
		return fmt.Errorf("%s stands twice in the tree", n.Code)
	}
	seen[n.Code] = true
	if n.Weight == 0 {
		n.Weight = 1
	}
	if n.Weight < 0 {
		return fmt.Errorf("%s has the weight %v", n.Code, n.Weight)
	}
	if len(n.Children) == 0 && n.Direction == "" && len(n.Steps) > 0 {
		n.Direction = "up"
	}
	if len(n.Children) == 0 && n.Direction != "up" && n.Direction != "down" {
		return fmt.Errorf("indicator %s: direction is %q, not up or down", n.Code, n.Direction)
	}
	var children []int
	height := 0
	for _, c := range n.Children {
		if err := t.add(c, seen); err != nil {
			return err
		}
		child := len(t.Nodes) - 1
		children = append(children, child)
		height = max(height, t.Height[child]+1)
	}
	at := len(t.Nodes)
	t.Nodes = append(t.Nodes, n)
	t.Children = append(t.Children, children)
	t.Height = append(t.Height, height)
	t.Parent = append(t.Parent, -1)
	for _, c := range children {
		t.Parent[c] = at
	}
	if len(children) == 0 {
		t.Leaves = append(t.Leaves, at)
	}
	return nil
}

// LeafNodes returns the leaves, in order.
func (t *Tree) LeafNodes() []Node {
	out := make([]Node, len(t.Leaves))
	for j, at := range t.Leaves {
		out[j] = t.Nodes[at]
	}
	return out
}

// Names returns the codes of all nodes.
func (t *Tree) Names() []string {
	out := make([]string, len(t.Nodes))
	for i, n := range t.Nodes {
		out[i] = n.Code
	}
	return out
}

// Find returns the position of a code, −1 if there is none.
func (t *Tree) Find(code string) int {
	for i, n := range t.Nodes {
		if n.Code == code {
			return i
		}
	}
	return -1
}

// given are the file's weights, scaled to sum to 1 among siblings.
func (t *Tree) given() []float64 {
	return t.shares(func(i int) float64 { return t.Nodes[i].Weight })
}

func (t *Tree) equal() []float64 { return t.shares(func(int) float64 { return 1 }) }

// shares scales some number of each node to sum to 1 among siblings; siblings that are all 0 share alike.
func (t *Tree) shares(of func(int) float64) []float64 {
	w := make([]float64, len(t.Nodes))
	w[t.Root] = 1
	for _, children := range t.Children {
		var total float64
		for _, c := range children {
			total += of(c)
		}
		for _, c := range children {
			if total > 0 {
				w[c] = of(c) / total
			} else {
				w[c] = 1 / float64(len(children))
			}
		}
	}
	return w
}

// fromLeaves gives a node the sum of its leaves' weights.
func (t *Tree) fromLeaves(leaves []float64) []float64 {
	sum := make([]float64, len(t.Nodes))
	for j, at := range t.Leaves {
		sum[at] = leaves[j]
	}
	for i := range t.Nodes { // children stand before parents
		if t.Parent[i] >= 0 {
			sum[t.Parent[i]] += sum[i]
		}
	}
	return t.shares(func(i int) float64 { return sum[i] })
}

// ahp weighs the children of each node by its pairwise matrix; given weights where it has none.
func (t *Tree) ahp() ([]float64, error) {
	w := t.given()
	for i, children := range t.Children {
		if len(t.Nodes[i].Pairwise) == 0 {
			continue
		}
		names := make([]string, len(children))
		for k, c := range children {
			names[k] = t.Nodes[c].Code
		}
		result, err := weigh.AHP(t.Nodes[i].Pairwise, names)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Nodes[i].Code, err)
		}
		for k, c := range children {
			w[c] = result.Weights[k]
		}
	}
	return w, nil
}

// global multiplies weights along the way to the root: a leaf's weight in the whole.
func (t *Tree) global(weights []float64) []float64 {
	w := make([]float64, len(t.Nodes))
	for i := len(t.Nodes) - 1; i >= 0; i-- { // parents before children
		w[i] = weights[i]
		if p := t.Parent[i]; p >= 0 {
			w[i] *= w[p]
		} else {
			w[i] = 1
		}
	}
	return w
}

// TreeWeights gives a configuration's weights before any data: of each node
// among its siblings, and in the whole. Weights that come from the data are the
// file's own here.
func TreeWeights(c Config) (siblings, whole []float64, err error) {
	t, err := NewTree(c.Tree)
	if err != nil {
		return nil, nil, err
	}
	siblings = t.given()
	switch c.Weights {
	case WeightsEqual:
		siblings = t.equal()
	case WeightsAHP:
		if siblings, err = t.ahp(); err != nil {
			return nil, nil, err
		}
	}
	return siblings, t.global(siblings), nil
}
