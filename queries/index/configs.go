package index

import (
	"embed"
	"fmt"
	"io/fs"
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
