//go:build !linux

package sandbox

// confine does nothing here: on other systems the locked configuration and the statement check stand alone.
func confine(string) error { return nil }

// limitMemory leaves the limit to DuckDB's own count.
func limitMemory(int64) error { return nil }
