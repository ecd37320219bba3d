// Package disclosure says what of a snapshot may be seen by whom, and builds
// the views that show exactly that.
//
// An in-memory database attaches the snapshot read-only as "snap" and holds
// one view for each of its relations, under the same name. A reader who can
// only name views of the memory database therefore sees no personal column,
// and, when confined to a subdistrict, no row of another one. What kind of
// rows a relation has follows from its columns; a relation that fits no rule
// is hidden from readers who are confined, so that a new table starts closed.
package disclosure

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jiceng/jiceng/queries/schema"
)

//go:embed views/*.sql
var files embed.FS

// Database runs statements on one connection of an in-memory database.
type Database interface {
	Exec(ctx context.Context, statement string) error
	Strings(ctx context.Context, statement string) ([][]string, error)
}

// Column is one column of a relation. Comment is "中文 | English", or empty.
type Column struct{ Name, Type, Comment string }

// Relation is a table or view that a reader may query.
type Relation struct {
	Name    string
	Columns []Column
}

// Options say for whom the views are built.
type Options struct {
	Personal  bool // keep personal columns: only for jiceng's own pages, which count them and show none
	Threshold int  // suppress values of indicators that stand on fewer cases or answers; 0 for none
}

// withheld are columns outside the feeds that may hold a person's data: the
// text of refused rows.
var withheld = map[string][]string{"reject": {"value", "raw", "header"}}

// byName names the rule of relations whose columns do not tell it.
var byName = map[string]string{
	"calendar": "everyone", "snapshot_info": "everyone",
	"run": "everyone", "run_step": "everyone", "check_result": "everyone", "feed_status": "everyone",
	"index_meta": "everyone", "index_node": "everyone", "index_audit": "everyone", "index_sensitivity": "everyone", "index_input": "everyone",
	"load": "by_file", "reject": "by_file", "appraisals": "by_organisation", "dea_peer": "by_peer",
}

// suppressing names the rule of relations that show values of indicators, where few cases are kept from readers.
var suppressing = map[string]string{"indicator_value": "suppressed_value", "index_step": "suppressed_step", "dea_part": "suppressed_part", "dea_peer": "suppressed_peer", "signal": "suppressed_signal"}

// byColumns gives the rule of a relation that has all these columns; the first that fits counts.
var byColumns = []struct {
	columns []string
	rule    string
}{
	{[]string{"subdistrict_code"}, "by_subdistrict"},
	{[]string{"survey_id"}, "by_survey"},
	{[]string{"case_id"}, "by_case"},
	{[]string{"grid_code"}, "by_grid"},
	{[]string{"geo_level", "geo_code"}, "by_area"},
}

// Build attaches the snapshot file and creates the views. It returns the
// relations a reader may name, sorted.
func Build(ctx context.Context, db Database, path string, opt Options) ([]Relation, error) {
	if err := db.Exec(ctx, "attach '"+strings.ReplaceAll(path, "'", "''")+"' as snap (read_only)"); err != nil {
		return nil, fmt.Errorf("attach the snapshot: %w", err)
	}
	relations, err := readRelations(ctx, db, opt)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"scope_area", "peer_average"} {
		if err := create(ctx, db, name, Relation{Name: name}); err != nil {
			return nil, err
		}
	}
	if opt.Threshold > 0 {
		if err := suppress(ctx, db, opt.Threshold); err != nil {
			return nil, err
		}
	}
	for _, r := range relations {
		rule := rule(r)
		if s, ok := suppressing[r.Name]; ok && opt.Threshold > 0 {
			rule = s
		}
		if err := create(ctx, db, rule, r); err != nil {
			return nil, err
		}
	}
	relations = append(relations, Relation{"peer_average", []Column{
		{"indicator", "VARCHAR", "指标代码 | Code of the indicator"},
		{"geo_level", "VARCHAR", "层级 | Geo level"},
		{"period_kind", "VARCHAR", "时段类型 | Kind of period"},
		{"period", "VARCHAR", "时段 | Period"},
		{"areas", "BIGINT", "参与平均的区域数 | Areas in the mean"},
		{"mean_value", "DOUBLE", "其他区域的平均值（不具名） | Mean of the other areas, without names"},
		{"median_value", "DOUBLE", "其他区域的中位数 | Median of the other areas"},
	}})
	slices.SortFunc(relations, func(a, b Relation) int { return strings.Compare(a.Name, b.Name) })
	return relations, nil
}

// Confine returns the statement that makes a connection see one subdistrict only; an empty code lifts that.
func Confine(subdistrict string) string {
	if subdistrict == "" {
		return "set variable scope = null"
	}
	return "set variable scope = '" + strings.ReplaceAll(subdistrict, "'", "''") + "'"
}

// readRelations lists the snapshot's tables and views, without the columns that are kept back.
func readRelations(ctx context.Context, db Database, opt Options) ([]Relation, error) {
	statement, err := view("columns")
	if err != nil {
		return nil, err
	}
	rows, err := db.Strings(ctx, statement)
	if err != nil {
		return nil, fmt.Errorf("list the snapshot's columns: %w", err)
	}
	personal, err := personalColumns()
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	for _, row := range rows {
		if row[3] != "" {
			comments[row[1]] = row[3]
		}
	}
	var relations []Relation
	for _, row := range rows {
		table, column := row[0], row[1]
		if slices.Contains(withheld[table], column) || !opt.Personal && slices.Contains(personal, column) {
			continue
		}
		if len(relations) == 0 || relations[len(relations)-1].Name != table {
			relations = append(relations, Relation{Name: table})
		}
		last := &relations[len(relations)-1]
		comment := row[3]
		if comment == "" {
			comment = comments[column] // a fact view carries the columns of its feed
		}
		last.Columns = append(last.Columns, Column{column, row[2], comment})
	}
	return relations, nil
}

// personalColumns are the columns that any feed declares personal; they are kept back wherever they appear.
func personalColumns() ([]string, error) {
	feeds, err := schema.Feeds()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range feeds {
		names = append(names, f.Personal...)
	}
	if len(names) == 0 {
		return nil, errors.New("no feed declares a personal column: the data contract cannot be right")
	}
	return names, nil
}

func rule(r Relation) string {
	if rule, ok := byName[r.Name]; ok {
		return rule
	}
	for _, by := range byColumns {
		if !slices.ContainsFunc(by.columns, func(name string) bool { return !r.has(name) }) {
			return by.rule
		}
	}
	return "unscoped"
}

func (r Relation) has(column string) bool {
	return slices.ContainsFunc(r.Columns, func(c Column) bool { return c.Name == column })
}

func create(ctx context.Context, db Database, rule string, r Relation) error {
	text, err := view(rule)
	if err != nil {
		return err
	}
	quoted := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		quoted[i] = quote(c.Name)
	}
	statement := strings.NewReplacer("{{name}}", quote(r.Name), "{{columns}}", strings.Join(quoted, ", ")).Replace(text)
	if err := db.Exec(ctx, statement); err != nil {
		return fmt.Errorf("create view %s by rule %s: %w", r.Name, rule, err)
	}
	return nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
