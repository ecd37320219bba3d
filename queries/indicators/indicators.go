// Package indicators holds the indicator files; package catalogue reads them.
package indicators

import "embed"

// Files are the indicators, one .sql file each.
//
//go:embed *.sql
var Files embed.FS
