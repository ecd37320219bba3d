package etl_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/etl"
)

// touch gives a file a time of change.
func (o *office) touch(name string, at time.Time) {
	o.t.Helper()
	if err := os.Chtimes(o.path(name), at, at); err != nil {
		o.t.Fatal(err)
	}
}

func TestALateCorrectedFileReplacesItsRows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.source("surveys").Files = []string{"surveys*.csv"}
	o.source("cases").Files = []string{"cases*.csv"}
	morning := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	o.touch("surveys.csv", morning)
	o.run(etl.Options{})
	// The correction has no version column: that its file is younger decides. A late file brings an earlier day.
	o.write("surveys_corrected.csv", strings.Replace(surveyFile, "是,5", "是,1", 1))
	o.touch("surveys_corrected.csv", morning.Add(time.Hour))
	o.write("cases_late.csv", caseHeader+row("A0", "2026-09-30", "G1", "", "办理中", "0"))
	result := o.run(etl.Options{})
	if result.Mode != "incremental" || result.Files != 2 || result.Total.Replaced != 1 {
		t.Errorf("result: %+v", result)
	}
	if got := o.query("select score from satisfaction"); got != "1" {
		t.Errorf("the correction did not win: score %s", got)
	}
	if got := o.query("select case_id from cases order by 1"); got != "A0\nA1\nA2" {
		t.Errorf("cases %s", got)
	}
	// The old file, delivered once more under another name, brings nothing.
	o.write("surveys_again.csv", surveyFile+"\n")
	o.touch("surveys_again.csv", morning.Add(-time.Hour))
	if o.run(etl.Options{}); o.query("select score from satisfaction") != "1" {
		t.Error("an older file undid the correction")
	}
}

func TestARowRefusedForItsGridIsLoadedOnceTheGridArrives(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.source("grids").Files = []string{"grids*.csv"}
	o.write("cases.csv", caseFile+row("A9", "2026-10-05", "G9", "", "办理中", "0"))
	if result := o.run(etl.Options{}); result.Total.Rejected != 1 {
		t.Fatalf("first run: %+v", result.Total)
	}
	o.write("grids_new.csv", "网格,社区,街道,人口,生效,失效\nG9,C9,S2,50,,\n")
	result := o.run(etl.Options{})
	if result.Mode != "full" || result.Total.Rejected != 0 {
		t.Errorf("second run: mode %s, %+v", result.Mode, result.Total)
	}
	if got := o.query("select count(*) from cases; select count(*) from reject"); got != "0" {
		t.Errorf("rejects left: %s", got)
	}
	if got := o.query("select community_code from case_fact where case_id = 'A9'"); got != "C9" {
		t.Errorf("the case lies in %s", got)
	}
	// A file with other residents, but the same grids in force, does not cause a rebuild.
	o.write("grids_new.csv", "网格,社区,街道,人口,生效,失效\nG9,C9,S2,51,,\n")
	if result := o.run(etl.Options{}); result.Mode != "incremental" {
		t.Errorf("new population: mode %s", result.Mode)
	}
}

func TestChangedGridsWithoutTheOldFilesKeepTheOldRows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.source("grids").Files = []string{"grids*.csv"}
	o.run(etl.Options{})
	if err := os.Remove(o.path("cases.csv")); err != nil {
		t.Fatal(err)
	}
	o.write("grids_new.csv", "网格,社区,街道,人口,生效,失效\nG9,C9,S2,50,,\n")
	result := o.run(etl.Options{})
	if result.Mode != "incremental" || o.query("select count(*) from cases") != "2" {
		t.Errorf("mode %s, %s cases", result.Mode, o.query("select count(*) from cases"))
	}
	codes := map[string]bool{}
	for _, c := range result.Checks {
		codes[c.Code] = codes[c.Code] || c.Failed > 0
	}
	if !codes["grids_changed_files_gone"] || !codes["source_without_file"] {
		t.Errorf("nobody is told: %+v", result.Checks)
	}
}

