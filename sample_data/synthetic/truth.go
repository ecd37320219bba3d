package synthetic

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// truth is what truth.json says: what was planted, where, when, how strongly, and how to see it.
type truth struct {
	Note    string           `json:"note"`
	Seed    int64            `json:"seed"`
	From    string           `json:"first_day"`
	To      string           `json:"last_day"`
	Cases   int64            `json:"cases"`
	Logs    string           `json:"case_events_cover"`
	Rows    map[string]int64 `json:"rows"`    // by what they are; "clean" are the cases
	Effects []effect         `json:"effects"` // planted on purpose
	Redraws []redraw         `json:"redrawn_grids"`
	Map     []mapFlaw        `json:"map_flaws"`
}

type effect struct {
	Code      string             `json:"code"`
	What      string             `json:"what"`
	Indicator string             `json:"indicator"`
	Direction string             `json:"direction"`
	Level     string             `json:"geo_level"`
	Where     []effectArea       `json:"where"`
	Until     string             `json:"until,omitempty"`
	Size      string             `json:"planted_size"`
	Measured  map[string]measure `json:"measured"` // over the written cases, by part
}

type effectArea struct {
	Code string `json:"geo_code"`
	Name string `json:"name"`
	From string `json:"from"`
}

type measure struct {
	Numerator   int64   `json:"numerator"`
	Denominator int64   `json:"denominator"`
	Share       float64 `json:"share"`
}

type redraw struct {
	Grid    string `json:"grid_code"`
	NewGrid string `json:"new_grid_code"`
	On      string `json:"on"`
}

type mapFlaw struct {
	Kind    string  `json:"kind"`
	Grid    string  `json:"grid_code"`
	AreaKm2 float64 `json:"area_km2"`
}

// planned are the effects as they are built into the SQL; codes are those of the table planted.
func planned() []effect {
	return []effect{
		{Code: "fengqiao", Indicator: "E31", Direction: "up", Level: "community",
			What: "枫桥经验（属地贤人调解）有效 | the practice works: more disputes end in agreement",
			Size: "+0.14 on the probability of an agreement, from the start date, for disputes reported after it; 24 communities in six waves"},
		{Code: "fengqiao in the grid", Indicator: "F31", Direction: "up", Level: "community",
			What: "枫桥经验使更多案件在网格内办结 | the same practice: more cases are closed in the grid",
			Size: "0.12 on the latent level of handling, from the start date"},
		{Code: "standardisation", Indicator: "F13", Direction: "none", Level: "community",
			What: "标准化治理对按期结案率无效（只使核查步骤更齐全，E33）| the practice does not work: on-time closure is unmoved, only the check is skipped less often (E33)",
			Size: "0 on every duration; share of closed cases without a check 0.10 → 0.03"},
		{Code: "slip", Indicator: "F13", Direction: "down", Level: "subdistrict",
			What: "一个街道持续下滑 | a subdistrict slips: its cases take longer and longer",
			Size: "time to close × exp(0.95 × progress), progress 0 → 1 over a fifth of the period"},
		{Code: "flood", Indicator: "cases", Direction: "up", Level: "subdistrict",
			What: "洪涝周：三个街道案件激增，内涝积水为主 | a flood week: cases surge in three subdistricts",
			Size: "extra cases of the whole district's daily number × 0.5, 1.6, 2.4, 1.8, 1.0, 0.6, 0.3 on the seven days"},
		{Code: "gaming reach", Indicator: "F52", Direction: "down", Level: "grid",
			What: "一个网格只回访满意的人：接通率很低 | a grid games its survey: very few are reached",
			Size: "answered 0.16 × 0.98 of those asked, elsewhere 0.79 × 0.86"},
		{Code: "gaming satisfied", Indicator: "F51", Direction: "up", Level: "grid",
			What: "同一网格：满意率近乎完美 | the same grid: almost everybody who answers is satisfied",
			Size: "93 % very satisfied, 7 % satisfied"},
	}
}

// writeTruth writes truth.json.
func (g *generator) writeTruth(ctx context.Context) error {
	g.truth = truth{
		Note: "虚构数据，效应为有意埋入。Synthetic data; the effects were planted on purpose.",
		Seed: g.opt.Seed, From: g.first.Format(time.DateOnly), To: LastDay.Format(time.DateOnly), Cases: g.opt.Cases,
		Logs: "all months", Rows: map[string]int64{}, Effects: planned(),
	}
	if g.opt.EventMonths > 0 {
		g.truth.Logs = fmt.Sprintf("cases reported in the last %d months", g.opt.EventMonths)
	}
	for _, read := range []func(context.Context) error{g.readRows, g.readEffects, g.readRedraws} {
		if err := read(ctx); err != nil {
			return fmt.Errorf("write down what was planted: %w", err)
		}
	}
	text, err := json.MarshalIndent(g.truth, "", "  ")
	if err != nil {
		return fmt.Errorf("write down what was planted: %w", err)
	}
	return os.WriteFile(filepath.Join(g.dir, "truth.json"), append(text, '\n'), 0o644)
}

func (g *generator) readRows(ctx context.Context) error {
	return g.each(ctx, "select row_kind, sum(rows)::bigint from written group by all", func(scan scanner) error {
		var kind string
		var n int64
		if err := scan(&kind, &n); err != nil {
			return err
		}
		g.truth.Rows[kind] = n
		return nil
	})
}

func (g *generator) readEffects(ctx context.Context) error {
	for i := range g.truth.Effects {
		e := &g.truth.Effects[i]
		e.Measured = map[string]measure{}
		err := g.each(ctx, "select part, sum(numerator)::bigint, sum(denominator)::bigint from planted where effect = ? group by part", func(scan scanner) error {
			var part string
			var m measure
			if err := scan(&part, &m.Numerator, &m.Denominator); err != nil {
				return err
			}
			if m.Denominator > 0 {
				m.Share = round(float64(m.Numerator)/float64(m.Denominator), 4)
			}
			e.Measured[part] = m
			return nil
		}, e.Code)
		if err != nil {
			return err
		}
		err = g.each(ctx, "select code, name, starts_on, coalesce(until, '') from planted_area where effect = ? order by starts_on, code", func(scan scanner) error {
			var a effectArea
			if err := scan(&a.Code, &a.Name, &a.From, &e.Until); err != nil {
				return err
			}
			e.Where = append(e.Where, a)
			return nil
		}, e.Code)
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) readRedraws(ctx context.Context) error {
	codes := map[int]string{}
	err := g.each(ctx, "select cell, grid_code, coalesce(grid_code_2, ''), coalesce(split_on::varchar, '') from place order by cell", func(scan scanner) error {
		var cell int
		var r redraw
		if err := scan(&cell, &r.Grid, &r.NewGrid, &r.On); err != nil {
			return err
		}
		codes[cell] = r.Grid
		if r.On != "" {
			g.truth.Redraws = append(g.truth.Redraws, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range g.shape.flaws {
		g.truth.Map = append(g.truth.Map, mapFlaw{Kind: f.kind, Grid: codes[f.cell], AreaKm2: f.areaKm2})
	}
	return nil
}

type scanner func(dest ...any) error

// each runs a query and hands every row to read.
func (g *generator) each(ctx context.Context, query string, read func(scanner) error, args ...any) error {
	rows, err := g.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
