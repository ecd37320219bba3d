package panels

import (
	"context"
	"database/sql"
	"time"
)

// Closing is the cases closed in one month by one kind of handler at one level; "" is not known.
type Closing struct {
	Month, Handler, Level                         string
	Closed, Disputes, Mediated, Agreed, Confirmed int64
}

// MediationTime is the mediated disputes of one kind of handler that took a number of half-days.
type MediationTime struct {
	Handler  string
	HalfDays int
	Disputes int64
}

// Answers is the answered surveys about cases of one kind of handler.
type Answers struct {
	Handler             string
	Answered, Satisfied int64
}

// Dispatch is the cases dispatched to one department ("" is not known) and what came back.
// Reasons are those of the last return; Bounced came back twice or more.
type Dispatch struct {
	Department                                                              string
	Dispatched, Returned, Bounced                                           int64
	WrongDispatch, NoAuthority, InsufficientInformation, FailedCheck, Other int64
}

// Activity is the activities of one kind and organiser in one month.
type Activity struct {
	Month, Kind, Organiser string
	Activities             int64
	Participants           int64
	Hours                  float64
	HouseholdsVisited      int64
	Funding                sql.NullFloat64 // yuan brought in; not valid where none was stated
}

// Appraisal is how one department and one subdistrict scored each other, 0–100, on average over a span.
type Appraisal struct {
	Department, Subdistrict, Name string
	Down, Up                      sql.NullFloat64 // department on subdistrict, subdistrict on department
	Due, Given                    int64           // scores in both directions
}

// Peer is one indicator of one area among its siblings.
type Peer struct {
	Indicator, Code, Name string
	Value                 float64
}

// Post is the people in post of one role, employer and age group ("" is not known).
type Post struct {
	Role, Organisation, Age  string
	People, Known, Certified int64 // Known: it is known whether they hold a certificate
}

// Load is the cases and the workers (worker-months) of one grid.
type Load struct {
	Code, Name     string
	Cases, Workers float64
}

// Closings returns what was closed in an area, by month, handler and level, from the first day to before the end.
func Closings(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]Closing, error) {
	return query(ctx, db, "closings", func(c *Closing) []any {
		return []any{&c.Month, &c.Handler, &c.Level, &c.Closed, &c.Disputes, &c.Mediated, &c.Agreed, &c.Confirmed}
	}, a.Level, a.Code, first, end)
}

// MediationTimes returns how long mediated disputes took, by handler, shortest first.
func MediationTimes(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]MediationTime, error) {
	return query(ctx, db, "mediation_times", func(m *MediationTime) []any { return []any{&m.Handler, &m.HalfDays, &m.Disputes} }, a.Level, a.Code, first, end)
}

// AnswersByHandler returns the answered surveys by kind of handler.
func AnswersByHandler(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]Answers, error) {
	return query(ctx, db, "answers", func(s *Answers) []any { return []any{&s.Handler, &s.Answered, &s.Satisfied} }, a.Level, a.Code, first, end)
}

// Dispatches returns what was dispatched to each department and came back, largest first.
func Dispatches(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]Dispatch, error) {
	return query(ctx, db, "dispatches", func(d *Dispatch) []any {
		return []any{&d.Department, &d.Dispatched, &d.Returned, &d.Bounced, &d.WrongDispatch, &d.NoAuthority, &d.InsufficientInformation, &d.FailedCheck, &d.Other}
	}, a.Level, a.Code, first, end)
}

// Activities returns an area's activities by month, kind and organiser.
func Activities(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]Activity, error) {
	return query(ctx, db, "activities", func(x *Activity) []any {
		return []any{&x.Month, &x.Kind, &x.Organiser, &x.Activities, &x.Participants, &x.Hours, &x.HouseholdsVisited, &x.Funding}
	}, a.Level, a.Code, first, end)
}

// Appraisals returns how departments and subdistricts scored each other; an empty subdistrict means all of them.
func Appraisals(ctx context.Context, db *sql.DB, subdistrict string, first, end time.Time) ([]Appraisal, error) {
	return query(ctx, db, "appraisal_matrix", func(p *Appraisal) []any {
		return []any{&p.Department, &p.Subdistrict, &p.Name, &p.Down, &p.Up, &p.Due, &p.Given}
	}, subdistrict, first, end)
}

// Peers returns every indicator of all areas right below one, in one period.
func Peers(ctx context.Context, db *sql.DB, level, code, period string) ([]Peer, error) {
	return query(ctx, db, "peers", func(p *Peer) []any { return []any{&p.Indicator, &p.Code, &p.Name, &p.Value} }, level, code, period)
}

// Posts returns the people in post in an area on one day.
func Posts(ctx context.Context, db *sql.DB, a Area, day time.Time) ([]Post, error) {
	return query(ctx, db, "staff_posts", func(p *Post) []any {
		return []any{&p.Role, &p.Organisation, &p.Age, &p.People, &p.Known, &p.Certified}
	}, a.Level, a.Code, day)
}

// Loads returns the numerator and denominator of an indicator of load (cases per worker) for every grid below an area.
func Loads(ctx context.Context, db *sql.DB, indicator, period string, above Area) ([]Load, error) {
	return query(ctx, db, "loads", func(l *Load) []any { return []any{&l.Code, &l.Name, &l.Cases, &l.Workers} }, indicator, period, above.Level, above.Code)
}

// Superior is the cases from above (上级交办) of one month and the grid workers in post; Workers is not valid without a staff feed.
type Superior struct {
	Month   string
	Cases   int64
	Workers sql.NullFloat64
}

// FeedMonths is what one department delivered of one feed over some months, against what it usually does.
type FeedMonths struct {
	Feed, Department string
	Rows             int64
	Usual            float64
	Short, Months    int64 // Short: months with less than half of the usual rows
}

// Superiors returns the cases from above and the grid workers of an area by month.
func Superiors(ctx context.Context, db *sql.DB, a Area, first, end time.Time) ([]Superior, error) {
	return query(ctx, db, "superiors", func(s *Superior) []any { return []any{&s.Month, &s.Cases, &s.Workers} }, a.Level, a.Code, first, end)
}

// Delivered returns what each department delivered over a span against its usual, the shortest first.
func Delivered(ctx context.Context, db *sql.DB, first, end time.Time) ([]FeedMonths, error) {
	return query(ctx, db, "feed_months", func(m *FeedMonths) []any {
		return []any{&m.Feed, &m.Department, &m.Rows, &m.Usual, &m.Short, &m.Months}
	}, first, end)
}
