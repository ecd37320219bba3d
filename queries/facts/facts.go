// Package facts holds the views that indicators are counted on.
package facts

import "embed"

// Files are the fact views, one .sql file each.
//
//go:embed *.sql
var Files embed.FS

// Order is the names of all views, each behind those that it reads.
func Order() []string {
	return []string{
		// what happened: cases, surveys, the steps of a case
		"case_fact", "agreement_fact", "survey_fact", "survey_repair", "repeat_fact",
		"work_day", "work_minute", "case_pause", "case_log", "case_step",
		// what stood at the end of each month
		"data_month", "last_period", "staff_month", "grid_month", "community_month", "appraisal_pair",
		// how good the data are
		"record_fact", "arrival_fact",
	}
}

// Kept are views that are dear to read and read more than once: computing
// reads them into memory first. They are named in the order of Order.
func Kept() []string { return []string{"case_step"} }

// OfCases tells whether each row of a kept view is one case, and stands where the case stands.
func OfCases(view string) bool { return view == "case_step" }
