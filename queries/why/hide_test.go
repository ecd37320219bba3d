package why

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// pagesOf are all pages that split the changes of an area: the district's, its subdistricts' and their communities'.
func pagesOf() (pages [][2]string) {
	pages = append(pages, [2]string{"district", "d"})
	for s := 1; s <= 2; s++ {
		pages = append(pages, [2]string{"subdistrict", fmt.Sprint("s", s)})
		for c := 1; c <= 2; c++ {
			pages = append(pages, [2]string{"community", fmt.Sprint("s", s, "c", c)})
		}
	}
	return pages
}

// What all pages together show of two months holds no count below the threshold, and no row or column
// of areas and categories, on whichever pages its cells stand, lacks exactly one cell.
func TestAllPagesTogetherGiveNoSmallCountAway(t *testing.T) {
	conn, cat := district(t)
	const least = 16
	type seen struct{ before, after Sums }
	shown, all := map[place]seen{}, map[place]seen{}
	visit := func(level, code, category string, e Effect) {
		p := place{level, code, category}
		all[p] = seen{e.Before, e.After}
		if e.Hidden {
			return
		}
		shown[p] = all[p]
		for _, s := range []Sums{e.Before, e.After} {
			if s.Den > 0 && s.Den < least || category != "" && s.Num > 0 && s.Num < least {
				t.Errorf("%v shows %v", p, s)
			}
		}
	}
	ind, _ := cat.ByCode("F31")
	refused := 0
	for _, page := range pagesOf() {
		q := Question{Indicator: ind, Level: page[0], Code: page[1], Before: month(1), After: month(2)}
		open, err := Explain(context.Background(), conn, q)
		if err != nil {
			t.Fatal(err)
		}
		q.Least = least
		a, err := Explain(context.Background(), conn, q)
		if errors.Is(err, ErrTooFew) {
			refused++
			a = open
			for _, r := range []*Result{&a.ByArea, a.ByCategory} {
				for i := range r.Groups {
					r.Groups[i].Hidden = true
					for j := range r.Groups[i].Subs {
						r.Groups[i].Subs[j].Hidden = true
					}
				}
			}
		} else if err != nil {
			t.Fatal(err)
		}
		child := func(key string) string { return map[bool]string{true: page[1] + "/" + key, false: key}[key == Unknown] }
		for _, g := range a.ByArea.Groups {
			visit(below(page[0]), child(g.Key), "", g)
			for _, s := range g.Subs {
				visit(below(page[0]), child(g.Key), s.Key, s)
			}
		}
		for _, g := range a.ByCategory.Groups {
			visit(page[0], page[1], g.Key, g)
		}
		// A hidden part is neither a bar nor a sentence of its own.
		for _, r := range []Result{a.ByArea, *a.ByCategory} {
			named := map[string]bool{}
			for _, b := range r.Waterfall(8) {
				named[b.Group] = true
			}
			words := strings.Join(r.Words("en", 99, "all", func(key string) string { return "<" + key + ">" }, func(float64) string { return "" }), " ")
			sum := 0.0
			bars := r.Waterfall(8)
			for _, b := range bars[1 : len(bars)-1] {
				sum += b.To - b.From
			}
			near(t, "bars", sum, r.Change, 1e-9)
			for _, g := range r.Groups {
				if g.Hidden && (named[g.Key] || strings.Contains(words, "<"+g.Key+">")) {
					t.Errorf("%v: %s is hidden and named: %v; %s", page, g.Key, named, words)
				}
			}
		}
	}
	sums := 0
	check := func(what string, total bool, parts []place) {
		var hidden []place
		for _, p := range parts {
			if _, ok := shown[p]; !ok {
				hidden = append(hidden, p)
			}
		}
		if total && len(hidden) == 1 {
			t.Errorf("%s: only %v is hidden, with %v", what, hidden[0], all[hidden[0]])
		}
		if total && len(hidden) > 1 {
			sums++
		}
	}
	children := map[place][]place{}
	for p := range all {
		if above, ok := parentOf(p.level, p.code); ok {
			children[place{above.level, above.code, p.category}] = append(children[place{above.level, above.code, p.category}], p)
		}
	}
	for total, parts := range children {
		_, known := shown[total]
		check(fmt.Sprint(total, " by area"), known || total == place{"district", "d", ""}, parts)
	}
	byArea := map[place][]place{}
	for p := range all {
		if p.category != "" {
			byArea[place{p.level, p.code, ""}] = append(byArea[place{p.level, p.code, ""}], p)
		}
	}
	for total, parts := range byArea {
		_, known := shown[total]
		check(fmt.Sprint(total, " by category"), known || total == place{"district", "d", ""}, parts)
	}
	if len(shown) < 20 || sums < 5 || len(shown) == len(all) {
		t.Errorf("%d of %d cells are shown, %d sums lack some, %d pages are refused: the test tests little", len(shown), len(all), sums, refused)
	}
}

// parentOf is the area above one of district(t)'s.
func parentOf(level, code string) (place, bool) {
	if above, _, unknown := strings.Cut(code, "/"); unknown {
		return place{map[string]string{"subdistrict": "district", "community": "subdistrict", "grid": "community"}[level], above, ""}, true
	}
	switch level {
	case "subdistrict":
		return place{"district", "d", ""}, true
	case "community":
		return place{"subdistrict", code[:2], ""}, true
	case "grid":
		return place{"community", code[:4], ""}, true
	}
	return place{}, false
}

// What the tables of values suppress is not told by the reasons either.
func TestAValueThatIsSuppressedElsewhereIsHiddenHere(t *testing.T) {
	conn, cat := district(t)
	ctx := context.Background()
	ind, _ := cat.ByCode("F31")
	if _, err := conn.ExecContext(ctx, "update indicator_value set flag = 'suppressed' where indicator = 'F31' and geo_code in ('s1c1', 's1c2') and period = '2026-02'"); err != nil {
		t.Fatal(err)
	}
	q := Question{Indicator: ind, Level: "subdistrict", Code: "s1", Before: month(1), After: month(2), Least: 5}
	a, err := Explain(ctx, conn, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range a.ByArea.Groups {
		if !g.Hidden {
			t.Errorf("%s is shown", g.Key)
		}
	}
	if bars := a.ByArea.Waterfall(8); len(bars) != 4 || bars[2].Part != PartOthers || math.Abs(bars[2].To-a.ByArea.After) > 1e-12 {
		t.Errorf("bars %+v", bars)
	}
	q.Level, q.Code = "community", "s1c1"
	if _, err := Explain(ctx, conn, q); !errors.Is(err, ErrTooFew) {
		t.Errorf("the page of a suppressed community: %v", err)
	}
	q.Least = 0
	if _, err := Explain(ctx, conn, q); err != nil {
		t.Errorf("for those who may see all: %v", err)
	}
}
