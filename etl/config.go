package etl

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jiceng/jiceng/queries/index"
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
	// ThreeRates weights the three-rate score (F64); nil: DefaultThreeRates.
	ThreeRates *ThreeRates `yaml:"three_rate_weights"`
	Calendar   string      `yaml:"calendar"` // where no source gives the calendar feed: china or weekdays
	Personal   PersonalKey `yaml:"personal"`
	Thresholds Thresholds  `yaml:"thresholds"`
	Limits     Limits      `yaml:"limits"`
	Missing    []string    `yaml:"missing"`
	Indices    []string    `yaml:"indices"` // files of index configurations beside the shipped ones; the same code takes a shipped one's place
	Sources    []Source    `yaml:"sources"`
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

// ThreeRates are the weights of the response, resolution and satisfaction rates in the
// three-rate score (三率综合得分, F64). They add up to 1.
type ThreeRates struct {
	Response     float64 `yaml:"response"`
	Resolution   float64 `yaml:"resolution"`
	Satisfaction float64 `yaml:"satisfaction"`
}

// DefaultThreeRates are the weights where the configuration gives none.
func DefaultThreeRates() ThreeRates { return ThreeRates{0.2, 0.4, 0.4} }

// String writes the weights as snapshot_info keeps them, in the order F11, F23, F51.
func (w ThreeRates) String() string {
	return fmt.Sprintf("%v,%v,%v", w.Response, w.Resolution, w.Satisfaction)
}

// check looks whether the weights are weights. Thirds written with six digits do.
func (w ThreeRates) check() error {
	given := fmt.Sprintf("response %v, resolution %v, satisfaction %v", w.Response, w.Resolution, w.Satisfaction)
	if !(w.Response >= 0 && w.Resolution >= 0 && w.Satisfaction >= 0) {
		return fmt.Errorf("%s: a weight cannot be below 0", given)
	}
	if sum := w.Response + w.Resolution + w.Satisfaction; !(math.Abs(sum-1) <= 1e-5) {
		return fmt.Errorf("%s: the three add up to %.6g and must add up to 1", given, sum)
	}
	return nil
}

// PersonalKey says where the key for pseudonyms lies.
type PersonalKey struct {
	KeyFile string `yaml:"key_file"`
}

// Thresholds say when a run refuses to publish.
type Thresholds struct {
	// RejectedShare is the share of a feed's rows of one run that may be rejected; 0: the default, 0.05.
	RejectedShare float64 `yaml:"rejected_share"`
	// Checks gives, for checks by code, the share of rows that may fail; 0: none may.
	Checks map[string]float64 `yaml:"checks"`
}

// DefaultMemory keeps a run of tens of millions of rows below 3 GiB: what DuckDB
// does not count in its limit, and jiceng itself, take up to 700 MB more.
const DefaultMemory = "2400MB"

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
	setDefault(&c.Calendar, defaultCalendar(c.TimeZone))
	setDefault(&c.Limits.Memory, DefaultMemory)
	if c.Keep == 0 {
		c.Keep = 14
	}
	if c.Thresholds.RejectedShare == 0 {
		c.Thresholds.RejectedShare = 0.05
	}
	if len(c.WorkingTime.Hours) == 0 {
		c.WorkingTime = WorkingTime{Hours: []string{"09:00-12:00", "13:30-17:30"}, AcceptHours: 2, DispatchHours: 2, ResponseHours: 8}
	}
	if c.ThreeRates == nil {
		weights := DefaultThreeRates()
		c.ThreeRates = &weights
	}
	absolute(dir, &c.Warehouse)
	absolute(dir, &c.Personal.KeyFile)
	for i := range c.Indices {
		absolute(dir, &c.Indices[i])
	}
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if c.District.Code == "" || c.District.Name == "" {
		problem("district: code and name must be given")
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		problem("time_zone: %q is not a known zone, e.g. Asia/Shanghai", c.TimeZone)
	}
	if c.Calendar != calendarChina && c.Calendar != calendarWeekdays {
		problem("calendar: %q is neither %s nor %s", c.Calendar, calendarChina, calendarWeekdays)
	}
	if c.AsOf != "" {
		if _, err := time.Parse(timestampLayout, c.AsOf); err != nil {
			problem("as_of: %q is not like 2026-10-31 23:59:59", c.AsOf)
		}
	}
	if _, err := index.WithFiles(c.Indices); err != nil {
		problem("indices: %v", err)
	}
	feeds, err := schema.Feeds()
	if err != nil {
		return err
	}
	known, err := Checks()
	if err != nil {
		return err
	}
	noFile, gone := folderChecks()
	known = append(known, noFile, gone)
	for _, code := range sortedKeys(c.Thresholds.Checks) {
		if !slices.ContainsFunc(known, func(k Check) bool { return k.Code == code }) {
			problem("thresholds.checks: there is no check %q", code)
		}
		if share := c.Thresholds.Checks[code]; share < 0 || share > 1 {
			problem("thresholds.checks: %s: %v is not a share from 0 to 1", code, share)
		}
	}
	if c.Thresholds.RejectedShare < 0 || c.Thresholds.RejectedShare > 1 {
		problem("thresholds.rejected_share: %v is not a share from 0 to 1", c.Thresholds.RejectedShare)
	}
	if c.Keep < 1 {
		problem("keep: %d: at least 1 snapshot must be kept", c.Keep)
	}
	for _, hours := range c.WorkingTime.Hours {
		if err := checkHours(hours); err != nil {
			problem("working_time.hours: %w", err)
		}
	}
	if err := c.ThreeRates.check(); err != nil {
		problem("three_rate_weights: %w", err)
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
		if s.Encoding != "" && knownEncoding(s.Encoding) == "" {
			problem("source %s: encoding %q is not one of utf-8, gb18030, utf-16", s.Name, s.Encoding)
		}
		if utf8.RuneCountInString(s.Delimiter) > 1 {
			problem("source %s: delimiter %q is not one character", s.Name, s.Delimiter)
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

// checkHours looks at one span of working hours, like 09:00-12:00.
func checkHours(span string) error {
	from, to, ok := strings.Cut(span, "-")
	start, err1 := time.Parse("15:04", from)
	end, err2 := time.Parse("15:04", to)
	if !ok || err1 != nil || err2 != nil || !start.Before(end) {
		return fmt.Errorf("%q is not like 09:00-12:00", span)
	}
	return nil
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
