package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/queries/snapshot"
)

func newRejectsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rejects",
		Short: "Write the rows that were refused to a CSV file, each with file, line and reason",
		Args:  cobra.NoArgs,
	}
	configPath := configFlag(cmd)
	runID := cmd.Flags().String("run", "", "only this run (default: every run that the snapshot remembers)")
	output := cmd.Flags().StringP("output", "o", "", "file to write (required)")
	if err := cmd.MarkFlagRequired("output"); err != nil {
		panic(err) // the flag is defined one line above
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*configPath)
		if err != nil {
			return err
		}
		n, err := exportRejects(cmd, cfg, *runID, *output)
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d rejected rows written to %s\n", n, *output)
		return nil
	}
	return cmd
}

func exportRejects(cmd *cobra.Command, cfg *config, runID, output string) (n int, err error) {
	s, err := cfg.warehouse().OpenCurrent(cmd.Context(), snapshot.Options{})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	rows, err := s.DB.QueryContext(cmd.Context(), `
select
  source,
  path,
  coalesce(line::varchar, ''),
  rule,
  coalesce(column_name, ''),
  coalesce(value, ''),
  message_zh,
  message_en,
  coalesce(header, ''),
  coalesce(raw, '')
from reject
where ? in ('', run_id)
order by source, path, line`, runID)
	if err != nil {
		return 0, fmt.Errorf("read the rejected rows of snapshot %s: %w", s.Name, err)
	}
	defer rows.Close()
	f, err := os.OpenFile(output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("write the rejected rows: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString("\ufeff"); err != nil { // so that Excel takes it for UTF-8
		return 0, fmt.Errorf("write the rejected rows: %w", err)
	}
	w := csv.NewWriter(f)
	record := []string{"source", "file", "line", "rule", "column", "value", "reason_zh", "reason_en", "header", "row"}
	for {
		if err := w.Write(record); err != nil {
			return n, fmt.Errorf("write the rejected rows: %w", err)
		}
		if !rows.Next() {
			break
		}
		fields := make([]any, len(record))
		record = make([]string, len(record))
		for i := range record {
			fields[i] = &record[i]
		}
		if err := rows.Scan(fields...); err != nil {
			return n, fmt.Errorf("read the rejected rows: %w", err)
		}
		n++
	}
	w.Flush()
	return n, errors.Join(rows.Err(), w.Error())
}
