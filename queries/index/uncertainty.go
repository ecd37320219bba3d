package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/jiceng/jiceng/queries/index/aggregate"
	"github.com/jiceng/jiceng/queries/index/sobol"
)

// Uncertainty lists what might as well have been chosen. A step left out keeps
// the index's own choice.
type Uncertainty struct {
	Draws      int                `yaml:"draws"`
	Treatments []TreatMethod      `yaml:"treatments,omitempty,flow"`
	Normalise  []NormaliseMethod  `yaml:"normalise,omitempty,flow"`
	Weights    []WeightMethod     `yaml:"weights,omitempty,flow"`
	WeightsBy  float64            `yaml:"weights_by,omitempty"`     // each weight times a number drawn from 1 − this to 1 + this
	Aggregate  []aggregate.Method `yaml:"aggregate,omitempty,flow"` // of the topmost level
	Sampling   bool               `yaml:"sampling,omitempty"`       // whether values are drawn from their sampling errors
}

func (u *Uncertainty) check() error {
	switch {
	case u.Draws < 1 || u.Draws > 100000:
		return fmt.Errorf("uncertainty.draws is %d, not from 1 to 100000", u.Draws)
	case u.WeightsBy < 0 || u.WeightsBy >= 1:
		return fmt.Errorf("uncertainty.weights_by is %v, not from 0 to below 1", u.WeightsBy)
	}
	return nil
}

// The factors that a simulation varies, in the order in which Sensitivity reports them.
const (
	FactorTreatment = "treatment"
	FactorNormalise = "normalise"
	FactorWeights   = "weights"    // which method
	FactorWeightsBy = "weights_by" // the weights' own spread
	FactorAggregate = "aggregate"
	FactorSampling  = "sampling"
)

var factors = []string{FactorTreatment, FactorNormalise, FactorWeights, FactorWeightsBy, FactorAggregate, FactorSampling}

// Spread is what the choices leave open about each unit, as intervals that hold
// 90 % of the draws. Units without a score have rank 0 and a NaN score.
type Spread struct {
	RankLow, RankMedian, RankHigh []int     // 1 is best
	ScoreLow, ScoreHigh           []float64 // over the draws with the index's own normalisation: other scales do not compare
	Draws                         int
}

// Factor is how much one choice matters for the ranks.
type Factor struct {
	Name         string
	First, Total float64 // Sobol's indices of the mean absolute rank shift
}

// IntervalShare is the share of draws inside a rank interval.
const IntervalShare = 0.9

// Simulate draws the choices of the configuration again and again and says
// where each unit's rank and score end up. Errors are the standard errors of
// the raw values (columns as the leaves, nil: none). The same seed gives the
// same answer whatever the number of processors.
func (r *Result) Simulate(u Uncertainty, errors [][]float64, seed uint64) (Spread, error) {
	s, err := r.Simulation(u, errors)
	if err != nil {
		return Spread{}, err
	}
	return s.Spread(seed), nil
}

// Spread is what Simulate says.
func (s *Simulation) Spread(seed uint64) Spread {
	units, draws := len(s.r.Units), s.u.Draws
	ranks := make([]uint32, draws*units) // unit by unit within a draw
	var scores []float32                 // of the draws on the index's own scale, likewise
	var mu sync.Mutex
	workers := min(runtime.GOMAXPROCS(0), draws)
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			var own []float32
			d := s.newDraw()
			source := rand.NewPCG(0, 0)
			random := rand.New(source)
			for k := worker; k < draws; k += workers {
				source.Seed(seed, uint64(k))
				for f := range d.u {
					d.u[f] = random.Float64()
				}
				d.run()
				d.rank()
				for i, rank := range d.ranks {
					ranks[k*units+i] = uint32(rank)
				}
				if d.sameScale() {
					for _, x := range d.scores[s.r.Tree.Root] {
						own = append(own, float32(x))
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			scores = append(scores, own...)
		})
	}
	group.Wait()
	return s.r.spread(ranks, scores, draws)
}

