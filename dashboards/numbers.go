package dashboards

import (
	"database/sql"
	"strconv"
)

// pointer gives nil for what is missing.
func pointer(v sql.NullFloat64) *float64 {
	if !v.Valid {
		return nil
	}
	return &v.Float64
}

// plain is a number as computers read it, "" for what is missing.
func plain(v sql.NullFloat64) string {
	if !v.Valid {
		return ""
	}
	return strconv.FormatFloat(v.Float64, 'g', -1, 64)
}
