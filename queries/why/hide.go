package why

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/queries/disclosure"
)

//go:embed sql/cells.sql
var cellsStatement string

//go:embed sql/suppressed.sql
var suppressedStatement string

// ErrTooFew says that the area's own value may not be shown to this reader in one of the periods.
var ErrTooFew = errors.New("the value stands on too few cases to be shown, or would give away one that does")

// levels are the geo levels from the whole down.
func levels() []string { return []string{"district", "subdistrict", "community", "grid"} }

// place is one area and one category of it; "" for all categories together.
type place struct{ level, code, category string }

// hidden says which places a reader may not see in one period. It is found for the
// whole district at once and for each period by itself, so that the pages of an area,
// of those above it and of those beside it hide the same, whatever they are compared with.
type hidden map[place]bool

// hide marks what of an answer may not be seen by readers from whom counts below q.Least
// are kept, in either of the two periods.
func hide(ctx context.Context, db queryer, q Question, a *Answer, columns []string) error {
	trees, err := readTrees(ctx, db, q, columns)
	if err != nil {
		return err
	}
	suppressed, err := suppressedIn(ctx, db, q)
	if err != nil {
		return err
	}
	both := [2]hidden{trees[0].hidden(q, suppressed[q.Before.name()]), trees[1].hidden(q, suppressed[q.After.name()])}
	is := func(level, code, category string) bool {
		p := place{level, code, category}
		return both[0][p] || both[1][p]
	}
	whole := q.Code
	if q.Level == "district" {
		whole = ""
	}
	if is(q.Level, whole, "") {
		return fmt.Errorf("%s of %s %s: %w", q.Indicator.Code, q.Level, q.Code, ErrTooFew)
	}
	child := func(key string) string {
		if key == Unknown {
			return whole + "/" + Unknown
		}
		return key
	}
	level := below(q.Level)
	for i := range a.ByArea.Groups {
		g := &a.ByArea.Groups[i]
		g.Hidden = is(level, child(g.Key), "")
		for j := range g.Subs {
			g.Subs[j].Hidden = is(level, child(g.Key), g.Subs[j].Key)
		}
	}
	if a.ByCategory == nil {
		return nil
	}
	for i := range a.ByCategory.Groups {
		g := &a.ByCategory.Groups[i]
		g.Hidden = is(q.Level, whole, g.Key)
		for j := range g.Subs {
			g.Subs[j].Hidden = is(level, child(g.Subs[j].Key), g.Key)
		}
	}
	return nil
}

// hidden finds what is hidden in one period: areas whose values are suppressed in all
// tables, categories of an area that have too few cases, and what would give them away.
func (t *cellTree) hidden(q Question, suppressed []place) hidden {
	var table disclosure.Cells
	number := map[place]int{}
	for _, p := range t.order {
		s := t.cells[p]
		if p.category == "" || q.Indicator.Kind == "mean" { // a mean's numerator is no count
			number[p] = table.Add(s.Den)
		} else {
			number[p] = table.Add(s.Den, s.Num)
		}
	}
	for _, p := range t.order {
		var parts, categories []int
		for _, child := range t.below[place{p.level, p.code, ""}] {
			if i, ok := number[place{child.level, child.code, p.category}]; ok {
				parts = append(parts, i)
			}
		}
		table.Sum(number[p], parts...)
		if p.category != "" {
			continue
		}
		for _, category := range t.categories {
			if i, ok := number[place{p.level, p.code, category}]; ok {
				categories = append(categories, i)
			}
		}
		table.Sum(number[p], categories...)
	}
	for _, p := range suppressed {
		if i, ok := number[p]; ok {
			table.Keep(i)
		}
	}
	out := hidden{}
	for i, h := range table.Hide(float64(q.Least)) {
		if h {
			out[t.order[i]] = true
		}
	}
	return out
}

