package sandbox

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	duck "github.com/duckdb/duckdb-go-bindings"
)

// MaxStatement is the longest statement that is looked at, in bytes.
const MaxStatement = 64 << 10

//go:embed functions.txt
var functionList []byte

// allowedFunctions are the functions that a statement may call. The list is
// closed, so that a function which a later DuckDB brings is refused until
// somebody has looked at it.
var allowedFunctions = readFunctions()

func readFunctions() map[string]bool {
	allowed := map[string]bool{}
	scanner := bufio.NewScanner(bytes.NewReader(functionList))
	for scanner.Scan() {
		line := scanner.Text()
		if strings.HasPrefix(line, "# ") {
			continue
		}
		for _, name := range strings.Fields(line) {
			allowed[name] = true
		}
	}
	return allowed
}

// RefusedError says why a statement may not run.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

// explainPrefix finds EXPLAIN and its options in front of a statement; comments may stand before it.
var explainPrefix = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*(explain(?:\s+analyze)?(?:\s*\(\s*(?:analyze|format\s+(?:json|text))(?:\s*,\s*(?:analyze|format\s+(?:json|text)))*\s*\))?)[\s(]`)

// checker decides whether a statement may run. It lets DuckDB parse the text
// and looks at the syntax tree, so that comments, quoting, casing and encoding
// mean here what they mean to the engine.
type checker struct {
	engine    *engine
	relations map[string]bool // views that may be read, lower case
	reserved  map[string]bool // names of the engine's own catalogue, which a CTE may not take
}

// checkText looks at what can be seen before parsing, and before the text travels to a worker.
func checkText(text string) error {
	switch {
	case len(text) > MaxStatement:
		return fail(Refused, "the statement is longer than %d KB", MaxStatement>>10)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return fail(Refused, "the statement is not UTF-8 text")
	case strings.TrimSpace(text) == "":
		return fail(Refused, "there is no statement")
	}
	return nil
}

// check returns the statement to run: the text itself, or EXPLAIN and the text that was checked.
func (c *checker) check(text string) (string, error) {
	explain := ""
	if m := explainPrefix.FindStringSubmatchIndex(text); m != nil {
		explain = text[m[2]:m[3]] + " "
		text = text[m[3]:]
	}
	raw, err := c.parse(text)
	if err != nil {
		return "", err
	}
	tree, err := readTree(raw)
	if err != nil {
		return "", err
	}
	w := walk{checker: c, ctes: map[string]bool{}}
	w.visit(tree)
	for name := range w.tables {
		if !c.relations[name] && !w.ctes[name] {
			w.problem("there is no table %q here; those there are stand in the schema list", name)
		}
	}
	for name := range w.ctes {
		if c.reserved[name] && !c.relations[name] {
			w.problem("%q is the name of a system table: give the query in WITH another name", name)
		}
	}
	if len(w.problems) > 0 {
		slices.Sort(w.problems)
		return "", &RefusedError{strings.Join(slices.Compact(w.problems), "; ")}
	}
	return explain + text, nil
}

// withoutEnd cuts off the semicolon that ends a statement, and what stands
// after it, so that the statement can stand in FROM. Where that semicolon is,
// DuckDB's parser says: without it the syntax tree must stay the same.
func (c *checker) withoutEnd(text string) (string, error) {
	whole, err := c.parse(text)
	if err != nil {
		return "", err
	}
	cut := text
	for {
		i := strings.LastIndexByte(cut, ';')
		if i < 0 {
			return text, nil
		}
		cut = cut[:i]
		if tree, err := c.parse(cut); err == nil && tree == whole {
			text = cut
		}
	}
}

// parse lets DuckDB write the syntax tree of a text as JSON.
func (c *checker) parse(text string) (string, error) {
	var statement duck.PreparedStatement
	defer duck.DestroyPrepare(&statement)
	if duck.Prepare(c.engine.conn, "select json_serialize_sql($1::varchar)::varchar", &statement) == duck.StateError {
		return "", errors.New(duck.PrepareError(statement))
	}
	if duck.BindVarchar(statement, 1, text) == duck.StateError {
		return "", errors.New("hand the statement to the parser")
	}
	p := &prepared{statement: statement, columns: []column{{kind: duck.TypeVarchar}}}
	rows, err := p.strings()
	if err != nil {
		return "", err
	}
	return rows[0][0], nil
}

// readTree returns the syntax tree if it is of exactly one SELECT.
func readTree(raw string) (any, error) {
	var answer struct {
		Error        bool   `json:"error"`
		ErrorMessage string `json:"error_message"`
		ErrorType    string `json:"error_type"`
		Statements   []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(raw), &answer); err != nil {
		return nil, fmt.Errorf("read the syntax tree: %w", err)
	}
	switch {
	case answer.Error && answer.ErrorType == "parser":
		return nil, refuse("Parser Error: %s", answer.ErrorMessage)
	case answer.Error:
		return nil, refuse("only one SELECT is allowed (also with WITH, UNION, EXPLAIN, DESCRIBE, SUMMARIZE); for a pivot with unknown columns name them: FROM t PIVOT (... FOR c IN (...))")
	case len(answer.Statements) != 1:
		return nil, refuse("there are %d statements: send one at a time", len(answer.Statements))
	}
	return answer.Statements[0], nil
}

// nodeTypes are the kinds of query parts that are understood; any other is refused.
var nodeTypes = setOf("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE",
	"EMPTY", "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "PIVOT", "SHOW_REF",
	"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER",
	"ORDER_DEFAULT", "ASCENDING", "DESCENDING",
	"GENERIC_TYPE_INFO", "DECIMAL_TYPE_INFO", "STRING_TYPE_INFO", "LIST_TYPE_INFO", "STRUCT_TYPE_INFO", "ARRAY_TYPE_INFO", "ENUM_TYPE_INFO", "UNBOUND_TYPE_INFO")

// expressionClasses are the kinds of expressions that are understood. Parameters are not: there is nothing to fill them.
var expressionClasses = setOf("CONSTANT", "COLUMN_REF", "FUNCTION", "WINDOW", "OPERATOR", "COMPARISON", "CONJUNCTION",
	"CASE", "CAST", "SUBQUERY", "BETWEEN", "STAR", "LAMBDA", "LAMBDA_REF", "COLLATE", "POSITIONAL_REFERENCE")

// tableFunctions are the functions that may stand in FROM.
var tableFunctions = setOf("range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree")

// walk goes through a syntax tree and collects what it names.
type walk struct {
	*checker
	tables, ctes map[string]bool
	problems     []string
}

func (w *walk) problem(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *walk) visit(node any) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			w.visit(child)
		}
	case map[string]any:
		w.object(node)
		for _, child := range node {
			w.visit(child)
		}
	}
}

func (w *walk) object(node map[string]any) {
	if name, ok := node["function_name"].(string); ok {
		w.function(name)
	}
	if entries, ok := node["cte_map"].(map[string]any); ok {
		w.ctesOf(entries)
	}
	kind, _ := node["type"].(string)
	if class, isExpression := node["class"].(string); isExpression {
		if !expressionClasses[class] {
			w.problem("%s is not allowed here", strings.ToLower(kind))
		}
		return
	}
	if kind != "" && !nodeTypes[kind] {
		w.problem("%s is not allowed here", strings.ToLower(kind))
	}
	switch kind {
	case "BASE_TABLE":
		w.table(node)
	case "TABLE_FUNCTION":
		w.tableFunction(node)
	case "SHOW_REF":
		// DESCRIBE and SUMMARIZE carry a query, which is visited like any other.
		if name, _ := node["table_name"].(string); node["query"] == nil && strings.Trim(name, `"`) != "tables" {
			w.problem("of SHOW only SHOW TABLES is allowed")
		}
	}
}

