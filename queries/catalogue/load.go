package catalogue

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jiceng/jiceng/queries/indicators"
)

// Load reads the indicators that jiceng ships.
func Load() (Catalogue, error) { return Read(indicators.Files) }

// Read reads every .sql file of a folder as an indicator.
func Read(files fs.FS) (Catalogue, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list indicators: %w", err)
	}
	var c Catalogue
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read indicator %s: %w", name, err)
		}
		ind, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("indicator %s: %w", name, err)
		}
		if name != ind.Code+".sql" {
			return nil, fmt.Errorf("indicator %s: header says code %s", name, ind.Code)
		}
		c = append(c, ind)
	}
	return c, nil
}

// The statement's fixed shape lets many indicators of one fact be counted in one pass.
var (
	shape  = regexp.MustCompile(`(?s)^select\n(.+)\nfrom (\w+);?\s*$`)
	column = regexp.MustCompile(`(?s)^(.+) as (\w+)$`)
)

// columns are the columns that a statement of each kind must have; nil: any two or more.
var columns = map[Kind][]string{
	Share:    {"numerator", "denominator"},
	Rate:     {"numerator", "denominator"},
	Balance:  {"numerator", "denominator"},
	Mean:     {"numerator", "denominator", "squares"},
	Survival: {"duration", "ended"},
	Evenness: nil,
}

func parse(text string) (Indicator, error) {
	ind := Indicator{SQL: text, Scale: 1, NumeratorOver: Sum, DenominatorOver: Sum, LeastN: -1}
	header, body, err := splitHeader(text)
	if err != nil {
		return ind, err
	}
	for _, h := range header {
		if err := ind.set(h.field, h.value); err != nil {
			return ind, fmt.Errorf("line %d: %w", h.line, err)
		}
	}
	if ind.LeastN < 0 {
		ind.LeastN = 30
		if ind.Interval == "none" {
			ind.LeastN = 0 // a full count is not a sample
		}
	}
	ind.Statement = strings.TrimSuffix(body, ";")
	if err := ind.complete(); err != nil {
		return ind, err
	}
	return ind, ind.split()
}

// split takes the statement apart into its columns.
func (ind *Indicator) split() error {
	if ind.Kind.Whole() {
		return nil
	}
	match := shape.FindStringSubmatch(ind.Statement)
	if match == nil {
		return fmt.Errorf("the statement is not of the form \"select … as numerator, … as denominator from fact\"")
	}
	ind.Fact = match[2]
	var names []string
	for _, text := range strings.Split(match[1], ",\n") {
		c := column.FindStringSubmatch(strings.TrimSpace(text))
		if c == nil {
			return fmt.Errorf("column %q has no name", text)
		}
		ind.Parts = append(ind.Parts, Part{Name: c[2], SQL: c[1]})
		names = append(names, c[2])
	}
	want := columns[ind.Kind]
	if want == nil && len(names) >= 2 {
		return nil
	}
	if !slices.Equal(names, want) {
		return fmt.Errorf("a statement of kind %s has the columns %s, not %s", ind.Kind, strings.Join(want, ", "), strings.Join(names, ", "))
	}
	return nil
}

type headerLine struct {
	line         int
	field, value string
}

func splitHeader(text string) ([]headerLine, string, error) {
	var header []headerLine
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest, ok := strings.CutPrefix(line, "-- ")
		if !ok {
			return header, strings.TrimSpace(strings.Join(lines[i:], "\n")), nil
		}
		field, value, ok := strings.Cut(rest, ": ")
		if !ok {
			return nil, "", fmt.Errorf("line %d: %q is not \"field: value\"", i+1, line)
		}
		header = append(header, headerLine{i + 1, field, strings.TrimSpace(value)})
	}
	return nil, "", fmt.Errorf("there is no statement below the header")
}

