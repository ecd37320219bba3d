package snapshot_test

import (
	"testing"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// Replace leaves what the query says, and touches no row that is the same already.
func TestReplaceTouchesOnlyWhatDiffers(t *testing.T) {
	conn := connect(t)
	const table = `
create or replace table counted (month date, area varchar, hour tinyint, cases bigint);
insert into counted values ('2026-01-01', 'A', 1, 5), ('2026-02-01', 'A', 1, 6), ('2026-02-01', null, null, 7), ('2026-02-01', 'B', 2, 8), ('2026-02-01', 'C', 2, 9);
create or replace temp table before as select rowid as row, * from counted`
	const february = `
select *
from (values
  (date '2026-02-01', 'A', 1, 6),
  (date '2026-02-01', null, null, 7),
  (date '2026-02-01', 'B', 2, 10),
  (date '2026-02-01', 'D', 2, 1)
) as v;`
	for _, c := range []struct{ where, rows, kept string }{
		{"month >= date '2026-02-01'", "2026-01-01 A 1 5, 2026-02-01 A 1 6, 2026-02-01 B 2 10, 2026-02-01 D 2 1, 2026-02-01 - 7", "A 5, A 6, - 7"},
		{"", "2026-02-01 A 1 6, 2026-02-01 B 2 10, 2026-02-01 D 2 1, 2026-02-01 - 7", ""},
	} {
		if _, err := conn.ExecContext(t.Context(), table); err != nil {
			t.Fatal(err)
		}
		if err := snapshot.Replace(t.Context(), conn, "counted", c.where, february); err != nil {
			t.Fatal(err)
		}
		var rows, kept string
		if err := conn.QueryRowContext(t.Context(), "select string_agg(concat_ws(' ', month, coalesce(area, '-'), hour, cases), ', ' order by month, area) from counted").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if rows != c.rows {
			t.Errorf("where %q: %s, want %s", c.where, rows, c.rows)
		}
		if err := conn.QueryRowContext(t.Context(), `
select
  coalesce(string_agg(concat_ws(' ', coalesce(c.area, '-'), c.cases), ', ' order by c.rowid), '')
from counted as c
join before as b on b.row = c.rowid
  and b.area is not distinct from c.area
  and b.cases = c.cases
where ? <> ''`, c.where).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if kept != c.kept {
			t.Errorf("where %q: left alone: %s, want %s", c.where, kept, c.kept)
		}
	}
	// What fails changes nothing, and the connection can be used on.
	if err := snapshot.Replace(t.Context(), conn, "counted", "", "select 'no date', 'A', 1, 1"); err == nil {
		t.Error("a text was taken for a date")
	}
	var n int
	if err := conn.QueryRowContext(t.Context(), "select count(*) from counted").Scan(&n); err != nil || n != 4 {
		t.Errorf("%d rows are left, want 4 (%v)", n, err)
	}
}
