package main

import (
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
)

func newSnapshotsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snapshots [list | rollback NAME | prune --keep N]",
		Short: "List published snapshots, go back to one, or delete old ones",
	}
	configPath := cmd.PersistentFlags().String("config", "jiceng.yaml", "configuration file")
	list := &cobra.Command{Use: "list", Short: "List the snapshots that are kept", Args: cobra.NoArgs}
	list.RunE = func(cmd *cobra.Command, _ []string) error { return listSnapshots(cmd, *configPath) }
	rollback := &cobra.Command{Use: "rollback NAME", Short: "Publish an earlier snapshot again", Args: cobra.ExactArgs(1)}
	rollback.RunE = func(_ *cobra.Command, args []string) error {
		cfg, err := loadConfig(*configPath)
		if err != nil {
			return err
		}
		return cfg.warehouse().Rollback(args[0])
	}
	prune := &cobra.Command{Use: "prune", Short: "Delete all but the newest snapshots", Args: cobra.NoArgs}
	keep := prune.Flags().Int("keep", 14, "how many to keep")
	prune.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*configPath)
		if err != nil {
			return err
		}
		deleted, err := cfg.warehouse().Prune(*keep)
		for _, name := range deleted {
			fmt.Fprintln(cmd.OutOrStdout(), "deleted", name)
		}
		return err
	}
	cmd.AddCommand(list, rollback, prune)
	cmd.Args = cobra.NoArgs
	cmd.RunE = list.RunE
	return cmd
}

func listSnapshots(cmd *cobra.Command, configPath string) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	infos, err := cfg.warehouse().List()
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(cmd.OutOrStdout())
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"snapshot", "MB", "published"})
	for _, info := range infos {
		mark := ""
		if info.Current {
			mark = "*"
		}
		t.AppendRow(table.Row{info.Name, fmt.Sprintf("%.1f", float64(info.Bytes)/1e6), mark})
	}
	t.Render()
	return nil
}
