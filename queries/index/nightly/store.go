package nightly

import (
	"errors"
	"math"

	"github.com/jiceng/jiceng/queries/index"
)

const (
	// fewest areas for which ranks, audits and simulations say something
	fewest = 3
	// manyAreas are simulated manyDraws times at most: their intervals are wide beside what more draws would add
	manyAreas = 400
	manyDraws = 150
	// sensitivityPoints of Sobol's design; only for the indices, in quarters and years of levels with fewer than manyAreas
	sensitivityPoints = 128
)

// sheet is what is computed and not yet written.
type sheet struct {
	fresh  []key
	values []row
	steps  []row
	audits []row
	senses []row
	inputs []row
}

// add takes over another sheet's rows.
func (n *sheet) add(other *sheet) {
	n.fresh = append(n.fresh, other.fresh...)
	n.values = append(n.values, other.values...)
	n.steps = append(n.steps, other.steps...)
	n.audits = append(n.audits, other.audits...)
	n.senses = append(n.senses, other.senses...)
	n.inputs = append(n.inputs, other.inputs...)
}

// compute keeps the results of one index, level and period as rows.
func (n *sheet) compute(k key, print string, buildNow, buildBefore func() (*built, error)) error {
	before, err := buildBefore()
	if err != nil {
		return err
	}
	now, err := buildNow()
	if err != nil {
		return err
	}
	n.fresh = append(n.fresh, k)
	draws := 0
	var spread *index.Spread
	if now.Config.Uncertain != nil {
		u := *now.Config.Uncertain
		if len(now.Units) > manyAreas {
			u.Draws = min(u.Draws, manyDraws)
		}
		draws = u.Draws
		s, err := now.Simulate(u, now.errors, seed)
		if err != nil {
			return err
		}
		spread = &s
	}
	ranks := index.Ranks(now.Score())
	ranked := 0
	for _, r := range ranks {
		if r > 0 {
			ranked++
		}
	}
	var ranksBefore []int
	if before != nil {
		ranksBefore = index.Ranks(before.Score())
	}
	for i := range now.Units {
		if !now.any(i) {
			continue
		}
		n.storeValue(k, now, before, spread, i, ranks, ranksBefore, ranked)
		if err := n.storeSteps(k, now, before, i); err != nil {
			return err
		}
	}
	n.inputs = append(n.inputs, row{k.index, k.level, k.kind, k.period, print, int32(ranked), now.Coverage, int32(draws)})
	if ranked >= fewest {
		n.storeAudit(k, now)
		return n.storeSensitivity(k, now, ranked)
	}
	return nil
}

// any says whether a unit has any of the index's indicators.
func (b *built) any(unit int) bool {
	for _, column := range b.Raw.Columns {
		if !math.IsNaN(column[unit]) {
			return true
		}
	}
	return false
}

func (n *sheet) storeValue(k key, now, before *built, spread *index.Spread, i int, ranks, ranksBefore []int, ranked int) {
	score := now.Score()[i]
	low, high := math.NaN(), math.NaN()
	var rank, of, rankLow, rankMedian, rankHigh, previousRank, grade, flag any
	if spread != nil {
		low, high = spread.ScoreLow[i], spread.ScoreHigh[i]
	}
	// One area has no rank: it is first and last at once.
	if ranks[i] > 0 && ranked > 1 {
		rank, of = int32(ranks[i]), int32(ranked)
		if spread != nil {
			rankLow, rankMedian, rankHigh = int32(spread.RankLow[i]), int32(spread.RankMedian[i]), int32(spread.RankHigh[i])
		}
	}
	previous := math.NaN()
	if before != nil {
		previous = before.Score()[i]
		if ranksBefore[i] > 0 && ranked > 1 {
			previousRank = int32(ranksBefore[i])
		}
	}
	if g := now.Config.GradeOf(score); g != "" {
		grade = g
	}
	if now.partial {
		flag = "partial"
	}
	n.values = append(n.values, row{k.index, k.level, now.Units[i], k.kind, k.period, score, low, high, rank, of, rankLow, rankMedian, rankHigh,
		grade, previous, previousRank, now.Coverage, flag})
}

