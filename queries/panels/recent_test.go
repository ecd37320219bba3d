package panels

import (
	"context"
	"reflect"
	"testing"
	"time"
)

// What is kept of the latest months gives what the snapshot answers: with a grid that moved, cases without
// a grid or a category, days without cases, and more categories than are named.
func TestRecentCasesAreThoseOfTheSnapshot(t *testing.T) {
	db, _ := codes(t)
	exec(t, db, `insert into grids by name
		select * from (values ('g1', 'c1', 's1'), ('g1', 'c2', 's1'), ('g2', 'c2', 's1'), ('g3', 'c3', 's2')) as g (grid_code, community_code, subdistrict_code)`)
	exec(t, db, `insert into case_day
		select day, grid_code, category_1, reported, closed
		from (
			select date '2026-01-01' + (i * 7 % 100)::integer as day, ['g1', 'g2', 'g3', null][i % 4 + 1] as grid_code,
				['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', null][i % 13 + 1] as category_1, sum(i % 3) as reported, sum(i % 2) as closed
			from range(400) as r (i)
			group by all
		)
		where reported + closed > 0`)
	ctx := context.Background()
	month := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	recent, err := ReadRecent(ctx, db, month(2), month(7))
	if err != nil {
		t.Fatal(err)
	}
	if recent.Covers(month(1), month(3)) || !recent.Covers(month(2), month(7)) || recent.Covers(month(2), month(8)) || (*Recent)(nil).Covers(month(2), month(3)) {
		t.Error("February to June are in here, and no more")
	}
	for _, a := range []Area{{Level: "district", Code: "d"}, {Level: "subdistrict", Code: "s1"}, {Level: "community", Code: "c1"}, {Level: "community", Code: "c2"},
		{Level: "grid", Code: "g3"}, {Level: "grid", Code: "none"}} {
		for _, end := range []time.Time{month(3), month(4), month(7)} {
			first := month(2)
			if end.Equal(month(4)) {
				first = month(3)
			}
			days, err := Daily(ctx, db, a, "", first, end)
			if err != nil {
				t.Fatal(err)
			}
			if got := recent.Daily(a, first, end); !reflect.DeepEqual(got, days) {
				t.Errorf("%s %s to %s: days %v, want %v", a.Level, a.Code, end, got, days)
			}
			categories, err := Categories(ctx, db, a, first, end)
			if err != nil {
				t.Fatal(err)
			}
			if got := recent.Categories(a, first, end); !reflect.DeepEqual(got, categories) {
				t.Errorf("%s %s to %s: categories %v, want %v", a.Level, a.Code, end, got, categories)
			}
		}
	}
	if none := recent.Daily(Area{Level: "district"}, month(6), month(7)); none != nil {
		t.Errorf("June has no cases: %v", none)
	}
}
