package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/sample_data/calendar"
)

func newETLCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "etl",
		Short: "One nightly run: read the departments' files and publish a snapshot",
		Long: `One nightly run: read the departments' files and publish a snapshot.

Exit code: 0 published, 3 nothing new, 4 a check refused to publish,
5 another run holds the lock, 1 anything else.`,
		Args: cobra.NoArgs,
	}
	configPath := configFlag(cmd)
	full := cmd.Flags().Bool("full", false, "rebuild from every file instead of adding the new ones")
	summary := cmd.Flags().String("summary", "", "write the summary of the run as JSON to this file")
	cmd.Flags().Bool("verbose", false, "log the parts of the computation with their times as well")
	format := logFormatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return runETL(cmd, *configPath, *format, *summary, etl.Options{Full: *full})
	}
	return cmd
}

func newCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Read and check the departments' files like a nightly run, but publish nothing",
		Args:  cobra.NoArgs,
	}
	configPath := configFlag(cmd)
	summary := cmd.Flags().String("summary", "", "write the summary of the run as JSON to this file")
	format := logFormatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return runETL(cmd, *configPath, *format, *summary, etl.Options{Full: true, CheckOnly: true})
	}
	return cmd
}

func runETL(cmd *cobra.Command, configPath, format, summaryPath string, opt etl.Options) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	opt.Version, opt.Calendar = version, calendar.China
	opt.Log, opt.Progress = runProgress(cmd, format)
	result, err := etl.Run(cmd.Context(), cfg.Config, opt)
	report(cmd.OutOrStdout(), result)
	s := newSummary(cfg.District.Name, result)
	if summaryPath != "" {
		if writeErr := writeSummary(summaryPath, s); writeErr != nil {
			return errors.Join(exitCode(err), writeErr)
		}
	}
	if !opt.CheckOnly {
		if tellErr := cfg.Notify.tell(cmd.Context(), s); tellErr != nil {
			opt.Log.Warn("the webhook was not told", "error", tellErr)
		}
	}
	if result.Snapshot != "" {
		if tellErr := cfg.tellSignals(cmd.Context()); tellErr != nil {
			opt.Log.Warn("new signals were not sent to every webhook; the next run tries again", "error", tellErr)
		}
	}
	return exitCode(err)
}

// report prints where the rows of a run ended, and which checks found something.
func report(w io.Writer, r *etl.Result) {
	if r.Total.Read == 0 {
		return
	}
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"feed", "read", "loaded", "superseded", "duplicate", "rejected"})
	for feed, c := range r.Feeds {
		t.AppendRow(table.Row{feed, c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected})
	}
	t.SortBy([]table.SortBy{{Name: "feed"}})
	c := r.Total
	t.AppendFooter(table.Row{"total", c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected})
	t.Render()
	for _, c := range r.Checks {
		if c.Failed > 0 {
			fmt.Fprintf(w, "%s %s: %d × %s (%s)\n", c.Severity, strings.Join(nonEmpty(c.Code, c.Department), " "), c.Failed, c.Zh, strings.Join(nonEmpty(c.En, c.Detail), ": "))
		}
	}
	for _, j := range r.Rejects {
		fmt.Fprintf(w, "  %s:%d %s %s：%s (%s)\n", j.Path, j.Line, strings.Join(nonEmpty(j.Rule, j.Column), " "), j.Value, j.Zh, j.En)
	}
	if r.Snapshot != "" {
		fmt.Fprintf(w, "published %s in %.1f s\n", r.Snapshot, r.Seconds)
	}
}

func nonEmpty(texts ...string) []string {
	var some []string
	for _, t := range texts {
		if t != "" {
			some = append(some, t)
		}
	}
	return some
}