func (n *sheet) storeSteps(k key, now, before *built, i int) error {
	parts := make([]index.Contribution, len(now.Tree.Leaves))
	for j := range parts {
		parts[j] = index.Contribution{Value: math.NaN(), Weight: math.NaN()}
	}
	if before != nil {
		found, err := index.Contributions(before.Result, now.Result, i, i)
		var notSeparable *index.NotSeparableError
		if err != nil && !errors.As(err, &notSeparable) {
			return err
		}
		if found != nil {
			parts = found
		}
	}
	obstacles := make([]float64, len(now.Tree.Leaves))
	for j := range obstacles {
		obstacles[j] = math.NaN()
	}
	for _, o := range now.Obstacles(i) {
		obstacles[o.Leaf] = o.Degree
	}
	shares := now.Shares(i)
	leaf := 0
	none := math.NaN()
	for at, node := range now.Tree.Nodes {
		r := row{k.index, k.level, now.Units[i], k.kind, k.period, node.Code, none, none, none, none, none, now.Scores.Columns[at][i], shares[at], none, none, none}
		if len(now.Tree.Children[at]) == 0 {
			j := leaf
			leaf++
			r[6], r[8], r[9], r[10] = now.Raw.Columns[j][i], now.Imputed.Columns[j][i], now.Treated.Columns[j][i], now.Normalised.Columns[j][i]
			if e := now.errors[j][i]; e > 0 {
				r[7] = e
			}
			r[13], r[14], r[15] = obstacles[j], parts[j].Value, parts[j].Weight
			// An indicator that was here before and is not now still moved the index.
			if math.IsNaN(now.Raw.Columns[j][i]) && !(parts[j].Weight != 0 && !math.IsNaN(parts[j].Weight)) {
				continue
			}
		}
		n.steps = append(n.steps, r)
	}
	return nil
}

func (n *sheet) storeAudit(k key, now *built) {
	add := func(measure string, node, other any, seq int, value float64) {
		if !math.IsNaN(value) {
			n.audits = append(n.audits, row{k.index, k.level, k.kind, k.period, measure, node, other, int32(seq), value})
		}
	}
	a := now.Audit()
	code := func(leaf int) string { return now.Tree.Nodes[now.Tree.Leaves[leaf]].Code }
	for _, p := range a.Pairs {
		measure := "correlation_between"
		if p.Within {
			measure = "correlation_within"
		}
		add(measure, code(p.A), code(p.B), 0, p.R)
	}
	for j, l := range a.Leaves {
		add("weight", code(j), nil, 0, l.Weight)
		add("correlation_index", code(j), nil, 0, l.Index)
		add("correlation_dimension", code(j), nil, 0, l.Dimension)
		add("effective", code(j), nil, 0, l.Effective)
	}
	for _, d := range a.Dimensions {
		node := now.Tree.Nodes[d.Node].Code
		add("alpha", node, nil, 0, d.Alpha)
		if d.Node != now.Tree.Root {
			add("correlation_index", node, nil, 0, d.Index)
		}
		for i, s := range d.Shares {
			add("pca_share", node, nil, i+1, s)
		}
	}
}

func (n *sheet) storeSensitivity(k key, now *built, ranked int) error {
	u := now.Config.Uncertain
	if u == nil || now.Config.Kind != "index" || ranked > manyAreas || k.kind == "month" {
		return nil
	}
	factors, err := now.Sensitivity(*u, now.errors, sensitivityPoints, seed)
	if err != nil {
		return err
	}
	for _, f := range factors {
		n.senses = append(n.senses, row{k.index, k.level, k.kind, k.period, f.Name, f.First, f.Total})
	}
	return nil
}
