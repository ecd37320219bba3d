package bench

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // splits the files
	"github.com/goccy/go-yaml"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jiceng/jiceng/queries/snapshot"
	"github.com/jiceng/jiceng/sample_data/synthetic"
)

//go:embed sql/*.sql
var statements embed.FS

// The last day of the synthetic district arrives by itself; all before it is the history.
var (
	lastDay   = synthetic.LastDay.Format("2006-01-02")
	dayBefore = synthetic.LastDay.AddDate(0, 0, -1).Format("2006-01-02")
)

// district is a synthetic district of one size on disk.
type district struct {
	dir   string
	cases int64
}

func (d district) config() string { return filepath.Join(d.dir, "jiceng.yaml") }

func (d district) warehouse() snapshot.Warehouse {
	return snapshot.Warehouse{Dir: filepath.Join(d.dir, "warehouse")}
}

// split makes the district's files those that the bars speak of: cases,
// surveys, grids and the small feeds, without the case logs. What changed on
// the last day goes into the folder day. Surveys become UTF-8, which bare
// DuckDB can read: both sides read the same files.
func (d district) split(ctx context.Context, s *Scale) error {
	if _, err := os.Stat(d.day()); err == nil {
		if err := d.restart(); err != nil {
			return err
		}
		return d.count(s)
	}
	if err := errors.Join(os.MkdirAll(d.day(), 0o755), d.withoutLogs()); err != nil {
		return err
	}
	if err := d.splitCases(ctx); err != nil {
		return fmt.Errorf("split the cases: %w", err)
	}
	surveys, err := filepath.Glob(filepath.Join(d.dir, "data", "satisfaction_*.csv"))
	if err != nil {
		return err
	}
	for _, path := range surveys {
		if err := d.splitSurveys(path); err != nil {
			return fmt.Errorf("split the surveys %s: %w", filepath.Base(path), err)
		}
	}
	return d.count(s)
}

// day is where the last day's files wait.
func (d district) day() string { return filepath.Join(d.dir, "day") }

// restart makes the district what it is before anything is loaded.
func (d district) restart() error { return errors.Join(d.rewind(), os.RemoveAll(d.warehouse().Dir)) }

// rewind takes the last day's files away again.
func (d district) rewind() error {
	return moveAll(filepath.Join(d.dir, "data", "*_"+lastDay+".csv"), d.day())
}

// arrive puts the last day's files among the others.
func (d district) arrive() error {
	return moveAll(filepath.Join(d.day(), "*.csv"), filepath.Join(d.dir, "data"))
}

func moveAll(pattern, to string) error {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := os.Rename(path, filepath.Join(to, filepath.Base(path))); err != nil {
			return err
		}
	}
	return nil
}

// count notes how many surveys there are before the last day, and how many rows that day has.
func (d district) count(s *Scale) error {
	surveys, err := lines(filepath.Join(d.dir, "data", "satisfaction_*.csv"))
	if err != nil {
		return err
	}
	s.Surveys = surveys
	s.DayRows, err = lines(filepath.Join(d.day(), "*.csv"))
	return err
}

// lines counts the rows of CSV files, without their headers.
func lines(pattern string) (int64, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return 0, err
	}
	var n int64
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		n += int64(bytes.Count(text, []byte{'\n'})) - 1
	}
	return n, nil
}

// withoutLogs takes the case logs out of the configuration and the data folder.
func (d district) withoutLogs() error {
	text, err := os.ReadFile(d.config())
	if err != nil {
		return err
	}
	var config yaml.MapSlice
	if err := yaml.Unmarshal(text, &config); err != nil {
		return err
	}
	for i, item := range config {
		if item.Key != "sources" {
			continue
		}
		var kept []any
		for _, source := range item.Value.([]any) {
			if source.(map[string]any)["feed"] != "case_events" {
				kept = append(kept, source)
			}
		}
		config[i].Value = kept
	}
	if text, err = yaml.Marshal(config); err != nil {
		return err
	}
	logs, err := filepath.Glob(filepath.Join(d.dir, "data", "case_events_*.csv"))
	if err != nil {
		return err
	}
	for _, path := range logs {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return os.WriteFile(d.config(), text, 0o644)
}

// splitCases holds back what the platform changed on the last day. A case that
// is older stays in the history in an earlier state, so that the day replaces rows too.
func (d district) splitCases(ctx context.Context) error {
	whole := filepath.Join(d.dir, "data", "cases_"+lastDay[:4]+".csv")
	aside := filepath.Join(d.day(), "whole.csv")
	if err := os.Rename(whole, aside); err != nil {
		return err
	}
	defer os.Remove(aside)
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for name, value := range map[string]string{"whole": aside, "history": whole, "day": filepath.Join(d.day(), "cases_"+lastDay+".csv"), "last_day": lastDay} {
		if _, err := conn.ExecContext(ctx, "set variable "+name+" = ?", value); err != nil {
			return err
		}
	}
	return execFile(ctx, conn, "split_cases.sql")
}

// splitSurveys rewrites one year's surveys in UTF-8 and holds back those of the last day.
func (d district) splitSurveys(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	history, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer history.Close()
	day, err := os.OpenFile(filepath.Join(d.day(), "satisfaction_"+lastDay+".csv"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer day.Close()
	mark := []byte("," + strings.ReplaceAll(lastDay, "-", "/") + " ")
	toHistory, toDay := bufio.NewWriterSize(history, 1<<20), bufio.NewWriter(day)
	lines := bufio.NewReaderSize(simplifiedchinese.GB18030.NewDecoder().Reader(in), 1<<20)
	for n := 0; ; n++ {
		line, err := lines.ReadBytes('\n')
		switch {
		case n == 0:
			toDay.Write(line)
			toHistory.Write(line)
		case bytes.Contains(line, mark):
			toDay.Write(line)
		case len(line) > 0:
			toHistory.Write(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := errors.Join(toHistory.Flush(), toDay.Flush()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func execFile(ctx context.Context, conn *sql.Conn, name string) error {
	text, err := statements.ReadFile("sql/" + name)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
