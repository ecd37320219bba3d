package ask

import (
	"context"
	"database/sql"
	"math"
)

// Efficiency is one area's by data envelopment analysis (docs/indices.md):
// shares of what the best of its level would get from the same inputs. Changes
// are ratios to Previous, the period before, of the same kind.
type Efficiency struct {
	Code, Name                           string
	CCR, BCC, Scale                      sql.NullFloat64
	Returns                              string // increasing: too small; decreasing: too large; constant
	Super                                sql.NullFloat64
	SuperNote                            string          // infeasible, no_output
	Corrected, Low, High                 sql.NullFloat64 // for bias, with its 95 % interval; for 20 areas or more
	Areas                                int             // of its level that were compared, those that a reader may not see among them
	Previous                             string          // "" where there is no change
	Malmquist, CatchingUp, FrontierShift sql.NullFloat64
	PureChange, ScaleChange              sql.NullFloat64 // the two parts of CatchingUp
}

// tiny is what rounding may leave between an efficient area and 1.
const tiny = 1e-6

// Score is the efficiency to judge by: corrected for bias where it could be.
func (e Efficiency) Score() sql.NullFloat64 {
	if e.Corrected.Valid {
		return e.Corrected
	}
	return e.CCR
}

// OnFrontier says that no area or mix of areas gets more of all outputs from the same
// inputs. Some input may still be idle or some output low: see Slack of its parts.
func (e Efficiency) OnFrontier() bool { return e.CCR.Valid && e.CCR.Float64 > 1-tiny }

// EfficiencyPart is one input or output of an area.
type EfficiencyPart struct {
	Code, Name            string // of the area
	Part                  string // workers, training_hours, on_time_closures, satisfied_answers
	IsInput               bool
	Amount, Slack, Target sql.NullFloat64
}

// HasSlack says that this input is idle, or this output low, even where the area is on the frontier.
func (p EfficiencyPart) HasSlack() bool {
	return p.Slack.Valid && p.Slack.Float64 > tiny*math.Max(1, p.Amount.Float64)
}

// Peer is an area that another is measured against. Both are empty where a reader may
// not see it; Weight is missing where it would give a small count away.
type Peer struct {
	Code, Name         string // of the area that is measured
	PeerCode, PeerName string
	Weight             sql.NullFloat64
}

// LeftOut is an area that was not measured: no_workers, no_workers_at_end or no_training.
type LeftOut struct{ Code, Name, Reason string }

// Efficiencies returns every measured area of a level (subdistrict, community) in a quarter or year, best first.
func Efficiencies(ctx context.Context, db *sql.DB, level, period string) ([]Efficiency, error) {
	return query(ctx, db, "efficiency", func(e *Efficiency) []any {
		return []any{&e.Code, &e.Name, &e.CCR, &e.BCC, &e.Scale, &e.Returns, &e.Super, &e.SuperNote, &e.Corrected, &e.Low, &e.High, &e.Areas,
			&e.Previous, &e.Malmquist, &e.CatchingUp, &e.FrontierShift, &e.PureChange, &e.ScaleChange}
	}, level, period)
}

// EfficiencyParts returns the inputs and outputs of every measured area.
func EfficiencyParts(ctx context.Context, db *sql.DB, level, period string) ([]EfficiencyPart, error) {
	return query(ctx, db, "efficiency_parts", func(p *EfficiencyPart) []any {
		return []any{&p.Code, &p.Name, &p.Part, &p.IsInput, &p.Amount, &p.Slack, &p.Target}
	}, level, period)
}

// EfficiencyPeers returns what every measured area is measured against, the largest weight first.
func EfficiencyPeers(ctx context.Context, db *sql.DB, level, period string) ([]Peer, error) {
	return query(ctx, db, "efficiency_peers", func(p *Peer) []any {
		return []any{&p.Code, &p.Name, &p.PeerCode, &p.PeerName, &p.Weight}
	}, level, period)
}

// EfficiencyLeftOut returns the areas of a level that were not measured, and why. A
// snapshot from before this was stored tells of none.
func EfficiencyLeftOut(ctx context.Context, db *sql.DB, level, period string) ([]LeftOut, error) {
	var stored bool
	if err := db.QueryRowContext(ctx, "select count(*) > 0 from information_schema.tables where table_name = 'dea_left_out'").Scan(&stored); err != nil || !stored {
		return nil, err
	}
	return query(ctx, db, "efficiency_left_out", func(l *LeftOut) []any { return []any{&l.Code, &l.Name, &l.Reason} }, level, period)
}
