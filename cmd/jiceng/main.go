// Command jiceng turns a district's grid, case and satisfaction records into
// indicators of grassroots governance and shows them as dashboards.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// exitError carries the exit code that scripts rely on.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string) int {
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "jiceng:", err)
	var exit exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return 1
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "jiceng",
		Short:         "Governance analytics for a district: grids, cases and satisfaction as indicators and dashboards",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		newETLCommand(),
		newCheckCommand(),
		newSignalsCommand(),
		newSnapshotsCommand(),
		newRejectsCommand(),
		newServeCommand(),
		newDemoCommand(),
		newSampleCommand(),
		newIndicatorsCommand(),
		newQueryCommand(),
		newUserCommand(),
		newWorkerCommand(),
		newBenchCommand(),
	)
	return root
}
