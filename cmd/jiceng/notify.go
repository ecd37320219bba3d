package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// notifyConfig says whom to tell how a run ended.
type notifyConfig struct {
	// Webhook gets the summary of a run as JSON by POST.
	Webhook string `yaml:"webhook"`
	// On lists the outcomes to tell of; empty: published, refused, failed.
	On []string `yaml:"on"`
}

func (n *notifyConfig) check() error {
	known := []string{snapshot.Published, snapshot.NothingNew, snapshot.Refused, snapshot.Failed, snapshot.Locked}
	for _, outcome := range n.On {
		if !slices.Contains(known, outcome) {
			return fmt.Errorf("notify.on: %q is not one of %v", outcome, known)
		}
	}
	if len(n.On) == 0 {
		n.On = []string{snapshot.Published, snapshot.Refused, snapshot.Failed}
	}
	if n.Webhook == "" {
		return nil
	}
	if u, err := url.Parse(n.Webhook); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("notify.webhook is not an http or https address")
	}
	return nil
}

// summary is a run's result with a title and a text that can be mailed as they are.
type summary struct {
	District string `json:"district"`
	TitleZh  string `json:"title_zh"`
	TitleEn  string `json:"title_en"`
	Text     string `json:"text"`
	*etl.Result
}

func newSummary(district string, r *etl.Result) summary {
	words := map[string][2]string{
		snapshot.Published:  {"已发布", "published"},
		snapshot.NothingNew: {"没有新数据", "nothing new"},
		snapshot.Refused:    {"检查未通过，未发布", "refused by a check, nothing published"},
		snapshot.Failed:     {"失败，未发布", "failed, nothing published"},
		snapshot.Locked:     {"另一作业正在运行", "another run is under way"},
	}
	word := words[r.Outcome]
	s := summary{District: district, Result: r, TitleZh: fmt.Sprintf("基层 %s：夜间作业%s", district, word[0]),
		TitleEn: fmt.Sprintf("jiceng %s: nightly run %s", district, word[1])}
	var text bytes.Buffer
	if r.Error != "" {
		fmt.Fprintln(&text, r.Error)
	}
	report(&text, r)
	s.Text = text.String()
	return s
}

// tell posts the summary. The address may hold a secret, so no error shows it.
func (n notifyConfig) tell(ctx context.Context, s summary) error {
	if n.Webhook == "" || !slices.Contains(n.On, s.Outcome) {
		return nil
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("tell the webhook: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, n.Webhook, bytes.NewReader(body))
	if err != nil {
		return errors.New("tell the webhook: its address is not usable")
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		var address *url.Error
		if errors.As(err, &address) {
			err = address.Err
		}
		return fmt.Errorf("tell the webhook: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("tell the webhook: it answered %s", answer.Status)
	}
	return nil
}

func writeSummary(path string, s summary) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	temp := path + ".new"
	if err := os.WriteFile(temp, append(text, '\n'), 0o640); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	return nil
}
