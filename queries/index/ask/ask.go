// Package ask answers what pages ask about the indices of a snapshot. Each
// question is one file under sql/. What is missing is not Valid.
//
// A period's name tells its kind: 2025-11, 2025-Q4, 2025.
package ask

import (
	"context"
	"database/sql"
	"embed"

	"github.com/jiceng/jiceng/queries/ask"
	"github.com/jiceng/jiceng/queries/index"
)

//go:embed sql/*.sql
var files embed.FS

// Index is one index or office score.
type Index struct {
	Code, Kind    string // kind: index or score
	Name, About   index.Text
	Configuration string // YAML, as index.Read reads it
}

// Place is where an area stands in an index: its score (on the configuration's
// scale, 1–100 for the two headline indices), its rank (1 is best) among the
// Ranked areas of its level in the whole district, and the intervals that hold
// 90 % of the simulations. Previous is the period before, of the same kind.
// A district has a score but no rank.
type Place struct {
	Score, ScoreLow, ScoreHigh                  sql.NullFloat64
	Rank, Ranked, RankLow, RankMedian, RankHigh sql.NullInt64
	Grade                                       string // of a score with grades: A to E
	Previous                                    sql.NullFloat64
	PreviousRank                                sql.NullInt64
	Coverage                                    sql.NullFloat64 // share of the whole weight whose indicators have data here
	Flag                                        string          // partial: the period is not over
}

// Change is the score less that of the period before.
func (p Place) Change() sql.NullFloat64 {
	return sql.NullFloat64{Float64: p.Score.Float64 - p.Previous.Float64, Valid: p.Score.Valid && p.Previous.Valid}
}

func (p *Place) fields() []any {
	return []any{&p.Score, &p.ScoreLow, &p.ScoreHigh, &p.Rank, &p.Ranked, &p.RankLow, &p.RankMedian, &p.RankHigh, &p.Grade,
		&p.Previous, &p.PreviousRank, &p.Coverage, &p.Flag}
}

// Score is one area of a level in an index.
type Score struct {
	Code, Name string
	Place
	Dimensions map[string]sql.NullFloat64 // scores by dimension code (E1, F3, …)
}

// Headline is one index of one area.
type Headline struct {
	Index string
	Place
}

// Step is one node of an index's tree with every step's result for one area.
// The steps of an indicator are Raw → Imputed → Treated → Normalised; a
// dimension has only a Score. Share is its weight among the siblings that have
// a value. MovedByValue and MovedByWeight, over all indicators, add up to the
// index's change since the period before.
type Step struct {
	Node, Parent                string
	Height                      int // 0 an indicator
	Name                        index.Text
	Indicator, Direction        string // catalogue code; up or down
	Weight, WeightInWhole       sql.NullFloat64
	Raw, StandardError, Imputed sql.NullFloat64
	Treated, Normalised, Score  sql.NullFloat64
	Share, Obstacle             sql.NullFloat64
	MovedByValue, MovedByWeight sql.NullFloat64
}

// Node is one node of an index's tree, children before parents.
type Node struct {
	Code, Parent          string
	Height                int
	Name                  index.Text
	Indicator             string
	Weight, WeightInWhole float64
}

// Coupled is how far the two headline indices go together in one area; Grade is
// 1 to 10, named by index.CouplingGrades.
type Coupled struct {
	Code, Name                     string
	Coupling, Common, Coordination float64
	Grade                          int
}

// Factor is how much one choice matters for the ranks.
type Factor struct {
	Name         string
	First, Total sql.NullFloat64
}

// Finding is one number about an index's structure; see the comments of index_audit.
type Finding struct {
	Measure, Node, Other string
	Seq                  int
	Value                float64
}

// Indices returns all indices and scores, the two headline ones first.
func Indices(ctx context.Context, db *sql.DB) ([]Index, error) {
	return query(ctx, db, "indices", func(i *Index) []any {
		return []any{&i.Code, &i.Kind, &i.Name.Zh, &i.Name.En, &i.About.Zh, &i.About.En, &i.Configuration}
	})
}

