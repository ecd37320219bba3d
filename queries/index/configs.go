package index

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

//go:embed configs/*.yaml
var shipped embed.FS

// Codes of the two headline indices.
const (
	Empowerment = "empowerment"
	Efficiency  = "efficiency"
)

// Shipped reads the configurations that jiceng ships, the two headline indices first.
func Shipped() ([]Config, error) {
	names, err := fs.Glob(shipped, "configs/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list index configurations: %w", err)
	}
	var first, rest []Config
	for _, name := range names {
		text, err := fs.ReadFile(shipped, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		c, err := Read(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if name != "configs/"+c.Code+".yaml" {
			return nil, fmt.Errorf("%s holds the index %s", name, c.Code)
		}
		switch c.Code {
		case Empowerment:
			first = append([]Config{c}, first...)
		case Efficiency:
			first = append(first, c)
		default:
			rest = append(rest, c)
		}
	}
	return append(first, rest...), nil
}

// WithFiles reads the shipped configurations and those of some files. A file
// with the code of a shipped one takes its place; two files with one code are
// refused.
func WithFiles(paths []string) ([]Config, error) {
	all, err := Shipped()
	if err != nil {
		return nil, err
	}
	given := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read an index configuration: %w", err)
		}
		c, err := Read(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if before, ok := given[c.Code]; ok {
			return nil, fmt.Errorf("%s and %s both give the index %s", before, path, c.Code)
		}
		given[c.Code] = path
		if at := slices.IndexFunc(all, func(s Config) bool { return s.Code == c.Code }); at >= 0 {
			all[at] = c
		} else {
			all = append(all, c)
		}
	}
	return all, nil
}
