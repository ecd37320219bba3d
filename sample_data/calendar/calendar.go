// Package calendar holds China's working days, for places where no department
// delivers a calendar. Source and licence: SOURCE.md.
package calendar

import _ "embed"

// China is a CSV with the columns date, is_workday (true or false) and name
// (of the holiday), one row for each day from 2022 to 2026.
//
//go:embed china.csv
var China []byte
