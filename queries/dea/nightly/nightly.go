// Package nightly measures every quarter and year how much the subdistricts and
// communities of a snapshot get out of their workers and their training, and
// stores it with peers, slacks and changes, the areas that are left out, and as the
// indicators F62 and F63.
package nightly

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"

	"github.com/jiceng/jiceng/queries/dea"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed sql/*.sql
var statements embed.FS

const (
	edition = "1" // goes into the fingerprints: raise it when the same amounts give other results
	draws   = 300 // of the bootstrap
	level   = 0.95
	seed    = 20251101
)

// The amounts, in the order of the columns that amounts.sql gives.
var parts = []string{"workers", "training_hours", "on_time_closures", "satisfied_answers"}

const inputs = 2 // the first of these; the rest are outputs

// group is the areas of one level in one period.
type group struct {
	level, kind, period string
	codes               []string
	amounts             [][]float64 // by part
	partial             bool
}

func (g *group) units() dea.Units {
	return dea.Units{Inputs: g.amounts[:inputs], Outputs: g.amounts[inputs:]}
}

// run is one nightly run under way.
type run struct {
	conn                          *sql.Conn
	values, parts, peers, changes [][]any
	stored, gone, leftOut         [][]any
}

// Run measures every level and period whose amounts are not those of the last
// run, in the database that conn has open for writing, and returns the number of
// areas measured.
func Run(ctx context.Context, conn *sql.Conn) (int64, error) {
	if err := schema.CreateMissing(ctx, conn, "index_meta", "meta/indices.sql"); err != nil {
		return 0, err
	}
	if err := schema.CreateMissing(ctx, conn, "dea_left_out", "meta/efficiency.sql"); err != nil {
		return 0, err
	}
	r := &run{conn: conn}
	groups, err := r.read(ctx)
	if err != nil {
		return 0, err
	}
	known, err := r.known(ctx)
	if err != nil {
		return 0, err
	}
	var before *group
	for _, g := range groups {
		if before != nil && (before.level != g.level || before.kind != g.kind) {
			before = nil
		}
		id := [3]string{g.level, g.kind, g.period}
		if print := fingerprint(g, before); known[id] != print {
			r.gone = append(r.gone, []any{g.level, g.kind, g.period})
			if err := r.measure(g, before, print); err != nil {
				return 0, fmt.Errorf("efficiency of %s in %s: %w", g.level, g.period, err)
			}
		}
		delete(known, id)
		before = g
	}
	for id := range known {
		r.gone = append(r.gone, []any{id[0], id[1], id[2]})
	}
	return int64(len(r.values)), r.write(ctx)
}

// leftOut is why an area is not measured; "" for those that are.
func leftOut(workers, hours sql.NullFloat64, trainingKnown bool) string {
	switch {
	case !workers.Valid || workers.Float64 <= 0:
		return "no_workers"
	case !hours.Valid && trainingKnown:
		return "no_workers_at_end"
	case !hours.Valid:
		return "no_training"
	}
	return ""
}

// read gives the areas with all amounts known and some worker, by level and period,
// and notes the others.
func (r *run) read(ctx context.Context) ([]*group, error) {
	text, err := fs.ReadFile(statements, "sql/amounts.sql")
	if err != nil {
		return nil, err
	}
	rows, err := r.conn.QueryContext(ctx, string(text))
	if err != nil {
		return nil, fmt.Errorf("amounts.sql: %w", err)
	}
	defer rows.Close()
	var groups []*group
	for rows.Next() {
		var g group
		var code string
		var amount [4]sql.NullFloat64
		var trainingKnown bool
		if err := rows.Scan(&g.level, &g.kind, &g.period, &code, &amount[0], &amount[1], &amount[2], &amount[3], &g.partial, &trainingKnown); err != nil {
			return nil, fmt.Errorf("amounts.sql: %w", err)
		}
		if reason := leftOut(amount[0], amount[1], trainingKnown); reason != "" {
			r.leftOut = append(r.leftOut, []any{g.level, code, g.kind, g.period, reason})
			continue
		}
		last := len(groups) - 1
		if last < 0 || groups[last].level != g.level || groups[last].kind != g.kind || groups[last].period != g.period {
			g.amounts = make([][]float64, len(parts))
			groups = append(groups, &g)
			last++
		}
		to := groups[last]
		to.partial = to.partial || g.partial
		to.codes = append(to.codes, code)
		for i, x := range amount {
			to.amounts[i] = append(to.amounts[i], x.Float64)
		}
	}
	return groups, rows.Err()
}

func (r *run) known(ctx context.Context) (map[[3]string]string, error) {
	rows, err := r.conn.QueryContext(ctx, "select geo_level, period_kind, period, fingerprint from index_input where index_code = 'dea'")
	if err != nil {
		return nil, fmt.Errorf("read what efficiency was computed from: %w", err)
	}
	defer rows.Close()
	known := map[[3]string]string{}
	for rows.Next() {
		var id [3]string
		var print string
		if err := rows.Scan(&id[0], &id[1], &id[2], &print); err != nil {
			return nil, fmt.Errorf("read what efficiency was computed from: %w", err)
		}
		known[id] = print
	}
	return known, rows.Err()
}

func fingerprint(g, before *group) string {
	h := sha256.New()
	fmt.Fprintln(h, edition, g.period, g.partial, g.codes, g.amounts)
	if before != nil {
		fmt.Fprintln(h, before.period, before.partial, before.codes, before.amounts)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// measure computes one level and period.
func (r *run) measure(g, before *group, print string) error {
	u := g.units()
	results, err := dea.Analyse(u)
	if err != nil {
		return err
	}
	intervals, err := dea.Bootstrap(u, draws, level, seed)
	if err != nil && !errors.Is(err, dea.ErrTooFew) {
		return err
	}
	for j, code := range g.codes {
		r.keep(g, code, j, results[j], intervals)
	}
	if err := r.change(g, before); err != nil {
		return err
	}
	r.stored = append(r.stored, []any{"dea", g.level, g.kind, g.period, print, int32(len(g.codes)), 1.0, int32(draws)})
	return nil
}

func (r *run) keep(g *group, code string, j int, x dea.Result, intervals []dea.Interval) {
	i := dea.Interval{Corrected: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if intervals != nil {
		i = intervals[j]
	}
	var note, returns any
	switch {
	case errors.Is(x.SuperErr, dea.ErrInfeasible):
		note = "infeasible"
	case errors.Is(x.SuperErr, dea.ErrNoOutput):
		note = "no_output"
	}
	if x.Returns != "" {
		returns = string(x.Returns)
	}
	r.values = append(r.values, []any{g.level, code, g.kind, g.period, x.CCR, x.BCC, x.Scale, returns, x.Super, note, i.Corrected, i.Low, i.High, int32(len(g.codes))})
	for k, name := range parts {
		slack, target := math.NaN(), math.NaN()
		if len(x.Target) > 0 && k < inputs {
			slack, target = x.InputSlack[k], x.InputTarget[k]
		} else if len(x.Target) > 0 {
			slack, target = x.OutputSlack[k-inputs], x.Target[k-inputs]
		}
		r.parts = append(r.parts, []any{g.level, code, g.kind, g.period, name, k < inputs, g.amounts[k][j], slack, target})
	}
	for _, p := range x.Peers {
		r.peers = append(r.peers, []any{g.level, code, g.kind, g.period, g.codes[p.Unit], p.Weight})
	}
}

// change compares the areas that are in both periods. A period that is not over
// has had less time for its outputs and compares with none.
func (r *run) change(g, before *group) error {
	if before == nil || g.partial || before.partial {
		return nil
	}
	at := map[string]int{}
	for j, code := range before.codes {
		at[code] = j
	}
	old, now := &group{amounts: make([][]float64, len(parts))}, &group{amounts: make([][]float64, len(parts))}
	for j, code := range g.codes {
		k, ok := at[code]
		if !ok {
			continue
		}
		now.codes = append(now.codes, code)
		for p := range parts {
			old.amounts[p] = append(old.amounts[p], before.amounts[p][k])
			now.amounts[p] = append(now.amounts[p], g.amounts[p][j])
		}
	}
	if len(now.codes) == 0 {
		return nil
	}
	changes, err := dea.Malmquist(old.units(), now.units())
	if err != nil {
		return err
	}
	for j, c := range changes {
		r.changes = append(r.changes, []any{g.level, now.codes[j], g.kind, g.period, before.period, c.Malmquist, c.CatchingUp, c.FrontierShift, c.Pure, c.Scale})
	}
	return nil
}

// write replaces what is stored for the levels and periods that were measured or are gone.
func (r *run) write(ctx context.Context) error {
	if len(r.gone) > 0 {
		if _, err := r.conn.ExecContext(ctx, "create or replace temp table dea_gone (geo_level varchar, period_kind varchar, period varchar)"); err != nil {
			return err
		}
		if err := snapshot.Append(ctx, r.conn, "temp", "dea_gone", r.gone); err != nil {
			return err
		}
		if err := r.exec(ctx, "forget"); err != nil {
			return err
		}
	}
	if err := r.exec(ctx, "forget_left_out"); err != nil {
		return err
	}
	for _, t := range []struct {
		name string
		rows [][]any
	}{{"dea_left_out", r.leftOut}, {"dea_value", r.values}, {"dea_part", r.parts}, {"dea_peer", r.peers}, {"dea_change", r.changes}, {"index_input", r.stored}} {
		if err := snapshot.Append(ctx, r.conn, "", t.name, t.rows); err != nil {
			return err
		}
	}
	return r.exec(ctx, "indicators")
}

func (r *run) exec(ctx context.Context, name string) error {
	text, err := fs.ReadFile(statements, "sql/"+name+".sql")
	if err != nil {
		return err
	}
	if _, err := r.conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("%s.sql: %w", name, err)
	}
	return nil
}
