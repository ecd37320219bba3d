package facts

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Span is times from First to before End, each an SQL expression such as a parameter.
type Span struct{ First, End string }

// dated are the stored columns that a fact's date is taken from, as the fact's header says it:
//
//	-- dated settled_due_at: cases.due_at, cases.closed_at
//
// says that a row's settled_due_at, where it has one, is the due_at or the closed_at of the row of cases that it is made
// of, and that nothing else of cases, case_events or satisfaction is looked at than what has this row's case_id.
//
//	-- dated reported_at: cases.reported_at, from 90 days before
//
// says that cases of so many days before are looked at besides. What feeds hold may contradict itself (a case that was
// due before it was reported), so nothing is concluded from one date about another.
type dated struct {
	table   string   // cases or satisfaction
	columns []string // of this table
	before  string   // "90 day", or empty
}

var (
	datedLine = regexp.MustCompile(`(?m)^-- dated (\w+): (.+)$`)
	lookBack  = regexp.MustCompile(`, from (\d+) days before$`)
	headEnd   = regexp.MustCompile(`(?m)^create or replace view \w+ as\n`)
	readName  = regexp.MustCompile(`\b(?:from|join)\s+([a-z]\w*)\b(\s*\()?`)
	ownName   = regexp.MustCompile(`\b([a-z]\w*) as \(`)
	comment   = regexp.MustCompile(`--.*`)
)

// Within returns a statement that yields the fact's rows whose date (the column named by time) lies in one of the
// spans, and maybe more: it is to be filtered still. It says the same as the view of this name, but a view reads all
// cases for a date that is worked out from others, or for a window over them, where this reads those that can matter.
// Tables are read in the named schema. It is false for a date whose columns the fact's header does not name: then the
// view is as good.
func Within(fact, time, schema string, spans ...Span) (string, bool, error) {
	text, err := fs.ReadFile(Files, fact+".sql")
	if err != nil {
		return "", false, fmt.Errorf("fact %s: %w", fact, err)
	}
	d, ok, err := datesOf(string(text), time)
	if err != nil || !ok {
		return "", false, err
	}
	views, tables, err := reads(fact)
	if err != nil {
		return "", false, err
	}
	// Every table gets a name of its own in the statement, so that nothing is looked up but in the schema.
	var steps []string
	slices.SortFunc(tables, func(a, b string) int { // the narrowed ones before those that follow them
		return strings.Compare(fmt.Sprint(a != d.table, a), fmt.Sprint(b != d.table, b))
	})
	for _, table := range tables {
		as := " as (\n"
		if table == "cases" {
			as = " as not materialized (\n" // to pass by what lies outside again is quicker than to keep all columns of what lies inside
		}
		steps = append(steps, table+as+d.rows(table, schema+"."+table, spans)+"\n)")
	}
	for _, view := range views {
		body, err := bodyOf(view)
		if err != nil {
			return "", false, err
		}
		steps = append(steps, view+" as (\n"+body+"\n)")
	}
	return "with " + strings.Join(steps, ",\n") + "\nselect *\nfrom " + fact, true, nil
}

// rows are the rows of a table that rows dated within the spans need.
func (d dated) rows(table, from string, spans []Span) string {
	switch {
	case table == "cases" && d.table == "cases":
		// One SELECT for each column and span: an OR of them could not pass by what lies outside, block by block.
		var parts, earlier []string
		for _, column := range d.columns {
			for _, span := range spans {
				part := "select * from " + from + " where " + d.in(column, span)
				if len(earlier) > 0 {
					part += " and not coalesce(" + strings.Join(earlier, " or ") + ", false)"
				}
				parts, earlier = append(parts, part), append(earlier, "coalesce("+d.in(column, span)+", false)")
			}
		}
		return strings.Join(parts, "\nunion all\n")
	case table == d.table:
		var any []string
		for _, column := range d.columns {
			for _, span := range spans {
				any = append(any, d.in(column, span))
			}
		}
		// DuckDB thinks that these are more than all rows of the table, and would hash the table; it knows that a list is one.
		return "select * from " + from + " where case_id in (select unnest(list(case_id)) from " + from + " where " + strings.Join(any, " or ") + ")"
	case table == "case_events" && d.table == "cases":
		return "select * from " + from + " where case_id in (select case_id from cases)"
	}
	return "select * from " + from
}

func (d dated) in(column string, span Span) string {
	first := span.First
	if d.before != "" {
		first += "::timestamp - interval " + d.before
	}
	return "(" + column + " >= " + first + " and " + column + " < " + span.End + ")"
}

// datesOf finds what a fact's header says of a date.
func datesOf(text, time string) (d dated, ok bool, err error) {
	for _, line := range datedLine.FindAllStringSubmatch(text, -1) {
		if line[1] != time {
			continue
		}
		list := line[2]
		if back := lookBack.FindStringSubmatch(list); back != nil {
			d.before, list = back[1]+" day", strings.TrimSuffix(list, back[0])
		}
		for _, name := range strings.Split(list, ", ") {
			table, column, found := strings.Cut(name, ".")
			if !found || (table != "cases" && table != "satisfaction") || (d.table != "" && d.table != table) {
				return d, false, fmt.Errorf("header: dated %s: %q is no column of cases or satisfaction, all of the same", time, name)
			}
			d.table, d.columns = table, append(d.columns, column)
		}
		return d, true, nil
	}
	return d, false, nil
}

// reads lists the views that a fact is made of, itself last, and the tables that they read.
func reads(fact string) (views, tables []string, err error) {
	wanted := map[string]bool{fact: true}
	order := Order()
	for i := len(order) - 1; i >= 0; i-- { // a view stands behind those that it reads
		view := order[i]
		if !wanted[view] {
			continue
		}
		views = append(views, view)
		body, err := bodyOf(view)
		if err != nil {
			return nil, nil, err
		}
		own := map[string]bool{}
		for _, m := range ownName.FindAllStringSubmatch(body, -1) {
			own[m[1]] = true
		}
		for _, m := range readName.FindAllStringSubmatch(body, -1) {
			name, isCall := m[1], m[2] != ""
			switch {
			case isCall || own[name]:
			case slices.Contains(order, name):
				wanted[name] = true
			case !slices.Contains(tables, name):
				tables = append(tables, name)
			}
		}
	}
	slices.Reverse(views)
	return views, tables, nil
}

// bodyOf is the SELECT of a view, without remarks.
func bodyOf(view string) (string, error) {
	text, err := fs.ReadFile(Files, view+".sql")
	if err != nil {
		return "", fmt.Errorf("fact %s: %w", view, err)
	}
	at := headEnd.FindIndex(text)
	if at == nil {
		return "", fmt.Errorf("fact %s: its file does not create a view", view)
	}
	return strings.TrimSuffix(strings.TrimSpace(comment.ReplaceAllString(string(text[at[1]:]), "")), ";"), nil
}
