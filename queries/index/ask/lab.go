package ask

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/jiceng/jiceng/queries/index"
)

// Bench holds the values that entered an index at one level and period, so that
// other choices can be tried on them without reading them again.
type Bench struct {
	Codes, Names, Parents []string    // of the areas
	raw                   index.Table // columns by leaf
	errors                [][]float64
	Shipped               index.Config // as the nightly run computed it
	Nodes                 []Node       // of the shipped tree
	base                  *index.Result
}

// ErrNoIndex says that the snapshot has no such index at that level and period.
var ErrNoIndex = errors.New("no such index here")

// LabRow is one area under other choices.
type LabRow struct {
	Code, Name        string
	Score             float64 // NaN without a score
	Rank              int     // 0 without
	RankLow, RankHigh int     // hold 90 % of the simulations; 0 without
	BaseScore         float64 // as the nightly run has it
	BaseRank          int
	Shift             int // places won (positive) or lost
	Dimensions        []float64
}

// LabResult is an index under other choices.
type LabResult struct {
	Rows       []LabRow  // best first, those without a score last
	Dimensions []string  // codes of the columns of LabRow.Dimensions
	Weights    []float64 // of the tree's nodes, among siblings: what the method gave
	Tree       *index.Tree
	Coverage   float64
	MeanShift  float64 // mean absolute rank shift
	Kendall    float64 // rank correlation (tau-b) with the nightly run's; NaN for fewer than 2 areas
}

// OpenBench reads what one index at one level and period was computed from.
func OpenBench(ctx context.Context, db *sql.DB, code, level, period string) (*Bench, error) {
	indices, err := Indices(ctx, db)
	if err != nil {
		return nil, err
	}
	b := &Bench{}
	for _, i := range indices {
		if i.Code == code {
			if b.Shipped, err = index.Read([]byte(i.Configuration)); err != nil {
				return nil, fmt.Errorf("configuration of %s in the snapshot: %w", code, err)
			}
		}
	}
	if b.Shipped.Code == "" {
		return nil, fmt.Errorf("%w: %s", ErrNoIndex, code)
	}
	if err := b.read(ctx, db, level, period); err != nil {
		return nil, err
	}
	if b.Nodes, err = Nodes(ctx, db, code); err != nil {
		return nil, err
	}
	b.base, err = index.Build(b.Shipped, b.raw, b.Parents)
	return b, err
}

func (b *Bench) read(ctx context.Context, db *sql.DB, level, period string) error {
	type area struct{ code, name, parent string }
	areas, err := query(ctx, db, "lab_areas", func(a *area) []any { return []any{&a.code, &a.name, &a.parent} }, b.Shipped.Code, level, period)
	if err != nil {
		return err
	}
	if len(areas) == 0 {
		return fmt.Errorf("%w: %s of %s in %s", ErrNoIndex, b.Shipped.Code, level, period)
	}
	unit := map[string]int{}
	for i, a := range areas {
		unit[a.code] = i
		b.Codes, b.Names, b.Parents = append(b.Codes, a.code), append(b.Names, a.name), append(b.Parents, a.parent)
	}
	tree, err := index.NewTree(b.Shipped.Tree)
	if err != nil {
		return err
	}
	leaf := map[string]int{}
	var names []string
	for j, node := range tree.LeafNodes() {
		leaf[node.Code] = j
		names = append(names, node.Code)
	}
	b.raw = index.NewTable(b.Codes, names)
	b.errors = make([][]float64, len(names))
	for j := range b.errors {
		b.errors[j] = make([]float64, len(b.Codes))
	}
	type cell struct {
		code, node string
		raw, err   float64
	}
	cells, err := query(ctx, db, "lab", func(c *cell) []any { return []any{&c.code, &c.node, &c.raw, &c.err} }, b.Shipped.Code, level, period)
	if err != nil {
		return err
	}
	for _, c := range cells {
		i, known := unit[c.code]
		j, ok := leaf[c.node]
		if known && ok {
			b.raw.Columns[j][i], b.errors[j][i] = c.raw, c.err
		}
	}
	return nil
}

// Try scores the areas under another configuration (weights, methods and the
// tree may differ; an indicator that the shipped tree lacks has no values) and
// simulates the rank intervals that its uncertainty spans. Draws caps the
// simulation; 0 leaves it out.
func (b *Bench) Try(cfg index.Config, draws int) (LabResult, error) {
	raw, errors, err := b.columns(cfg)
	if err != nil {
		return LabResult{}, err
	}
	r, err := index.Build(cfg, raw, b.Parents)
	if err != nil {
		return LabResult{}, err
	}
	out := LabResult{Weights: r.Weights, Tree: r.Tree, Coverage: r.Coverage}
	spread := index.Spread{RankLow: make([]int, len(b.Codes)), RankHigh: make([]int, len(b.Codes))}
	if cfg.Uncertain != nil && draws > 0 {
		u := *cfg.Uncertain
		u.Draws = min(u.Draws, draws)
		if spread, err = r.Simulate(u, errors, 1); err != nil {
			return out, err
		}
	}
	var dimensions []int
	for at, children := range r.Tree.Children {
		if len(children) > 0 && at != r.Tree.Root {
			dimensions = append(dimensions, at)
			out.Dimensions = append(out.Dimensions, r.Tree.Nodes[at].Code)
		}
	}
	ranks, baseRanks := index.Ranks(r.Score()), index.Ranks(b.base.Score())
	var shifts, both float64
	for i, code := range b.Codes {
		row := LabRow{Code: code, Name: b.Names[i], Score: r.Score()[i], Rank: ranks[i], RankLow: spread.RankLow[i], RankHigh: spread.RankHigh[i],
			BaseScore: b.base.Score()[i], BaseRank: baseRanks[i]}
		if row.Rank > 0 && row.BaseRank > 0 {
			row.Shift = row.BaseRank - row.Rank
			shifts += math.Abs(float64(row.Shift))
			both++
		}
		for _, at := range dimensions {
			row.Dimensions = append(row.Dimensions, r.Scores.Columns[at][i])
		}
		out.Rows = append(out.Rows, row)
	}
	out.MeanShift = shifts / max(both, 1)
	out.Kendall = kendall(ranks, baseRanks)
	sortRows(out.Rows)
	return out, nil
}

// columns picks the values of a configuration's leaves.
func (b *Bench) columns(cfg index.Config) (index.Table, [][]float64, error) {
	tree, err := index.NewTree(cfg.Tree)
	if err != nil {
		return index.Table{}, nil, err
	}
	at := map[string]int{}
	for j, name := range b.raw.Names {
		at[name] = j
	}
	var names []string
	for _, leaf := range tree.LeafNodes() {
		names = append(names, leaf.Code)
	}
	raw, errors := index.NewTable(b.Codes, names), make([][]float64, len(names))
	for j, name := range names {
		errors[j] = make([]float64, len(b.Codes))
		if k, ok := at[name]; ok {
			raw.Columns[j], errors[j] = b.raw.Columns[k], b.errors[k]
		}
	}
	return raw, errors, nil
}

// Known says which of the shipped tree's indicators have a value in any area.
func (b *Bench) Known() map[string]bool {
	known := map[string]bool{}
	for j, name := range b.raw.Names {
		known[name] = b.base.Present[j]
	}
	return known
}
