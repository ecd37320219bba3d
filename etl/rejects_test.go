package etl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/etl"
)

// Rejects are looked for in all files at once where they are few, and file by file where they are many; each must be found where it stands.
func TestRejectsOfSeveralFilesAreFoundWhereTheyStand(t *testing.T) {
	for _, rows := range []int{300, 50_002} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.source("cases").Files = []string{"cases.csv", "more_*.csv"}
			for _, name := range []string{"a", "b", "c"} {
				var text strings.Builder
				text.WriteString(caseHeader)
				for i := range rows {
					grid, note := "G9", "路灯不亮"
					if i%3 == 1 {
						grid = "G1"
					}
					if i%100 == 7 {
						note = "\"两行\n的说明\"" // from here on lines are not rows
					}
					fmt.Fprintf(&text, "%s%d,2026-10-01 08:00:00,%s,2026-10-02 09:00:00,办结,1,%s\n", name, i, grid, note)
					if i == 40 {
						text.WriteString("zu,wenig\n")
					}
				}
				o.write("more_"+name+".csv", text.String())
			}
			result := o.run(etl.Options{})
			refused := int64(3 * (rows - (rows+1)/3 + 1))
			if result.Total.Rejected != refused {
				t.Errorf("%d rows are rejected, want %d", result.Total.Rejected, refused)
			}
			got := o.query(`
with kept as (
  select
    *,
    parse_filename(path, true)[6:] as name,
    regexp_extract(raw, '^[abc](\d+),', 1)::integer as i
  from reject
  where rule = 'cases_grid_unknown'
)
select
  name,
  count(*),
  count(distinct i),
  -- a header, the short line after row 40, and a line more for each note of two
  count_if(raw[1] <> name or i % 3 = 1 or raw not like '%,G9,%' or line <> i + 2 + (i > 40)::integer + (i + 92) // 100) as wrong
from kept
group by name
order by name`)
			each := rows - (rows+1)/3
			want := fmt.Sprintf("a | %[1]d | %[1]d | 0\nb | %[1]d | %[1]d | 0\nc | %[1]d | %[1]d | 0", each)
			if got != want {
				t.Errorf("the rejects are\n%s\nwant\n%s", got, want)
			}
			if short := o.query("select parse_filename(path), line, rule from reject where rule <> 'cases_grid_unknown' order by path"); short != "more_a.csv | 44 | malformed_line\nmore_b.csv | 44 | malformed_line\nmore_c.csv | 44 | malformed_line" {
				t.Errorf("the lines that are no rows are\n%s", short)
			}
		})
	}
}
