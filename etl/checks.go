package etl

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jiceng/jiceng/queries/schema"
)

//go:embed checks/*.sql
var checkFiles embed.FS

// Check is one rule about staged rows, as its file describes it.
type Check struct {
	Code, Feed, Severity, Column, Zh, En, SQL string
}

// Checks returns every row check, sorted by code.
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
		c := Check{SQL: string(text)}
		fields := map[string]*string{"code": &c.Code, "feed": &c.Feed, "severity": &c.Severity, "column": &c.Column, "zh": &c.Zh, "en": &c.En}
		for _, line := range strings.Split(c.SQL, "\n") {
			field, value, ok := strings.Cut(strings.TrimPrefix(line, "-- "), ": ")
			if target := fields[field]; ok && strings.HasPrefix(line, "-- ") && target != nil {
				*target = value
			}
		}
		for field, value := range fields {
			if *value == "" {
				return nil, fmt.Errorf("check %s: header lacks %q", name, field)
			}
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// check finds every row that must be refused and writes it down, with file and line.
func (r *run) check(ctx context.Context, feed schema.Feed, loads []*staged) error {
	if err := r.exec(ctx, "create or replace temp table fault (row_id bigint, rank integer, rule varchar, column_name varchar, value varchar, zh varchar, en varchar)"); err != nil {
		return err
	}
	stage := "stage_" + feed.Name
	unreadable := "insert into fault select rowid, 0, 'unreadable', split_part(bad, chr(31), 1), split_part(bad, chr(31), 2), '无法识别的值', 'the value cannot be read as what the column holds' from " +
		stage + " where bad is not null"
	if err := r.exec(ctx, unreadable); err != nil {
		return err
	}
	for _, name := range feed.Required {
		missing := "insert into fault select rowid, 1, 'required', " + quote(name) + ", null, '必填项为空', 'a required column is empty' from " + stage +
			" where " + ident(name) + " is null and bad is null"
		if err := r.exec(ctx, missing); err != nil {
			return err
		}
	}
	for name, domain := range feed.Domains {
		outside := "insert into fault select rowid, 2, 'domain', " + quote(name) + ", " + ident(name) + ", " +
			quote("取值不在允许范围："+strings.Join(domain, "、")) + ", " + quote("not one of: "+strings.Join(domain, ", ")) +
			" from " + stage + " where " + ident(name) + " not in (" + quoteAll(domain) + ")"
		if err := r.exec(ctx, outside); err != nil {
			return err
		}
	}
	checks, err := Checks()
	if err != nil {
		return err
	}
	for i, c := range checks {
		if c.Feed != feed.Name {
			continue
		}
		failed, err := r.runCheck(ctx, c, 3+i)
		if err != nil {
			return fmt.Errorf("check %s: %w", c.Code, err)
		}
		r.result.Checks = append(r.result.Checks, CheckResult{c.Code, c.Severity, c.Feed, failed, c.Zh, c.En})
		if err := r.exec(ctx, "insert into check_result values (?, ?, ?, ?, null, ?, (select count(*) from "+stage+"), null, ?, ?, ?)",
			r.id, c.Code, c.Severity, c.Feed, failed, failed == 0, c.Zh, c.En); err != nil {
			return err
		}
	}
	return r.reject(ctx, feed, loads)
}

func (r *run) runCheck(ctx context.Context, c Check, rank int) (int64, error) {
	if c.Severity == "reject" {
		insert := "insert into fault select row_id, ?, ?, ?, value, ?, ? from (\n" + trimStatement(c.SQL) + "\n)"
		if err := r.exec(ctx, insert, rank, c.Code, c.Column, c.Zh, c.En); err != nil {
			return 0, err
		}
		return r.count(ctx, "select count(distinct row_id) from fault where rule = ?", c.Code)
	}
	return r.count(ctx, "select count(distinct row_id) from (\n"+trimStatement(c.SQL)+"\n)")
}
