package why

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/disclosure"
	"github.com/jiceng/jiceng/queries/facts"
)

//go:embed sql/parts.sql
var partsStatement string

// Span is the days of a period: from the first to before the end.
type Span struct{ First, End time.Time }

// Question asks why an indicator of an area moved between two periods.
type Question struct {
	Indicator     catalogue.Indicator
	Level, Code   string // the area
	Before, After Span
	// Least is the smallest count that the reader may see; 0 for any. What stands on less,
	// and what would give that away, is marked as hidden.
	Least int
}

// Answer is the change, split twice: by the areas below, each with its categories, and by
// categories, each with its areas. Both add up to the same change. Values are fractions or
// numbers as counted; Scale brings them into the indicator's unit.
type Answer struct {
	ByArea     Result
	ByCategory *Result // nil where the indicator's records have no category
	Scale      float64
}

// ErrMonthsOnly says that an indicator's longer periods are averages of months or stand for
// their last one, so that only two months can be split.
var ErrMonthsOnly = errors.New("longer periods of this indicator are not sums of their records: compare two months")

// ErrOverlap says that a day is in both periods.
var ErrOverlap = errors.New("the two periods overlap")

// ErrNoAreas says that there is no level below the area to split by.
var ErrNoAreas = errors.New("there is no level below a grid")

// Unknown is the key of records without an area below, or without a category.
const Unknown = "—"

func known(key string) string {
	if key == "" {
		return Unknown
	}
	return key
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Explain splits a change. It errors with a *NotSeparableError for a median and whatever
// else has no parts to add up, ErrNoData, ErrMonthsOnly, ErrOverlap, ErrNoAreas, or ErrTooFew.
func Explain(ctx context.Context, db queryer, q Question) (Answer, error) {
	kind, err := kindOf(q.Indicator)
	if err != nil {
		return Answer{}, err
	}
	if !sums(q.Indicator) && (!oneMonth(q.Before) || !oneMonth(q.After)) {
		return Answer{}, ErrMonthsOnly
	}
	if q.Before.First.Before(q.After.End) && q.After.First.Before(q.Before.End) {
		return Answer{}, ErrOverlap
	}
	child := below(q.Level)
	if child == "" {
		return Answer{}, ErrNoAreas
	}
	columns, err := columnsOf(ctx, db, q.Indicator.Fact)
	if err != nil {
		return Answer{}, err
	}
	if !slices.Contains(columns, child+"_code") {
		return Answer{}, &NotSeparableError{kind}
	}
	rows, err := parts(ctx, db, q, child, columns)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Scale: q.Indicator.Scale}
	dens := Own
	if a.ByArea, err = Split(kind, rows, dens); err != nil {
		return Answer{}, fmt.Errorf("%s of %s %s: %w", q.Indicator.Code, q.Level, q.Code, err)
	}
	if slices.Contains(columns, "category_1") {
		turned := make([]Row, len(rows))
		for i, r := range rows {
			turned[i] = Row{Group: r.Sub, Sub: r.Group, Before: r.Before, After: r.After}
		}
		byCategory, err := Split(kind, turned, dens)
		if err != nil {
			return Answer{}, err
		}
		a.ByCategory = &byCategory
	}
	if q.Least > 0 {
		err = hide(ctx, db, q, &a, columns)
	}
	return a, err
}

// CanExplain says whether an indicator has parts that add up, so that a change of it can be
// split: over single months, or over longer periods, whose values must be sums of their records.
func CanExplain(ind catalogue.Indicator, longer bool) bool {
	_, err := kindOf(ind)
	return err == nil && (!longer || sums(ind))
}

// kindOf says how an indicator is split; medians and composites are not.
func kindOf(ind catalogue.Indicator) (Kind, error) {
	switch ind.Kind {
	case catalogue.Share:
		return Share, nil
	case catalogue.Rate:
		return Rate, nil
	case catalogue.Mean:
		return Mean, nil
	}
	if ind.Kind == catalogue.Survival {
		return "", &NotSeparableError{Median}
	}
	return "", &NotSeparableError{Kind(ind.Kind)}
}

// sums says whether the indicator's quarters and years are sums of their records.
func sums(ind catalogue.Indicator) bool {
	return ind.NumeratorOver == catalogue.Sum && ind.DenominatorOver == catalogue.Sum
}

func oneMonth(s Span) bool { return s.First.AddDate(0, 1, 0).Equal(s.End) }

func below(level string) string {
	return map[string]string{"district": "subdistrict", "subdistrict": "community", "community": "grid"}[level]
}

// columnsOf are the columns that this database shows of a fact.
func columnsOf(ctx context.Context, db queryer, fact string) ([]string, error) {
	rows, err := db.QueryContext(ctx, "select * from "+fact+" limit 0")
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", fact, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", fact, err)
	}
	return columns, rows.Err()
}

// ask runs a statement on the records of the two periods, of which the days are its first parameters; words are further
// replacements in it.
func ask(ctx context.Context, db queryer, q Question, columns []string, statement string, args []any, words ...string) (*sql.Rows, error) {
	rows, err := disclosure.Within(ctx, db, q.Indicator.Fact, columns, q.Indicator.Time, q.spans()...)
	if err != nil {
		return nil, err
	}
	words = append([]string{"{rows}", rows, "{time}", q.Indicator.Time,
		"{numerator}", q.Indicator.Part("numerator"), "{denominator}", q.Indicator.Part("denominator")}, words...)
	args = append([]any{q.Before.First, q.Before.End, q.After.First, q.After.End}, args...)
	return db.QueryContext(ctx, strings.NewReplacer(words...).Replace(statement), args...)
}

// spans are the two periods as parameters of a statement; periods that follow each other are read as one.
func (q Question) spans() []facts.Span {
	if q.Before.End.Equal(q.After.First) {
		return []facts.Span{{First: "$1", End: "$4"}}
	}
	return []facts.Span{{First: "$1", End: "$2"}, {First: "$3", End: "$4"}}
}

// parts reads the table that explains the change. The whole district takes every record;
// one without a grid belongs to no area below it.
func parts(ctx context.Context, db queryer, q Question, child string, columns []string) ([]Row, error) {
	category, parent := "''", q.Level+"_code"
	if slices.Contains(columns, "category_1") {
		category = "category_1"
	}
	if q.Level == "district" {
		parent = "$5"
	}
	result, err := ask(ctx, db, q, columns, partsStatement, []any{q.Code}, "{child}", child+"_code", "{parent}", parent, "{category}", category)
	if err != nil {
		return nil, fmt.Errorf("parts of %s: %w", q.Indicator.Code, err)
	}
	defer result.Close()
	var rows []Row
	at := map[[2]string]int{}
	for result.Next() {
		var side, area, category string
		var s Sums
		if err := result.Scan(&side, &area, &category, &s.Num, &s.Den); err != nil {
			return nil, fmt.Errorf("parts of %s: %w", q.Indicator.Code, err)
		}
		key := [2]string{known(area), known(category)}
		i, seen := at[key]
		if !seen {
			i = len(rows)
			at[key] = i
			rows = append(rows, Row{Group: key[0], Sub: key[1]})
		}
		if side == "before" {
			rows[i].Before = s
		} else {
			rows[i].After = s
		}
	}
	return rows, result.Err()
}
