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
	var simulation *index.Simulation
	var spread *index.Spread
	if now.Config.Uncertain != nil {
		u := *now.Config.Uncertain
		if len(now.Units) > manyAreas {
			u.Draws = min(u.Draws, manyDraws)
		}
		draws = u.Draws
		if simulation, err = now.Simulation(u, now.errors); err != nil {
			return err
		}
		s := simulation.Spread(seed)
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
	steps := newSteps(k, now)
	for i := range now.Units {
		if !now.any(i) {
			continue
		}
		n.storeValue(k, now, before, spread, i, ranks, ranksBefore, ranked)
		if err := steps.add(before, i); err != nil {
			return err
		}
	}
	n.steps = steps.rows
	n.inputs = append(n.inputs, row{k.index, k.level, k.kind, k.period, print, int32(ranked), now.Coverage, int32(draws)})
	if ranked >= fewest {
		n.storeAudit(k, now)
		n.storeSensitivity(k, now, simulation, ranked)
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

// steps makes the rows of index_step, by far the most. What they have in common is put
// into an interface once, and what is missing is null at once.
type steps struct {
	now                        *built
	rows                       []row
	index, level, kind, period any
	nodes                      []any // codes
	room                       []any // for rows to come
}

const stepColumns = 16

func newSteps(k key, now *built) *steps {
	s := &steps{now: now, index: k.index, level: k.level, kind: k.kind, period: k.period}
	for _, node := range now.Tree.Nodes {
		s.nodes = append(s.nodes, node.Code)
	}
	return s
}

// row is a new one whose numbers are all null.
func (s *steps) row(unit any, at int) row {
	if len(s.room) < stepColumns {
		s.room = make([]any, 256*stepColumns)
	}
	r := row(s.room[:stepColumns:stepColumns])
	s.room = s.room[stepColumns:]
	r[0], r[1], r[2], r[3], r[4], r[5] = s.index, s.level, unit, s.kind, s.period, s.nodes[at]
	s.rows = append(s.rows, r)
	return r
}

// set sets a number unless it is missing.
func (r row) set(column int, x float64) {
	if x == x { // not NaN
		r[column] = x
	}
}

// setLike sets a number that is often the same as another column's, whose interface it
// then shares.
func (r row) setLike(column int, x float64, other int) {
	if y, ok := r[other].(float64); ok && math.Float64bits(x) == math.Float64bits(y) {
		r[column] = r[other]
		return
	}
	r.set(column, x)
}

// add adds the rows of one unit.
func (s *steps) add(before *built, i int) error {
	now := s.now
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
	unit := any(now.Units[i])
	leaf := -1
	for at := range now.Tree.Nodes {
		isLeaf := len(now.Tree.Children[at]) == 0
		if isLeaf {
			leaf++
			// An indicator that was here before and is not now still moved the index.
			if moved := parts[leaf].Weight; math.IsNaN(now.Raw.Columns[leaf][i]) && (moved == 0 || math.IsNaN(moved)) {
				continue
			}
		}
		r := s.row(unit, at)
		r.set(11, now.Scores.Columns[at][i])
		r.set(12, shares[at])
		if !isLeaf {
			continue
		}
		j := leaf
		r.set(6, now.Raw.Columns[j][i])
		if e := now.errors[j][i]; e > 0 {
			r.set(7, e)
		}
		r.setLike(8, now.Imputed.Columns[j][i], 6)
		r.setLike(9, now.Treated.Columns[j][i], 8)
		r.setLike(10, now.Normalised.Columns[j][i], 11)
		r.set(13, obstacles[j])
		r.set(14, parts[j].Value)
		r.set(15, parts[j].Weight)
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

func (n *sheet) storeSensitivity(k key, now *built, simulation *index.Simulation, ranked int) {
	if simulation == nil || now.Config.Kind != "index" || ranked > manyAreas || k.kind == "month" {
		return
	}
	for _, f := range simulation.Sensitivity(sensitivityPoints, seed) {
		n.senses = append(n.senses, row{k.index, k.level, k.kind, k.period, f.Name, f.First, f.Total})
	}
}
