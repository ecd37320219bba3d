package foreign_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// load runs the ETL on one configuration of this folder and opens what it published.
func load(t *testing.T, name string) (*etl.Result, *snapshot.Snapshot) {
	t.Helper()
	ctx := context.Background()
	text, err := os.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cfg etl.Config
	if err := yaml.UnmarshalWithOptions(text, &cfg, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	cfg.Warehouse = filepath.Join(t.TempDir(), "warehouse")
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := cfg.Resolve(dir); err != nil {
		t.Fatal(err)
	}
	result, err := etl.Run(ctx, cfg, etl.Options{Now: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Warehouse{Dir: cfg.Warehouse}.OpenCurrent(ctx, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return result, s
}

func TestForeignExportsLoadByConfigurationAlone(t *testing.T) {
	const iso = "2006-01-02 15:04:05"
	cases := []struct {
		name                      string
		rows, open, grids, places int64
		first, last               string // earliest and latest report
		hours                     float64
	}{
		// requests 1–12 open 31 hours apart, every sixth stays open, number i closes after 5 + 17 (i − 1) hours
		{"nyc_311", 12, 2, 3, 3, "2018-06-26 10:58:54", "2018-07-10 15:58:54", 5*10 + 17*(66-5-11)},
		{"socrata_json", 12, 2, 3, 3, "2018-06-26 10:58:54", "2018-07-10 15:58:54", 5*10 + 17*(66-5-11)},
		{"socrata_csv", 12, 2, 3, 3, "2018-06-26 10:58:54", "2018-07-10 15:58:54", 5*10 + 17*(66-5-11)},
		// ten work orders, the fifth and tenth open: four take 6 days, four 11 days, and of each four two 8:45 h and two 17 h more;
		// in the workbook two of the latter are true dates with 08:15 as their time
		{"gb18030", 10, 2, 6, 2, "2025-03-04 08:15:00", "2025-03-08 09:30:00", 4*6*24 + 4*11*24 + 4*8.75 + 4*17},
		{"xlsx", 10, 2, 6, 2, "2025-03-04 08:15:00", "2025-03-08 09:30:00", 4*6*24 + 4*11*24 + 4*8.75 + 4*17 - 2*8.25},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result, s := load(t, c.name)
			feed := result.Feeds["cases"]
			if feed.Read != c.rows || feed.Loaded != c.rows {
				t.Fatalf("counts: %+v", feed)
			}
			var open, grids, places int64
			var first, last time.Time
			var hours float64
			row := s.DB.QueryRow(`select count(*) filter (where closed_at is null), count(distinct grid_code), count(distinct community_code),
				min(reported_at), max(reported_at), coalesce(sum(epoch(closed_at - reported_at)) / 3600, 0)
				from cases join grids using (grid_code)`)
			if err := row.Scan(&open, &grids, &places, &first, &last, &hours); err != nil {
				t.Fatal(err)
			}
			if open != c.open || grids != c.grids || places != c.places {
				t.Errorf("%d open, %d grids, %d communities", open, grids, places)
			}
			if first.Format(iso) != c.first || last.Format(iso) != c.last {
				t.Errorf("reported from %s to %s", first.Format(iso), last.Format(iso))
			}
			if hours != c.hours {
				t.Errorf("closed after %v hours in all, want %v", hours, c.hours)
			}
		})
	}
}
