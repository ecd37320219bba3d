// Package nyc_council holds a real foreign export, casework of New York's
// council offices, that jiceng loads by configuration and mapping SQL alone,
// with an oracle for the indicators: oracle.sql, written by hand on the raw CSV.
package nyc_council
