package ask_test

import (
	"context"
	"database/sql"
	"math"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/index"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/index/nightly"
	"github.com/jiceng/jiceng/queries/schema"
)

// One district, 3 subdistricts, 12 communities; 8 indicators of the efficiency
// tree in three months, values made up but different everywhere. F51 is missing
// in community c03, and F42 in the first month altogether.
const made = `
insert into snapshot_info values ('district_code', 'D'), ('as_of', '2026-03-31 12:00:00');
insert into area (geo_level, geo_code, name, parent_level, parent_code, in_force)
select 'district', 'D', '某区', null, null, true
union all
select 'subdistrict', 's' || i, '街道' || i, 'district', 'D', true from range(3) as t(i)
union all
select 'community', format('c{:02d}', i), '社区' || i, 'subdistrict', 's' || (i % 3), true from range(12) as t(i);
insert into indicator_value
with cells as (
  select
    a.geo_level,
    a.geo_code,
    m.period,
    i.indicator,
    i.width,
    hash(a.geo_code, m.period, i.indicator) % 1000 / 1000 as u
  from area as a
  cross join (values ('2026-01'), ('2026-02'), ('2026-03')) as m(period)
  cross join (values ('F13', 0.4), ('F14', 10), ('F22', 0.4), ('F24', 0.15), ('F31', 0.6), ('F32', 0.6), ('F42', 2), ('F51', 0.4), ('F52', 0.6)) as i(indicator, width)
  where not (i.indicator = 'F51' and a.geo_code = 'c03')
    and not (i.indicator = 'F42' and m.period = '2026-01')
)
select
  indicator,
  geo_level,
  geo_code,
  'month',
  period,
  null,
  40,
  case when indicator in ('F14', 'F24', 'F42') then 0.02 else 0.4 end + width * u as value,
  40,
  value - 0.05,
  value + 0.05,
  case when period = '2026-03' then 'partial' end,
  null,
  right(geo_code, 8)
from cells;
`

func warehouse(t *testing.T) (*sql.DB, *sql.Conn, catalogue.Catalogue) {
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
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	do(t, conn, made)
	return db, conn, cat
}

