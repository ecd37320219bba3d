// Package nightly computes the shipped indices for every area and period of a
// snapshot and stores each step's result by name.
//
// Periods whose inputs are the same as when they were last computed keep what
// they have: of three years' periods, one more day changes a handful.
package nightly

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/index"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed sql/*.sql
var statements embed.FS

// edition goes into the fingerprints: raise it when the same inputs give other results.
const edition = "1"

// seed of all simulations: the same inputs give the same intervals on any day.
const seed = 20251101

// Run computes the shipped indices, and those of some configuration files, in
// the database that conn has open for writing. It returns the number of scores
// that are new.
func Run(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue, files ...string) (int64, error) {
	configs, err := index.WithFiles(files)
	if err != nil {
		return 0, err
	}
	if err := schema.CreateMissing(ctx, conn, "index_meta", "meta/indices.sql"); err != nil {
		return 0, err
	}
	n := &night{conn: conn, cat: cat, known: map[key]string{}, seen: map[key]bool{}}
	if err := n.describe(ctx, configs); err != nil {
		return 0, err
	}
	if err := n.remember(ctx); err != nil {
		return 0, err
	}
	prints, err := n.prints(ctx)
	if err != nil {
		return 0, err
	}
	for _, level := range []string{"district", "subdistrict", "community", "grid"} {
		for _, kind := range []string{"month", "quarter", "year"} {
			if err := n.level(ctx, configs, prints[span{level, kind}], level, kind); err != nil {
				return 0, fmt.Errorf("indices of %s by %s: %w", level, kind, err)
			}
		}
	}
	if err := n.forget(ctx, n.gone()); err != nil {
		return 0, err
	}
	return n.stored, n.exec(ctx, "couple")
}

type span struct{ level, kind string }

// key is what is computed in one go: an index at a level in a period.
type key struct{ index, level, kind, period string }

// night is one run under way.
type night struct {
	conn   *sql.Conn
	cat    catalogue.Catalogue
	known  map[key]string // fingerprints of what is stored
	seen   map[key]bool   // what the snapshot has inputs for
	stored int64          // scores
	sheet
}

// row is one row of a table, in the order of its columns.
type row []any

// period is the prints of one period's indicators.
type period struct {
	name   string
	prints map[string]string
}

// level computes all indices of one level and kind of period.
func (n *night) level(ctx context.Context, configs []index.Config, periods []period, level, kind string) error {
	type job struct {
		config index.Config
		tree   *index.Tree
		prints map[string]string // by period
	}
	areas, err := n.areaPrint(ctx, level)
	if err != nil {
		return err
	}
	var jobs []job
	first, last := "", ""
	for _, c := range configs {
		if !slices.ContainsFunc(c.Areas, func(s index.Span) bool { return s.Level == level && slices.Contains(s.Periods, kind) }) {
			continue
		}
		j := job{config: c, prints: map[string]string{}}
		if j.tree, err = index.NewTree(c.Tree); err != nil {
			return err
		}
		text, err := c.YAML()
		if err != nil {
			return err
		}
		for i, p := range periods {
			before := period{}
			if i > 0 {
				before = periods[i-1]
			}
			print := fingerprint(string(text)+areas, j.tree, p, before)
			k := key{c.Code, level, kind, p.name}
			n.seen[k] = true
			if n.known[k] == print {
				continue
			}
			j.prints[p.name] = print
			from := p.name
			if i > 0 {
				from = before.name
			}
			if first == "" || from < first {
				first = from
			}
			last = max(last, p.name)
		}
		if len(j.prints) > 0 {
			jobs = append(jobs, j)
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	in, err := n.read(ctx, level, kind, first, last)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		all, err := n.buildAll(j.config, j.tree, in, periods, first, last)
		if err != nil {
			return err
		}
		var stale []int
		for i, p := range periods {
			if _, ok := j.prints[p.name]; ok && all[i] != nil {
				stale = append(stale, i)
			}
		}
		for some := range slices.Chunk(stale, runtime.GOMAXPROCS(0)) {
			sheets := make([]sheet, len(some))
			var working errgroup.Group
			for at, i := range some {
				working.Go(func() error {
					var before *built
					if i > 0 {
						before = all[i-1]
					}
					name := periods[i].name
					if err := sheets[at].store(key{j.config.Code, level, kind, name}, j.prints[name], all[i], before); err != nil {
						return fmt.Errorf("%s in %s: %w", j.config.Code, name, err)
					}
					return nil
				})
			}
			if err := working.Wait(); err != nil {
				return err
			}
			for at := range sheets {
				n.add(&sheets[at])
			}
			if len(n.steps) > manyRows {
				if err := n.write(ctx); err != nil {
					return err
				}
			}
		}
	}
	return n.write(ctx)
}

// buildAll takes the periods from the first to the last through the index's steps; those outside are nil.
func (n *night) buildAll(c index.Config, tree *index.Tree, in *inputs, periods []period, first, last string) ([]*built, error) {
	all := make([]*built, len(periods))
	var working errgroup.Group
	working.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range periods {
		if p.name < first || p.name > last {
			continue
		}
		working.Go(func() (err error) {
			if all[i], err = n.build(c, tree, in, p.name); err != nil {
				return fmt.Errorf("%s in %s: %w", c.Code, p.name, err)
			}
			return nil
		})
	}
	return all, working.Wait()
}

// manyRows are written before more are computed, so that memory does not grow with the number of periods.
const manyRows = 100_000

// areaPrint tells whether the areas of a level, and those above them whose means fill gaps, are the same.
func (n *night) areaPrint(ctx context.Context, level string) (string, error) {
	var print string
	rows, err := n.query(ctx, "area_print", level)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&print); err != nil {
			return "", fmt.Errorf("print of the areas: %w", err)
		}
	}
	return print, rows.Err()
}

