package main

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/dashboards"
)

// BenchmarkPages measures what it takes to make each page from the snapshot, without
// what the server keeps of finished pages, and to send one that it has kept:
//
//	go test ./cmd/jiceng -run '^$' -bench Pages -cases 300000
//
// What the server keeps below pages (an area's past, the reasons of a change) is there after the first request.
// docs/performance.md has a table of what it gave. -cases says how large the district is (20000 unless given), -district shows one that
// is loaded already.
func BenchmarkPages(b *testing.B) {
	cfg, err := loadConfig(site.Config)
	if err != nil {
		b.Fatal(err)
	}
	server, err := dashboards.New(cfg.Server, cfg.warehouse(), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Refresh(context.Background()); err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	get := func(b *testing.B, address string) time.Duration {
		b.Helper()
		request := httptest.NewRequest(http.MethodGet, address, nil)
		request.Header.Set("Accept-Encoding", "gzip")
		answer := httptest.NewRecorder()
		start := time.Now()
		server.Handler().ServeHTTP(answer, request)
		took := time.Since(start)
		if answer.Code != http.StatusOK {
			b.Fatalf("%s: status %d", address, answer.Code)
		}
		return took
	}
	measure := func(b *testing.B, address func(i int) string) {
		b.Helper()
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			took = append(took, get(b, address(i)))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(0, "ns/op") // the median says more
	}
	for _, name := range slices.Sorted(maps.Keys(somePages())) {
		address := somePages()[name]
		b.Run(name, func(b *testing.B) {
			joint := "?"
			if strings.Contains(address, "?") {
				joint = "&"
			}
			// An address that was not asked for before is not in memory.
			measure(b, func(i int) string { return address + joint + "n=" + time.Now().Format("150405.000000000") })
		})
	}
	b.Run("kept", func(b *testing.B) { measure(b, func(int) string { return "/" }) })
}
