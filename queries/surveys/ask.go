package surveys

import (
	"context"
	"database/sql"
	"embed"
	"time"

	"github.com/jiceng/jiceng/queries/ask"
	"github.com/jiceng/jiceng/queries/stat"
)

//go:embed sql/*.sql
var questions embed.FS

// Scope is the survey contacts a question is about: those of an area in the months
// from First to before End, and of one value of one field where Value is not "".
type Scope struct {
	Level, Code string // district, subdistrict, community or grid
	First, End  time.Time
	Only        string // category, channel or handler; without meaning where Value is ""
	Value       string // "": all contacts
}

// Answers is the contacts of one group and what came of them.
type Answers struct {
	Key           string // area code, month or value of a field; "" where it is not known, or for the whole scope
	Asked         int64  // contacts whose result is known
	ContactKnown  int64  // of which it is known whether the person was reached
	Contacted     int64
	Answered      int64
	ResolvedKnown int64
	Resolved      int64
	Scores        [5]int64 // answers with a score of 1 … 5
}

// Scored is the answers that carry a score.
func (a Answers) Scored() int64 {
	var n int64
	for _, s := range a.Scores {
		n += s
	}
	return n
}

// Satisfied is the answers with a score of 4 or 5.
func (a Answers) Satisfied() int64 { return a.Scores[3] + a.Scores[4] }

// Reach is the share of contacts that got an answer (F52), with its 95 % interval; NaN without contacts.
func (a Answers) Reach() stat.Estimate { return wilson(a.Answered, a.Asked) }

// Contact is the share of persons that were reached.
func (a Answers) Contact() stat.Estimate { return wilson(a.Contacted, a.ContactKnown) }

// Resolution is the share of answers that say the matter was resolved (F23).
func (a Answers) Resolution() stat.Estimate { return wilson(a.Resolved, a.ResolvedKnown) }

// Satisfaction is the share of scored answers that are satisfied (F51).
func (a Answers) Satisfaction() stat.Estimate { return wilson(a.Satisfied(), a.Scored()) }

func wilson(x, n int64) stat.Estimate { return stat.Wilson(float64(x), float64(n), 0.95) }

func (a Answers) plus(b Answers) Answers {
	a.Asked, a.ContactKnown, a.Contacted, a.Answered = a.Asked+b.Asked, a.ContactKnown+b.ContactKnown, a.Contacted+b.Contacted, a.Answered+b.Answered
	a.ResolvedKnown, a.Resolved = a.ResolvedKnown+b.ResolvedKnown, a.Resolved+b.Resolved
	for i := range a.Scores {
		a.Scores[i] += b.Scores[i]
	}
	return a
}

// Groups returns the answers of a scope by something: category, channel or handler,
// month, or a geo level; and those of all groups together. A scope of one value of a
// field cannot be split by another field.
func Groups(ctx context.Context, db *sql.DB, s Scope, by string) (all Answers, groups []Answers, err error) {
	cut, value, group := "all", "", by
	switch {
	case by == "category" || by == "channel" || by == "handler":
		cut, group = by, "cut"
		if s.Value != "" && s.Only != by {
			return all, nil, errSplit(s.Only, by)
		}
	case s.Value != "":
		cut = s.Only
	}
	value = s.Value
	groups, err = ask.Rows(ctx, db, questions, "sql/answers.sql", func(a *Answers) []any {
		return []any{&a.Key, &a.Asked, &a.ContactKnown, &a.Contacted, &a.Answered, &a.ResolvedKnown, &a.Resolved,
			&a.Scores[0], &a.Scores[1], &a.Scores[2], &a.Scores[3], &a.Scores[4]}
	}, s.Level, s.Code, s.First, s.End, cut, value, group)
	for _, g := range groups {
		all = all.plus(g)
	}
	return all, groups, err
}
