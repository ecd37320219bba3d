// Package factstest fills a database with a small district whose feeds contradict themselves, to hold facts against.
package factstest

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/schema"
)

//go:embed sql/untidy_district.sql
var untidy string

// Fill creates the tables and the fact views, and fills the tables with 6,000 cases of 18 months with their logs and
// surveys, in two subdistricts. The data end on 2026-06-30; some of what they hold lies behind that.
func Fill(ctx context.Context, db *sql.DB) error {
	if err := schema.Create(ctx, db); err != nil {
		return err
	}
	for _, view := range facts.Order() {
		text, err := fs.ReadFile(facts.Files, view+".sql")
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("view %s: %w", view, err)
		}
	}
	if _, err := db.ExecContext(ctx, untidy); err != nil {
		return fmt.Errorf("untidy district: %w", err)
	}
	return nil
}

// Date is a column that puts a fact's rows into periods.
type Date struct{ Fact, Time string }

// Dated lists the dates that the headers of the facts explain.
func Dated() []Date {
	var all []Date
	for _, fact := range facts.Order() {
		text, err := fs.ReadFile(facts.Files, fact+".sql")
		if err != nil {
			panic(err) // the file is embedded by this name
		}
		for _, m := range regexp.MustCompile(`(?m)^-- dated (\w+):`).FindAllStringSubmatch(string(text), -1) {
			all = append(all, Date{fact, m[1]})
		}
	}
	return all
}
