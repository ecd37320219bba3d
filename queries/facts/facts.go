// Package facts holds the views that indicators are counted on.
package facts

import "embed"

// Files are the fact views, one .sql file each.
//
//go:embed *.sql
var Files embed.FS