func (r *Result) spread(ranks []uint32, scores []float32, draws int) Spread {
	units := len(r.Units)
	s := Spread{RankLow: make([]int, units), RankMedian: make([]int, units), RankHigh: make([]int, units),
		ScoreLow: make([]float64, units), ScoreHigh: make([]float64, units), Draws: draws}
	tail := (1 - IntervalShare) / 2
	counts := make([]uint32, units+1) // draws by rank
	var own [atOnce][]uint32
	var column [atOnce][]float32
	for i, score := range r.Score() {
		if i%atOnce == 0 {
			gather(&own, ranks, units, i)
			gather(&column, scores, units, i)
		}
		s.ScoreLow[i], s.ScoreHigh[i] = math.NaN(), math.NaN()
		if math.IsNaN(score) {
			continue
		}
		clear(counts)
		for _, rank := range own[i%atOnce] {
			counts[rank]++
		}
		s.RankLow[i], s.RankMedian[i], s.RankHigh[i] = rankAt(counts, tail), rankAt(counts, 0.5), rankAt(counts, 1-tail)
		if of := column[i%atOnce]; len(of) > 0 {
			slices.Sort(of)
			s.ScoreLow[i] = float64(of[int(tail*float64(len(of)-1)+0.5)])
			s.ScoreHigh[i] = float64(of[int((1-tail)*float64(len(of)-1)+0.5)])
		}
	}
	return s
}

// atOnce is for how many units draws are gathered at once: as many as lie side by side in
// what a processor fetches.
const atOnce = 16

// gather turns the draws of some units, which lie a draw apart, into a list for each.
func gather[T uint32 | float32](to *[atOnce][]T, draws []T, units, first int) {
	some := min(atOnce, units-first)
	for k := range to {
		to[k] = to[k][:0]
	}
	for at := first; at < len(draws); at += units {
		for k, x := range draws[at : at+some] {
			to[k] = append(to[k], x)
		}
	}
}

// rankAt is the smallest rank that at least this share of the draws reaches.
func rankAt(counts []uint32, share float64) int {
	var total, sum uint64
	for _, n := range counts[1:] {
		total += uint64(n)
	}
	for rank, n := range counts[1:] {
		sum += uint64(n)
		if sum > 0 && float64(sum) >= share*float64(total)-1e-9 {
			return rank + 1
		}
	}
	return 0
}

// Sensitivity says which of the choices matter for the ranks: Sobol's indices
// of the mean absolute rank shift from the index as configured, from
// n·(factors + 2) evaluations. A choice with one option is left out.
func (r *Result) Sensitivity(u Uncertainty, errors [][]float64, n int, seed uint64) ([]Factor, error) {
	s, err := r.Simulation(u, errors)
	if err != nil {
		return nil, err
	}
	return s.Sensitivity(n, seed), nil
}

// Sensitivity is what the Result's says.
func (s *Simulation) Sensitivity(n int, seed uint64) []Factor {
	var active []int
	for f, name := range factors {
		if s.open(name) {
			active = append(active, f)
		}
	}
	if len(active) == 0 {
		return nil
	}
	base := Ranks(s.r.Score())
	d := s.newDraw()
	indices := sobol.Analyse(len(active), n, seed, func(u []float64) float64 {
		for k, f := range active {
			d.u[f] = u[k]
		}
		d.run()
		d.rank()
		var shift, ranked float64
		for i, rank := range d.ranks {
			if rank > 0 {
				shift += math.Abs(float64(rank - base[i]))
				ranked++
			}
		}
		return shift / max(ranked, 1)
	})
	out := make([]Factor, len(active))
	for k, f := range active {
		out[k] = Factor{factors[f], indices[k].First, indices[k].Total}
	}
	return out
}

// Simulation holds everything that draws have in common, worked out once.
type Simulation struct {
	r          *Result
	u          Uncertainty
	treatments []treated
	methods    []aggregate.Method // of the topmost level
	sampling   bool
	normal     []float64 // a pool of standard normal numbers
}

