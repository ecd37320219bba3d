package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/snapshot"
)

func newIndicatorsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "indicators [list | show CODE | values CODE --level L --period P]",
		Short: "List the indicators, print a definition with its SQL, or the values of all areas of a level",
		Args:  cobra.NoArgs,
	}
	configPath := cmd.PersistentFlags().String("config", "jiceng.yaml", "configuration file")
	list := &cobra.Command{Use: "list", Short: "List the indicators", Args: cobra.NoArgs}
	list.RunE = func(cmd *cobra.Command, _ []string) error { return listIndicators(cmd.OutOrStdout()) }

	show := &cobra.Command{Use: "show CODE", Short: "Print an indicator's definition and SQL", Args: cobra.ExactArgs(1)}
	onlySQL := show.Flags().Bool("sql", false, "print nothing but the SQL, which runs by itself on a snapshot")
	show.RunE = func(cmd *cobra.Command, args []string) error {
		return showIndicator(cmd.OutOrStdout(), args[0], *onlySQL)
	}

	values := &cobra.Command{Use: "values CODE", Short: "Print an indicator's values for all areas of a level", Args: cobra.ExactArgs(1)}
	level := values.Flags().String("level", "district", "geo level: district, subdistrict, community or grid")
	period := values.Flags().String("period", "", "2025-11, 2025-Q4 or 2025; the last full month if not given")
	values.RunE = func(cmd *cobra.Command, args []string) error {
		return indicatorValues(cmd.Context(), cmd.OutOrStdout(), *configPath, args[0], *level, *period)
	}
	cmd.AddCommand(list, show, values)
	cmd.RunE = list.RunE
	return cmd
}

func listIndicators(out io.Writer) error {
	cat, err := catalogue.Load()
	if err != nil {
		return err
	}
	t := newTable(out)
	t.AppendHeader(table.Row{"code", "名称", "name", "", "unit", "feeds"})
	for _, ind := range cat {
		t.AppendRow(table.Row{ind.Code, ind.Name.Zh, ind.Name.En, ind.Arrow(), ind.UnitName("en"), strings.Join(ind.Feeds, ", ")})
	}
	t.Render()
	return nil
}

func showIndicator(out io.Writer, code string, onlySQL bool) error {
	ind, err := findIndicator(code)
	if err != nil {
		return err
	}
	if onlySQL {
		_, err := fmt.Fprintln(out, strings.TrimRight(ind.SQL, "\n")+";")
		return err
	}
	fmt.Fprintf(out, "%s %s · %s (%s)\n\n", ind.Code, ind.Name.Zh, ind.Name.En, ind.Arrow())
	for _, f := range ind.Fields() {
		fmt.Fprintf(out, "%s  %s\n      %s\n", f.Key, f.Name.Zh, f.Name.En)
	}
	_, err = fmt.Fprintf(out, "\n%s;\n", ind.Statement)
	return err
}

func indicatorValues(ctx context.Context, out io.Writer, configPath, code, level, period string) error {
	ind, err := findIndicator(code)
	if err != nil {
		return err
	}
	levels := []string{"district", "subdistrict", "community", "grid"}
	if !slices.Contains(levels, level) {
		return fmt.Errorf("there is no geo level %q: it is one of %s", level, strings.Join(levels, ", "))
	}
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	s, err := cfg.warehouse().OpenCurrent(ctx, snapshot.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	if period == "" {
		if period, err = lastFullMonth(ctx, s.DB); err != nil {
			return err
		}
	}
	areas, err := panels.Areas(ctx, s.DB, level)
	if err != nil {
		return err
	}
	ranked, err := panels.Ranking(ctx, s.DB, ind.Code, period, areas)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s %s · %s, %s; unit: %s; snapshot %s\n", ind.Code, ind.Name.Zh, ind.Name.En, period, ind.UnitName("en"), s.Name)
	t := newTable(out)
	t.AppendHeader(table.Row{"code", "name", "value", "low", "high", "n", "flag"})
	for _, r := range ranked {
		n := ""
		if r.N.Valid {
			n = strconv.FormatInt(r.N.Int64, 10)
		}
		t.AppendRow(table.Row{r.Code, r.Name, number(ind, r.Value), number(ind, r.Low), number(ind, r.High), n, r.Flag})
	}
	t.Render()
	return nil
}

func findIndicator(code string) (catalogue.Indicator, error) {
	cat, err := catalogue.Load()
	if err != nil {
		return catalogue.Indicator{}, err
	}
	ind, ok := cat.ByCode(strings.ToUpper(code))
	if !ok {
		return ind, fmt.Errorf("there is no indicator %q: see jiceng indicators list", code)
	}
	return ind, nil
}

// lastFullMonth is the newest month that is over, or the newest one where none is.
func lastFullMonth(ctx context.Context, db *sql.DB) (string, error) {
	periods, err := panels.Periods(ctx, db)
	if err != nil {
		return "", err
	}
	newest := ""
	for _, p := range periods {
		if p.Kind != "month" {
			continue
		}
		if p.Complete {
			return p.Name, nil
		}
		if newest == "" {
			newest = p.Name
		}
	}
	return newest, nil
}

// number writes a value in its unit, shares in per cent; what is missing is "–", never 0.
func number(ind catalogue.Indicator, v sql.NullFloat64) string {
	if !v.Valid {
		return "–"
	}
	if ind.Unit == "percent" {
		return strconv.FormatFloat(100*v.Float64, 'f', 1, 64) + "%"
	}
	return strconv.FormatFloat(math.Round(v.Float64*1000)/1000, 'f', -1, 64)
}

func newTable(out io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	return t
}
