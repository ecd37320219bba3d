package panels

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
)

// Recent is the cases of the latest months by day and by main category, of all grids.
// Every area's page counts some of them, and the table they stand in goes by the day:
// it costs as much to count them for one grid as for all.
type Recent struct {
	first, end time.Time // the day after the last
	days       int
	areas      map[[2]string][]int // places of the grids that lie, or once lay, in an area, by level and code
	grids      int
	daily      []flow // by grid and day
	categories []string
	reported   map[int][][]kind // by month: of each grid, the categories that it had
}

// flow is what came and what left.
type flow struct{ reported, closed int32 }

// kind is what came of one category, by its place among them. Departments may have many words for categories, of which a grid
// has few in a month.
type kind struct{ category, reported int32 }

// ReadRecent reads the cases from the first day of a month to before another.
func ReadRecent(ctx context.Context, db *sql.DB, first, end time.Time) (*Recent, error) {
	type grid struct {
		code                   string
		days, reported, closed any // lists of whole numbers
	}
	type month struct {
		grid, category string
		month          int
		reported       int32
	}
	type member struct{ level, code, grid string }
	grids, err := query(ctx, db, "recent_days", func(g *grid) []any { return []any{&g.code, &g.days, &g.reported, &g.closed} }, first, end)
	if err != nil {
		return nil, err
	}
	months, err := query(ctx, db, "recent_categories", func(m *month) []any { return []any{&m.grid, &m.month, &m.category, &m.reported} }, first, end)
	if err != nil {
		return nil, err
	}
	members, err := query(ctx, db, "members", func(m *member) []any { return []any{&m.level, &m.code, &m.grid} })
	if err != nil {
		return nil, err
	}
	r := &Recent{first: first, end: end, areas: map[[2]string][]int{}, reported: map[int][][]kind{}}
	places := map[string]int{}
	for at, g := range grids {
		places[g.code] = at
		days := whole(g.days)
		r.days = max(r.days, int(days[len(days)-1])+1)
	}
	r.grids = len(grids)
	r.daily = make([]flow, r.grids*r.days)
	for at, g := range grids {
		reported, closed := whole(g.reported), whole(g.closed)
		for i, day := range whole(g.days) {
			r.daily[at*r.days+int(day)] = flow{reported[i], closed[i]}
		}
	}
	for _, m := range months {
		r.categories = append(r.categories, m.category)
	}
	slices.Sort(r.categories)
	r.categories = slices.Clone(slices.Compact(r.categories)) // a dozen of a hundred thousand
	for _, m := range months {
		if r.reported[m.month] == nil {
			r.reported[m.month] = make([][]kind, r.grids)
		}
		category, _ := slices.BinarySearch(r.categories, m.category)
		grid := &r.reported[m.month][places[m.grid]]
		*grid = append(*grid, kind{int32(category), m.reported})
	}
	for _, m := range members {
		if at, any := places[m.grid]; any {
			r.areas[[2]string{m.level, m.code}] = append(r.areas[[2]string{m.level, m.code}], at)
		}
	}
	return r, nil
}

// whole is a list of whole numbers as the driver gives it.
func whole(list any) []int32 {
	values, _ := list.([]any)
	numbers := make([]int32, len(values))
	for i, v := range values {
		numbers[i], _ = v.(int32)
	}
	return numbers
}

// Covers says whether the cases from a day to before another are in here.
func (r *Recent) Covers(from, end time.Time) bool {
	return r != nil && !from.Before(r.first) && !end.After(r.end)
}

// of are the places of an area's grids; a district has the cases without a grid too.
func (r *Recent) of(a Area) []int {
	if a.Level != "district" {
		return r.areas[[2]string{a.Level, a.Code}]
	}
	all := make([]int, r.grids)
	for i := range all {
		all[i] = i
	}
	return all
}

// Daily is what Daily asks the snapshot for, of all categories.
func (r *Recent) Daily(a Area, first, end time.Time) []Day {
	from, until := r.day(first), min(r.day(end), r.days)
	if from >= until {
		return nil
	}
	sums := make([]Day, until-from)
	for _, grid := range r.of(a) {
		for i, f := range r.daily[grid*r.days+from : grid*r.days+until] {
			sums[i].Reported += int64(f.reported)
			sums[i].Closed += int64(f.closed)
		}
	}
	var days []Day
	for i, d := range sums {
		if d.Reported != 0 || d.Closed != 0 {
			d.Date = first.AddDate(0, 0, i)
			days = append(days, d)
		}
	}
	return days
}

// day is how many days lie between the first and another.
func (r *Recent) day(t time.Time) int { return int(t.Sub(r.first).Hours() / 24) }

// Categories is what Categories asks the snapshot for; first and end are first days of months.
func (r *Recent) Categories(a Area, first, end time.Time) []Category {
	found := make([]Category, len(r.categories))
	for i, name := range r.categories {
		found[i].Name = name
	}
	for month := r.month(first); month < r.month(end); month++ {
		reported := r.reported[month]
		if reported == nil {
			continue
		}
		for _, grid := range r.of(a) {
			for _, k := range reported[grid] {
				found[k.category].Reported += int64(k.reported)
			}
		}
	}
	found = slices.DeleteFunc(found, func(c Category) bool { return c.Reported == 0 })
	slices.SortFunc(found, func(a, b Category) int {
		return cmp.Or(cmp.Compare(b.Reported, a.Reported), strings.Compare(a.Name, b.Name))
	})
	if len(found) == 0 {
		return nil
	}
	return found[:min(len(found), mostCategories)]
}

// mostCategories is how many categories.sql returns.
const mostCategories = 10

// month is how many months lie between the first and another.
func (r *Recent) month(t time.Time) int {
	return 12*(t.Year()-r.first.Year()) + int(t.Month()) - int(r.first.Month())
}