func do(t *testing.T, conn *sql.Conn, statement string) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func night(t *testing.T, conn *sql.Conn, cat catalogue.Catalogue) int64 {
	t.Helper()
	n, err := nightly.Run(context.Background(), conn, cat)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestScoresComeWithRanksIntervalsAndDimensions(t *testing.T) {
	ctx := context.Background()
	db, conn, cat := warehouse(t)
	night(t, conn, cat)
	scores, err := ask.Scores(ctx, db, index.Efficiency, "community", "2026-02", "district", "D")
	if err != nil {
		t.Fatal(err)
	}
	if len(scores) != 12 {
		t.Fatalf("%d communities", len(scores))
	}
	last := math.Inf(1)
	for i, s := range scores {
		if s.Rank.Int64 != int64(i+1) || s.Ranked.Int64 != 12 || s.Score.Float64 > last {
			t.Errorf("place %d: %+v", i+1, s.Place)
		}
		if s.RankLow.Int64 > s.RankMedian.Int64 || s.RankMedian.Int64 > s.RankHigh.Int64 || s.RankLow.Int64 < 1 || s.RankHigh.Int64 > 12 {
			t.Errorf("%s: rank interval %v %v %v", s.Code, s.RankLow, s.RankMedian, s.RankHigh)
		}
		if !(s.ScoreLow.Float64 < s.ScoreHigh.Float64) {
			t.Errorf("%s: score interval %v to %v", s.Code, s.ScoreLow, s.ScoreHigh)
		}
		if !s.Dimensions["F1"].Valid || len(s.Dimensions) != 5 {
			t.Errorf("%s: dimensions %v", s.Code, s.Dimensions)
		}
		if !s.Change().Valid {
			t.Errorf("%s has no change", s.Code)
		}
		last = s.Score.Float64
	}
	below, err := ask.Scores(ctx, db, index.Efficiency, "community", "2026-02", "subdistrict", "s1")
	if err != nil || len(below) != 4 {
		t.Errorf("%d communities below s1, %v", len(below), err)
	}
}

func TestADistrictHasAScoreOnGoalpostsButNoRank(t *testing.T) {
	db, conn, cat := warehouse(t)
	night(t, conn, cat)
	past, err := ask.ReadHistory(context.Background(), db, "district", "D", "month")
	if err != nil {
		t.Fatal(err)
	}
	all := past.Headlines("2026-03")
	for _, h := range all {
		if h.Index == index.Efficiency && h.Score.Valid && !h.Rank.Valid && h.Flag == "partial" {
			if points := past.Series(index.Efficiency, "2026-03"); len(points) != 3 || points[0].Period != "2026-01" {
				t.Errorf("points %+v", points)
			}
			return
		}
	}
	t.Errorf("headlines %+v", all)
}

func TestAMissingIndicatorIsLeftOutAndNeverCountsAsZero(t *testing.T) {
	db, conn, cat := warehouse(t)
	night(t, conn, cat)
	steps, err := ask.Steps(context.Background(), db, index.Efficiency, "community", "c03", "2026-02")
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]ask.Step{}
	for _, s := range steps {
		by[s.Node] = s
	}
	if by["F51"].Raw.Valid || by["F51"].Share.Float64 != 0 {
		t.Errorf("F51 is %+v", by["F51"])
	}
	if by["F52"].Share.Float64 != 1 || by["F5"].Score != by["F52"].Score {
		t.Errorf("without F51 the dimension is F52 alone: %+v %+v", by["F5"], by["F52"])
	}
	if by["F13"].Name.Zh != "按期结案率" || by["F13"].Indicator != "F13" || by["F13"].Parent != "F1" {
		t.Errorf("F13 is %+v", by["F13"])
	}
}

func TestContributionsAndObstaclesOfEveryAreaAddUp(t *testing.T) {
	_, conn, cat := warehouse(t)
	night(t, conn, cat)
	var areas int
	var worst, worstObstacle float64
	// From January to February F42 came, which its dimension F4 did not have before.
	err := conn.QueryRowContext(context.Background(), `
with parts as (
  select index_code, geo_level, geo_code, period, sum(moved_by_value + moved_by_weight) as moved, sum(obstacle) as obstacles
  from index_step
  group by all
)
select count(*), max(abs(p.moved - (v.score - v.previous))), max(abs(p.obstacles - 1))
from index_value as v
join parts as p using (index_code, geo_level, geo_code, period)
where v.previous is not null and v.score is not null`).Scan(&areas, &worst, &worstObstacle)
	if err != nil {
		t.Fatal(err)
	}
	if areas < 32 || worst > 1e-9 || worstObstacle > 1e-9 {
		t.Errorf("%d areas: contributions miss the change by %v, obstacles miss 1 by %v", areas, worst, worstObstacle)
	}
}

func TestASecondNightComputesOnlyWhatChanged(t *testing.T) {
	db, conn, cat := warehouse(t)
	if n := night(t, conn, cat); n == 0 {
		t.Fatal("nothing computed")
	}
	before := dump(t, db)
	if n := night(t, conn, cat); n != 0 {
		t.Errorf("the second night computed %d scores", n)
	}
	if dump(t, db) != before {
		t.Error("the second night changed something")
	}
	// What only rounding changed is no change.
	do(t, conn, "create table kept as from indicator_value; update indicator_value set value = value * (1 + 1e-15), low = low * (1 - 1e-15)")
	if n := night(t, conn, cat); n != 0 {
		t.Errorf("rounding made %d scores new", n)
	}
	do(t, conn, "delete from indicator_value; insert into indicator_value from kept; drop table kept")
	// A value of January changes January's scores and February's changes, not March.
	do(t, conn, "update indicator_value set value = value * 0.9 where indicator = 'F13' and geo_code = 'c05' and period = '2026-01'")
	if n := night(t, conn, cat); n == 0 {
		t.Error("a changed value was not seen")
	}
	changed := dump(t, db)
	do(t, conn, "delete from index_input; delete from index_value; delete from index_step; delete from index_audit; delete from index_sensitivity")
	night(t, conn, cat)
	if dump(t, db) != changed {
		t.Error("the incremental night and the full one differ")
	}
	do(t, conn, "delete from indicator_value where period = '2026-03'")
	night(t, conn, cat)
	var left int
	if err := db.QueryRow("select count(*) from index_value where period = '2026-03'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d scores of a period without data, %v", left, err)
	}
}

