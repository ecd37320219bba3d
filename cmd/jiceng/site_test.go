package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// screenshots, when set, is the folder that TestScreenshots writes to:
//
//	go test ./cmd/jiceng -run TestScreenshots -screenshots ../../docs/screenshots
var screenshots = flag.String("screenshots", "", "folder to write screenshots of the pages to")

// onlyPages chooses among the pages by name, onlyPictures among the pictures.
var (
	onlyPages    = flag.String("pages", "", "only screenshots of pages whose name matches this pattern")
	onlyPictures = flag.String("pictures", "", "only screenshots whose file name matches this pattern")
)

// siteCases is how many cases the synthetic district has.
var siteCases = flag.String("cases", "20000", "cases of the district that the pages show")

// siteDistrict, when set, is the folder of a district that "jiceng sample" wrote and
// "jiceng etl" loaded; its pages are shown without making one anew.
var siteDistrict = flag.String("district", "", "folder of a loaded district whose pages are shown")

// site is a small synthetic district, loaded by the commands a person would use
// and served on loopback, and a browser. All tests of pages share it.
var site struct {
	URL     string
	Config  string // its jiceng.yaml
	Browser *browsertest.Browser
}

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "worker" { // the test binary is the query worker, as the jiceng binary is
		os.Exit(run(context.Background(), os.Args[1:]))
	}
	flag.Parse()
	code, err := withSite(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withSite(test func() int) (int, error) {
	ctx := context.Background()
	district := *siteDistrict
	if district == "" {
		dir, err := os.MkdirTemp("", "jiceng-site")
		if err != nil {
			return 1, err
		}
		defer os.RemoveAll(dir)
		district = filepath.Join(dir, "district")
	}
	site.Config = filepath.Join(district, "jiceng.yaml")
	if *siteDistrict == "" {
		for _, args := range [][]string{{"sample", "--dir", district, "--cases", *siteCases}, {"etl", "--config", site.Config}} {
			if code := run(ctx, args); code != 0 {
				return 1, fmt.Errorf("jiceng %v: exit code %d", args, code)
			}
		}
	}
	cfg, err := loadConfig(site.Config)
	if err != nil {
		return 1, err
	}
	if cfg.Server.Worker, err = workerCommand(); err != nil {
		return 1, err
	}
	server, err := dashboards.New(cfg.Server, cfg.warehouse(), slog.New(slog.DiscardHandler))
	if err != nil {
		return 1, err
	}
	defer server.Close()
	if err := server.Refresh(ctx); err != nil {
		return 1, err
	}
	loopback := httptest.NewServer(server.Handler())
	defer loopback.Close()
	site.URL = loopback.URL
	if site.Browser, err = browsertest.Start(); err != nil {
		return 1, err
	}
	defer site.Browser.Close()
	return test(), nil
}
