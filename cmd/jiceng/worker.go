package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/queries/sandbox"
)

// newWorkerCommand is the other side of the query sandbox: started by the
// server and by "jiceng query", never by a person.
func newWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "worker SNAPSHOT",
		Short:  "Answer queries on one snapshot, confined; started by jiceng itself",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE:   func(_ *cobra.Command, args []string) error { return sandbox.RunWorker(args[0]) },
	}
}

// workerCommand is how this binary starts its own workers.
func workerCommand() ([]string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program to start query workers: %w", err)
	}
	return []string{program, "worker"}, nil
}