// dump is a print of all results.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	var print string
	err := db.QueryRow(`select concat_ws(' ',
  (select bit_xor(hash(v)) || ':' || count(*) from index_value as v),
  (select bit_xor(hash(s)) || ':' || count(*) from index_step as s),
  (select bit_xor(hash(a)) || ':' || count(*) from index_audit as a),
  (select bit_xor(hash(c)) || ':' || count(*) from index_coupling as c))`).Scan(&print)
	if err != nil {
		t.Fatal(err)
	}
	return print
}

func TestASnapshotFromBeforeTheIndicesGetsTheirTables(t *testing.T) {
	_, conn, cat := warehouse(t)
	for _, table := range []string{"index_meta", "index_node", "index_value", "index_step", "index_audit", "index_sensitivity", "index_coupling",
		"index_input", "dea_value", "dea_part", "dea_peer", "dea_change"} {
		do(t, conn, "drop table "+table)
	}
	if n := night(t, conn, cat); n == 0 {
		t.Error("nothing computed")
	}
}

func TestTheLabGivesTheNightlyRunsScoresForItsOwnConfigurationAndShiftsForAnother(t *testing.T) {
	ctx := context.Background()
	db, conn, cat := warehouse(t)
	night(t, conn, cat)
	bench, err := ask.OpenBench(ctx, db, index.Efficiency, "community", "2026-02")
	if err != nil {
		t.Fatal(err)
	}
	same, err := bench.Try(bench.Shipped, 100)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := ask.Scores(ctx, db, index.Efficiency, "community", "2026-02", "district", "D")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range same.Rows {
		if row.Code != stored[i].Code || math.Abs(row.Score-stored[i].Score.Float64) > 1e-12 || row.Shift != 0 {
			t.Errorf("the lab has %+v, the night %+v", row, stored[i].Place)
		}
		if row.RankLow < 1 || row.RankLow > row.RankHigh {
			t.Errorf("%s: rank interval %d to %d", row.Code, row.RankLow, row.RankHigh)
		}
	}
	if same.MeanShift != 0 || same.Kendall != 1 {
		t.Errorf("mean shift %v, Kendall's tau %v", same.MeanShift, same.Kendall)
	}
	other := bench.Shipped
	other.Tree.Children = append([]index.Node(nil), other.Tree.Children...)
	other.Tree.Children[4].Weight = 50
	moved, err := bench.Try(other, 0)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, row := range moved.Rows {
		sum += row.Shift
	}
	if moved.MeanShift == 0 || sum != 0 || moved.Kendall >= 1 {
		t.Errorf("50 times the weight on one dimension: mean shift %v, sum %d, tau %v", moved.MeanShift, sum, moved.Kendall)
	}
	if _, err := ask.OpenBench(ctx, db, "no_such", "community", "2026-02"); err == nil {
		t.Error("an unknown index was opened")
	}
}

