package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/queries/export"
	"github.com/jiceng/jiceng/queries/sandbox"
)

// tableRows is how many rows a table on the terminal shows.
const tableRows = 1000

type queryFlags struct {
	config, format, output, file, scope string
	noLimits                            bool
}

func newQueryCommand() *cobra.Command {
	var flags queryFlags
	cmd := &cobra.Command{
		Use:   "query (SQL | -f FILE)",
		Short: "Ask the published snapshot one question in SQL",
		Long: `Ask the published snapshot one question in SQL.

The query runs in the same sandbox as those of the web pages: one SELECT, on
views without personal columns, within limits of time, rows and memory.`,
		Example: `  jiceng query "select channel, count(*) as cases from case_fact group by all order by all"
  jiceng query --format xlsx -o cases.xlsx -f question.sql`,
		Args: cobra.MaximumNArgs(1),
	}
	f := cmd.Flags()
	f.StringVar(&flags.config, "config", "jiceng.yaml", "configuration file")
	f.StringVar(&flags.format, "format", "table", "table, "+strings.Join(export.Names(), ", "))
	f.StringVarP(&flags.output, "output", "o", "", "write to this file instead of the terminal")
	f.StringVarP(&flags.file, "file", "f", "", "read the SQL from this file; - for standard input")
	f.StringVar(&flags.scope, "subdistrict", "", "see only this subdistrict, as a reader who is confined to it does")
	f.BoolVar(&flags.noLimits, "no-limits", false, "no limit of time, rows and memory")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runQuery(cmd, flags, args) }
	return cmd
}

func runQuery(cmd *cobra.Command, flags queryFlags, args []string) (err error) {
	statement, err := readStatement(cmd.InOrStdin(), flags.file, args)
	if err != nil {
		return err
	}
	write, err := queryWriter(flags.format)
	if err != nil {
		return err
	}
	cfg, err := loadConfig(flags.config)
	if err != nil {
		return err
	}
	name, err := cfg.warehouse().Current()
	if err != nil {
		return err
	}
	limits := sandbox.DefaultLimits()
	if flags.noLimits {
		limits = sandbox.NoLimits()
	}
	if flags.format == "table" && !flags.noLimits {
		limits.Rows = 0 // a table stops by itself
	}
	command, err := workerCommand()
	if err != nil {
		return err
	}
	pool := sandbox.NewPool(command, limits, newLogger(cmd.ErrOrStderr(), "text"))
	defer pool.Close()
	query := sandbox.Query{SQL: statement, Snapshot: cfg.warehouse().Path(name), Scope: flags.scope}
	if flags.format == "table" {
		query.Limit = tableRows
	}
	source := export.Source{Snapshot: name, Hash: export.Hash(statement), Date: time.Now().Format("2006-01-02"), SQL: statement}
	return writeQuery(cmd.Context(), cmd.OutOrStdout(), flags.output, pool, query, func(w io.Writer, r *sandbox.Result) error {
		return write(w, r, source)
	})
}

// writeQuery runs the query and writes its result, to a file only if there is one.
func writeQuery(ctx context.Context, out io.Writer, path string, pool *sandbox.Pool, q sandbox.Query, write func(io.Writer, *sandbox.Result) error) (err error) {
	result, err := pool.Run(ctx, q)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, result.Close()) }()
	if path != "" {
		f, createErr := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if createErr != nil {
			return fmt.Errorf("write the result: %w", createErr)
		}
		defer func() {
			if err = errors.Join(err, f.Close()); err != nil {
				err = errors.Join(err, os.Remove(path)) // a part shall not be taken for the whole
			}
		}()
		out = f
	}
	buffered := bufio.NewWriterSize(out, 64<<10)
	if err := write(buffered, result); err != nil {
		return err
	}
	return buffered.Flush()
}

func readStatement(in io.Reader, file string, args []string) (string, error) {
	switch {
	case file != "" && len(args) > 0, file == "" && len(args) == 0:
		return "", errors.New("give the SQL either as an argument or with -f")
	case file == "-":
		text, err := io.ReadAll(in)
		return string(text), err
	case file != "":
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return "", fmt.Errorf("read the SQL: %w", err)
		}
		return strings.TrimPrefix(string(text), "\ufeff"), nil
	}
	return args[0], nil
}

type resultWriter func(io.Writer, *sandbox.Result, export.Source) error

func queryWriter(name string) (resultWriter, error) {
	if name == "table" {
		return writeTable, nil
	}
	format, err := export.ByName(name)
	if err != nil {
		return nil, err
	}
	return func(w io.Writer, r *sandbox.Result, source export.Source) error {
		return format.Write(w, r, r.Schema, source)
	}, nil
}

// writeTable draws the rows for a person to read.
func writeTable(w io.Writer, r *sandbox.Result, source export.Source) error {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	head := table.Row{}
	for _, c := range r.Columns {
		head = append(head, c.Name)
	}
	t.AppendHeader(head)
	for r.Next() {
		batch := r.Batch()
		for i := range int(batch.NumRows()) {
			row := table.Row{}
			for c := range r.Columns {
				row = append(row, export.Text(batch.Column(c), i))
			}
			t.AppendRow(row)
		}
	}
	if err := r.Err(); err != nil {
		return err
	}
	t.Render()
	note := ""
	if r.More() {
		note = ", and more: use --format csv to see them all"
	}
	_, err := fmt.Fprintf(w, "%d rows%s · snapshot %s · query %s\n", r.Rows(), note, source.Snapshot, source.Hash)
	return err
}
