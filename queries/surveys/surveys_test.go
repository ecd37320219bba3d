package surveys_test

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/surveys"
)

// Six contacts in two grids: a, b, c, f in January, d in February; e and f ask about a grid, not a case;
// of e it is not known whether the person was reached, of f not whether they answered.
const fewSurveys = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00');
insert into grids (grid_code, grid_name, community_code, subdistrict_code, district_code) values
  ('G1', '一', 'C1', 'S1', 'D'), ('G4', '四', 'C3', 'S2', 'D');
insert into cases (case_id, grid_code, reported_at, category_1, channel, handler_kind) values
  ('1', 'G1', timestamp '2026-01-05 08:00', 'A', 'hotline', 'mediator'),
  ('2', 'G1', timestamp '2026-01-05 08:00', 'B', 'app', 'grid_worker');
insert into satisfaction (survey_id, case_id, grid_code, surveyed_at, contacted_ok, responded, resolved, score) values
  ('a', '1', null, timestamp '2026-01-10 09:00', true, true, true, 5),
  ('b', '1', null, timestamp '2026-01-11 09:00', true, true, false, 2),
  ('c', '2', null, timestamp '2026-01-12 09:00', false, false, null, null),
  ('d', '2', null, timestamp '2026-02-01 09:00', true, true, null, 4),
  ('e', null, 'G4', timestamp '2026-01-15 09:00', null, true, true, null),
  ('f', null, 'G4', timestamp '2026-01-16 09:00', true, null, null, 3);
`

func counted(t *testing.T) *sql.DB {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, fewSurveys); err != nil {
		t.Fatal(err)
	}
	if err := compute.CreateFacts(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if err := compute.Everything(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := surveys.Run(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestAnswersOfAFewSurveys(t *testing.T) {
	db := counted(t)
	month := func(m int) time.Time { return time.Date(2026, time.Month(m), 1, 0, 0, 0, 0, time.UTC) }
	january := surveys.Scope{Level: "district", Code: "D", First: month(1), End: month(2)}
	whole := surveys.Scope{Level: "district", Code: "D", First: month(1), End: month(4)}
	oneGrid := surveys.Scope{Level: "grid", Code: "G1", First: month(1), End: month(4)}
	hotline := january
	hotline.Only, hotline.Value = "channel", "hotline"
	a := surveys.Answers{Key: "A", Asked: 2, ContactKnown: 2, Contacted: 2, Answered: 2, ResolvedKnown: 2, Resolved: 1, Scores: [5]int64{0, 1, 0, 0, 1}}
	as := func(key string) surveys.Answers { b := a; b.Key = key; return b }
	unreached := func(key string) surveys.Answers { return surveys.Answers{Key: key, Asked: 1, ContactKnown: 1} }
	for name, c := range map[string]struct {
		scope surveys.Scope
		by    string
		want  []surveys.Answers
	}{
		"by category": {january, "category", []surveys.Answers{
			{Key: "", Asked: 1, ContactKnown: 1, Contacted: 1, Answered: 1, ResolvedKnown: 1, Resolved: 1}, a, unreached("B")}},
		"by subdistrict": {january, "subdistrict", []surveys.Answers{
			{Key: "S1", Asked: 3, ContactKnown: 3, Contacted: 2, Answered: 2, ResolvedKnown: 2, Resolved: 1, Scores: [5]int64{0, 1, 0, 0, 1}},
			{Key: "S2", Asked: 1, ContactKnown: 1, Contacted: 1, Answered: 1, ResolvedKnown: 1, Resolved: 1}}},
		"one channel by grid": {hotline, "grid", []surveys.Answers{as("G1")}},
		"one grid by month": {oneGrid, "month", []surveys.Answers{
			{Key: "2026-01", Asked: 3, ContactKnown: 3, Contacted: 2, Answered: 2, ResolvedKnown: 2, Resolved: 1, Scores: [5]int64{0, 1, 0, 0, 1}},
			{Key: "2026-02", Asked: 1, ContactKnown: 1, Contacted: 1, Answered: 1, Scores: [5]int64{0, 0, 0, 1, 0}}}},
		"by handler": {whole, "handler", []surveys.Answers{
			{Key: "", Asked: 1, ContactKnown: 1, Contacted: 1, Answered: 1, ResolvedKnown: 1, Resolved: 1},
			{Key: "grid_worker", Asked: 2, ContactKnown: 2, Contacted: 1, Answered: 1, Scores: [5]int64{0, 0, 0, 1, 0}}, as("mediator")}},
	} {
		t.Run(name, func(t *testing.T) {
			all, got, err := surveys.Groups(context.Background(), db, c.scope, c.by)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			var asked int64
			for _, g := range got {
				asked += g.Asked
			}
			if all.Asked != asked {
				t.Errorf("together %d, want %d", all.Asked, asked)
			}
		})
	}
	if _, _, err := surveys.Groups(context.Background(), db, hotline, "category"); err == nil {
		t.Error("one channel by category is not counted, but no error")
	}
}

// group is an area where so many of those asked answered, and so many of them were satisfied.
func group(key string, asked, answered, satisfied int64) surveys.Answers {
	return surveys.Answers{Key: key, Asked: asked, Answered: answered, Scores: [5]int64{0, 0, answered - satisfied, satisfied, 0}}
}

// Forty areas of 100 contacts with about 70 % reach and 70 % satisfaction, and some others.
func district(others ...surveys.Answers) []surveys.Answers {
	var areas []surveys.Answers
	for i := range int64(40) {
		areas = append(areas, group("usual", 100, 66+i%9, 46+(i*5)%9))
	}
	return append(areas, others...)
}

func TestVerdictsOfAFunnel(t *testing.T) {
	for _, c := range []struct {
		area surveys.Answers
		want surveys.Verdict
	}{
		{group("like the others", 100, 70, 49), surveys.Usual},
		{group("hardly anybody reached, all content", 300, 40, 40), surveys.Steered},
		{group("hardly anybody reached, nearly all content", 100, 14, 14), surveys.Suspect},
		{group("hardly anybody reached, content like others", 300, 40, 28), surveys.Unreached},
		{group("hardly anybody reached, too few answers to tell", 32, 4, 4), surveys.Unreached},
		{group("nobody reached", 30, 0, 0), surveys.Unreached},
		{group("reached like others, nearly all content", 300, 210, 195), surveys.Satisfied},
		{group("reached like others, hardly anybody content", 300, 210, 90), surveys.Dissatisfied},
		{group("one person", 1, 0, 0), surveys.Usual},
	} {
		f := surveys.NewFunnel(district(c.area))
		last := f.Points[len(f.Points)-1]
		if last.Verdict != c.want {
			t.Errorf("%s: %q, want %q (reach %.2f within %v, satisfaction %.2f within %v)", c.area.Key, last.Verdict, c.want,
				last.Reach().Value, last.Reach998, last.Satisfaction().Value, last.Satisfaction998)
		}
	}
}

func TestAreasThatNobodyWasAskedAboutAreLeftOut(t *testing.T) {
	f := surveys.NewFunnel([]surveys.Answers{{Key: "none"}, group("some", 10, 5, 5)})
	if len(f.Points) != 1 || f.Points[0].Key != "some" {
		t.Errorf("%+v", f.Points)
	}
	if empty := surveys.NewFunnel(nil); len(empty.Points) != 0 || !math.IsNaN(empty.Reach.Target) {
		t.Errorf("%+v", empty)
	}
}