func TestAFileOfTheDistrictsOwnTakesAShippedIndexsPlaceOrStandsBesideIt(t *testing.T) {
	ctx := context.Background()
	db, conn, cat := warehouse(t)
	all, err := index.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	own := all[1]
	own.Tree.Children = []index.Node{own.Tree.Children[4]} // satisfied alone
	own.Minimum.Coverage = 0
	beside := own
	beside.Code, beside.Tree.Code = "own", "own"
	var paths []string
	for _, c := range []index.Config{own, beside} {
		text, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, filepath.Join(t.TempDir(), c.Code+".yaml"))
		if err := os.WriteFile(paths[len(paths)-1], text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := nightly.Run(ctx, conn, cat, paths...); err != nil {
		t.Fatal(err)
	}
	indices, err := ask.Indices(ctx, db)
	if err != nil || len(indices) != len(all)+1 || indices[len(all)].Code != "own" {
		t.Errorf("%d indices, %v", len(indices), err)
	}
	for _, code := range []string{index.Efficiency, "own"} {
		scores, err := ask.Scores(ctx, db, code, "community", "2026-02", "district", "D")
		if err != nil || len(scores) != 12 || len(scores[0].Dimensions) != 1 || !scores[0].Score.Valid {
			t.Errorf("%s: %+v, %v", code, scores[0], err)
		}
	}
	if _, err := nightly.Run(ctx, conn, cat, paths[0], paths[0]); err == nil {
		t.Error("one index in two files was accepted")
	}
	if _, err := nightly.Run(ctx, conn, cat, paths[0]+".none"); err == nil {
		t.Error("a file that is not there was accepted")
	}
}

// TestScoresAreComputedAgainWhenAnAreaMoves: gaps may be filled with the mean of the area above.
func TestScoresAreComputedAgainWhenAnAreaMoves(t *testing.T) {
	_, conn, cat := warehouse(t)
	night(t, conn, cat)
	if n := night(t, conn, cat); n != 0 {
		t.Fatalf("%d scores are new although nothing is", n)
	}
	do(t, conn, "update area set parent_code = 'elsewhere' where geo_code = (select min(geo_code) from area where geo_level = 'community')")
	if night(t, conn, cat) == 0 {
		t.Error("no score is new although an area has moved")
	}
}

// A night that fails half-way leaves what was there, and a connection that goes on working.
func TestANightThatFailsChangesNothing(t *testing.T) {
	db, conn, cat := warehouse(t)
	night(t, conn, cat)
	print := func() (text string) {
		t.Helper()
		if err := db.QueryRow(`select (select count(*) || ' ' || round(sum(score), 6) from index_step) || ' ' || (select string_agg(fingerprint order by fingerprint) from index_input)
			|| ' ' || (select count(*) from index_node)`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := print()
	do(t, conn, "update indicator_value set value = value / 2")
	do(t, conn, "alter table index_input rename to index_input_hidden")
	do(t, conn, "create table index_input as select index_code, geo_level, period_kind, period, fingerprint from index_input_hidden") // too few columns to write
	if _, err := nightly.Run(context.Background(), conn, cat); err == nil {
		t.Fatal("a table without its columns was written to")
	}
	do(t, conn, "drop table index_input")
	do(t, conn, "alter table index_input_hidden rename to index_input")
	if after := print(); after != before {
		t.Errorf("%s became %s", before, after)
	}
	if night(t, conn, cat) == 0 {
		t.Error("the next night computes nothing")
	}
}

func TestCouplingInTheSnapshotIsThatOfTheFunction(t *testing.T) {
	db, conn, cat := warehouse(t)
	do(t, conn, `insert into indicator_value
select indicator, geo_level, geo_code, period_kind, period, null, 40, 0.5 + (hash(geo_code, indicator) % 100) / 250, 40, null, null, null, null, right(geo_code, 8)
from (select distinct geo_level, geo_code, period_kind, period from indicator_value)
cross join (values ('E14'), ('E17'), ('E21'), ('E31'), ('E42'), ('E53'), ('E23'), ('E24'), ('E33'), ('E43'), ('E55')) as e(indicator)`)
	night(t, conn, cat)
	coupled, err := ask.Coupling(context.Background(), db, "community", "2026-02")
	if err != nil || len(coupled) != 12 {
		t.Fatalf("%d communities, %v", len(coupled), err)
	}
	for _, c := range coupled {
		past, err := ask.ReadHistory(context.Background(), db, "community", c.Code, "month")
		if err != nil {
			t.Fatal(err)
		}
		all := past.Headlines("2026-02")
		want := index.Coupling(all[0].Score.Float64/100, all[1].Score.Float64/100, 0.5)
		if math.Abs(want.C-c.Coupling) > 1e-12 || math.Abs(want.T-c.Common) > 1e-12 || math.Abs(want.D-c.Coordination) > 1e-12 || want.Grade() != c.Grade {
			t.Errorf("%s: %+v, want %+v", c.Code, c, want)
		}
	}
	audit, err := ask.Audit(context.Background(), db, index.Efficiency, "community", "2026-02")
	if err != nil || len(audit) < 40 {
		t.Errorf("%d findings, %v", len(audit), err)
	}
}

func TestEfficiencyIsAskedWithPartsAndPeers(t *testing.T) {
	ctx := context.Background()
	db, conn, _ := warehouse(t)
	do(t, conn, `insert into dea_value (geo_level, geo_code, period_kind, period, ccr, super_note, areas) values
  ('community', 'c01', 'year', '2025', 0.5, null, 12), ('community', 'c02', 'year', '2025', 1, 'infeasible', 12);
insert into dea_change values ('community', 'c01', 'year', '2025', '2024', 1.2, 1.5, 0.8, 1.25, 1.2);
insert into dea_part values ('community', 'c01', 'year', '2025', 'on_time_closures', false, 8, 0, 16), ('community', 'c01', 'year', '2025', 'training_hours', true, 9, 2, 7),
  ('community', 'c01', 'year', '2025', 'workers', true, 4, 0, 4);
insert into dea_peer values ('community', 'c01', 'year', '2025', 'c02', 0.8), ('community', 'c01', 'year', '2025', null, 0.1);
insert into dea_left_out values ('community', 'c03', 'year', '2025', 'no_workers'), ('community', 'c03', 'year', '2024', 'no_training')`)
	all, err := ask.Efficiencies(ctx, db, "community", "2025")
	if err != nil || len(all) != 2 || all[0].Code != "c02" || all[0].SuperNote != "infeasible" || !all[0].OnFrontier() || all[1].OnFrontier() || all[1].BCC.Valid ||
		all[1].Malmquist.Float64 != 1.2 || all[1].Previous != "2024" || all[1].PureChange.Float64 != 1.25 || all[1].Score().Float64 != 0.5 {
		t.Errorf("%+v, %v", all, err)
	}
	parts, err := ask.EfficiencyParts(ctx, db, "community", "2025")
	if err != nil || len(parts) != 3 || parts[0].Part != "workers" || parts[0].HasSlack() || !parts[1].HasSlack() || parts[2].Target.Float64 != 16 || parts[2].Name != "社区1" {
		t.Errorf("%+v, %v", parts, err)
	}
	peers, err := ask.EfficiencyPeers(ctx, db, "community", "2025")
	if err != nil || len(peers) != 2 || peers[0].PeerName != "社区2" || peers[0].Weight.Float64 != 0.8 || peers[1].PeerCode != "" || peers[1].PeerName != "" {
		t.Errorf("%+v, %v", peers, err)
	}
	left, err := ask.EfficiencyLeftOut(ctx, db, "community", "2025")
	if err != nil || len(left) != 1 || left[0] != (ask.LeftOut{Code: "c03", Name: "社区3", Reason: "no_workers"}) {
		t.Errorf("%+v, %v", left, err)
	}
	do(t, conn, "drop table dea_left_out") // as it was before the table was there
	if left, err := ask.EfficiencyLeftOut(ctx, db, "community", "2025"); err != nil || len(left) != 0 {
		t.Errorf("%+v, %v", left, err)
	}
}
