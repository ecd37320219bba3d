package dashboards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	caseflows "github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/panels"
)

// scope is the area and the cases that a page is about, as its address says: level
// and area (the district where neither is given), and one value of one field
// (?category=… or ?channel=…), by which its charts are narrowed.
type scope struct {
	Area       panels.Area
	Name       string
	Crumbs     []crumb  // the areas above, on the same page
	Below      []choice // the areas right below, to go down to
	BelowLevel string
	First, End time.Time // the period
	Only       string    // category, channel or ""
	Value      string

	names map[string]string // of areas, by level and code
}

// readScope reads the scope of an address, and the areas around it. An area that does not exist is panels.ErrNoArea.
func (f *frame) readScope() (*scope, error) {
	a := f.view.top
	var err error
	if code := f.Query.Get("area"); code != "" {
		level := f.Query.Get("level")
		if before, after, both := strings.Cut(code, ":"); both { // as other pages write an area: level:code
			level, code = before, after
		}
		if a, err = f.view.areas.find(level, code); err != nil {
			return nil, err
		}
	}
	s, err := f.newScope(a)
	if err != nil {
		return nil, err
	}
	for above := s.Area; above.ParentLevel != ""; {
		if above, err = f.view.areas.above(above); err != nil {
			return nil, err
		}
		s.Crumbs = append(s.Crumbs, crumb{f.AreaName(above), f.at(above)})
	}
	slices.Reverse(s.Crumbs)
	return s, nil
}

// newScope is the cases of an area as the address narrows them.
func (f *frame) newScope(a panels.Area) (*scope, error) {
	s := &scope{Area: a, Name: f.AreaName(a), names: map[string]string{}}
	var err error
	if s.First, s.End, err = span(f.Period); err != nil {
		return nil, err
	}
	for _, field := range []string{"category", "channel"} {
		if value := f.Query.Get(field); value != "" {
			if s.Only != "" {
				return nil, fmt.Errorf("%w: %s", errNotFound, f.T("oneFilter"))
			}
			s.Only, s.Value = field, value
		}
	}
	if s.BelowLevel = below(s.Area.Level); s.BelowLevel == "" {
		return s, nil
	}
	children := f.view.areas.children(s.Area)
	for _, a := range children {
		s.names[a.Level+" "+a.Code] = a.Name
		s.Below = append(s.Below, choice{a.Code, a.Name, false})
	}
	return s, nil
}

// at is this page's address for another area.
func (f *frame) at(a panels.Area) string {
	if a.Level == "district" {
		return f.With("level", "", "area", "")
	}
	return f.With("level", a.Level, "area", a.Code)
}

// areaName is an area's name, its code where it has none, and a word where it is not known.
func (f *frame) areaName(s *scope, level, code string) string {
	if code == "" {
		return f.T("unlocated")
	}
	if name := s.names[level+" "+code]; name != "" {
		return name
	}
	return code
}

// learnNames makes the names of all areas of a level known.
func (f *frame) learnNames(s *scope, level string) {
	for at, a := range f.view.areas.at {
		if at[0] == level {
			s.names[level+" "+a.Code] = a.Name
		}
	}
}

// valueName is what a value of a field is called: a text of ours for the codes of the data
// contract, the value itself for what departments name, a word for what is missing.
func (f *frame) valueName(field, value string) string {
	if value == "" {
		return f.T("notStated")
	}
	switch field {
	case "channel", "source", "priority":
		return f.code(field, value)
	case "handler":
		if kind, ok := cutKind(value); ok {
			return f.code("handler", kind)
		}
	case "level":
		if value == "city" {
			return f.T("code_level_city")
		}
		return f.Level(value)
	}
	return value
}

// code is the text of a code of the data contract; one that has none stands as it is.
func (f *frame) code(field, value string) string {
	if text := f.T("code_" + field + "_" + value); !strings.HasPrefix(text, "⟦") {
		return text
	}
	return value
}

// cutKind takes the kind of handler out of a handler that has no department.
func cutKind(handler string) (kind string, ok bool) {
	const mark = "kind:"
	if len(handler) > len(mark) && handler[:len(mark)] == mark {
		return handler[len(mark):], true
	}
	return "", false
}

// data is the address of one of this scope's tables, as CSV.
func (f *frame) data(s *scope, table string, pairs ...string) string {
	if s.Area.Level != "district" {
		pairs = append(pairs, "level", s.Area.Level, "area", s.Area.Code)
	}
	if s.Only != "" {
		pairs = append(pairs, s.Only, s.Value)
	}
	return f.Href("/api/v1/"+table+".csv", append(pairs, "period", f.Period.Name)...)
}

// filters are the choices of one field for a scope: all, then its values.
type filter struct {
	Field   string
	Choices []choice
}

// filters are the values that charts of cases can be narrowed to; of one grid there are too few.
func (f *frame) filters(s *scope) ([]filter, error) {
	if s.Area.Level == "grid" {
		return nil, nil
	}
	whole := s.flowScope()
	whole.Value = ""
	all, err := caseflows.Values(f.ctx, f.view.DB, whole)
	if err != nil {
		return nil, err
	}
	var filters []filter
	for _, field := range []string{"category", "channel"} {
		values, _ := seen(f, all[caseflows.By(field)], func(v caseflows.Value) []int64 { return []int64{v.Cases} })
		var choices []choice
		for _, v := range values {
			if v.Name != "" {
				choices = append(choices, choice{v.Name, f.valueName(field, v.Name) + f.T("inBrackets", "Text", f.Int(v.Cases)), s.Only == field && s.Value == v.Name})
			}
		}
		if len(choices) > 1 || s.Only == field {
			filters = append(filters, filter{field, choices})
		}
	}
	return filters, nil
}

// switcher is a row of links that change one parameter of the address.
func (f *frame) switcher(parameter, chosen string, values []string, name func(string) string) []link {
	var links []link
	for i, v := range values {
		address := v
		if i == 0 {
			address = ""
		}
		links = append(links, link{name(v), f.With(parameter, address), v == chosen})
	}
	return links
}

type link struct {
	Name, Href string
	Chosen     bool
}