func (w *walk) function(name string) {
	if lower := strings.ToLower(name); !allowedFunctions[lower] && !tableFunctions[lower] {
		w.problem("the function %s is not available here", lower)
	}
}

func (w *walk) ctesOf(entries map[string]any) {
	list, _ := entries["map"].([]any)
	for _, entry := range list {
		entry, _ := entry.(map[string]any)
		if key, ok := entry["key"].(string); ok {
			w.ctes[strings.ToLower(key)] = true
		}
	}
}

func (w *walk) table(node map[string]any) {
	catalogue, _ := node["catalog_name"].(string)
	schema, _ := node["schema_name"].(string)
	name, _ := node["table_name"].(string)
	switch {
	case catalogue != "" || schema != "":
		w.problem("write table %q without a schema in front", name)
	case node["at_clause"] != nil:
		w.problem("AT is not allowed")
	default:
		if w.tables == nil {
			w.tables = map[string]bool{}
		}
		w.tables[strings.ToLower(name)] = true
	}
}

func (w *walk) tableFunction(node map[string]any) {
	function, _ := node["function"].(map[string]any)
	name, _ := function["function_name"].(string)
	if !tableFunctions[strings.ToLower(name)] {
		w.problem("the table function %s is not available here", strings.ToLower(name))
	}
}

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}
