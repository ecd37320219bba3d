package etl

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed checks/*.sql
var checkFiles embed.FS

// Check is one rule, as its file describes it.
//
// A row check (When "row") yields row_id and value of each staged row of its
// feed that fails. An end check (When "end") is asked once all feeds are
// loaded and yields, for each department (or feed) at fault, feed, department,
// failed, checked and detail.
type Check struct {
	Code      string
	Feed      string   // the feed it is about; "all" for end checks that look at several
	When      string   // row or end
	Severity  string   // reject: the row is refused; warn: it is counted; refuse: nothing is published
	Column    string   // of row checks: the column at fault
	Threshold *float64 // the share of rows that may fail before publishing is refused; nil: any
	Zh, En    string   // what is wrong, in a sentence
	SQL       string
}

// Severities of checks.
const (
	severityReject = "reject"
	severityWarn   = "warn"
	severityRefuse = "refuse"
)

// folderChecks are the checks that ask the folder, not the data.
func folderChecks() (noFile, gone Check) {
	noFile = Check{Code: "source_without_file", Feed: "all", When: "end", Severity: severityWarn,
		Zh: "该来源没有任何文件", En: "no file of the source is there"}
	gone = Check{Code: "grids_changed_files_gone", Feed: "grids", When: "end", Severity: severityWarn,
		Zh: "网格已变更，但以往的部分文件已不在，其数据未按新网格复核", En: "the grids have changed, but files of earlier runs are gone, so that their rows were not checked again"}
	return noFile, gone
}

// Checks returns every check that is a file, sorted by code.
func Checks() ([]Check, error) {
	names, err := fs.Glob(checkFiles, "checks/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list checks: %w", err)
	}
	var checks []Check
	for _, name := range names {
		text, err := fs.ReadFile(checkFiles, name)
		if err != nil {
			return nil, fmt.Errorf("read check %s: %w", name, err)
		}
		c, err := readCheck(string(text))
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", name, err)
		}
		if name != "checks/"+c.Code+".sql" {
			return nil, fmt.Errorf("check %s: its code is %q", name, c.Code)
		}
		checks = append(checks, c)
	}
	return checks, nil
}

func readCheck(text string) (Check, error) {
	c := Check{SQL: text, When: "row"}
	var threshold string
	fields := map[string]*string{"code": &c.Code, "feed": &c.Feed, "when": &c.When, "severity": &c.Severity, "column": &c.Column,
		"threshold": &threshold, "zh": &c.Zh, "en": &c.En}
	for line := range strings.SplitSeq(text, "\n") {
		header, ok := strings.CutPrefix(line, "-- ")
		if !ok {
			break
		}
		if field, value, ok := strings.Cut(header, ": "); ok && fields[field] != nil {
			*fields[field] = value
		}
	}
	for _, field := range []string{"code", "feed", "severity", "zh", "en"} {
		if *fields[field] == "" {
			return c, fmt.Errorf("its header lacks %q", field)
		}
	}
	if c.When == "row" && c.Column == "" {
		return c, errors.New(`its header lacks "column"`)
	}
	if !slices.Contains([]string{severityReject, severityWarn, severityRefuse}, c.Severity) || c.When == "end" && c.Severity == severityReject {
		return c, fmt.Errorf("severity %q is not one that it can have", c.Severity)
	}
	if threshold != "" {
		share, err := strconv.ParseFloat(threshold, 64)
		if err != nil {
			return c, fmt.Errorf("threshold %q is not a number", threshold)
		}
		c.Threshold = &share
	}
	return c, nil
}

// threshold is the share of rows that may fail a check before publishing is refused, nil for any.
func (r *run) threshold(c Check) *float64 {
	if own, ok := r.cfg.Thresholds.Checks[c.Code]; ok {
		return &own
	}
	if c.Threshold == nil && c.Severity == severityRefuse {
		none := 0.0
		return &none
	}
	return c.Threshold
}

// check finds every row that must be refused and writes it down, with file and
// line. foreign are the columns that may hold values outside of their domain.
func (r *run) check(ctx context.Context, feed schema.Feed, foreign []string, loads []*staged) error {
	if err := r.exec(ctx, "create or replace temp table fault (row_id bigint, rank integer, rule varchar, column_name varchar, value varchar, zh varchar, en varchar)"); err != nil {
		return err
	}
	if err := r.checkColumns(ctx, feed, foreign); err != nil {
		return err
	}
	checks, err := Checks()
	if err != nil {
		return err
	}
	stage := "stage_" + feed.Name
	checked, err := r.count(ctx, "select count(*) from "+stage)
	if err != nil {
		return err
	}
	for i, c := range checks {
		if c.Feed != feed.Name || c.When != "row" {
			continue
		}
		failed, err := r.checkRows(ctx, c, firstOfChecks+i)
		if err != nil {
			return fmt.Errorf("check %s: %w", c.Code, err)
		}
		if err := r.find(ctx, c, snapshot.Finding{Feed: c.Feed, Failed: failed, Checked: checked}); err != nil {
			return err
		}
	}
	return r.reject(ctx, feed, loads)
}

// firstOfChecks is the rank of the checks in files: of several faults of a row
// the lowest rank is its reason, and what the data contract says comes first.
const firstOfChecks = 1000

// checkColumns holds each column to the data contract: readable, filled where required, of its domain.
func (r *run) checkColumns(ctx context.Context, feed schema.Feed, foreign []string) error {
	stage := "stage_" + feed.Name
	unreadable := "insert into fault select rowid, 0, 'unreadable', split_part(bad, chr(31), 1), split_part(bad, chr(31), 2), '无法识别的值', 'the value cannot be read as what the column holds' from " +
		stage + " where bad is not null"
	if err := r.exec(ctx, unreadable); err != nil {
		return err
	}
	rank := 1
	for _, name := range feed.Required {
		missing := "insert into fault select rowid, ?, 'required', " + quote(name) + ", null, '必填项为空', 'a required column is empty' from " + stage +
			" where " + ident(name) + " is null and bad is null"
		if err := r.exec(ctx, missing, rank); err != nil {
			return err
		}
		rank++
	}
	for _, name := range foreign {
		domain := feed.Domains[name]
		outside := "insert into fault select rowid, ?, 'domain', " + quote(name) + ", " + ident(name) + ", " +
			quote("取值不在允许范围："+strings.Join(domain, "、")) + ", " + quote("not one of: "+strings.Join(domain, ", ")) +
			" from " + stage + " where " + ident(name) + " not in (" + quoteAll(domain) + ")"
		if err := r.exec(ctx, outside, rank); err != nil {
			return err
		}
		rank++
	}
	return nil
}

func (r *run) checkRows(ctx context.Context, c Check, rank int) (int64, error) {
	if c.Severity == severityReject {
		insert := "insert into fault select row_id, ?, ?, ?, value, ?, ? from (\n" + trimStatement(c.SQL) + "\n)"
		if err := r.exec(ctx, insert, rank, c.Code, c.Column, c.Zh, c.En); err != nil {
			return 0, err
		}
		return r.count(ctx, "select count(distinct row_id) from fault where rule = ?", c.Code)
	}
	return r.count(ctx, "select count(distinct row_id) from (\n"+trimStatement(c.SQL)+"\n)")
}

// checkEnd asks the checks that need all feeds, each department's arrivals among them.
func (r *run) checkEnd(ctx context.Context) error {
	if err := r.arrivals(ctx); err != nil {
		return err
	}
	noFile, goneFiles := folderChecks()
	for _, s := range r.fileless {
		if err := r.find(ctx, noFile, snapshot.Finding{Feed: s.Feed, Department: s.Department, Failed: 1, Checked: 1, Detail: s.Name}); err != nil {
			return err
		}
	}
	if n := int64(len(r.unchecked)); n > 0 {
		if err := r.find(ctx, goneFiles, snapshot.Finding{Feed: "grids", Failed: n, Checked: n, Detail: r.unchecked[0]}); err != nil {
			return err
		}
	}
	checks, err := Checks()
	if err != nil {
		return err
	}
	for _, c := range checks {
		if c.When != "end" {
			continue
		}
		findings, err := r.ask(ctx, c)
		if err != nil {
			return fmt.Errorf("check %s: %w", c.Code, err)
		}
		if len(findings) == 0 {
			findings = []snapshot.Finding{{Feed: c.Feed}}
		}
		for _, f := range findings {
			if err := r.find(ctx, c, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) ask(ctx context.Context, c Check) ([]snapshot.Finding, error) {
	rows, err := r.conn.QueryContext(ctx, "select feed, coalesce(department, ''), failed::bigint, checked::bigint, coalesce(detail, '') from (\n"+
		trimStatement(c.SQL)+"\n) where failed > 0 order by feed, department")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var findings []snapshot.Finding
	for rows.Next() {
		var f snapshot.Finding
		if err := rows.Scan(&f.Feed, &f.Department, &f.Failed, &f.Checked, &f.Detail); err != nil {
			return nil, err
		}
		findings = append(findings, f)
	}
	return findings, rows.Err()
}

// find writes down what a check found, and whether that refuses to publish.
func (r *run) find(ctx context.Context, c Check, f snapshot.Finding) error {
	f.Code, f.Severity, f.Zh, f.En = c.Code, c.Severity, c.Zh, c.En
	r.result.Checks = append(r.result.Checks, f)
	limit := r.threshold(c)
	passed := f.Failed == 0
	if limit != nil {
		passed = f.Failed == 0 || float64(f.Failed)/float64(max(f.Checked, f.Failed)) <= *limit
	}
	if limit != nil && !passed {
		r.refusals = append(r.refusals, fmt.Sprintf("%s %s: %s（%s） %s", c.Code, strings.TrimSpace(f.Feed+" "+f.Department), c.Zh, c.En, strings.TrimSpace(fmt.Sprintf("%d/%d %s", f.Failed, f.Checked, f.Detail))))
	}
	if f.Failed > 0 {
		r.log.Warn("check", "code", f.Code, "severity", f.Severity, "feed", f.Feed, "department", f.Department, "failed", f.Failed, "checked", f.Checked,
			"zh", f.Zh, "en", f.En, "detail", f.Detail)
	}
	var department any
	if f.Department != "" {
		department = f.Department
	}
	var bound any
	if limit != nil {
		bound = *limit
	}
	zh, en := f.Zh, f.En
	if f.Detail != "" {
		zh, en = zh+"："+f.Detail, en+": "+f.Detail
	}
	return r.exec(ctx, "insert into check_result (run_id, code, severity, feed, department, rows_failed, rows_checked, threshold, passed, message_zh, message_en) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.id, f.Code, f.Severity, f.Feed, department, f.Failed, f.Checked, bound, passed, zh, en)
}

// refuseShares refuses to publish where too many rows of a feed were rejected.
func (r *run) refuseShares() {
	for _, feed := range sortedKeys(r.result.Feeds) {
		c := r.result.Feeds[feed]
		allowed := r.cfg.Thresholds.RejectedShare
		if share := float64(c.Rejected) / float64(max(c.Read, 1)); share > allowed {
			r.refusals = append(r.refusals, fmt.Sprintf("%d of %d rows of %s were rejected (%.1f %%, at most %.1f %% are allowed)",
				c.Rejected, c.Read, feed, 100*share, 100*allowed))
		}
	}
}

// verdict is nil, or the error that lists why publishing is refused.
func (r *run) verdict() error {
	if len(r.refusals) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrRefused, strings.Join(r.refusals, "; "))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// arrivals makes the views that volume checks look at: arrival, one row for
// each feed, department and day of the last five weeks with the rows dated
// that day; and delivery, one row for each source and run of the last 28 days.
func (r *run) arrivals(ctx context.Context) error {
	var parts []string
	for _, name := range sortedKeys(r.feeds) {
		feed := r.feeds[name]
		if feed.Event == "" || !r.dailyFeed(name) {
			continue
		}
		parts = append(parts, fmt.Sprintf(`
select
  %[1]s as feed,
  l.department,
  f.%[2]s::date as day,
  count(*) as rows
from %[3]s as f
join load as l on l.load_id = f.load_id
where f.%[2]s > getvariable('last_day') - 36
group by l.department, f.%[2]s::date`, quote(name), ident(feed.Event), name))
	}
	const lastDay = `
set variable last_day = (
  select
    case
      when hour(value::timestamp) >= 18
        then value::timestamp::date
      else value::timestamp::date - 1
    end
  from snapshot_info
  where key = 'as_of'
)`
	if err := r.exec(ctx, lastDay); err != nil {
		return err
	}
	return r.exec(ctx, "create or replace temp table arrival as"+strings.Join(parts, "\nunion all"))
}

// dailyFeed says whether a feed gets rows every day: volume is watched there.
func (r *run) dailyFeed(name string) bool {
	return slices.Contains([]string{"cases", "satisfaction", "case_events"}, name)
}