func TestACaseBelongsToTheGridInForceWhenItWasReported(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	// G1 moved from community C1 to C2 at midsummer; G2 was split into G4 and G5; C1's history stays.
	o.write("grids.csv", "网格,社区,街道,人口,生效,失效\nG1,C1,S1,100,,2026-07-01\nG1,C2,S1,100,2026-07-01,\nG2,C1,S1,200,,2026-07-01\nG4,C1,S1,120,2026-07-01,\nG5,C1,S1,80,2026-07-01,\n")
	o.write("cases.csv", caseHeader+
		row("A1", "2026-06-30 23:59:59", "G1", "", "办理中", "0")+
		row("A2", "2026-07-01 00:00:00", "G1", "", "办理中", "0")+
		row("A3", "2026-06-30", "G2", "", "办理中", "0")+
		row("A4", "2026-07-02", "G2", "", "办理中", "0")+
		row("A5", "2026-07-02", "G4", "", "办理中", "0")+
		row("A6", "2026-06-30", "G5", "", "办理中", "0"))
	result := o.run(etl.Options{})
	if c := result.Feeds["cases"]; c.Rejected != 2 || result.Rejects[0].Line != 5 || result.Rejects[1].Line != 7 {
		t.Errorf("A4 (its grid was gone) and A6 (not yet there) are to be refused: %+v %+v", c, result.Rejects)
	}
	if got := o.query("select case_id, community_code from case_fact order by 1"); got != "A1 | C1\nA2 | C2\nA3 | C1\nA5 | C1" {
		t.Errorf("cases by community:\n%s", got)
	}
	if got := o.query("select geo_code, period, sum(reported) from (select c.community_code as geo_code, strftime(c.reported_at, '%Y-%m') as period, 1 as reported from case_fact c) group by all order by all"); got != "C1 | 2026-06 | 2\nC1 | 2026-07 | 1\nC2 | 2026-07 | 1" {
		t.Errorf("the communities' history:\n%s", got)
	}
	if got := o.query("select geo_code, period, denominator from indicator_value where indicator = 'F22' and geo_level = 'community' and period_kind = 'month' order by 1, 2"); got != "C1 | 2026-06 | 2\nC1 | 2026-07 | 1\nC2 | 2026-07 | 1" {
		t.Errorf("the communities' history in an indicator:\n%s", got)
	}
}

func TestAnUntouchedFileIsNotReadAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run(etl.Options{})
	stat, err := os.Stat(o.path("cases.csv"))
	if err != nil {
		t.Fatal(err)
	}
	// Same size, same time: taken for the same. A full run looks at the content.
	o.write("cases.csv", strings.Replace(caseFile, "路灯不亮", "路灯常亮", 1))
	o.touch("cases.csv", stat.ModTime())
	if _, err := o.try(etl.Options{}); !errors.Is(err, etl.ErrNothingNew) {
		t.Errorf("error %v", err)
	}
	o.touch("cases.csv", stat.ModTime().Add(time.Minute))
	if result := o.run(etl.Options{}); result.Files != 1 || result.Total.Replaced != 1 {
		t.Errorf("a touched file with other content: %+v", result)
	}
	// A changed mapping reads its files again.
	o.write("surveys.sql", surveyMapping+"\nwhere \"评分\" <> ''")
	if result := o.run(etl.Options{}); result.Files != 1 || result.Total.Duplicate != 1 {
		t.Errorf("a changed mapping: %+v", result)
	}
}

func TestASnapshotOfOtherTablesIsCarriedOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.run(etl.Options{})
	o.change(first.Snapshot, "update snapshot_info set value = 'older' where key = 'schema'", "alter table cases drop column system_count", "alter table load drop column rows_replaced")
	o.source("cases").Files = []string{"cases*.csv"}
	o.write("cases_new.csv", caseHeader+row("A3", "2026-10-05", "G1", "", "办理中", "0"))
	if result := o.run(etl.Options{}); result.Mode != "incremental" {
		t.Errorf("mode %s", result.Mode)
	}
	if got := o.query("select case_id, system_count from cases order by 1"); got != "A1 | -\nA2 | -\nA3 | -" {
		t.Errorf("cases:\n%s", got)
	}
	if got := o.query("select count(*) from load"); got != "4" {
		t.Errorf("%s loads are remembered", got)
	}
}

