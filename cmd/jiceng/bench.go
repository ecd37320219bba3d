package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/cmd/jiceng/bench"
	"github.com/jiceng/jiceng/etl"
)

// newBenchCommand measures jiceng against the bars of its design; hidden, since it is of use to its makers only.
func newBenchCommand() *cobra.Command {
	var opt bench.Options
	var into string
	cmd := &cobra.Command{
		Use:    "bench --dir D",
		Short:  "Measure loads, nightly runs and pages against bare DuckDB in one run, and print the table",
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if opt.Program, err = os.Executable(); err != nil {
				return err
			}
			opt.Log = newLogger(cmd.ErrOrStderr(), "text")
			opt.Measured = func(r *bench.Report) error {
				r.Version = version
				if into == "" {
					return nil
				}
				return r.Write(into)
			}
			report, err := bench.Run(cmd.Context(), opt)
			if err != nil {
				return err
			}
			fmt.Fprint(cmd.OutOrStdout(), report.Markdown())
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.Dir, "dir", "", "folder to work in; ten million cases need 15 GB, thirty 40 GB")
	flags.Int64SliceVar(&opt.Cases, "cases", []int64{300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000}, "sizes to measure, in cases")
	flags.IntVar(&opt.Load.Requests, "requests", 500, "page requests per second; 0: do not measure pages")
	flags.IntVar(&opt.Load.Clients, "clients", 50, "connections that ask for pages at the same time")
	flags.DurationVar(&opt.Load.For, "for", 75*time.Second, "how long pages are asked for")
	flags.DurationVar(&opt.Load.Switch, "switch", 5*time.Second, "publish another snapshot every so often meanwhile")
	flags.IntVar(&opt.Rounds, "rounds", 3, "how often loads and nights are measured, in turns, at the ten million cases that the bars are for; the mean is shown")
	flags.BoolVar(&opt.Keep, "keep", false, "keep the districts, and use those that an earlier run has kept")
	flags.StringVar(&into, "into", "", "write the table into this file after each size, e.g. docs/performance.md")
	if err := cmd.MarkFlagRequired("dir"); err != nil {
		panic(err) // the flag is declared a few lines above
	}
	cmd.AddCommand(newBareCommand())
	return cmd
}

// newBareCommand is the yardstick, in a process of its own so that its memory can be told.
func newBareCommand() *cobra.Command {
	var dir, memory string
	cmd := &cobra.Command{
		Use:    "bare --dir D",
		Short:  "Read a synthetic district's files and count the same sums with bare DuckDB",
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			steps, err := bench.Bare(cmd.Context(), dir, memory)
			if err != nil {
				return err
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(steps)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder of the district")
	cmd.Flags().StringVar(&memory, "memory", etl.DefaultMemory, "DuckDB's memory limit")
	return cmd
}
