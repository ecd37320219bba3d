package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/user"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/etl/notify"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/signals"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// signalsConfig says whom to tell of new signals after a nightly run.
type signalsConfig struct {
	Webhooks []notify.Target `yaml:"webhooks"`
}

func (s *signalsConfig) resolve(dir string) error {
	var problems []error
	for i := range s.Webhooks {
		if s.Webhooks[i].Name == "" {
			s.Webhooks[i].Name = fmt.Sprintf("signals.webhooks[%d]", i)
		}
		problems = append(problems, s.Webhooks[i].Resolve(dir))
	}
	return errors.Join(problems...)
}

// sendTime is how long one receiver may take.
const sendTime = 10 * time.Second

// tellSignals sends the signals that are new to every webhook, and notes those that all
// have got; the rest is tried again after the next run.
func (c *config) tellSignals(ctx context.Context) error {
	if len(c.Signals.Webhooks) == 0 {
		return nil
	}
	s, err := c.warehouse().OpenCurrent(ctx, snapshot.Options{Threads: 1, MemoryLimit: "256MB"})
	if err != nil {
		return err
	}
	defer s.Close()
	report := notify.Report{District: c.District.Name, Snapshot: s.Name, Synthetic: s.Synthetic()}
	if report.AsOf, err = s.AsOf(); err != nil {
		return err
	}
	if report.Catalogue, err = catalogue.Load(); err != nil {
		return err
	}
	all, err := signals.List(ctx, s.DB, "", "", "")
	if err != nil {
		return err
	}
	desk := signals.NewDesk(c.Warehouse)
	sent, err := desk.Sent()
	if err != nil {
		return err
	}
	report.Signals = notify.News(all, sent, report.AsOf)
	if len(report.Signals) == 0 {
		return nil
	}
	client := &http.Client{Timeout: sendTime}
	var failed []error
	for _, target := range c.Signals.Webhooks {
		failed = append(failed, notify.Send(context.WithoutCancel(ctx), client, target, report, time.Now()))
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	var ids []string
	for _, one := range report.Signals {
		ids = append(ids, one.ID)
	}
	return desk.MarkSent(ids, time.Now())
}

func newSignalsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "signals [list | ack ID]",
		Short: "List the movements that noise hardly makes, or note that somebody has looked at one",
		Args:  cobra.NoArgs,
	}
	configPath := cmd.PersistentFlags().String("config", "jiceng.yaml", "configuration file")
	level := cmd.PersistentFlags().String("level", "", "only this geo level: district, subdistrict or community")
	most := cmd.PersistentFlags().Int("limit", 50, "list at most so many, the newest")
	list := &cobra.Command{Use: "list", Short: "List signals, newest first", Args: cobra.NoArgs}
	list.RunE = func(cmd *cobra.Command, _ []string) error { return listSignals(cmd, *configPath, *level, *most) }
	ack := &cobra.Command{Use: "ack ID", Short: "Note that somebody has looked at a signal", Args: cobra.ExactArgs(1)}
	by := ack.Flags().String("by", "", "who has looked at it (default: the name of the user who runs this)")
	note := ack.Flags().String("note", "", "what was found")
	ack.RunE = func(cmd *cobra.Command, args []string) error {
		return acknowledge(cmd.Context(), *configPath, args[0], *by, *note)
	}
	cmd.AddCommand(list, ack)
	cmd.RunE = list.RunE
	return cmd
}

func listSignals(cmd *cobra.Command, configPath, level string, most int) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	s, err := cfg.warehouse().OpenCurrent(cmd.Context(), snapshot.Options{Threads: 1, MemoryLimit: "256MB"})
	if err != nil {
		return err
	}
	defer s.Close()
	all, err := signals.List(cmd.Context(), s.DB, "", level, "")
	if err != nil {
		return err
	}
	acknowledged, err := signals.NewDesk(cfg.Warehouse).Acknowledged()
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(cmd.OutOrStdout())
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"id", "signalled", "indicator", "area", "from", "side", "meaning", "rules", "acknowledged"})
	for _, one := range all[:min(most, len(all))] {
		side := "low"
		if one.High {
			side = "high"
		}
		t.AppendRow(table.Row{one.ID, one.SignalledOn.Format(time.DateOnly), one.Key.Indicator, one.Name, one.First.Format(time.DateOnly), side,
			one.Meaning, fmt.Sprint(one.Rules), acknowledged[one.ID].By})
	}
	t.Render()
	return nil
}

// acknowledge notes who has looked at a signal of the published snapshot.
func acknowledge(ctx context.Context, configPath, id, by, note string) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	if by == "" {
		u, err := user.Current()
		if err != nil {
			return fmt.Errorf("say who has looked at it with --by: %w", err)
		}
		by = u.Username
	}
	s, err := cfg.warehouse().OpenCurrent(ctx, snapshot.Options{Threads: 1, MemoryLimit: "256MB"})
	if err != nil {
		return err
	}
	defer s.Close()
	if known, err := signals.Known(ctx, s.DB, id); err != nil || !known {
		return errors.Join(fmt.Errorf("there is no signal %s in the published snapshot", id), err)
	}
	return signals.NewDesk(cfg.Warehouse).Acknowledge(id, by, note, time.Now())
}