// treated is one way to treat outliers, with all normalisations on top of it.
type treated struct {
	columns [][]float64
	errors  [][]float64
	scales  []scaled
}

// scaled is one normalisation: a function a leaf, and the weights by each method.
type scaled struct {
	method  NormaliseMethod
	leaves  []leafScale
	values  [][]float64 // without sampling errors
	weights [][]float64
}

// Simulation prepares what Simulate and Sensitivity, whose arguments it takes, both need.
func (r *Result) Simulation(u Uncertainty, errs [][]float64) (*Simulation, error) {
	s := &Simulation{r: r, u: u, methods: u.Aggregate, sampling: u.Sampling && errs != nil}
	if len(u.Treatments) == 0 {
		u.Treatments = []TreatMethod{r.Config.Treat.Rule}
	}
	if len(u.Normalise) == 0 {
		u.Normalise = []NormaliseMethod{r.Config.Normalise}
	}
	if len(u.Weights) == 0 {
		u.Weights = []WeightMethod{r.Config.Weights}
	}
	if len(s.methods) == 0 {
		s.methods = []aggregate.Method{r.method(r.Tree.Root)}
	}
	for _, m := range s.methods {
		if (m == aggregate.Geometric || m == aggregate.Harmonic) && r.Config.Scale[0] <= 0 {
			return nil, fmt.Errorf("simulate: %s needs a scale that starts above 0", m)
		}
	}
	untouched := -1 // position of a treatment that found nothing to treat
	for _, method := range u.Treatments {
		table, done := Treat(r.Imputed, r.ruleOf(method))
		nothing := !slices.ContainsFunc(done, func(t Treatment) bool { return t.Done != "" })
		if nothing && untouched >= 0 {
			s.treatments = append(s.treatments, s.treatments[untouched])
			continue
		}
		t, err := r.treated(table, done, u, errs)
		if err != nil {
			return nil, err
		}
		if nothing {
			untouched = len(s.treatments)
		}
		s.treatments = append(s.treatments, t)
	}
	if s.sampling {
		s.normal = normals()
	}
	return s, nil
}

// normals is the same pool for all.
var normals = sync.OnceValue(func() []float64 {
	random := rand.New(rand.NewPCG(1, 2))
	pool := make([]float64, 1<<14)
	for i := range pool {
		pool[i] = random.NormFloat64()
	}
	return pool
})

// ruleOf is the configuration's rule with another method.
func (r *Result) ruleOf(method TreatMethod) TreatRule {
	rule := r.Config.Treat
	if method == TreatSkew && rule.Skew == 0 {
		rule = DefaultTreat()
	}
	rule.Rule = method
	return rule
}

func (r *Result) treated(table Table, done []Treatment, u Uncertainty, errs [][]float64) (treated, error) {
	t := treated{columns: table.Columns}
	if errs != nil {
		t.errors = make([][]float64, len(errs))
		for j := range errs {
			t.errors[j] = slices.Clone(errs[j])
			if done[j].Done == "log" {
				low, high := bounds(r.Imputed.Columns[j])
				for i, x := range r.Imputed.Columns[j] {
					t.errors[j][i] /= x - low + (high-low)/100
				}
			}
		}
	}
	for _, method := range u.Normalise {
		n, err := r.scaledBy(method, table, done, u)
		if err != nil {
			return t, err
		}
		t.scales = append(t.scales, n)
	}
	return t, nil
}

func (r *Result) scaledBy(method NormaliseMethod, table Table, done []Treatment, u Uncertainty) (scaled, error) {
	n := scaled{method: method, leaves: make([]leafScale, len(table.Columns))}
	alternative := *r
	alternative.Normalised = table.like()
	for j, leaf := range r.Tree.LeafNodes() {
		scale, err := newLeafScale(table.Columns[j], leaf, method.after(done[j]), r.Config.Scale)
		if err != nil {
			return n, err
		}
		n.leaves[j] = scale
		for i, x := range table.Columns[j] {
			alternative.Normalised.Columns[j][i] = scale.of(x)
		}
	}
	n.values = alternative.Normalised.Columns
	for _, method := range u.Weights {
		w, err := alternative.weights(method)
		if err != nil {
			// Data that carry no information have no weights: the file's stand in.
			w = r.Tree.given()
		}
		n.weights = append(n.weights, w)
	}
	return n, nil
}