func (ind *Indicator) set(field, value string) error {
	texts := map[string]*string{
		"code": &ind.Code, "family": &ind.Family, "dimension": &ind.Dimension, "direction": &ind.Direction,
		"counterpart": &ind.Counterpart, "unit": &ind.Unit, "time": &ind.Time, "interval": &ind.Interval,
		"name zh": &ind.Name.Zh, "name en": &ind.Name.En,
		"source zh": &ind.Source.Zh, "source en": &ind.Source.En,
		"definition zh": &ind.Definition.Zh, "definition en": &ind.Definition.En,
		"numerator zh": &ind.NumeratorText.Zh, "numerator en": &ind.NumeratorText.En,
		"denominator zh": &ind.DenominatorText.Zh, "denominator en": &ind.DenominatorText.En,
		"date zh": &ind.DateText.Zh, "date en": &ind.DateText.En,
		"exclusions zh": &ind.Exclusions.Zh, "exclusions en": &ind.Exclusions.En,
		"caveat zh": &ind.Caveat.Zh, "caveat en": &ind.Caveat.En,
	}
	if target, ok := texts[field]; ok {
		*target = value
		return nil
	}
	var err error
	switch field {
	case "kind":
		ind.Kind = Kind(value)
	case "numerator over months":
		ind.NumeratorOver = Over(value)
	case "denominator over months":
		ind.DenominatorOver = Over(value)
	case "scale":
		ind.Scale, err = strconv.ParseFloat(value, 64)
	case "quantile":
		ind.Quantile, err = strconv.ParseFloat(value, 64)
	case "least n":
		ind.LeastN, err = strconv.ParseInt(value, 10, 64)
	case "counts":
		if ind.Exposure = value == "numerator"; !ind.Exposure {
			return fmt.Errorf("counts is %q, and can only be numerator", value)
		}
	case "settles":
		ind.Settles, err = strconv.ParseInt(value, 10, 64)
	case "range":
		var r Range
		_, err = fmt.Sscanf(value, "%g, %g", &r.Low, &r.High)
		ind.Range = &r
	case "target":
		var target float64
		target, err = strconv.ParseFloat(value, 64)
		ind.Target = &target
	case "feeds":
		ind.Feeds = list(value)
	case "columns":
		ind.Columns = list(value)
	case "rows":
		ind.Rows = list(value)
	default:
		if scope, ok := strings.CutPrefix(field, "target "); ok {
			return ind.setTarget(scope, value)
		}
		return fmt.Errorf("unknown field %q", field)
	}
	return err
}

var (
	levels      = []string{"district", "subdistrict", "community", "grid"}
	periodKinds = []string{"month", "quarter", "year"}
)

// setTarget reads a target of a level, a kind of period or both, as in "target grid month: 0.8".
func (ind *Indicator) setTarget(scope, value string) error {
	var t Target
	for _, word := range strings.Fields(scope) {
		switch {
		case slices.Contains(levels, word):
			t.Level = word
		case slices.Contains(periodKinds, word):
			t.PeriodKind = word
		default:
			return fmt.Errorf("target %q is neither for a level nor for a kind of period", scope)
		}
	}
	var err error
	t.Value, err = strconv.ParseFloat(value, 64)
	ind.Targets = append(ind.Targets, t)
	return err
}

// complete says which field is missing or has a value that is not one of those allowed.
func (ind *Indicator) complete() error {
	allowed := []struct {
		field, value string
		values       []string
	}{
		{"family", ind.Family, []string{"E", "F"}},
		{"direction", ind.Direction, []string{"up", "down", "neutral"}},
		{"kind", string(ind.Kind), []string{string(Share), string(Rate), string(Mean), string(Survival), string(Evenness), string(Balance),
			string(Area), string(Composite), string(Derived)}},
		{"unit", ind.Unit, keys(Units())},
		{"interval", ind.Interval, []string{"wilson", "poisson", "t", "kaplan_meier", "none"}},
		{"numerator over months", string(ind.NumeratorOver), []string{string(Sum), string(Avg), string(Last)}},
		{"denominator over months", string(ind.DenominatorOver), []string{string(Sum), string(Avg), string(Last)}},
	}
	for _, a := range allowed {
		if !slices.Contains(a.values, a.value) {
			return fmt.Errorf("%s is %q, not one of %s", a.field, a.value, strings.Join(a.values, ", "))
		}
	}
	texts := map[string]Text{"name": ind.Name, "source": ind.Source, "definition": ind.Definition, "numerator": ind.NumeratorText,
		"denominator": ind.DenominatorText, "date": ind.DateText, "exclusions": ind.Exclusions, "caveat": ind.Caveat}
	for field, text := range texts {
		if text.Zh == "" || text.En == "" {
			return fmt.Errorf("%s must be given in zh and en", field)
		}
	}
	if ind.Time == "" || ind.Dimension == "" || len(ind.Feeds) == 0 || len(ind.Rows) == 0 {
		return fmt.Errorf("time, dimension, feeds and rows must be given")
	}
	for _, row := range ind.Rows {
		if !slices.ContainsFunc(Rows(), func(r Row) bool { return r.Key == row }) {
			return fmt.Errorf("rows: there is no row %q", row)
		}
	}
	if (ind.Kind == Survival) != (ind.Quantile > 0 && ind.Quantile < 1) {
		return fmt.Errorf("quantile: a survival indicator needs one between 0 and 1, another kind has none")
	}
	if ind.Direction == "neutral" && ind.Counterpart == "" {
		return fmt.Errorf("a neutral indicator must name the counterpart it is read with")
	}
	return nil
}

func keys(named []Named) []string {
	all := make([]string, len(named))
	for i, n := range named {
		all[i] = n.Key
	}
	return all
}

func list(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}
