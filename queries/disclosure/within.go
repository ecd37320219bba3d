package disclosure

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jiceng/jiceng/queries/facts"
)

// Within returns what to select from to get the rows that a database shows of a fact and that are dated within spans,
// and maybe more: the fact's own name, or a statement in brackets that reads less. columns are those that the database
// shows of the fact. An audience's database shows the same by either: the statement reads the snapshot's tables, as the
// audience's view of the fact does, and passes on what the rule of that view lets through.
func Within(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, fact string, columns []string, time string, spans ...facts.Span) (string, error) {
	var audience bool
	if err := db.QueryRowContext(ctx, "select exists(from duckdb_databases() where database_name = 'snap')").Scan(&audience); err != nil {
		return "", fmt.Errorf("find out who asks for %s: %w", fact, err)
	}
	schema := "main"
	if audience {
		schema = "snap.main"
	}
	statement, ok, err := facts.Within(fact, time, schema, spans...)
	if err != nil || !ok {
		return fact, err
	}
	statement = "(\n" + statement + "\n) as " + fact
	if !audience {
		return statement, nil
	}
	r := Relation{Name: fact}
	quoted := make([]string, len(columns))
	for i, name := range columns {
		r.Columns = append(r.Columns, Column{Name: name})
		quoted[i] = quote(name)
	}
	text, err := view(rule(r))
	if err != nil {
		return "", err
	}
	_, shown, found := strings.Cut(text, "create view {{name}} as\n")
	if !found || strings.Count(shown, "from snap.main.{{name}}\n") != 1 {
		return fact, nil
	}
	shown = strings.Replace(shown, "from snap.main.{{name}}\n", "from "+statement+"\n", 1)
	return "(\n" + strings.Replace(shown, "{{columns}}", strings.Join(quoted, ", "), 1) + "\n) as " + fact, nil
}
