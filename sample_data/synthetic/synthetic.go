// Package synthetic writes the feeds of a made-up district, as departments
// would export them, with effects planted on purpose and written down.
// Everything follows from the seed: equal options give equal bytes, whatever
// the machine's number of threads (and with the same version of DuckDB, whose
// hash function the numbers come from).
package synthetic

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the generator runs in DuckDB
)

//go:embed sql/*.sql
var statements embed.FS

//go:embed files
var files embed.FS

// Defaults and limits of Options.
const (
	DefaultCases = 300_000
	DefaultDays  = 1_096
	DefaultSeed  = 1
	MinDays      = 120
	MaxDays      = 1_765 // the calendar of public holidays starts with 2022
)

// LastDay is the last day of every synthetic district: the end of a whole month.
var LastDay = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)

// ErrOccupied is returned when the folder holds something else than a sample.
var ErrOccupied = errors.New("the folder holds files that are not a jiceng sample")

// Options say how large the district's history is.
type Options struct {
	Cases       int64  // cases in their true number, without duplicates and dirty rows; 0: DefaultCases
	Days        int    // days of history up to LastDay; 0: DefaultDays
	Seed        int64  // 0: DefaultSeed
	EventMonths int    // months of case logs, counted from the end; 0: all up to a million cases, else 3; negative: all
	Threads     int    // 0: as many as the machine has; the result is the same
	MemoryLimit string // DuckDB's, "" for 1GB

	// Progress, if set, is told after each month how many of all cases are written.
	Progress func(done, all int64)
}

func (o Options) withDefaults() (Options, error) {
	if o.Cases == 0 {
		o.Cases = DefaultCases
	}
	if o.Days == 0 {
		o.Days = DefaultDays
	}
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	if o.MemoryLimit == "" {
		o.MemoryLimit = "1GB"
	}
	if o.EventMonths == 0 && o.Cases > 1_000_000 {
		o.EventMonths = 3
	}
	if o.Cases < 0 {
		return o, fmt.Errorf("a district cannot have %d cases", o.Cases)
	}
	if o.Days < MinDays || o.Days > MaxDays {
		return o, fmt.Errorf("%d days of history: must be between %d and %d", o.Days, MinDays, MaxDays)
	}
	return o, nil
}

// Write puts jiceng.yaml, mapping/, data/, keys/, truth.json and README.txt of
// a synthetic district into dir. It replaces an earlier sample there, and
// returns ErrOccupied for a folder with anything else in it.
func Write(ctx context.Context, dir string, opt Options) error {
	opt, err := opt.withDefaults()
	if err != nil {
		return fmt.Errorf("write a synthetic district: %w", err)
	}
	if err := prepare(dir); err != nil {
		return err
	}
	g, err := newGenerator(ctx, dir, opt)
	if err != nil {
		return fmt.Errorf("generate a synthetic district: %w", err)
	}
	defer g.close()
	for _, step := range []func(context.Context) error{g.setUp, g.writeAreas, g.writeMonths, g.writeTruth} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("generate a synthetic district: %w", err)
		}
	}
	return writeFixed(dir, opt.Seed)
}

// marker is the line that tells a sample's jiceng.yaml from a real one.
const marker = "synthetic: true"

// prepare makes dir ready: empty, or an earlier sample whose data folder is removed.
func prepare(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return makeFolders(dir)
	}
	if err != nil {
		return fmt.Errorf("look into %s: %w", dir, err)
	}
	config, err := os.ReadFile(filepath.Join(dir, "jiceng.yaml"))
	if err != nil || !strings.Contains(string(config), "\n"+marker+"\n") {
		return fmt.Errorf("%s: %w", dir, ErrOccupied)
	}
	if err := os.RemoveAll(filepath.Join(dir, "data")); err != nil {
		return fmt.Errorf("remove the earlier sample: %w", err)
	}
	return makeFolders(dir)
}

