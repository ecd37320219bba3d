// Package index builds composite indices the way the OECD/JRC Handbook on
// Constructing Composite Indicators (2008) lays it out, every step a visible
// choice in a configuration file and every step's result kept by name:
//
//	raw → imputed → treated → normalised → weighed → aggregated
//
// A Config says what the tree is (index → dimensions → indicators) and which
// choice is taken at each step; Build takes it through the steps for the units
// of one table. What is built is then looked at from outside: Audit (do the
// indicators hang together), Simulate (how far does the rank depend on the
// choices), Sensitivity (on which), Contributions (why did the score move),
// Obstacles (what holds it back) and Coupling (do two indices go together).
//
// Missing is NaN everywhere and never counts as 0.
package index

import (
	"fmt"
	"math"

	"github.com/jiceng/jiceng/queries/index/weigh"
)

// Result is an index with every step that led to it. Columns of the leaves'
// tables follow Tree.Leaves; those of Scores follow Tree.Nodes.
type Result struct {
	Config     Config
	Tree       *Tree
	Units      []string
	Raw        Table       // values as given
	Imputed    Table       // gaps filled, if the configuration says so
	Treated    Table       // outliers drawn in
	Normalised Table       // on the configured scale, higher is better
	Scores     Table       // of every node; a leaf's is its normalised value
	Treatments []Treatment // what was done to each leaf
	Weights    []float64   // of every node among its siblings, summing to 1
	Present    []bool      // of every leaf: whether any unit has a value
	Coverage   float64     // weight of the present leaves in the whole tree, 0–1
}

// Build takes a table (one column a leaf, in the order of the tree's leaves)
// through the steps of the configuration. Groups, one a unit, are what
// group_mean imputes within; nil puts all units into one.
func Build(cfg Config, raw Table, groups []string) (*Result, error) {
	tree, err := NewTree(cfg.Tree)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", cfg.Code, err)
	}
	if len(raw.Columns) != len(tree.Leaves) {
		return nil, fmt.Errorf("index %s: the table has %d columns for %d indicators", cfg.Code, len(raw.Columns), len(tree.Leaves))
	}
	r := &Result{Config: cfg, Tree: tree, Units: raw.Units, Raw: raw}
	r.Imputed = Impute(raw, cfg.Impute, groups)
	r.Treated, r.Treatments = Treat(r.Imputed, cfg.Treat)
	if r.Normalised, err = Normalise(r.Treated, r.Treatments, tree.LeafNodes(), cfg.Normalise, cfg.Scale); err != nil {
		return nil, fmt.Errorf("index %s: %w", cfg.Code, err)
	}
	r.present()
	if r.Weights, err = r.weights(cfg.Weights); err != nil {
		return nil, fmt.Errorf("index %s: %w", cfg.Code, err)
	}
	if err := r.aggregate(); err != nil {
		return nil, fmt.Errorf("index %s: %w", cfg.Code, err)
	}
	return r, nil
}

// Score returns the index of every unit.
func (r *Result) Score() []float64 { return r.Scores.Columns[r.Tree.Root] }

// present notes which leaves have data at all in this table, and how much of the tree that is.
func (r *Result) present() {
	global := r.Tree.global(r.Tree.given())
	r.Present = make([]bool, len(r.Tree.Leaves))
	for j, column := range r.Raw.Columns {
		for _, x := range column {
			if !math.IsNaN(x) {
				r.Present[j] = true
				r.Coverage += global[r.Tree.Leaves[j]]
				break
			}
		}
	}
}

// weights gives every node's weight among its siblings by one method.
func (r *Result) weights(method WeightMethod) ([]float64, error) {
	switch method {
	case WeightsGiven, "":
		return r.Tree.given(), nil
	case WeightsEqual:
		return r.Tree.equal(), nil
	case WeightsAHP:
		return r.Tree.ahp()
	}
	data := map[WeightMethod]func([][]float64) ([]float64, error){
		WeightsEntropy: weigh.Entropy, WeightsCRITIC: weigh.CRITIC, WeightsPCA: weigh.PCA}[method]
	if data == nil {
		return nil, fmt.Errorf("weights: there is no method %q", method)
	}
	columns := r.Normalised.Columns
	if method == WeightsEntropy {
		columns = fromZero(columns)
	}
	w, err := data(columns)
	if err != nil {
		return nil, fmt.Errorf("%s weights: %w", method, err)
	}
	return r.Tree.fromLeaves(w), nil
}

// fromZero maps every column to 0–1 by its least and largest value: entropy
// takes shares, which need a natural zero that z-scores and scales from 1 lack.
func fromZero(columns [][]float64) [][]float64 {
	out := make([][]float64, len(columns))
	for j, column := range columns {
		low, high := bounds(column)
		out[j] = make([]float64, len(column))
		for i, x := range column {
			out[j][i] = x
			if high > low {
				out[j][i] = (x - low) / (high - low)
			}
		}
	}
	return out
}
