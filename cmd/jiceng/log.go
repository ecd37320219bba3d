package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// logFormat is the flag that says how log lines are written.
type logFormat string

func (f *logFormat) String() string { return string(*f) }
func (f *logFormat) Type() string   { return "text|json" }

func (f *logFormat) Set(value string) error {
	if value != "text" && value != "json" {
		return fmt.Errorf("%q is neither text nor json", value)
	}
	*f = logFormat(value)
	return nil
}

func logFormatFlag(cmd *cobra.Command) *string {
	format := logFormat("text")
	cmd.Flags().Var(&format, "log-format", "how log lines are written: text or json")
	return (*string)(&format)
}

func newLogger(w io.Writer, format string) *slog.Logger {
	return newLoggerFrom(w, format, slog.LevelInfo)
}

func newLoggerFrom(w io.Writer, format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// runProgress gives what a run tells its user while it works: on a terminal a
// bar, and in the log only what needs attention; elsewhere every step in the log.
func runProgress(cmd *cobra.Command, format string) (*slog.Logger, func(step string, done, total int64)) {
	level := slog.LevelInfo
	verbose := cmd.Flags().Lookup("verbose")
	if verbose != nil && verbose.Changed {
		level = slog.LevelDebug
	}
	if level == slog.LevelDebug || cmd.Flags().Changed("log-format") || !term.IsTerminal(int(os.Stderr.Fd())) {
		return newLoggerFrom(cmd.ErrOrStderr(), format, level), nil
	}
	var bar *progressbar.ProgressBar
	show := func(step string, done, total int64) {
		if bar == nil {
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowBytes(true),
				progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
		}
		bar.Describe(step)
		if done >= total {
			done = total - 1 // the bar stays until the last step is done
		}
		_ = bar.Set64(done) // a bar that fails to draw is no reason to stop
		if step == "" {
			_ = bar.Finish()
		}
	}
	return newLoggerFrom(cmd.ErrOrStderr(), format, slog.LevelWarn), show
}
