package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/dashboards"
)

func newServeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the dashboards of the published snapshot; a new snapshot is shown as soon as its first pages are made",
		Args:  cobra.NoArgs,
	}
	configPath := configFlag(cmd)
	listen := cmd.Flags().String("listen", "", "address to listen on (default: what the configuration says, else "+dashboards.DefaultListen+")")
	format := logFormatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*configPath)
		if err != nil {
			return err
		}
		if *listen != "" {
			cfg.Server.Listen = *listen
		}
		return serve(cmd, cfg, *format)
	}
	return cmd
}

// serve runs the server until the command is interrupted.
func serve(cmd *cobra.Command, cfg *config, logFormat string) error {
	worker, err := workerCommand()
	if err != nil {
		return err
	}
	cfg.Server.Worker = worker
	server, err := dashboards.New(cfg.Server, cfg.warehouse(), newLogger(cmd.ErrOrStderr(), logFormat))
	if err != nil {
		return err
	}
	return server.Run(cmd.Context(), cfg.Server.Listen, func(url string) {
		fmt.Fprintf(cmd.OutOrStdout(), "jiceng serves %s at %s (stop with Ctrl-C)\n", cfg.District.Name, url)
	})
}
