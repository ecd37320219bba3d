package breakdown_test

import (
	"context"
	"database/sql"
	"slices"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/breakdown"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/schema"
)

// One subdistrict S1 with the community C1 (grids G1, G2), and S2 with C2 (G3); small enough to count by hand.
const tinyDistrict = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00');
insert into grids (grid_code, community_code, subdistrict_code, district_code) values
  ('G1', 'C1', 'S1', 'D'), ('G2', 'C1', 'S1', 'D'), ('G3', 'C2', 'S2', 'D');
insert into area (geo_level, geo_code, name, parent_level, parent_code) values ('subdistrict', 'S1', '一街', 'district', 'D');
insert into cases (case_id, case_kind, grid_code, reported_at, dispatched_at, closed_at, status, handler_kind, handling_level, outcome, department, returns, return_reason) values
  ('1', 'dispute', 'G1', timestamp '2026-01-05 08:00', timestamp '2026-01-05 09:00', timestamp '2026-01-06 07:00', 'closed', 'mediator', 'grid', 'agreement', '司法局', 0, null),
  ('2', 'dispute', 'G2', timestamp '2026-01-05 08:00', timestamp '2026-01-05 09:00', timestamp '2026-01-08 08:00', 'closed', 'mediator', 'community', 'mediation_failed', '司法局', 2, 'no_authority'),
  ('3', 'dispute', 'G3', timestamp '2026-01-05 08:00', timestamp '2026-01-05 09:00', timestamp '2026-01-05 19:00', 'closed', 'department', 'district', 'judicially_confirmed', '司法局', 1, 'wrong_dispatch'),
  ('4', 'event',   'G1', timestamp '2026-01-05 08:00', timestamp '2026-02-05 09:00', timestamp '2026-02-06 08:00', 'closed', 'grid_worker', 'grid', 'resolved', '城管局', 1, null),
  ('5', 'event',   'G1', timestamp '2026-01-05 08:00', timestamp '2026-01-05 09:00', timestamp '2026-01-06 08:00', 'duplicate', 'grid_worker', 'grid', 'resolved', '城管局', 1, null),
  ('6', 'event',   'G1', timestamp '2026-03-05 08:00', timestamp '2026-01-05 09:00', timestamp '2026-03-12 08:00', 'closed', 'grid_worker', 'grid', 'resolved', '城管局', null, null);
insert into satisfaction (survey_id, case_id, surveyed_at, responded, score) values
  ('a', '1', timestamp '2026-01-10 09:00', true, 5), ('b', '2', timestamp '2026-01-10 09:00', true, 3), ('c', '1', timestamp '2026-01-11 09:00', false, null);
insert into activities (activity_id, kind, organiser_kind, grid_code, held_on, participants, hours, funding_yuan) values
  ('x', 'volunteer', 'resident', 'G1', date '2026-01-31', 10, 2, null), ('y', 'volunteer', 'resident', 'G2', date '2026-01-01', 5, 1.5, null),
  ('z', 'social_work', 'social_organisation', 'G3', date '2026-01-02', 7, 3, 5000);
insert into appraisals (from_org, to_org, direction, period, score) values
  ('司法局', 'S1', 'department_on_subdistrict', date '2026-01-01', 80), ('S1', '司法局', 'subdistrict_on_department', date '2026-01-01', 90),
  ('城管局', 'S1', 'department_on_subdistrict', date '2026-01-01', 70), ('S1', '城管局', 'subdistrict_on_department', date '2026-01-01', null);
`

func filled(t *testing.T) *sql.DB {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, tinyDistrict); err != nil {
		t.Fatal(err)
	}
	if err := compute.CreateFacts(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if err := compute.Everything(ctx, conn); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second night finds the first one's rows, and must not add to them
		if _, err := breakdown.Run(ctx, conn); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

var (
	january  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	february = january.AddDate(0, 1, 0)
	april    = january.AddDate(0, 3, 0)
	district = panels.Area{Level: "district", Code: "D"}
	s1       = panels.Area{Level: "subdistrict", Code: "S1"}
)

func TestClosedCasesAreSplitByHandlerAndLevel(t *testing.T) {
	db := filled(t)
	got, err := panels.Closings(t.Context(), db, district, january, april)
	if err != nil {
		t.Fatal(err)
	}
	// 5 is a duplicate, 6 was closed after the data end
	want := []panels.Closing{
		{Month: "2026-01", Handler: "department", Level: "district", Closed: 1, Disputes: 1, Mediated: 1, Agreed: 1, Confirmed: 1},
		{Month: "2026-01", Handler: "mediator", Level: "community", Closed: 1, Disputes: 1, Mediated: 1},
		{Month: "2026-01", Handler: "mediator", Level: "grid", Closed: 1, Disputes: 1, Mediated: 1, Agreed: 1},
		{Month: "2026-02", Handler: "grid_worker", Level: "grid", Closed: 1},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got, err = panels.Closings(t.Context(), db, s1, january, february); err != nil || len(got) != 2 {
		t.Errorf("S1 in January: %+v, %v", got, err)
	}
}

func TestMediationTimesAreInHalfDays(t *testing.T) {
	got, err := panels.MediationTimes(t.Context(), filled(t), district, january, february)
	want := []panels.MediationTime{
		{Handler: "department", HalfDays: 0, Disputes: 1}, {Handler: "mediator", HalfDays: 1, Disputes: 1}, {Handler: "mediator", HalfDays: 6, Disputes: 1}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAnswersBelongToTheHandlerOfTheirCase(t *testing.T) {
	got, err := panels.AnswersByHandler(t.Context(), filled(t), district, january, february)
	if err != nil || !slices.Equal(got, []panels.Answers{{Handler: "mediator", Answered: 2, Satisfied: 1}}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestReturnsAreCountedByReasonAndThoseUnknownAreOther(t *testing.T) {
	db := filled(t)
	got, err := panels.Dispatches(t.Context(), db, district, january, april)
	want := []panels.Dispatch{
		{Department: "司法局", Dispatched: 3, Returned: 2, Bounced: 1, WrongDispatch: 1, NoAuthority: 1},
		{Department: "城管局", Dispatched: 1, Returned: 1, Other: 1}, // 6 does not know its returns
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestActivitiesAreSummedByKindAndOrganiser(t *testing.T) {
	db := filled(t)
	got, err := panels.Activities(t.Context(), db, s1, january, february)
	want := []panels.Activity{{Month: "2026-01", Kind: "volunteer", Organiser: "resident", Activities: 2, Participants: 15, Hours: 3.5}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	all, err := panels.Activities(t.Context(), db, district, january, february)
	if err != nil || len(all) != 2 || all[0].Funding.Float64 != 5000 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestAnAppraisalThatWasDueAndNotGivenIsMissingAndNotZero(t *testing.T) {
	got, err := panels.Appraisals(t.Context(), filled(t), "S1", january, february)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if p := got[0]; p.Department != "司法局" || p.Name != "一街" || p.Down.Float64 != 80 || p.Up.Float64 != 90 || p.Due != 2 || p.Given != 2 {
		t.Errorf("got %+v", p)
	}
	if p := got[1]; p.Up.Valid || p.Down.Float64 != 70 || p.Due != 2 || p.Given != 1 {
		t.Errorf("got %+v", p)
	}
}
