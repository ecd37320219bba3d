package main

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/jiceng/jiceng/sample_data/synthetic"
)

// newSampleCommand writes the feeds of a synthetic district.
func newSampleCommand() *cobra.Command {
	var dir string
	opt := synthetic.Options{Cases: synthetic.DefaultCases, Days: synthetic.DefaultDays, Seed: synthetic.DefaultSeed}
	cmd := &cobra.Command{
		Use:   "sample --dir D",
		Short: "Write the feeds of a synthetic district and its jiceng.yaml into a folder",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opt.Progress = sampleProgress(opt.Cases)
			if err := synthetic.Write(cmd.Context(), dir, opt); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "A synthetic district with %d cases over %d days is in %s; load it with: jiceng etl --config %s/jiceng.yaml\n",
				opt.Cases, opt.Days, dir, dir)
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&dir, "dir", "", "folder to write into: new, empty or an earlier sample")
	flags.Int64Var(&opt.Cases, "cases", opt.Cases, "number of cases")
	flags.IntVar(&opt.Days, "days", opt.Days, "days of history, up to "+synthetic.LastDay.Format("2006-01-02"))
	flags.Int64Var(&opt.Seed, "seed", opt.Seed, "the same seed gives the same bytes")
	flags.IntVar(&opt.EventMonths, "event-months", 0, "months of case logs to write, from the end (0: all up to a million cases, else 3; -1: all)")
	if err := cmd.MarkFlagRequired("dir"); err != nil {
		panic(err) // the flag is declared three lines above
	}
	return cmd
}

// sampleProgress shows a bar on a terminal and nothing elsewhere.
func sampleProgress(cases int64) func(done, all int64) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	bar := progressbar.NewOptions64(cases,
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetDescription("generating cases"),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
	)
	return func(done, _ int64) {
		_ = bar.Set64(done) // a bar that fails to draw is no reason to stop
	}
}
