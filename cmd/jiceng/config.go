package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// config is jiceng.yaml: what the nightly job reads, and what the server reads.
type config struct {
	etl.Config `yaml:",inline"`
	Server     dashboards.Config `yaml:"server"`
	Notify     notifyConfig      `yaml:"notify"`
	Signals    signalsConfig     `yaml:"signals"`
}

// loadConfig reads and checks a configuration file. JICENG_WAREHOUSE,
// JICENG_KEY_FILE, JICENG_AS_OF, JICENG_LISTEN and JICENG_WEBHOOK override what it says.
func loadConfig(path string) (*config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	var c config
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("configuration %s: %s", path, yaml.FormatError(err, false, true))
	}
	overrides := map[string]*string{"JICENG_WAREHOUSE": &c.Warehouse, "JICENG_KEY_FILE": &c.Personal.KeyFile,
		"JICENG_AS_OF": &c.AsOf, "JICENG_LISTEN": &c.Server.Listen, "JICENG_WEBHOOK": &c.Notify.Webhook}
	for name, target := range overrides {
		if value := os.Getenv(name); value != "" {
			*target = value
		}
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("configuration %s: %w", path, err)
	}
	if err := errors.Join(c.Resolve(dir), c.Notify.check(), c.Signals.resolve(dir)); err != nil {
		return nil, fmt.Errorf("configuration %s:\n%w", path, err)
	}
	if c.Server.Listen == "" {
		c.Server.Listen = dashboards.DefaultListen
	}
	access := &c.Server.Access
	access.UsersFile = beside(dir, access.UsersFile, "users.yaml")
	access.AuditFile = beside(c.Warehouse, access.AuditFile, "audit.jsonl")
	return &c, nil
}

// beside makes a path absolute, with a default name in the folder.
func beside(dir, path, name string) string {
	switch {
	case path == "":
		return filepath.Join(dir, name)
	case filepath.IsAbs(path):
		return path
	}
	return filepath.Join(dir, path)
}

func (c *config) warehouse() snapshot.Warehouse { return snapshot.Warehouse{Dir: c.Warehouse} }

// configFlag adds the flag that names the configuration file.
func configFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("config", "jiceng.yaml", "configuration file")
}

// exitCode gives an ETL error the exit code that scripts rely on.
func exitCode(err error) error {
	codes := []struct {
		err  error
		code int
	}{{etl.ErrNothingNew, 3}, {etl.ErrRefused, 4}, {etl.ErrLocked, 5}}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return exitError{c.code, err}
		}
	}
	return err
}
