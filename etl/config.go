package etl

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/jiceng/jiceng/queries/schema"
)

// Config is the part of jiceng.yaml that the nightly job reads. Paths are
// relative to the configuration file until Resolve has made them absolute.
type Config struct {
	District    District        `yaml:"district"`
	Synthetic   bool            `yaml:"synthetic"`
	TimeZone    string          `yaml:"time_zone"`
	Warehouse   string          `yaml:"warehouse"`
	Keep        int             `yaml:"keep"`
	AsOf        string          `yaml:"as_of"`
	Levels      map[string]Text `yaml:"levels"`
	WorkingTime WorkingTime     `yaml:"working_time"`
	Personal    PersonalKey     `yaml:"personal"`
	Thresholds  Thresholds      `yaml:"thresholds"`
	Limits      Limits          `yaml:"limits"`
	Missing     []string        `yaml:"missing"`
	Sources     []Source        `yaml:"sources"`
}

// District names the place.
type District struct {
	Code   string `yaml:"code"`
	Name   string `yaml:"name"`
	NameEn string `yaml:"name_en"`
}

// Text is a text in the two languages.
type Text struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

// WorkingTime says when offices work and how long a step may take, in working hours.
type WorkingTime struct {
	Hours         []string `yaml:"hours"`
	AcceptHours   float64  `yaml:"accept_hours"`
	DispatchHours float64  `yaml:"dispatch_hours"`
	ResponseHours float64  `yaml:"response_hours"`
}

// PersonalKey says where the key for pseudonyms lies.
type PersonalKey struct {
	KeyFile string `yaml:"key_file"`
}

// Thresholds say when a run refuses to publish.
type Thresholds struct {
	RejectedShare float64 `yaml:"rejected_share"`
}

// Limits bound what DuckDB may use during a run.
type Limits struct {
	Memory  string `yaml:"memory"`
	Threads int    `yaml:"threads"`
}

// Source is one department's export: which files, and how they become rows of a feed.
type Source struct {
	Name       string                       `yaml:"name"`
	Feed       string                       `yaml:"feed"`
	Department string                       `yaml:"department"`
	Files      []string                     `yaml:"files"`
	Format     string                       `yaml:"format"`
	Encoding   string                       `yaml:"encoding"`
	Delimiter  string                       `yaml:"delimiter"`
	Sheet      string                       `yaml:"sheet"`
	Mapping    string                       `yaml:"mapping"`
	Personal   map[string]string            `yaml:"personal"`
	Values     map[string]map[string]string `yaml:"values"`
}

// What may be done with a personal column.
const (
	pseudonym = "pseudonym"
	drop      = "drop"
)

// Resolve fills in defaults, makes paths absolute against dir and checks the
// configuration. The error lists every mistake found, not only the first.
func (c *Config) Resolve(dir string) error {
	setDefault(&c.TimeZone, "Asia/Shanghai")
	setDefault(&c.Warehouse, "warehouse")
	setDefault(&c.Limits.Memory, "3GB")
	if c.Keep == 0 {
		c.Keep = 14
	}
	if c.Thresholds.RejectedShare == 0 {
		c.Thresholds.RejectedShare = 0.05
	}
	if len(c.WorkingTime.Hours) == 0 {
		c.WorkingTime = WorkingTime{Hours: []string{"09:00-12:00", "13:30-17:30"}, AcceptHours: 2, DispatchHours: 2, ResponseHours: 8}
	}
	absolute(dir, &c.Warehouse)
	absolute(dir, &c.Personal.KeyFile)
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if c.District.Code == "" || c.District.Name == "" {
		problem("district: code and name must be given")
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		problem("time_zone: %q is not a known zone, e.g. Asia/Shanghai", c.TimeZone)
	}
	if c.AsOf != "" {
		if _, err := time.Parse(timestampLayout, c.AsOf); err != nil {
			problem("as_of: %q is not like 2026-10-31 23:59:59", c.AsOf)
		}
	}
	feeds, err := schema.Feeds()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range c.Sources {
		s := &c.Sources[i]
		absolute(dir, &s.Mapping)
		for j := range s.Files {
			absolute(dir, &s.Files[j])
		}
		if s.Name == "" || seen[s.Name] {
			problem("sources[%d]: name %q is missing or used twice", i, s.Name)
		}
		seen[s.Name] = true
		if !slices.ContainsFunc(feeds, func(f schema.Feed) bool { return f.Name == s.Feed }) {
			problem("source %s: feed %q is not one of the data contract", s.Name, s.Feed)
		}
		if len(s.Files) == 0 || s.Mapping == "" {
			problem("source %s: files and mapping must be given", s.Name)
		}
		for column, how := range s.Personal {
			if how != pseudonym && how != drop {
				problem("source %s: personal column %q: %q is neither pseudonym nor drop", s.Name, column, how)
			}
			if how == pseudonym && c.Personal.KeyFile == "" {
				problem("source %s: personal column %q needs personal.key_file", s.Name, column)
			}
		}
	}
	for _, feed := range schema.RequiredFeeds() {
		has := slices.ContainsFunc(c.Sources, func(s Source) bool { return s.Feed == feed })
		if !has && !slices.Contains(c.Missing, feed) {
			problem("feed %s is required: add a source, or list it under \"missing\" to say that this place has none", feed)
		}
	}
	return errors.Join(problems...)
}

func setDefault(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func absolute(dir string, path *string) {
	if *path != "" && !filepath.IsAbs(*path) {
		*path = filepath.Join(dir, *path)
	}
}
