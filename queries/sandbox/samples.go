package sandbox

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed samples/*.sql
var sampleFiles embed.FS

// Sample is a query to begin with.
type Sample struct {
	Table  string // the fact or table it is about
	Zh, En string // what it asks
	SQL    string
}

// Samples returns a query for each fact, sorted by the fact's name.
func Samples() ([]Sample, error) {
	names, err := fs.Glob(sampleFiles, "samples/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the sample queries: %w", err)
	}
	var samples []Sample
	for _, name := range names {
		text, err := fs.ReadFile(sampleFiles, name)
		if err != nil {
			return nil, fmt.Errorf("read the sample query %s: %w", name, err)
		}
		s := Sample{Table: strings.TrimSuffix(path.Base(name), ".sql")}
		lines := strings.SplitN(string(text), "\n", 3)
		zh, okZh := strings.CutPrefix(lines[0], "-- zh: ")
		en, okEn := strings.CutPrefix(lines[1], "-- en: ")
		if !okZh || !okEn {
			return nil, fmt.Errorf("sample query %s does not start with \"-- zh: \" and \"-- en: \"", name)
		}
		s.Zh, s.En, s.SQL = zh, en, strings.TrimSpace(lines[2])
		samples = append(samples, s)
	}
	return samples, nil
}