// fingerprint tells one period's inputs from others: the configuration, the areas, the
// values of its indicators, and those of the period before, which the change is
// measured from.
func fingerprint(config string, tree *index.Tree, now, before period) string {
	h := sha256.New()
	fmt.Fprintln(h, edition, config, now.name, before.name)
	for _, leaf := range tree.LeafNodes() {
		fmt.Fprintln(h, leaf.Source(), now.prints[leaf.Source()], before.prints[leaf.Source()])
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// describe replaces the tables that say what the indices are.
func (n *night) describe(ctx context.Context, configs []index.Config) error {
	if _, err := n.conn.ExecContext(ctx, "delete from index_meta"); err != nil {
		return err
	}
	if _, err := n.conn.ExecContext(ctx, "delete from index_node"); err != nil {
		return err
	}
	for i, c := range configs {
		text, err := c.YAML()
		if err != nil {
			return fmt.Errorf("write configuration %s: %w", c.Code, err)
		}
		if _, err := n.conn.ExecContext(ctx, "insert into index_meta values (?, ?, ?, ?, ?, ?, ?, ?)", c.Code, i+1, c.Kind,
			c.Name.Zh, c.Name.En, c.About.Zh, c.About.En, string(text)); err != nil {
			return err
		}
		if err := n.describeTree(ctx, c); err != nil {
			return fmt.Errorf("index %s: %w", c.Code, err)
		}
	}
	return nil
}

func (n *night) describeTree(ctx context.Context, c index.Config) error {
	tree, err := index.NewTree(c.Tree)
	if err != nil {
		return err
	}
	weights, whole, err := index.TreeWeights(c)
	if err != nil {
		return err
	}
	for at, node := range tree.Nodes {
		name := node.Name
		indicator := sql.NullString{}
		if len(tree.Children[at]) == 0 {
			indicator = sql.NullString{String: node.Source(), Valid: true}
			if ind, ok := n.cat.ByCode(node.Source()); ok && name.Zh == "" {
				name = index.Text{Zh: ind.Name.Zh, En: ind.Name.En}
			}
		}
		if name.Zh == "" {
			name = index.Text{Zh: node.Code, En: node.Code}
		}
		parent := sql.NullString{}
		if p := tree.Parent[at]; p >= 0 {
			parent = sql.NullString{String: tree.Nodes[p].Code, Valid: true}
		}
		if _, err := n.conn.ExecContext(ctx, "insert into index_node values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", c.Code, node.Code, parent, at+1,
			tree.Height[at], name.Zh, name.En, indicator, node.Direction, weights[at], whole[at]); err != nil {
			return err
		}
	}
	return nil
}

// remember reads what is stored from runs before.
func (n *night) remember(ctx context.Context) error {
	rows, err := n.conn.QueryContext(ctx, "select index_code, geo_level, period_kind, period, fingerprint from index_input where index_code <> 'dea'")
	if err != nil {
		return fmt.Errorf("read what the indices were computed from: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k key
		var print string
		if err := rows.Scan(&k.index, &k.level, &k.kind, &k.period, &print); err != nil {
			return fmt.Errorf("read what the indices were computed from: %w", err)
		}
		n.known[k] = print
	}
	return rows.Err()
}

func (n *night) prints(ctx context.Context) (map[span][]period, error) {
	rows, err := n.query(ctx, "prints")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[span][]period{}
	for rows.Next() {
		var s span
		var name, indicator, print string
		if err := rows.Scan(&s.level, &s.kind, &name, &indicator, &print); err != nil {
			return nil, fmt.Errorf("prints of the indicators: %w", err)
		}
		list := out[s]
		if len(list) == 0 || list[len(list)-1].name != name {
			list = append(list, period{name: name, prints: map[string]string{}})
			out[s] = list
		}
		list[len(list)-1].prints[indicator] = print
	}
	return out, rows.Err()
}

// gone is what is stored but has no inputs any more.
func (n *night) gone() []key {
	var gone []key
	for k := range n.known {
		if !n.seen[k] {
			gone = append(gone, k)
		}
	}
	return gone
}

// forget deletes the stored results of some indices, levels and periods.
func (n *night) forget(ctx context.Context, gone []key) error {
	if len(gone) == 0 {
		return nil
	}
	if _, err := n.conn.ExecContext(ctx, "create or replace temp table index_gone (index_code varchar, geo_level varchar, period_kind varchar, period varchar)"); err != nil {
		return err
	}
	rows := make([]row, len(gone))
	for i, k := range gone {
		rows[i] = row{k.index, k.level, k.kind, k.period}
	}
	if err := snapshot.Append(ctx, n.conn, "temp", "index_gone", rows); err != nil {
		return err
	}
	return n.exec(ctx, "forget")
}

// write replaces what is stored by what was computed.
func (n *night) write(ctx context.Context) error {
	var old []key
	for _, k := range n.fresh {
		if _, ok := n.known[k]; ok {
			old = append(old, k)
		}
	}
	if err := n.forget(ctx, old); err != nil {
		return err
	}
	for _, t := range []struct {
		name string
		rows *[]row
	}{{"index_value", &n.values}, {"index_step", &n.steps}, {"index_audit", &n.audits}, {"index_sensitivity", &n.senses}, {"index_input", &n.inputs}} {
		if err := snapshot.Append(ctx, n.conn, "", t.name, *t.rows); err != nil {
			return err
		}
		if t.name == "index_value" {
			n.stored += int64(len(*t.rows))
		}
		*t.rows = (*t.rows)[:0]
	}
	n.fresh = n.fresh[:0]
	return nil
}

func (n *night) query(ctx context.Context, name string, args ...any) (*sql.Rows, error) {
	text, err := fs.ReadFile(statements, "sql/"+name+".sql")
	if err != nil {
		return nil, err
	}
	rows, err := n.conn.QueryContext(ctx, string(text), args...)
	if err != nil {
		return nil, fmt.Errorf("%s.sql: %w", name, err)
	}
	return rows, nil
}

func (n *night) exec(ctx context.Context, name string) error {
	text, err := fs.ReadFile(statements, "sql/"+name+".sql")
	if err != nil {
		return err
	}
	if _, err := n.conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("%s.sql: %w", strings.TrimSuffix(name, ".sql"), err)
	}
	return nil
}