// open says whether a factor has more than one option.
func (s *Simulation) open(factor string) bool {
	t := s.treatments[0]
	switch factor {
	case FactorTreatment:
		return len(s.treatments) > 1
	case FactorNormalise:
		return len(t.scales) > 1
	case FactorWeights:
		return len(t.scales[0].weights) > 1
	case FactorWeightsBy:
		return s.u.WeightsBy > 0
	case FactorAggregate:
		return len(s.methods) > 1
	case FactorSampling:
		return s.sampling
	}
	return false
}

// draw is one worker's workspace: u picks the options, run and rank fill the rest.
type draw struct {
	s       *Simulation
	u       []float64
	scores  [][]float64 // by node and unit
	sum     []float64
	has     []float64
	weights []float64
	order   []int // units, the best first
	ranks   []int
	part    []int // of each unit, see rank
	start   []int
	scale   *scaled
}

func (s *Simulation) newDraw() *draw {
	units := len(s.r.Units)
	d := &draw{s: s, u: make([]float64, len(factors)), scores: make([][]float64, len(s.r.Tree.Nodes)), sum: make([]float64, units),
		has: make([]float64, units), weights: make([]float64, len(s.r.Tree.Nodes)), ranks: make([]int, units), part: make([]int, units), start: make([]int, units+1)}
	for at := range d.scores {
		d.scores[at] = make([]float64, units)
	}
	return d
}

func pick[T any](options []T, u float64) *T {
	return &options[min(int(u*float64(len(options))), len(options)-1)]
}

func (d *draw) sameScale() bool { return d.scale.method == d.s.r.Config.Normalise }

// run scores every unit under the options that u picks.
func (d *draw) run() {
	t := pick(d.s.treatments, d.u[0])
	d.scale = pick(t.scales, d.u[1])
	d.pickWeights(*pick(d.scale.weights, d.u[2]))
	d.leaves(t)
	top := *pick(d.s.methods, d.u[4])
	for at, children := range d.s.r.Tree.Children {
		if len(children) == 0 {
			continue
		}
		method := d.s.r.method(at)
		if at == d.s.r.Tree.Root {
			method = top
		}
		d.join(at, children, method)
	}
}

// pickWeights spreads the weights of siblings by random factors.
func (d *draw) pickWeights(weights []float64) {
	copy(d.weights, weights)
	if d.s.u.WeightsBy == 0 {
		return
	}
	random := rand.New(rand.NewPCG(math.Float64bits(d.u[3]), 3))
	for at := range d.weights {
		d.weights[at] *= 1 + d.s.u.WeightsBy*(2*random.Float64()-1)
	}
}

// leaves normalises the values, drawn from their sampling errors if these are open.
func (d *draw) leaves(t *treated) {
	tree := d.s.r.Tree
	for j, at := range tree.Leaves {
		if !d.s.sampling || t.errors[j] == nil {
			copy(d.scores[at], d.scale.values[j])
			continue
		}
		random := rand.NewPCG(math.Float64bits(d.u[5]), uint64(j)+4)
		offset, stride := random.Uint64(), random.Uint64()|1
		mask := uint64(len(d.s.normal) - 1)
		scale, out, errors, normal := &d.scale.leaves[j], d.scores[at], t.errors[j], d.s.normal
		copy(out, d.scale.values[j])
		for i, x := range t.columns[j] {
			if e := errors[i]; e > 0 && x == x { // not NaN
				out[i] = scale.of(x + e*normal[(offset+uint64(i)*stride)&mask])
			}
		}
	}
}

