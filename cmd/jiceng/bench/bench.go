// Package bench measures jiceng against the bars of its design, in one run:
// what bare DuckDB needs for reading the same files and counting the same
// sums, what jiceng needs from the files to a published snapshot, and what one
// more day costs. Every measured thing is a child process, so that its memory
// and its processor time are its own.
package bench

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// Options say what to measure.
type Options struct {
	Cases   []int64      // sizes, in numbers of cases; ascending
	Dir     string       // folder to work in; holds a district of each size while that is measured
	Program string       // path of the jiceng binary that is measured
	Keep    bool         // keep the districts, and use those that an earlier run has kept
	Rounds  int          // how often loads and nights are measured, in turns, at the size that the bars are for
	Load    Load         // how pages are asked for; zero requests: not at all
	Log     *slog.Logger // nil: slog.Default
	// Measured is told what there is after each size, so that a size that fails does not take the others with it; may be nil.
	Measured func(*Report) error
}

// Report is what was measured.
type Report struct {
	Version string   `json:"version"`
	Cores   int      `json:"cores"`
	Memory  int64    `json:"memory_bytes"` // of the machine
	Scales  []*Scale `json:"scales"`
}

// Scale is what was measured at one size.
type Scale struct {
	Cases    int64 `json:"cases"`
	Surveys  int64 `json:"surveys"`
	DayRows  int64 `json:"day_rows"`  // rows of the one more day
	CSVBytes int64 `json:"csv_bytes"` // of cases, surveys and grids
	FileSize int64 `json:"snapshot_bytes"`

	Sample  Cost   `json:"sample"`  // jiceng sample
	Rounds  int    `json:"rounds"`  // that the three below are the mean of
	Bare    Cost   `json:"bare"`    // bare DuckDB: typed read_csv, then the same sums
	Full    Cost   `json:"full"`    // jiceng's full load
	Nightly Cost   `json:"nightly"` // jiceng's run for one more day
	Pages   *Pages `json:"pages,omitempty"`
}

// Run measures every size, one after the other, smallest first.
func Run(ctx context.Context, opt Options) (*Report, error) {
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	r := &Report{Cores: runtime.NumCPU(), Memory: machineMemory()}
	for _, cases := range opt.Cases {
		s, err := measure(ctx, opt, cases)
		if err != nil {
			return r, fmt.Errorf("measure %d cases: %w", cases, err)
		}
		r.Scales = append(r.Scales, s)
		if opt.Measured != nil {
			if err := opt.Measured(r); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// measure makes a district of one size and measures on it.
func measure(ctx context.Context, opt Options, cases int64) (*Scale, error) {
	d := district{dir: filepath.Join(opt.Dir, fmt.Sprintf("district-%d", cases)), cases: cases}
	if !opt.Keep {
		if err := os.RemoveAll(d.dir); err != nil {
			return nil, err
		}
		defer os.RemoveAll(d.dir)
	}
	s := &Scale{Cases: cases, Rounds: 1}
	if cases == barredCases {
		s.Rounds = max(1, opt.Rounds)
	}
	var bare, full, nightly []Cost
	type part struct {
		name string
		do   func() error
	}
	steps := []part{
		{"write a district", func() (err error) {
			if _, err := os.Stat(d.config()); err == nil {
				return nil
			}
			s.Sample, err = child(ctx, opt.Program, nil, "sample", "--dir", d.dir, "--cases", fmt.Sprint(cases), "--event-months", "1")
			return err
		}},
		{"hold the last day back", func() error { return d.split(ctx, s) }},
	}
	// What is held against each other is measured in turns: other machines share the processor, and a minute is not like the next.
	for range s.Rounds {
		steps = append(steps,
			part{"bare DuckDB", func() error {
				if err := d.restart(); err != nil {
					return err
				}
				c, err := child(ctx, opt.Program, nil, "bench", "bare", "--dir", d.dir)
				bare = append(bare, c)
				return err
			}},
			part{"full load", func() error {
				c, err := d.etl(ctx, opt.Program, dayBefore)
				full = append(full, c)
				return err
			}},
			part{"nightly run", func() error {
				if err := d.arrive(); err != nil {
					return err
				}
				c, err := d.etl(ctx, opt.Program, lastDay)
				nightly = append(nightly, c)
				return err
			}})
	}
	steps = append(steps, part{"pages", func() (err error) {
		if opt.Load.Requests == 0 {
			return nil
		}
		s.Pages, err = d.pages(ctx, opt)
		return err
	}})
	for _, step := range steps {
		opt.Log.Info("bench", "cases", cases, "step", step.name)
		if err := step.do(); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	s.Bare, s.Full, s.Nightly = mean(bare), mean(full), mean(nightly)
	opt.Log.Info("bench", "cases", cases, "bare", fmt.Sprint(bare), "full", fmt.Sprint(full), "nightly", fmt.Sprint(nightly))
	return s, d.size(s)
}

// etl runs the nightly job on what lies in the district's data folder, and reads its steps from the snapshot.
func (d district) etl(ctx context.Context, program, asOf string) (Cost, error) {
	c, err := child(ctx, program, []string{"JICENG_AS_OF=" + asOf + " 23:59:59"}, "etl", "--config", d.config())
	if err != nil {
		return c, err
	}
	s, err := d.warehouse().OpenCurrent(ctx, snapshot.Options{Threads: 1})
	if err != nil {
		return c, err
	}
	defer s.Close()
	rows, err := s.DB.QueryContext(ctx, "select step, seconds from run_step where run_id = (select run_id from run order by started_at desc limit 1) order by seq")
	if err != nil {
		return c, fmt.Errorf("read the run's steps: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var step Step
		if err := rows.Scan(&step.Name, &step.Seconds); err != nil {
			return c, fmt.Errorf("read the run's steps: %w", err)
		}
		c.Steps = append(c.Steps, step)
	}
	return c, rows.Err()
}

// size notes how large the files are that went in and came out.
func (d district) size(s *Scale) error {
	for _, pattern := range []string{"cases_*.csv", "satisfaction_*.csv", "grids.csv"} {
		n, err := bytesOf(filepath.Join(d.dir, "data", pattern))
		if err != nil {
			return err
		}
		s.CSVBytes += n
	}
	infos, err := d.warehouse().List()
	if err != nil {
		return err
	}
	s.FileSize = infos[len(infos)-1].Bytes
	return nil
}