// Scores returns every area of a level below (or equal to) one, best first, with its dimensions.
func Scores(ctx context.Context, db *sql.DB, code, level, period, aboveLevel, aboveCode string) ([]Score, error) {
	scores, err := query(ctx, db, "scores", func(s *Score) []any { return append([]any{&s.Code, &s.Name}, s.fields()...) },
		code, level, period, aboveLevel, aboveCode)
	if err != nil {
		return nil, err
	}
	type part struct {
		code, node string
		score      sql.NullFloat64
	}
	parts, err := query(ctx, db, "dimensions", func(p *part) []any { return []any{&p.code, &p.node, &p.score} }, code, level, period)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i := range scores {
		scores[i].Dimensions = map[string]sql.NullFloat64{}
		at[scores[i].Code] = i
	}
	for _, p := range parts {
		if i, ok := at[p.code]; ok {
			scores[i].Dimensions[p.node] = p.score
		}
	}
	return scores, nil
}

// History is every index of one area in all periods of a kind, the two headline ones first, oldest period first.
type History []Dated

// Dated is where an area stands in one index in one period.
type Dated struct {
	Headline
	Period string
}

// ReadHistory reads where an area stood; kind is month, quarter or year.
func ReadHistory(ctx context.Context, db *sql.DB, level, code, kind string) (History, error) {
	return query(ctx, db, "history", func(d *Dated) []any { return append([]any{&d.Index, &d.Period}, d.fields()...) }, level, code, kind)
}

// Levels returns the geo levels and kinds of period of which there are indices.
func Levels(ctx context.Context, db *sql.DB) ([][2]string, error) {
	return query(ctx, db, "levels", func(l *[2]string) []any { return []any{&l[0], &l[1]} })
}

// Headlines returns every index in one period, the two headline ones first.
func (h History) Headlines(period string) []Headline {
	var all []Headline
	for _, d := range h {
		if d.Period == period {
			all = append(all, d.Headline)
		}
	}
	return all
}

// Series returns one index over the periods up to the last.
func (h History) Series(index, last string) []Dated {
	var all []Dated
	for _, d := range h {
		if d.Index == index && d.Period <= last {
			all = append(all, d)
		}
	}
	return all
}

// Steps returns the tree of one index for one area and period, children before parents.
func Steps(ctx context.Context, db *sql.DB, index, level, code, period string) ([]Step, error) {
	return query(ctx, db, "steps", func(s *Step) []any {
		return []any{&s.Node, &s.Parent, &s.Height, &s.Name.Zh, &s.Name.En, &s.Indicator, &s.Direction, &s.Weight, &s.WeightInWhole,
			&s.Raw, &s.StandardError, &s.Imputed, &s.Treated, &s.Normalised, &s.Score, &s.Share, &s.Obstacle, &s.MovedByValue, &s.MovedByWeight}
	}, index, level, code, period)
}

// Nodes returns the tree of one index.
func Nodes(ctx context.Context, db *sql.DB, index string) ([]Node, error) {
	return query(ctx, db, "nodes", func(n *Node) []any {
		return []any{&n.Code, &n.Parent, &n.Height, &n.Name.Zh, &n.Name.En, &n.Indicator, &n.Weight, &n.WeightInWhole}
	}, index)
}

// Coupling returns how far empowerment and efficiency go together in every area of a level.
func Coupling(ctx context.Context, db *sql.DB, level, period string) ([]Coupled, error) {
	return query(ctx, db, "coupling", func(c *Coupled) []any {
		return []any{&c.Code, &c.Name, &c.Coupling, &c.Common, &c.Coordination, &c.Grade}
	}, level, period)
}

// Sensitivity says which choices matter for the ranks: for quarters and years of subdistricts and communities.
func Sensitivity(ctx context.Context, db *sql.DB, index, level, period string) ([]Factor, error) {
	return query(ctx, db, "sensitivity", func(f *Factor) []any { return []any{&f.Name, &f.First, &f.Total} }, index, level, period)
}

// Audit returns what the data say about an index's structure.
func Audit(ctx context.Context, db *sql.DB, index, level, period string) ([]Finding, error) {
	return query(ctx, db, "audit", func(f *Finding) []any { return []any{&f.Measure, &f.Node, &f.Other, &f.Seq, &f.Value} }, index, level, period)
}

func query[T any](ctx context.Context, db *sql.DB, name string, fields func(*T) []any, args ...any) ([]T, error) {
	return ask.Rows(ctx, db, files, "sql/"+name+".sql", fields, args...)
}
