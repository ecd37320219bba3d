package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

func TestTheWebhookIsToldOfTheOutcomesAskedFor(t *testing.T) {
	var got []summary
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var s summary
		if err := json.Unmarshal(body, &s); err != nil || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s %s %s: %v", r.Method, r.Header, body, err)
		}
		got = append(got, s)
		if len(got) > 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer server.Close()
	n := notifyConfig{Webhook: server.URL + "/hook?token=secret"}
	if err := n.check(); err != nil {
		t.Fatal(err)
	}
	refused := newSummary("某区", &etl.Result{RunID: "abc", Outcome: snapshot.Refused, Error: "a check refused to publish: 甲",
		Total: etl.Counts{Read: 3, Loaded: 1, Rejected: 2}, Feeds: map[string]etl.Counts{"cases": {Read: 3, Loaded: 1, Rejected: 2}}})
	if err := n.tell(context.Background(), refused); err != nil {
		t.Fatal(err)
	}
	if err := n.tell(context.Background(), newSummary("某区", &etl.Result{Outcome: snapshot.NothingNew})); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].RunID != "abc" || got[0].Outcome != "refused" || got[0].Total.Rejected != 2 || !strings.Contains(got[0].Text, "甲") || !strings.Contains(got[0].TitleZh, "未发布") {
		t.Fatalf("told: %+v", got)
	}
	err := n.tell(context.Background(), refused)
	if err == nil || !strings.Contains(err.Error(), "502") {
		t.Errorf("a bad answer: %v", err)
	}
	server.Close()
	if err := n.tell(context.Background(), refused); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody answers: %v", err)
	}
}

func TestAWrongNotifyConfigurationIsRefused(t *testing.T) {
	for _, n := range []notifyConfig{{Webhook: "ftp://example.org/x"}, {Webhook: "://secret"}, {Webhook: "https://example.org", On: []string{"always"}}} {
		if err := n.check(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", n, err)
		}
	}
}

func TestTheSummaryIsOneWholeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	s := newSummary("某区", &etl.Result{RunID: "abc", Outcome: snapshot.Failed, Error: "坏"})
	for range 2 {
		if err := writeSummary(path, s); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var again map[string]any
	if err := json.Unmarshal(text, &again); err != nil || again["outcome"] != "failed" || again["run_id"] != "abc" || again["text"] != "坏\n" {
		t.Errorf("%s: %v", text, err)
	}
}

func TestLogLinesAreTextOrJSON(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		cmd := &cobra.Command{}
		chosen := logFormatFlag(cmd)
		if err := cmd.ParseFlags([]string{"--log-format", format}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		newLogger(&out, *chosen).Info("step", "name", "载入")
		if json.Valid(out.Bytes()) != (format == "json") {
			t.Errorf("%s: %s", format, out.String())
		}
	}
	cmd := &cobra.Command{}
	logFormatFlag(cmd)
	if err := cmd.ParseFlags([]string{"--log-format", "xml"}); err == nil {
		t.Error("an unknown format was taken")
	}
}
