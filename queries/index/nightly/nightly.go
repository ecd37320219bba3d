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
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"

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
	n := &night{conn: conn, cat: cat, known: map[key]string{}, seen: map[key]bool{}, cores: make(chan struct{}, runtime.GOMAXPROCS(0))}
	// One transaction: the disk is waited for once, and not after every level's tables.
	if _, err := conn.ExecContext(ctx, "begin"); err != nil {
		return 0, err
	}
	if err := n.all(ctx, configs); err != nil {
		_, undone := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
		return 0, errors.Join(err, undone)
	}
	_, err = conn.ExecContext(ctx, "commit")
	return n.stored, err
}

// all computes every level and kind of period that some index is for.
func (n *night) all(ctx context.Context, configs []index.Config) error {
	recipes, spans, err := readRecipes(configs)
	if err != nil {
		return err
	}
	if err := n.remember(ctx); err != nil {
		return err
	}
	prints, err := n.prints(ctx, spans)
	if err != nil {
		return err
	}
	for _, s := range spans {
		if err := n.level(ctx, recipes, prints[s], s.level, s.kind); err != nil {
			return fmt.Errorf("indices of %s by %s: %w", s.level, s.kind, err)
		}
	}
	if err := n.takeAll(ctx); err != nil {
		return err
	}
	if err := n.describe(ctx, recipes); err != nil {
		return err
	}
	if err := n.write(ctx); err != nil {
		return err
	}
	if err := n.forget(ctx, n.gone()); err != nil {
		return err
	}
	return n.exec(ctx, "couple")
}

// recipe is a configuration with what is worked out of it once.
type recipe struct {
	index.Config
	tree *index.Tree
	text string // as a file
}

func (r recipe) isFor(s span) bool {
	return slices.ContainsFunc(r.Areas, func(a index.Span) bool { return a.Level == s.level && slices.Contains(a.Periods, s.kind) })
}

// readRecipes also gives the levels and kinds of period that some index is for.
func readRecipes(configs []index.Config) (recipes []recipe, spans []span, err error) {
	for _, c := range configs {
		r := recipe{Config: c}
		if r.tree, err = index.NewTree(c.Tree); err != nil {
			return nil, nil, fmt.Errorf("index %s: %w", c.Code, err)
		}
		text, err := c.YAML()
		if err != nil {
			return nil, nil, fmt.Errorf("write configuration %s: %w", c.Code, err)
		}
		r.text = string(text)
		recipes = append(recipes, r)
	}
	for _, level := range []string{"district", "subdistrict", "community", "grid"} {
		for _, kind := range []string{"month", "quarter", "year"} {
			s := span{level, kind}
			if slices.ContainsFunc(recipes, func(r recipe) bool { return r.isFor(s) }) {
				spans = append(spans, s)
			}
		}
	}
	return recipes, spans, nil
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
	waiting []chan computed // the oldest first
	cores   chan struct{}   // a place for each that computes
}

// row is one row of a table, in the order of its columns.
type row []any

// period is the prints of one period's indicators.
type period struct {
	name   string
	prints map[string]string
}

