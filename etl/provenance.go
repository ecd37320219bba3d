package etl

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// shape says how a mapping's rows go back to the file's.
type shape struct {
	plain bool   // one row of the file gives one row or none
	where string // the rows it takes; "" for all
}

// shapeOf parses a mapping. Plain is a single SELECT from raw without
// grouping, distinct, aggregates, windows, unnest, order or limit: its rows
// come one for one and in the file's order.
func (r *run) shapeOf(ctx context.Context, mapping string) (shape, error) {
	var text string
	if err := r.conn.QueryRowContext(ctx, "select json_serialize_sql(?::varchar)::varchar", trimStatement(mapping)).Scan(&text); err != nil {
		return shape{}, fmt.Errorf("parse the mapping: %w", err)
	}
	var parsed struct {
		Error      bool             `json:"error"`
		Statements []map[string]any `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return shape{}, fmt.Errorf("parse the mapping: %w", err)
	}
	if parsed.Error || len(parsed.Statements) != 1 {
		return shape{}, nil
	}
	node, ok := parsed.Statements[0]["node"].(map[string]any)
	if !ok {
		return shape{}, nil
	}
	many, err := r.manyToOne(ctx)
	if err != nil {
		return shape{}, err
	}
	if !isPlain(node, many) {
		return shape{}, nil
	}
	if node["where_clause"] == nil {
		return shape{plain: true}, nil
	}
	where, err := r.whereOf(ctx, parsed.Statements[0], node)
	return shape{plain: err == nil, where: where}, err
}

// manyToOne are the functions that make one row of many, or many of one.
func (r *run) manyToOne(ctx context.Context) (map[string]bool, error) {
	rows, err := r.conn.QueryContext(ctx, "select distinct function_name from duckdb_functions() where function_type in ('aggregate', 'table')")
	if err != nil {
		return nil, fmt.Errorf("list the aggregate functions: %w", err)
	}
	defer rows.Close()
	names := map[string]bool{"unnest": true, "generate_subscripts": true, "nextval": true, "random": true}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names[name] = true
	}
	return names, rows.Err()
}

func isPlain(node map[string]any, many map[string]bool) bool {
	from, _ := node["from_table"].(map[string]any)
	if node["type"] != "SELECT_NODE" || from["type"] != "BASE_TABLE" || from["table_name"] != "raw" || from["sample"] != nil {
		return false
	}
	if ctes, ok := node["cte_map"].(map[string]any); ok && !isEmpty(ctes["map"]) {
		return false
	}
	for _, part := range []string{"group_expressions", "group_sets", "modifiers", "having", "qualify", "sample"} {
		if !isEmpty(node[part]) {
			return false
		}
	}
	return !mentions(node["select_list"], many)
}

func isEmpty(part any) bool {
	list, isList := part.([]any)
	return part == nil || isList && len(list) == 0
}

// mentions says whether an expression uses one of these functions, a window or a subquery.
func mentions(part any, functions map[string]bool) bool {
	switch p := part.(type) {
	case []any:
		for _, e := range p {
			if mentions(e, functions) {
				return true
			}
		}
	case map[string]any:
		if name, ok := p["function_name"].(string); ok && functions[strings.ToLower(name)] || p["class"] == "WINDOW" || p["class"] == "SUBQUERY" {
			return true
		}
		for _, e := range p {
			if mentions(e, functions) {
				return true
			}
		}
	}
	return false
}

// whereOf writes the mapping's WHERE condition as SQL again.
func (r *run) whereOf(ctx context.Context, statement, node map[string]any) (string, error) {
	node["select_list"] = []any{map[string]any{"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "query_location": 0,
		"value": map[string]any{"type": map[string]any{"id": "INTEGER", "type_info": nil}, "is_null": false, "value": 1}}}
	text, err := json.Marshal(map[string]any{"error": false, "statements": []any{statement}})
	if err != nil {
		return "", fmt.Errorf("write the mapping's condition: %w", err)
	}
	var query string
	if err := r.conn.QueryRowContext(ctx, "select json_deserialize_sql(?::json)", string(text)).Scan(&query); err != nil {
		return "", fmt.Errorf("write the mapping's condition: %w", err)
	}
	_, where, ok := strings.Cut(query, " FROM raw WHERE ")
	if !ok {
		return "", fmt.Errorf("write the mapping's condition: %q has none", query)
	}
	return where, nil
}

// origin is where a refused row comes from.
type origin struct {
	place int64  // among the file's rows, from 0; -1: the mapping makes one row of several
	json  string // the file's row as a JSON object, for formats without lines
}

// origins finds, for the refused rows of one file, the file's rows they were
// made of, by their place among the mapped rows. It reads the file once more.
func (r *run) origins(ctx context.Context, s *staged) (map[int64]origin, error) {
	shape, err := r.shapeOf(ctx, s.mapping)
	if err != nil {
		return nil, err
	}
	found := map[int64]origin{}
	if !shape.plain {
		return found, r.scanOrigins(ctx, found, `
select
  rowid - ? as place,
  -1,
  to_json(mapped)::varchar
from stage_`+s.source.Feed+` as mapped
where rowid in (select row_id from refused)
  and rowid >= ?
  and rowid < ?`, s.first, s.first, s.first+s.rows)
	}
	if s.text != nil && shape.where == "" {
		return found, r.scanOrigins(ctx, found, "select row_id - ?, row_id - ?, '' from refused where row_id >= ? and row_id < ?", s.first, s.first, s.first, s.first+s.rows)
	}
	where := "true"
	if shape.where != "" {
		where = shape.where
	}
	object := "''"
	if s.text == nil {
		object = "to_json(object)::varchar"
	}
	// The condition sees the file's columns alone, as raw; the row's place stands beside them.
	return found, r.scanOrigins(ctx, found, `
with numbered as (
  select row_number() over () - 1 as "place among rows", raw as object
  from (select * `+maskPersonal(s.source, s.relation)+` from `+s.sql+`) as raw
),
kept as (
  select row_number() over () - 1 as mapped, "place among rows" as place, object
  from (select object.*, * from numbered) as raw
  where `+where+`
)
select mapped, place, `+object+`
from kept
where mapped + ? in (select row_id from refused)`, s.first)
}

func (r *run) scanOrigins(ctx context.Context, found map[int64]origin, query string, args ...any) error {
	rows, err := r.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("find where refused rows come from: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var mapped int64
		var o origin
		if err := rows.Scan(&mapped, &o.place, &o.json); err != nil {
			return err
		}
		found[mapped] = o
	}
	return rows.Err()
}