// join gives a node its scores; which units have one does not depend on the draw.
func (d *draw) join(at int, children []int, method aggregate.Method) {
	out, given := d.scores[at], d.s.r.Scores.Columns[at]
	if method == aggregate.Median || method == aggregate.TOPSIS {
		d.joinSlowly(at, children, method)
		return
	}
	f, back := aggregate.Transform(method)
	floor := d.s.r.Config.Scale[0]
	clear(d.sum)
	clear(d.has)
	for _, c := range children {
		w := d.weights[c]
		for i, x := range d.scores[c] {
			if x != x { // NaN
				continue
			}
			if method != aggregate.Arithmetic {
				x = f(max(x, floor)) // z-scores may fall below the scale
			}
			d.sum[i] += w * x
			d.has[i] += w
		}
	}
	for i := range out {
		switch {
		case given[i] != given[i] || d.has[i] == 0:
			out[i] = math.NaN()
		case method == aggregate.Arithmetic:
			out[i] = d.sum[i] / d.has[i]
		default:
			out[i] = back(d.sum[i] / d.has[i])
		}
	}
}

func (d *draw) joinSlowly(at int, children []int, method aggregate.Method) {
	columns, weights := make([][]float64, len(children)), make([]float64, len(children))
	for k, c := range children {
		columns[k], weights[k] = d.scores[c], d.weights[c]
	}
	var closeness []float64
	if method == aggregate.TOPSIS {
		closeness = aggregate.Closeness(columns, weights, nil)
	}
	scale := d.s.r.Config.Scale
	values := make([]float64, len(children))
	for i := range d.scores[at] {
		x := math.NaN()
		if !math.IsNaN(d.s.r.Scores.Columns[at][i]) {
			if closeness != nil {
				x = scale[0] + (scale[1]-scale[0])*closeness[i]
			} else {
				for k := range children {
					values[k] = columns[k][i]
				}
				x, _ = aggregate.Mean(method, values, weights) // a median has no error
			}
		}
		d.scores[at][i] = x
	}
}

// fewInPart is up to how many units in one part of the range sorting by parts is quick.
const fewInPart = 16

// rank orders the units by score; like Ranks, with its own buffers. The range is cut into
// as many parts as there are units: few lie in the same, so that to put every unit into its
// part nearly sorts them.
func (d *draw) rank() {
	scores := d.scores[d.s.r.Tree.Root]
	low, high := bounds(scores)
	ranked, perPart := 0, float64(len(scores))/(high-low)
	clear(d.start)
	for i, x := range scores {
		d.ranks[i] = 0
		if x != x { // NaN
			continue
		}
		p := 0
		if k := (high - x) * perPart; k >= 1 {
			p = int(min(k, float64(len(scores)-1)))
		}
		d.part[i] = p
		d.start[p+1]++
		ranked++
	}
	most := 0
	for p := 1; p < len(d.start); p++ {
		most = max(most, d.start[p])
		d.start[p] += d.start[p-1]
	}
	d.order = slices.Grow(d.order[:0], ranked)[:ranked]
	for i, x := range scores {
		if x == x {
			p := d.part[i]
			d.order[d.start[p]] = i
			d.start[p]++
		}
	}
	d.sort(scores, most <= fewInPart)
	same := 1e-9 * (high - low)
	for k, i := range d.order {
		d.ranks[i] = k + 1
		if k > 0 && scores[d.order[k-1]]-scores[i] <= same {
			d.ranks[i] = d.ranks[d.order[k-1]]
		}
	}
}

// sort puts the order right: by insertion where it nearly is.
func (d *draw) sort(scores []float64, nearly bool) {
	if !nearly {
		slices.SortFunc(d.order, func(a, b int) int {
			switch {
			case scores[a] > scores[b]:
				return -1
			case scores[a] < scores[b]:
				return 1
			}
			return a - b
		})
		return
	}
	for k := 1; k < len(d.order); k++ {
		i, x, at := d.order[k], scores[d.order[k]], k
		for at > 0 && scores[d.order[at-1]] < x {
			d.order[at] = d.order[at-1]
			at--
		}
		d.order[at] = i
	}
}
