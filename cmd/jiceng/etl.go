package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/etl"
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
	format := logFormatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return runETL(cmd, *configPath, *summary, etl.Options{Full: *full, Version: version, Log: newLogger(cmd.ErrOrStderr(), *format)})
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
	format := logFormatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return runETL(cmd, *configPath, "", etl.Options{Full: true, CheckOnly: true, Version: version, Log: newLogger(cmd.ErrOrStderr(), *format)})
	}
	return cmd
}

func runETL(cmd *cobra.Command, configPath, summary string, opt etl.Options) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	result, err := etl.Run(cmd.Context(), cfg.Config, opt)
	if result != nil {
		report(cmd.OutOrStdout(), result)
		if summary != "" {
			if writeErr := writeSummary(summary, result); writeErr != nil {
				return writeErr
			}
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
	for _, check := range r.Checks {
		if check.Failed > 0 {
			fmt.Fprintf(w, "%s %s: %d × %s (%s)\n", check.Severity, check.Code, check.Failed, check.Zh, check.En)
		}
	}
	if r.Snapshot != "" {
		fmt.Fprintf(w, "published %s in %.1f s\n", r.Snapshot, r.Seconds)
	}
}

func writeSummary(path string, r *etl.Result) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	return nil
}

func logFormatFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("log-format", "text", "how log lines are written: text or json")
}

func newLogger(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