func makeFolders(dir string) error {
	for _, sub := range []string{"data", "mapping"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return fmt.Errorf("make the sample's folders: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "keys"), 0o700); err != nil {
		return fmt.Errorf("make the sample's folders: %w", err)
	}
	return nil
}

// writeFixed copies what is the same for every sample, and the key, last: a
// folder without jiceng.yaml is not a finished sample.
func writeFixed(dir string, seed int64) error {
	key := sha256.Sum256(fmt.Appendf(nil, "jiceng sample, not secret, seed %d", seed))
	path := filepath.Join(dir, "keys", "personal.key")
	if err := os.WriteFile(path, []byte(hex.EncodeToString(key[:])+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the pseudonym key: %w", err)
	}
	root, err := fs.Sub(files, "files")
	if err != nil {
		return err
	}
	return fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "holidays.csv" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), text, 0o644); err != nil {
			return fmt.Errorf("write the sample's %s: %w", name, err)
		}
		return nil
	})
}

// generator holds one run's database and files.
type generator struct {
	dir   string
	opt   Options
	first time.Time
	db    *sql.DB
	conn  *sql.Conn // variables and temporary tables live on one connection
	shape *district
	temp  string
	truth truth
}

func newGenerator(ctx context.Context, dir string, opt Options) (*generator, error) {
	g := &generator{dir: dir, opt: opt, first: LastDay.AddDate(0, 0, 1-opt.Days), shape: newDistrict(uint64(opt.Seed))}
	var err error
	if g.temp, err = os.MkdirTemp(dir, ".writing-"); err != nil {
		return nil, err
	}
	if g.db, err = sql.Open("duckdb", ""); err != nil {
		return nil, err
	}
	if g.conn, err = g.db.Conn(ctx); err != nil {
		return nil, err
	}
	return g, nil
}

func (g *generator) close() {
	g.conn.Close()
	g.db.Close()
	os.RemoveAll(g.temp)
}

// setUp makes the tables that describe the district: calendar, areas, categories, days, people.
func (g *generator) setUp(ctx context.Context) error {
	holidays, err := readHolidays()
	if err != nil {
		return err
	}
	settings := []struct {
		statement string
		value     any
	}{
		{"set variable seed = ?", g.opt.Seed},
		{"set variable cases = ?", g.opt.Cases},
		{"set variable first_day = ?::date", g.first.Format(time.DateOnly)},
		{"set variable last_day = ?::date", LastDay.Format(time.DateOnly)},
		{"set variable holidays = ?", holidays},
		{"set memory_limit = ?", g.opt.MemoryLimit},
		{"set temp_directory = ?", g.temp},
	}
	if g.opt.Threads > 0 {
		settings = append(settings, struct {
			statement string
			value     any
		}{"set threads = ?", g.opt.Threads})
	}
	for _, s := range settings {
		if _, err := g.conn.ExecContext(ctx, s.statement, s.value); err != nil {
			return fmt.Errorf("%s: %w", s.statement, err)
		}
	}
	if err := g.loadCells(ctx); err != nil {
		return err
	}
	return g.run(ctx, "01_macros", "02_calendar", "03_moments", "04_areas", "05_categories", "06_days", "20_words",
		"30_staff", "31_training", "32_activities", "33_appraisals", "40_exports")
}

// loadCells hands the map's cells to the database.
func (g *generator) loadCells(ctx context.Context) error {
	cells, err := json.Marshal(g.shape.cells)
	if err != nil {
		return err
	}
	if _, err := g.conn.ExecContext(ctx, "set variable cells = ?", string(cells)); err != nil {
		return fmt.Errorf("hand over the map: %w", err)
	}
	return g.run(ctx, "00_cells")
}

// run executes embedded SQL files by name.
func (g *generator) run(ctx context.Context, names ...string) error {
	for _, name := range names {
		text, err := statements.ReadFile("sql/" + name + ".sql")
		if err != nil {
			return err
		}
		if _, err := g.conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s.sql: %w", name, err)
		}
	}
	return nil
}

// readHolidays gives holidays.csv as a JSON array of {date, kind, name}.
func readHolidays() (string, error) {
	text, err := files.ReadFile("files/holidays.csv")
	if err != nil {
		return "", err
	}
	var days []map[string]string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		fields := strings.Split(line, ",")
		if len(fields) != 3 {
			return "", fmt.Errorf("holidays.csv: line %q has not three fields", line)
		}
		days = append(days, map[string]string{"date": fields[0], "kind": fields[1], "name": fields[2]})
	}
	list, err := json.Marshal(days)
	return string(list), err
}
