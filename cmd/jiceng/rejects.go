package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/etl"
)

func newRejectsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rejects -o FILE",
		Short: "Write the rows that were refused, each with file, line and reason, so that they can be corrected and fed again",
		Long: `Write the rows that were refused, each with file, line and reason.

FILE is a CSV list of all of them. In the folder of the same name without the
ending there is, for each department's file, one with its rejected rows in the
original columns, format and encoding and the reason in front. Correct it, put
it among the source's files, and the next run loads it as it is.`,
		Args: cobra.NoArgs,
	}
	configPath := configFlag(cmd)
	runID := cmd.Flags().String("run", "", "only this run (default: every run that the snapshot remembers, and the last refused one)")
	output := cmd.Flags().StringP("output", "o", "", "file to write (required)")
	if err := cmd.MarkFlagRequired("output"); err != nil {
		panic(err) // the flag is defined one line above
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*configPath)
		if err != nil {
			return err
		}
		e, err := etl.ExportRejects(cmd.Context(), cfg.Config, *runID, *output)
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d rejected rows are listed in %s\n", e.Rows, e.List)
		for _, path := range e.Files {
			fmt.Fprintf(cmd.OutOrStdout(), "to correct and feed again: %s\n", path)
		}
		return nil
	}
	return cmd
}
