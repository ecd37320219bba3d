package index

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/jiceng/jiceng/queries/index/aggregate"
)

// Text is a text in the two languages.
type Text struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

// In returns the text in a language, "zh" or "en".
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// Config is one index, as its file describes it.
type Config struct {
	Code      string             `yaml:"code"`
	Kind      string             `yaml:"kind"` // index, or score: an office's weighted score
	Name      Text               `yaml:"name"`
	About     Text               `yaml:"about"`
	Scale     []float64          `yaml:"scale,flow"` // normalised values run from … to …
	Estimate  string             `yaml:"estimate"`   // value, or smoothed: drawn towards the mean of its level where an area is small
	Impute    ImputeMethod       `yaml:"impute"`
	Treat     TreatRule          `yaml:"treat"`
	Normalise NormaliseMethod    `yaml:"normalise"`
	Weights   WeightMethod       `yaml:"weights"`
	Aggregate []aggregate.Method `yaml:"aggregate,flow"` // from the lowest level up; the last goes on to the top
	Minimum   Minimum            `yaml:"minimum"`
	Areas     []Span             `yaml:"areas"`                 // what it is computed for
	Grades    []Grade            `yaml:"grades,omitempty"`      // best first
	Uncertain *Uncertainty       `yaml:"uncertainty,omitempty"` // nil: no simulation
	Tree      Node               `yaml:"tree"`
}

// Minimum is how much must be known for a score to be given.
type Minimum struct {
	Children float64 `yaml:"children"` // share of a node's weight that a unit must have, of what the place measures at all
	Coverage float64 `yaml:"coverage"` // share of the whole tree's weight that the place must measure
}

// Span is a geo level and the kinds of periods an index is computed for there.
type Span struct {
	Level   string   `yaml:"level"`
	Periods []string `yaml:"periods,flow"`
}

// Grade is a mark for scores from a bound up.
type Grade struct {
	Mark    string  `yaml:"mark"`
	AtLeast float64 `yaml:"at_least"`
}

// Node is the index itself, a dimension of it, or (without children) an indicator.
type Node struct {
	Code      string      `yaml:"code"`
	Name      Text        `yaml:"name,omitempty"` // an indicator's is in the catalogue
	Weight    float64     `yaml:"weight,omitempty"`
	Direction string      `yaml:"direction,omitempty"`      // up or down
	Goalposts []float64   `yaml:"goalposts,omitempty,flow"` // worst and best, as values of the indicator: [low, high], whatever the direction
	Target    *float64    `yaml:"target,omitempty"`
	Of        string      `yaml:"of,omitempty"`        // value (default), numerator or denominator of the indicator
	Indicator string      `yaml:"indicator,omitempty"` // catalogue code, where it differs from code
	Optional  bool        `yaml:"optional,omitempty"`  // the catalogue may not have it
	Steps     []Step      `yaml:"steps,omitempty"`     // scores by thresholds instead of a normalisation
	Pairwise  [][]float64 `yaml:"pairwise,omitempty,flow"`
	Children  []Node      `yaml:"children,omitempty"`
}

// Step is the score of values from a bound up.
type Step struct {
	AtLeast float64 `yaml:"at_least"`
	Score   float64 `yaml:"score"`
}

// Source is the catalogue code of the indicator a leaf reads.
func (n Node) Source() string {
	if n.Indicator != "" {
		return n.Indicator
	}
	return n.Code
}

// WeightMethod is where weights come from.
type WeightMethod string

// The ways to weigh. The last three weigh the leaves by what the data tell, and a node by the sum of its leaves.
const (
	WeightsGiven   WeightMethod = "given" // the file's weights
	WeightsEqual   WeightMethod = "equal" // among siblings
	WeightsAHP     WeightMethod = "ahp"   // each node's pairwise matrix; given where it has none
	WeightsEntropy WeightMethod = "entropy"
	WeightsCRITIC  WeightMethod = "critic"
	WeightsPCA     WeightMethod = "pca"
)

// Read reads a configuration and checks it.
func Read(text []byte) (Config, error) {
	c := Config{Kind: "index", Scale: []float64{0, 100}, Estimate: "value", Impute: ImputeNone, Weights: WeightsGiven}
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict()); err != nil {
		return c, fmt.Errorf("index configuration: %s", yaml.FormatError(err, false, true))
	}
	if err := c.Check(); err != nil {
		return c, fmt.Errorf("index configuration %s: %w", c.Code, err)
	}
	return c, nil
}

// YAML writes the configuration as a file that Read reads.
func (c Config) YAML() ([]byte, error) { return yaml.MarshalWithOptions(c, yaml.Indent(2)) }

// Check says what is wrong with a configuration, all of it at once.
func (c Config) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	one := func(field, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			bad("%s is %q, not one of %s", field, value, strings.Join(allowed, ", "))
		}
	}
	if c.Code == "" || c.Name.Zh == "" || c.Name.En == "" {
		bad("code and name (zh and en) must be given")
	}
	one("kind", c.Kind, "index", "score")
	one("estimate", c.Estimate, "value", "smoothed")
	one("impute", string(c.Impute), string(ImputeNone), string(ImputeGroupMean))
	one("treat.rule", string(c.Treat.Rule), "", string(TreatNone), string(TreatSkew))
	one("normalise", string(c.Normalise), string(Goalposts), string(MinMax), string(ZScore), string(Rank), string(Percentile), string(Target))
	one("weights", string(c.Weights), string(WeightsGiven), string(WeightsEqual), string(WeightsAHP), string(WeightsEntropy), string(WeightsCRITIC), string(WeightsPCA))
	if len(c.Scale) != 2 || c.Scale[0] >= c.Scale[1] {
		bad("scale must be two rising numbers")
	}
	if len(c.Aggregate) == 0 {
		bad("aggregate must name a method")
	}
	for _, m := range c.Aggregate {
		one("aggregate", string(m), "arithmetic", "geometric", "harmonic", "median", "topsis")
		if (m == aggregate.Geometric || m == aggregate.Harmonic) && len(c.Scale) == 2 && c.Scale[0] <= 0 {
			bad("%s needs a scale that starts above 0", m)
		}
	}
	for i := 1; i < len(c.Grades); i++ {
		if c.Grades[i].AtLeast >= c.Grades[i-1].AtLeast {
			bad("grades must fall from the best down")
		}
	}
	for _, s := range c.Areas {
		one("areas.level", s.Level, "district", "subdistrict", "community", "grid")
		for _, p := range s.Periods {
			one("areas.periods", p, "month", "quarter", "year")
		}
	}
	if c.Uncertain != nil {
		if err := c.Uncertain.check(); err != nil {
			errs = append(errs, err)
		}
	}
	tree, err := NewTree(c.Tree)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	for _, leaf := range tree.LeafNodes() {
		if c.Normalise == Goalposts && len(leaf.Steps) == 0 && (len(leaf.Goalposts) != 2 || leaf.Goalposts[0] >= leaf.Goalposts[1]) {
			bad("indicator %s: goalposts must be two rising numbers", leaf.Code)
		}
		if c.Normalise == Target && len(leaf.Steps) == 0 && leaf.Target == nil {
			bad("indicator %s has no target", leaf.Code)
		}
	}
	return errors.Join(errs...)
}

// GradeOf returns the mark of a score, "" without grades or a score.
func (c Config) GradeOf(score float64) string {
	for _, g := range c.Grades {
		if score >= g.AtLeast {
			return g.Mark
		}
	}
	return ""
}
