// Package panels answers the questions that pages ask of a snapshot. Each
// question is one file under sql/.
package panels

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/ask"
)

//go:embed sql/*.sql
var files embed.FS

// Period is one period that has values.
type Period struct {
	Kind     string // month, quarter, year
	Name     string // 2025-11, 2025-Q4, 2025
	Complete bool   // whether it is over, as far as the data know
}

// Area is one area of one geo level. Sizes that are not known are not Valid.
type Area struct {
	Level, Code, Name       string
	ParentLevel, ParentCode string
	Population, Households  sql.NullInt64
	AreaKm2                 sql.NullFloat64
	Grids                   sql.NullInt64
}

// Value is one indicator of one area in one period. What is missing is not Valid.
type Value struct {
	Indicator              string
	Numerator, Denominator sql.NullFloat64
	Value                  sql.NullFloat64
	N                      int64
	Low, High              sql.NullFloat64
	Flag                   string
	Above                  sql.NullFloat64
	Target                 sql.NullFloat64
}

// Point is one indicator's value in one period.
type Point struct {
	Indicator, Period string
	Value, Low, High  sql.NullFloat64
	N                 int64
	Flag              string
}

// Ranked is one area's value of one indicator. Estimate is drawn towards the mean where the area is small.
type Ranked struct {
	Code, Name       string
	Value, Low, High sql.NullFloat64
	N                sql.NullInt64
	Flag             string
	Estimate         sql.NullFloat64
}

// Boundary is one area's polygon, as a GeoJSON geometry.
type Boundary struct{ Code, Name, Geometry string }

// Day is the cases of one day.
type Day struct {
	Date             time.Time
	Reported, Closed int64
}

// Category is the cases of one main category.
type Category struct {
	Name     string
	Reported int64
}

// Feed is how one department's feed stands.
type Feed struct {
	Name, Department string
	Rows             int64
	FirstEvent       sql.NullTime
	LastEvent        sql.NullTime
	LastLoaded       sql.NullTime
}

// Run is one nightly run.
type Run struct {
	ID                                            string
	Started                                       time.Time
	Mode, Outcome                                 string
	Read, Loaded, Superseded, Duplicate, Rejected int64
	Seconds                                       float64
}

// RejectRule is the rows that one rule refused.
type RejectRule struct {
	Feed, Rule, Zh, En string
	Rows               int64
	Path               sql.NullString
	Line               sql.NullInt64
	Column             sql.NullString
}

// File is the name of the file of the sample row, without its folders.
func (r RejectRule) File() string { return filepath.Base(r.Path.String) }

// Check is what one check found in the latest run.
type Check struct {
	Code, Severity, Feed, Zh, En string
	Failed, Checked              int64
}

// Number is one area's value of one indicator in one period, as exports give it.
type Number struct {
	Level, Code, Name, Period string
	Value                     Value
}

// ErrNoArea says that there is no such area.
var ErrNoArea = errors.New("no such area")

// Periods returns all periods with values, by kind, newest first.
func Periods(ctx context.Context, db *sql.DB) ([]Period, error) {
	return query(ctx, db, "periods", func(p *Period) []any { return []any{&p.Kind, &p.Name, &p.Complete} })
}

// Ranking returns one indicator of areas of one level in a period, largest estimate first; those without a value come last.
func Ranking(ctx context.Context, db *sql.DB, indicator, period string, areas []Area) ([]Ranked, error) {
	if len(areas) == 0 {
		return nil, nil
	}
	first, last := ends(areas, func(a Area) string { return a.Code })
	found, err := query(ctx, db, "ranking", func(r *Ranked) []any {
		return []any{&r.Code, &r.Value, &r.Low, &r.High, &r.N, &r.Flag, &r.Estimate}
	}, indicator, areas[0].Level, period, first, last)
	if err != nil {
		return nil, err
	}
	values := make(map[string]Ranked, len(found))
	for _, r := range found {
		values[r.Code] = r
	}
	ranked := make([]Ranked, len(areas))
	for i, a := range areas {
		ranked[i] = values[a.Code]
		ranked[i].Code, ranked[i].Name = a.Code, a.Name
	}
	slices.SortFunc(ranked, func(a, b Ranked) int {
		if a.Estimate.Valid != b.Estimate.Valid {
			return map[bool]int{true: -1, false: 1}[a.Estimate.Valid]
		}
		return cmp.Or(cmp.Compare(b.Estimate.Float64, a.Estimate.Float64), strings.Compare(a.Code, b.Code))
	})
	return ranked, nil
}

// ends are the least and the largest geo_code_end of some areas: the last eight characters of their codes.
func ends[T any](areas []T, code func(T) string) (first, last string) {
	for i, a := range areas {
		end := []rune(code(a))
		tail := string(end[max(0, len(end)-8):])
		if i == 0 || tail < first {
			first = tail
		}
		if i == 0 || tail > last {
			last = tail
		}
	}
	return first, last
}

// Boundaries returns the polygons of all areas of a level below an area.
func Boundaries(ctx context.Context, db *sql.DB, level string, above Area) ([]Boundary, error) {
	return query(ctx, db, "boundaries", func(b *Boundary) []any { return []any{&b.Code, &b.Name, &b.Geometry} }, level, above.Level, above.Code)
}

