package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/signals"
)

// A nightly run tells each webhook once of what is new; while one fails, nothing counts
// as told.
func TestNewSignalsAreSentOnceToEveryWebhook(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	var told [][]string
	status := http.StatusInternalServerError
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Signals []struct {
				ID string `json:"id"`
			} `json:"signals"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		var ids []string
		for _, s := range body.Signals {
			ids = append(ids, s.ID)
		}
		told = append(told, ids)
		w.WriteHeader(status)
	}))
	defer receiver.Close()
	path := filepath.Join(dir, "jiceng.yaml")
	text := "district: {code: d, name: 示例区}\nmissing: [grids, cases, satisfaction]\nsignals:\n  webhooks:\n    - {name: centre, kind: generic, url: " + receiver.URL + "}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	publishSignals(t, cfg)
	if err := cfg.tellSignals(ctx); err == nil {
		t.Error("a receiver that fails is no error")
	}
	status = http.StatusOK
	for range 2 {
		if err := cfg.tellSignals(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 2 || len(told[1]) != 1 || told[1][0] != "new" {
		t.Errorf("told %v, want the new one, tried again after the failure, and then no more", told)
	}
	if err := acknowledge(ctx, path, "new", "王", "已核实"); err != nil {
		t.Fatal(err)
	}
	if err := acknowledge(ctx, path, "none", "王", ""); err == nil {
		t.Error("a signal that does not exist was acknowledged")
	}
	kept, err := signals.NewDesk(cfg.Warehouse).Acknowledged()
	if err != nil || len(kept) != 1 || kept["new"].Note != "已核实" {
		t.Errorf("kept %v, %v", kept, err)
	}
}

// publishSignals publishes a snapshot that holds two signals, one of them a year old.
func publishSignals(t *testing.T, cfg *config) {
	t.Helper()
	wh := cfg.warehouse()
	if err := os.MkdirAll(wh.SnapshotDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", wh.HiddenPath("a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Create(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"insert into snapshot_info values ('as_of', '2026-10-31 23:59:59'), ('district_code', 'd')",
		`insert into signal by name select id as signal_id, 'cases' as indicator, 'district' as geo_level, 'd' as geo_code, 'day' as grain, 'u_prime' as chart,
			day as first_period, day as last_period, day + 1 as signalled_on, false as ongoing, 1 as points, 'WE1' as rules, 'high' as side, 'neutral' as meaning, 50 as value, 20 as centre, 8 as low, 32 as high, 4 as z
		from (values ('new', date '2026-10-30'), ('old', date '2025-10-30')) as s(id, day)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := wh.Publish("a"); err != nil {
		t.Fatal(err)
	}
}