// cellTree is the sums of every area and category in one period. The district's code is "".
type cellTree struct {
	levels      []string // that the fact has
	categorised bool
	cells       map[place]*Sums
	order       []place
	below       map[place][]place // areas right below an area
	categories  []string
}

func newTree(columns []string) cellTree {
	t := cellTree{cells: map[place]*Sums{}, below: map[place][]place{}, categorised: slices.Contains(columns, "category_1")}
	for _, level := range levels() {
		if level != "district" && !slices.Contains(columns, level+"_code") {
			break
		}
		t.levels = append(t.levels, level)
	}
	return t
}

// readTrees reads the sums of the period before and of that after.
func readTrees(ctx context.Context, db queryer, q Question, columns []string) ([2]cellTree, error) {
	trees := [2]cellTree{newTree(columns), newTree(columns)}
	column := func(name string) string {
		if slices.Contains(columns, name) {
			return name
		}
		return "''"
	}
	rows, err := ask(ctx, db, q, columns, cellsStatement, nil, "{subdistrict}", column("subdistrict_code"),
		"{community}", column("community_code"), "{grid}", column("grid_code"), "{category}", column("category_1"))
	if err != nil {
		return trees, fmt.Errorf("small counts of %s: %w", q.Indicator.Code, err)
	}
	defer rows.Close()
	for rows.Next() {
		var side, category string
		var codes [4]string
		var s Sums
		if err := rows.Scan(&side, &codes[1], &codes[2], &codes[3], &category, &s.Num, &s.Den); err != nil {
			return trees, fmt.Errorf("small counts of %s: %w", q.Indicator.Code, err)
		}
		tree := &trees[0]
		if side == "after" {
			tree = &trees[1]
		}
		tree.put(codes, known(category), s)
	}
	return trees, rows.Err()
}

// put adds the sums of one grid and category to those of the areas above it.
func (t *cellTree) put(codes [4]string, category string, s Sums) {
	if t.categorised && !slices.Contains(t.categories, category) {
		t.categories = append(t.categories, category)
	}
	var above place
	for i, level := range t.levels {
		code := codes[i]
		if i > 0 && code == "" {
			code = above.code + "/" + Unknown
		}
		area := place{level, code, ""}
		if t.add(area, s) && i > 0 {
			t.below[above] = append(t.below[above], area)
		}
		if t.categorised {
			t.add(place{level, code, category}, s)
		}
		above = area
	}
}

// add adds to the sums of a place, and says whether it is new.
func (t *cellTree) add(p place, s Sums) bool {
	if have, ok := t.cells[p]; ok {
		*have = have.add(s)
		return false
	}
	t.cells[p] = &s
	t.order = append(t.order, p)
	return true
}

// suppressedIn lists the areas whose values are suppressed in all tables, for each of the two periods by its name.
func suppressedIn(ctx context.Context, db queryer, q Question) (map[string][]place, error) {
	rows, err := db.QueryContext(ctx, suppressedStatement, q.Indicator.Code, q.Before.name(), q.After.name())
	if err != nil {
		return nil, fmt.Errorf("suppressed values of %s: %w", q.Indicator.Code, err)
	}
	defer rows.Close()
	all := map[string][]place{}
	for rows.Next() {
		var period string
		var p place
		if err := rows.Scan(&period, &p.level, &p.code); err != nil {
			return nil, fmt.Errorf("suppressed values of %s: %w", q.Indicator.Code, err)
		}
		if p.level == "district" {
			p.code = ""
		}
		all[period] = append(all[period], p)
	}
	return all, rows.Err()
}

// name is what the period is called in the tables: 2025-11, 2025-Q4 or 2025.
func (s Span) name() string {
	switch {
	case oneMonth(s):
		return s.First.Format("2006-01")
	case s.First.AddDate(0, 3, 0).Equal(s.End):
		return fmt.Sprintf("%s-Q%d", s.First.Format("2006"), (s.First.Month()+2)/3)
	}
	return s.First.Format("2006")
}