// DrawnLevels returns the geo levels whose areas have polygons.
func DrawnLevels(ctx context.Context, db *sql.DB) ([]string, error) {
	return query(ctx, db, "drawn_levels", func(level *string) []any { return []any{level} })
}

// Numbers returns values of the areas of a level below an area; an empty indicator, period or code, and no area above,
// means all of them.
func Numbers(ctx context.Context, db *sql.DB, indicator, level, code, period string, above Area) ([]Number, error) {
	return query(ctx, db, "numbers", func(n *Number) []any {
		return []any{&n.Value.Indicator, &n.Level, &n.Code, &n.Name, &n.Period, &n.Value.Numerator, &n.Value.Denominator, &n.Value.Value, &n.Value.N,
			&n.Value.Low, &n.Value.High, &n.Value.Flag}
	}, indicator, level, period, code, above.Level, above.Code)
}

// Average is one indicator's mean and median over the areas of a level, without their names.
type Average struct {
	Indicator, Level, Period string
	Areas                    int64
	Mean, Median             float64
}

// Averages returns the averages of a level in a period, of all indicators where none is named.
// A reader who is confined to a subdistrict gets those of the areas elsewhere.
func Averages(ctx context.Context, db *sql.DB, level, period, indicator string, confined bool) ([]Average, error) {
	name := "averages"
	if confined {
		name = "averages_elsewhere"
	}
	return query(ctx, db, name, func(a *Average) []any {
		return []any{&a.Indicator, &a.Level, &a.Period, &a.Areas, &a.Mean, &a.Median}
	}, level, period, indicator)
}

// IndexScore is one index of one area in one period.
type IndexScore struct {
	Index, Level, Code, Name, Period string
	Score, Low, High                 sql.NullFloat64
	Rank, Ranked, RankLow, RankHigh  sql.NullInt64
	Grade                            string
	Coverage                         sql.NullFloat64
	Flag                             string
}

// IndexScores returns the scores of all areas of a level below an area in a period, of all indices where none is named;
// no area above means all of the level.
func IndexScores(ctx context.Context, db *sql.DB, index, level, period string, above Area) ([]IndexScore, error) {
	return query(ctx, db, "index_scores", func(s *IndexScore) []any {
		return []any{&s.Index, &s.Level, &s.Code, &s.Name, &s.Period, &s.Score, &s.Low, &s.High, &s.Rank, &s.Ranked, &s.RankLow, &s.RankHigh, &s.Grade, &s.Coverage, &s.Flag}
	}, index, level, period, above.Level, above.Code)
}

// Areas returns every area of a level, or of all levels where level is "".
func Areas(ctx context.Context, db *sql.DB, level string) ([]Area, error) {
	return query(ctx, db, "areas", func(a *Area) []any {
		return []any{&a.Level, &a.Code, &a.Name, &a.ParentLevel, &a.ParentCode, &a.Population, &a.Households, &a.AreaKm2, &a.Grids}
	}, level)
}

// Checks returns what the checks of the latest run found, most rows first; those that found nothing are left out.
func Checks(ctx context.Context, db *sql.DB) ([]Check, error) {
	return query(ctx, db, "checks", func(c *Check) []any {
		return []any{&c.Code, &c.Severity, &c.Feed, &c.Zh, &c.En, &c.Failed, &c.Checked}
	})
}

// Daily returns the cases of an area by day, from the first day to before the end; of one main category where one is named.
func Daily(ctx context.Context, db *sql.DB, a Area, category string, first, end time.Time) ([]Day, error) {
	return query(ctx, db, "daily", func(d *Day) []any { return []any{&d.Date, &d.Reported, &d.Closed} }, a.Level, a.Code, first, end, category)
}

// Categories returns the ten main categories with most cases in an area.
func Categories(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]Category, error) {
	return query(ctx, db, "categories", func(c *Category) []any { return []any{&c.Name, &c.Reported} }, a.Level, a.Code, first, end)
}

// Feeds returns how each department's feed stands.
func Feeds(ctx context.Context, db *sql.DB) ([]Feed, error) {
	return query(ctx, db, "feeds", func(f *Feed) []any {
		return []any{&f.Name, &f.Department, &f.Rows, &f.FirstEvent, &f.LastEvent, &f.LastLoaded}
	})
}

// Runs returns the latest runs, newest first.
func Runs(ctx context.Context, db *sql.DB) ([]Run, error) {
	return query(ctx, db, "runs", func(r *Run) []any {
		return []any{&r.ID, &r.Started, &r.Mode, &r.Outcome, &r.Read, &r.Loaded, &r.Superseded, &r.Duplicate, &r.Rejected, &r.Seconds}
	})
}

// RejectRules returns the rows refused by rule, most first.
func RejectRules(ctx context.Context, db *sql.DB) ([]RejectRule, error) {
	return query(ctx, db, "rejects", func(r *RejectRule) []any {
		return []any{&r.Feed, &r.Rule, &r.Zh, &r.En, &r.Rows, &r.Path, &r.Line, &r.Column}
	})
}

func query[T any](ctx context.Context, db *sql.DB, name string, fields func(*T) []any, args ...any) ([]T, error) {
	return ask.Rows(ctx, db, files, "sql/"+name+".sql", fields, args...)
}
