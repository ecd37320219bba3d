package nightly

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/index"
)

// inputs are the indicator values of one level over some periods.
type inputs struct {
	level   string
	units   []string
	parents []string
	values  map[string]map[string]*series // by period and indicator
	partial map[string]bool
}

// series is one indicator in one period, one value a unit; NaN where there is none.
type series struct{ value, smoothed, numerator, denominator, low, high []float64 }

func (n *night) read(ctx context.Context, level, kind, first, last string, indicators []string) (*inputs, error) {
	in := &inputs{level: level, values: map[string]map[string]*series{}, partial: map[string]bool{}}
	if err := n.areas(ctx, in); err != nil {
		return nil, err
	}
	rows, err := n.query(ctx, "inputs", level, kind, first, last, strings.Join(indicators, ","))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var period, indicator string
	var places any
	var values [6]any
	var partial bool
	for rows.Next() {
		if err := rows.Scan(&period, &indicator, &places, &values[0], &values[1], &values[2], &values[3], &values[4], &values[5], &partial); err != nil {
			return nil, fmt.Errorf("values of the indicators: %w", err)
		}
		s := in.series(period, indicator)
		for c, to := range [][]float64{s.value, s.smoothed, s.numerator, s.denominator, s.low, s.high} {
			if err := fill(to, places, values[c]); err != nil {
				return nil, fmt.Errorf("values of %s in %s: %w", indicator, period, err)
			}
		}
		if partial {
			in.partial[period] = true
		}
	}
	return in, rows.Err()
}

// fill sets the values at their places; what is null or infinite stays NaN.
func fill(to []float64, places, values any) error {
	at, ok := places.([]any)
	from, also := values.([]any)
	if !ok || !also || len(at) != len(from) {
		return fmt.Errorf("%T and %T are no lists of one length", places, values)
	}
	for k, v := range from {
		place, ok := at[k].(int64)
		if !ok || place < 0 || int(place) >= len(to) {
			return fmt.Errorf("there is no area %v", at[k])
		}
		if x, ok := v.(float64); ok && !math.IsInf(x, 0) {
			to[place] = x
		}
	}
	return nil
}

func (n *night) areas(ctx context.Context, in *inputs) error {
	rows, err := n.query(ctx, "areas", in.level)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var code, parent string
		if err := rows.Scan(&code, &parent); err != nil {
			return fmt.Errorf("areas: %w", err)
		}
		in.units = append(in.units, code)
		in.parents = append(in.parents, parent)
	}
	return rows.Err()
}

func (in *inputs) series(period, indicator string) *series {
	of := in.values[period]
	if of == nil {
		of = map[string]*series{}
		in.values[period] = of
	}
	s := of[indicator]
	if s == nil {
		s = &series{}
		for _, column := range []*[]float64{&s.value, &s.smoothed, &s.numerator, &s.denominator, &s.low, &s.high} {
			*column = make([]float64, len(in.units))
			for i := range *column {
				(*column)[i] = math.NaN()
			}
		}
		of[indicator] = s
	}
	return s
}

// built is one index of one period, with the sampling errors of its values.
type built struct {
	*index.Result
	errors  [][]float64
	partial bool
}

// build takes one period's values through the index's steps.
func (n *night) build(c recipe, in *inputs, period string) (*built, error) {
	leaves := c.tree.LeafNodes()
	names := make([]string, len(leaves))
	for j, leaf := range leaves {
		names[j] = leaf.Code
	}
	raw := index.NewTable(in.units, names)
	errors := make([][]float64, len(names))
	for j, leaf := range leaves {
		errors[j] = make([]float64, len(in.units))
		s := in.values[period][leaf.Source()]
		if s == nil {
			continue
		}
		ind, _ := n.cat.ByCode(leaf.Source())
		raw.Columns[j], errors[j] = s.estimate(leaf, ind, c.Estimate == "smoothed" && in.level != "district")
	}
	r, err := index.Build(c.Config, raw, in.parents)
	if err != nil {
		return nil, err
	}
	return &built{Result: r, errors: errors, partial: in.partial[period]}, nil
}

// estimate gives the values that enter an index and their standard errors.
//
// A value with a 95 % interval has the error of a normal that wide. One drawn
// towards the mean of its level is the mean of a beta distribution with the
// prior's M and the area's own d cases, and has that one's error,
// √(p(1−p)/(M+d+1)). A full count (no interval) has none.
func (s *series) estimate(leaf index.Node, ind catalogue.Indicator, smoothed bool) (values, errors []float64) {
	values, errors = make([]float64, len(s.value)), make([]float64, len(s.value))
	switch leaf.Of {
	case "numerator":
		copy(values, s.numerator)
		return values, errors
	case "denominator":
		copy(values, s.denominator)
		return values, errors
	}
	copy(values, s.value)
	for i := range values {
		if width := s.high[i] - s.low[i]; width > 0 {
			errors[i] = width / (2 * 1.959964)
		}
	}
	if !smoothed || ind.Interval != "wilson" {
		return values, errors
	}
	prior := s.prior()
	for i, p := range s.smoothed {
		if math.IsNaN(p) || math.IsNaN(values[i]) {
			continue
		}
		values[i] = p
		errors[i] = math.Sqrt(max(0, p*(1-p)) / (prior + s.denominator[i] + 1))
	}
	return values, errors
}

// prior is the number of cases M that the mean of the level counts for: with λ
// the weight of an area's own d cases, λ = d/(d + M). The area furthest from the
// mean tells it best. Infinite when the areas do not differ beyond chance.
func (s *series) prior() float64 {
	var num, den float64
	for i := range s.value {
		if !math.IsNaN(s.value[i]) && !math.IsNaN(s.smoothed[i]) {
			num += s.numerator[i]
			den += s.denominator[i]
		}
	}
	mean := num / den
	furthest, m := 0.0, math.Inf(1)
	for i, v := range s.value {
		if d := math.Abs(v - mean); d > furthest && !math.IsNaN(s.smoothed[i]) {
			if lambda := (s.smoothed[i] - mean) / (v - mean); lambda > 1e-9 {
				furthest, m = d, max(0, s.denominator[i]*(1/lambda-1))
			}
		}
	}
	return m
}