// level begins to compute all indices of one level and kind of period. What is begun is
// taken over while the next level is read.
func (n *night) level(ctx context.Context, recipes []recipe, periods []period, level, kind string) error {
	type job struct {
		recipe
		prints map[string]string // by period
	}
	areas, err := n.areaPrint(ctx, level)
	if err != nil {
		return err
	}
	var jobs []job
	var indicators []string // of all jobs
	first, last := "", ""
	for _, c := range recipes {
		if !c.isFor(span{level, kind}) {
			continue
		}
		j := job{recipe: c, prints: map[string]string{}}
		for i, p := range periods {
			before := period{}
			if i > 0 {
				before = periods[i-1]
			}
			print := fingerprint(c.text+areas, j.tree, p, before)
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
			for _, leaf := range j.tree.LeafNodes() {
				indicators = append(indicators, leaf.Source())
			}
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	in, err := n.read(ctx, level, kind, first, last, indicators)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		all := make([]func() (*built, error), len(periods))
		for i, p := range periods {
			all[i] = sync.OnceValues(func() (*built, error) { return n.build(j.recipe, in, p.name) })
		}
		for i, p := range periods {
			print, stale := j.prints[p.name]
			if !stale {
				continue
			}
			before := func() (*built, error) { return nil, nil }
			if i > 0 {
				before = all[i-1]
			}
			if err := n.begin(ctx, key{j.Code, level, kind, p.name}, print, all[i], before); err != nil {
				return err
			}
		}
	}
	return nil
}

// computed is the sheet of one index and period, or what kept it from being computed.
type computed struct {
	sheet
	err error
}

// begin computes one index and period beside others; the results are taken over in the
// order in which they were begun. The error may be that of one begun before.
func (n *night) begin(ctx context.Context, k key, print string, now, before func() (*built, error)) error {
	if len(n.waiting) >= 2*cap(n.cores) {
		if err := n.take(ctx); err != nil {
			return err
		}
	}
	done := make(chan computed, 1)
	n.waiting = append(n.waiting, done)
	go func() {
		n.cores <- struct{}{}
		defer func() { <-n.cores }()
		var c computed
		if c.err = c.sheet.compute(k, print, now, before); c.err != nil {
			c.err = fmt.Errorf("%s in %s: %w", k.index, k.period, c.err)
		}
		done <- c
	}()
	return nil
}

// take takes over the results of what was begun first.
func (n *night) take(ctx context.Context) error {
	c := <-n.waiting[0]
	n.waiting = n.waiting[1:]
	if c.err != nil {
		return c.err
	}
	n.add(&c.sheet)
	if len(n.steps) > manyRows {
		return n.write(ctx)
	}
	return nil
}

func (n *night) takeAll(ctx context.Context) error {
	for len(n.waiting) > 0 {
		if err := n.take(ctx); err != nil {
			return err
		}
	}
	return nil
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
func (n *night) describe(ctx context.Context, recipes []recipe) error {
	for _, statement := range []string{"delete from index_meta", "delete from index_node"} {
		if _, err := n.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	var metas, nodes []row
	for i, c := range recipes {
		metas = append(metas, row{c.Code, i + 1, c.Kind, c.Name.Zh, c.Name.En, c.About.Zh, c.About.En, c.text})
		some, err := n.describeTree(c)
		if err != nil {
			return fmt.Errorf("index %s: %w", c.Code, err)
		}
		nodes = append(nodes, some...)
	}
	if err := snapshot.Append(ctx, n.conn, "", "index_meta", metas); err != nil {
		return err
	}
	return snapshot.Append(ctx, n.conn, "", "index_node", nodes)
}

func (n *night) describeTree(c recipe) (rows []row, err error) {
	weights, whole, err := index.TreeWeights(c.Config)
	if err != nil {
		return nil, err
	}
	for at, node := range c.tree.Nodes {
		name := node.Name
		var indicator, parent any
		if len(c.tree.Children[at]) == 0 {
			indicator = node.Source()
			if ind, ok := n.cat.ByCode(node.Source()); ok && name.Zh == "" {
				name = index.Text{Zh: ind.Name.Zh, En: ind.Name.En}
			}
		}
		if name.Zh == "" {
			name = index.Text{Zh: node.Code, En: node.Code}
		}
		if p := c.tree.Parent[at]; p >= 0 {
			parent = c.tree.Nodes[p].Code
		}
		rows = append(rows, row{c.Code, node.Code, parent, at + 1, c.tree.Height[at], name.Zh, name.En, indicator, node.Direction, weights[at], whole[at]})
	}
	return rows, nil
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

func (n *night) prints(ctx context.Context, spans []span) (map[span][]period, error) {
	words := make([]string, len(spans))
	for i, s := range spans {
		words[i] = s.level + " " + s.kind
	}
	rows, err := n.query(ctx, "prints", strings.Join(words, ","))
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