// After an upgrade of jiceng the next run makes a snapshot that its server can show, whether or not files have come.
func TestASnapshotOfOtherTablesIsCarriedOverWithoutNewFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.run(etl.Options{})
	const values = "select indicator, geo_level, geo_code, period, value from indicator_value order by all"
	want := o.query(values)
	o.change(first.Snapshot, "update snapshot_info set value = 'older' where key = 'schema'", "alter table indicator_value drop column geo_code_end")
	if result := o.run(etl.Options{}); result.Mode != "incremental" || result.Files != 0 || result.Snapshot == first.Snapshot {
		t.Errorf("%+v, want another snapshot of the same rows", result)
	}
	if got := o.query(values); got != want || want == "" {
		t.Errorf("values:\n%s\nwant\n%s", got, want)
	}
	if got := o.query("select count(*) from indicator_value where geo_code_end is null"); got != "0" {
		t.Errorf("%s values lack the new column", got)
	}
}

// TestARebuildKeepsWhenFilesArrived: the timeliness of data (E54) is known from that alone.
func TestARebuildKeepsWhenFilesArrived(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.source("surveys").Files = []string{"surveys*.csv"}
	o.cfg.AsOf = ""
	o.run(etl.Options{})
	for _, id := range []string{"S2", "S3"} {
		o.now = o.now.AddDate(0, 1, 0)
		o.write("surveys_"+id+".csv", surveyHeader+id+",A1,"+o.now.Format("2006-01-02 15:04:05")+",是,4\n")
		o.run(etl.Options{})
	}
	const arrived = "select period, numerator, denominator from indicator_value where indicator = 'E54' and geo_level = 'district' and period_kind = 'month' order by 1"
	want := o.query(arrived)
	loaded := o.query("select path, loaded_at from load order by path")
	if !strings.Contains(want, "2026-12") || !strings.Contains(want, "2027-01") {
		t.Fatalf("arrivals before the rebuild: %s", want)
	}
	o.now = o.now.AddDate(0, 1, 0)
	o.run(etl.Options{Full: true})
	if got := o.query(arrived); got != want {
		t.Errorf("arrivals after a rebuild:\n%s\nwant\n%s", got, want)
	}
	if got := o.query("select path, loaded_at from load order by path"); got != loaded {
		t.Errorf("files arrived\n%s\nwant\n%s", got, loaded)
	}
}

// weekly is an office with one case a week for two and a half years, its steps, a survey and an activity.
func weekly(t *testing.T) *office {
	o := newOffice(t)
	o.cfg.AsOf, o.cfg.Sources = "", o.cfg.Sources[:1]
	for _, feed := range []string{"cases", "satisfaction", "case_events", "activities"} {
		o.write(feed+".sql", "select * from raw")
		o.cfg.Sources = append(o.cfg.Sources, etl.Source{Name: feed, Feed: feed, Department: "中心", Files: []string{feed + "_*.csv"}, Mapping: feed + ".sql"})
	}
	for feed, header := range weeklyHeaders {
		var b strings.Builder
		b.WriteString(header)
		for i := range 130 {
			at := time.Date(2024, 5, 6, 9, 0, 0, 0, time.UTC).AddDate(0, 0, 7*i)
			b.WriteString(weeklyRow(feed, i, 1+i%2, at, at, 4))
		}
		o.write(feed+"_0.csv", b.String())
	}
	return o
}

var weeklyHeaders = map[string]string{
	"cases":        "case_id,reported_at,grid_code,category_1,reporter_key,source,handler_kind,handling_level,accepted_at,dispatched_at,first_response_at,due_at,closed_at,status,returns,updated_at\n",
	"satisfaction": "survey_id,case_id,surveyed_at,responded,resolved,score,updated_at\n",
	"case_events":  "case_id,seq,event,happened_at,updated_at\n",
	"activities":   "activity_id,kind,grid_code,held_on,participants,updated_at\n",
}

