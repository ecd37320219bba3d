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

// The SELECT's fixed shape lets many indicators of one fact be counted in one pass.
var (
	partsShape    = regexp.MustCompile(`(?s)^select\n(.+?) as numerator,\n(.+?) as denominator\nfrom (\w+);?\s*$`)
	survivalShape = regexp.MustCompile(`(?s)^select\n(.+?) as duration,\n(.+?) as ended\nfrom (\w+);?\s*$`)
)

func parse(text string) (Indicator, error) {
	ind := Indicator{SQL: text, Scale: 1}
	header, body, err := splitHeader(text)
	if err != nil {
		return ind, err
	}
	for _, h := range header {
		if err := ind.set(h.field, h.value); err != nil {
			return ind, fmt.Errorf("line %d: %w", h.line, err)
		}
	}
	shape := partsShape
	if ind.Kind == Survival {
		shape = survivalShape
	}
	match := shape.FindStringSubmatch(body)
	if match == nil {
		return ind, fmt.Errorf("the statement is not of the form \"select … as numerator, … as denominator from fact\" (survival: duration, ended)")
	}
	ind.Numerator, ind.Denominator, ind.Fact = strings.TrimSpace(match[1]), strings.TrimSpace(match[2]), match[3]
	return ind, ind.complete()
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
	case "scale":
		ind.Scale, err = strconv.ParseFloat(value, 64)
	case "quantile":
		ind.Quantile, err = strconv.ParseFloat(value, 64)
	case "target":
		var target float64
		target, err = strconv.ParseFloat(value, 64)
		ind.Target = &target
	case "feeds":
		ind.Feeds = list(value)
	case "rows":
		ind.Rows = list(value)
	default:
		return fmt.Errorf("unknown field %q", field)
	}
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
		{"kind", string(ind.Kind), []string{string(Share), string(Rate), string(Survival)}},
		{"unit", ind.Unit, []string{"percent", "days", "per_1000", "times"}},
		{"interval", ind.Interval, []string{"wilson", "poisson", "kaplan_meier", "none"}},
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
	if ind.Direction == "neutral" && ind.Counterpart == "" {
		return fmt.Errorf("a neutral indicator must name the counterpart it is read with")
	}
	return nil
}

func list(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}
