package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/sample_data/synthetic"
)

// newDemoCommand does the main job in one command: a synthetic district, loaded and served.
func newDemoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make a synthetic district, load it and serve its dashboards",
		Args:  cobra.NoArgs,
	}
	opt := synthetic.Options{Days: synthetic.DefaultDays, Seed: synthetic.DefaultSeed}
	flags := cmd.Flags()
	dir := flags.String("dir", "demo", "folder for the district's files and warehouse: new, empty or an earlier demo")
	flags.Int64Var(&opt.Cases, "cases", synthetic.DefaultCases, "number of cases")
	listen := flags.String("listen", dashboards.DefaultListen, "address to listen on")
	noServe := flags.Bool("no-serve", false, "stop after the load")
	format := logFormatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		fmt.Fprintf(cmd.OutOrStdout(), "Making a synthetic district with %d cases in %s ...\n", opt.Cases, *dir)
		opt.Progress = sampleProgress(opt.Cases)
		if err := synthetic.Write(cmd.Context(), *dir, opt); err != nil {
			return err
		}
		path := filepath.Join(*dir, "jiceng.yaml")
		if err := runETL(cmd, path, *format, "", etl.Options{Full: true}); err != nil {
			return err
		}
		if *noServe {
			return nil
		}
		cfg, err := loadConfig(path)
		if err != nil {
			return err
		}
		cfg.Server.Listen = *listen
		return serve(cmd, cfg, *format)
	}
	return cmd
}