// weeklyRow is row i of a feed as it stood at a time; at is when it happened.
func weeklyRow(feed string, i, grid int, at, updated time.Time, score int) string {
	after := func(d time.Duration) string { return at.Add(d).Format(time.DateTime) }
	version := updated.Format(time.DateTime)
	switch feed {
	case "cases":
		return fmt.Sprintf("K%d,%s,G%d,A,r%d,resident,community,community,%s,%s,%s,%s,%s,closed,0,%s\n", i, after(0), grid, i%3,
			after(5*time.Minute), after(9*time.Minute), after(20*time.Minute), after(120*time.Hour), after(24*time.Hour), version)
	case "satisfaction":
		return fmt.Sprintf("V%d,K%d,%s,true,true,%d,%s\n", i, i, after(48*time.Hour), score, version)
	case "case_events":
		return fmt.Sprintf("K%d,1,reported,%s,%s\nK%d,2,closed,%s,%s\n", i, after(0), version, i, after(24*time.Hour), version)
	}
	return fmt.Sprintf("A%d,deliberation,G%d,%s,%d,%s\n", i, grid, at.Format(time.DateOnly), 5*score, version)
}

// TestANightOfCorrectionsEqualsARebuild: a row that is corrected leaves its old month, grid and answer.
func TestANightOfCorrectionsEqualsARebuild(t *testing.T) {
	t.Parallel()
	o := weekly(t)
	o.run(etl.Options{})
	spring := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	for night, files := range []map[string]string{
		{"cases": weeklyRow("cases", 200, 2, o.now.Add(-9*time.Hour), o.now, 4)},
		{"cases": weeklyRow("cases", 10, 2, spring, o.now, 4)},
		{"case_events": fmt.Sprintf("K20,1,returned,%s,%s\n", spring.Format(time.DateTime), o.now.Format(time.DateTime))},
		{"satisfaction": weeklyRow("satisfaction", 30, 1, spring, o.now, 1), "activities": weeklyRow("activities", 40, 2, spring, o.now, 9)},
		{"cases": weeklyRow("cases", 30, 2, spring, o.now.Add(time.Hour), 4)},
	} {
		o.now = o.now.AddDate(0, 0, 20)
		for feed, rows := range files {
			o.write(fmt.Sprintf("%s_%d.csv", feed, night+1), weeklyHeaders[feed]+rows)
		}
		if result := o.run(etl.Options{}); result.Mode != "incremental" || result.Total.Rejected != 0 {
			t.Fatalf("night %d: %s, %+v", night, result.Mode, result.Total)
		}
		if months := o.query("select count(distinct month) from part.stale_cell where clock in ('reported_at', 'closed_at')"); len(months) > 1 || o.query("select count(*) > 0 from part.stale_cell") != "true" {
			t.Errorf("night %d: %s months counted again: the night is none that touches little", night, months)
		}
		grown := o.contents()
		o.run(etl.Options{Full: true})
		compareContents(t, fmt.Sprintf("night %d", night), o.contents(), grown)
	}
}

// TestACopyBelongsToTheLoadThatBroughtItFirst: a row that is sent again as it was stays with the file that brought it, when all files are
// read again, too, in whatever order their names stand.
func TestACopyBelongsToTheLoadThatBroughtItFirst(t *testing.T) {
	o := newOffice(t)
	o.source("cases").Files = []string{"cases*.csv"}
	o.run(etl.Options{})
	o.now = o.now.Add(24 * time.Hour)
	first := strings.SplitAfter(caseFile, "\n")[1]
	o.write("cases-again.csv", caseHeader+first+"A3,2026-10-04 08:00:00,G2,,办理中,0,路面破损\n")
	o.run(etl.Options{})
	const ask = "select split_part(path, '/', -1), rows_loaded, rows_duplicate, rows_superseded from load where feed = 'cases' order by path"
	nights := o.query(ask)
	if want := "cases-again.csv | 1 | 1 | 0\ncases.csv | 2 | 0 | 0"; nights != want {
		t.Fatalf("after two nights:\n%s\nwant:\n%s", nights, want)
	}
	o.now = o.now.Add(24 * time.Hour)
	o.run(etl.Options{Full: true})
	if got := o.query(ask); got != nights {
		t.Errorf("all files read again:\n%s\nafter the nights:\n%s", got, nights)
	}
}
