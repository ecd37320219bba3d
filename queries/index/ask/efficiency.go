package ask

import (
	"context"
	"database/sql"
)

// Efficiency is one area's by data envelopment analysis (docs/indices.md):
// shares of what the best of its level would get from the same inputs. Changes
// are ratios to the period before, of the same kind.
type Efficiency struct {
	Code, Name                           string
	CCR, BCC, Scale                      sql.NullFloat64
	Returns                              string // increasing: too small; decreasing: too large; constant
	Super                                sql.NullFloat64
	SuperNote                            string          // infeasible, no_output
	Corrected, Low, High                 sql.NullFloat64 // for bias, with its 95 % interval; for 20 areas or more
	Areas                                int
	Malmquist, CatchingUp, FrontierShift sql.NullFloat64
}

// EfficiencyPart is one input or output of an area.
type EfficiencyPart struct {
	Name                  string // workers, training_hours, on_time_closures, satisfied_answers
	IsInput               bool
	Amount, Slack, Target sql.NullFloat64
}

// Peer is an area that another is measured against.
type Peer struct {
	Code, Name string
	Weight     float64
}

// Efficiencies returns every measured area of a level (subdistrict, community) in a quarter or year, best first.
func Efficiencies(ctx context.Context, db *sql.DB, level, period string) ([]Efficiency, error) {
	return query(ctx, db, "efficiency", func(e *Efficiency) []any {
		return []any{&e.Code, &e.Name, &e.CCR, &e.BCC, &e.Scale, &e.Returns, &e.Super, &e.SuperNote, &e.Corrected, &e.Low, &e.High, &e.Areas,
			&e.Malmquist, &e.CatchingUp, &e.FrontierShift}
	}, level, period)
}

// EfficiencyOf returns the inputs and outputs of one area, and its peers.
func EfficiencyOf(ctx context.Context, db *sql.DB, level, code, period string) ([]EfficiencyPart, []Peer, error) {
	parts, err := query(ctx, db, "efficiency_parts", func(p *EfficiencyPart) []any {
		return []any{&p.Name, &p.IsInput, &p.Amount, &p.Slack, &p.Target}
	}, level, code, period)
	if err != nil {
		return nil, nil, err
	}
	peers, err := query(ctx, db, "efficiency_peers", func(p *Peer) []any { return []any{&p.Code, &p.Name, &p.Weight} }, level, code, period)
	return parts, peers, err
}
