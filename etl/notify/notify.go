// Package notify tells people about new signals after a nightly run: by a webhook with
// plain JSON, or by a group robot of WeCom (企业微信) or DingTalk (钉钉), where the
// district's network lets the server reach one.
//
// A signal is sent once: what was sent is noted beside the warehouse. What could not be
// sent is tried again after the next run, for a week.
package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/signals"
)

// Kind is the format that a receiver understands.
type Kind string

// The kinds.
const (
	Generic  Kind = "generic"
	WeCom    Kind = "wecom"
	DingTalk Kind = "dingtalk"
)

// Target is one receiver, as jiceng.yaml names it. The address of a robot is its password,
// so that it may lie in a file of its own.
type Target struct {
	Name       string   `yaml:"name"`
	Kind       Kind     `yaml:"kind"`
	URL        string   `yaml:"url"`
	URLFile    string   `yaml:"url_file"`
	SecretFile string   `yaml:"secret_file"` // DingTalk: the robot's signing secret
	Lang       string   `yaml:"lang"`        // zh (default) or en
	Levels     []string `yaml:"levels"`      // default: district, subdistrict
	Meanings   []string `yaml:"meanings"`    // default: worse, neutral
	Link       string   `yaml:"link"`        // address of the signals page, put under a message
}

// Resolve makes paths absolute against dir, fills in defaults and checks the entry.
func (t *Target) Resolve(dir string) error {
	for _, path := range []*string{&t.URLFile, &t.SecretFile} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
	if t.Lang == "" {
		t.Lang = "zh"
	}
	if len(t.Levels) == 0 {
		t.Levels = []string{"district", "subdistrict"}
	}
	if len(t.Meanings) == 0 {
		t.Meanings = []string{string(signals.Worse), string(signals.Neutral)}
	}
	switch {
	case !slices.Contains([]Kind{Generic, WeCom, DingTalk}, t.Kind):
		return fmt.Errorf("webhook %s: kind %q is not one of generic, wecom, dingtalk", t.Name, t.Kind)
	case (t.URL == "") == (t.URLFile == ""):
		return fmt.Errorf("webhook %s: give either url or url_file", t.Name)
	case t.Lang != "zh" && t.Lang != "en":
		return fmt.Errorf("webhook %s: lang %q is neither zh nor en", t.Name, t.Lang)
	}
	return nil
}

// Report is what there is to tell.
type Report struct {
	District  string
	Snapshot  string
	AsOf      time.Time
	Synthetic bool
	Signals   []signals.Signal
	Catalogue catalogue.Catalogue
}

// How long after it could first be known a signal is still news.
const (
	newsDays        = 7
	newsDaysMonthly = 31
)

// News is the signals that are new enough to tell and were not told, newest first.
func News(all []signals.Signal, sent map[string]time.Time, asOf time.Time) []signals.Signal {
	var out []signals.Signal
	for _, s := range all {
		days := newsDays
		if s.Key.Grain == signals.Month {
			days = newsDaysMonthly
		}
		if _, told := sent[s.ID]; !told && s.SignalledOn.After(asOf.AddDate(0, 0, -days)) {
			out = append(out, s)
		}
	}
	return out
}

// wanted is the signals that a target asks for.
func (t Target) wanted(all []signals.Signal) []signals.Signal {
	var out []signals.Signal
	for _, s := range all {
		if slices.Contains(t.Levels, s.Key.Level) && slices.Contains(t.Meanings, string(s.Meaning)) {
			out = append(out, s)
		}
	}
	return out
}

// Send tells one target what it asks for; nothing is sent where there is nothing. Errors
// name the target, never its address.
func Send(ctx context.Context, client *http.Client, t Target, r Report, now time.Time) error {
	r.Signals = t.wanted(r.Signals)
	if len(r.Signals) == 0 {
		return nil
	}
	if err := t.post(ctx, client, r, now); err != nil {
		return fmt.Errorf("webhook %s: %w", t.Name, withoutAddress(err))
	}
	return nil
}

func (t Target) post(ctx context.Context, client *http.Client, r Report, now time.Time) error {
	address, err := t.address(now)
	if err != nil {
		return err
	}
	body, err := t.body(r)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the receiver answers with status %d", response.StatusCode)
	}
	if t.Kind == Generic {
		return nil
	}
	var robot struct {
		Code    *int   `json:"errcode"`
		Message string `json:"errmsg"`
	}
	if err := json.Unmarshal(answer, &robot); err != nil || robot.Code == nil {
		return errors.New("the receiver's answer is not a robot's")
	}
	if *robot.Code != 0 {
		return fmt.Errorf("the robot refuses: %d %s", *robot.Code, robot.Message)
	}
	return nil
}

// address is where to send to; DingTalk's carries the time and a signature of it
// (钉钉开放平台，自定义机器人安全设置：加签).
func (t Target) address(now time.Time) (string, error) {
	address := t.URL
	if t.URLFile != "" {
		text, err := os.ReadFile(t.URLFile)
		if err != nil {
			return "", fmt.Errorf("read url_file: %w", err)
		}
		address = strings.TrimSpace(string(text))
	}
	if t.Kind != DingTalk || t.SecretFile == "" {
		return address, nil
	}
	secret, err := os.ReadFile(t.SecretFile)
	if err != nil {
		return "", fmt.Errorf("read secret_file: %w", err)
	}
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("the url cannot be read")
	}
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", Sign(strings.TrimSpace(string(secret)), stamp))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Sign is DingTalk's signature: the base64 of HMAC-SHA-256, keyed with the secret, of the
// time stamp in milliseconds, a line feed and the secret.
func Sign(secret, stamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// withoutAddress takes the address, which may be a password, out of an error.
func withoutAddress(err error) error {
	var bad *url.Error
	if errors.As(err, &bad) {
		return bad.Err
	}
	return err
}

// body is what is sent.
func (t Target) body(r Report) ([]byte, error) {
	switch t.Kind {
	case WeCom:
		return json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": clip(t.markdown(r), wecomBytes)}})
	case DingTalk:
		return json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"title": t.title(r), "text": clip(t.markdown(r), dingtalkBytes)}})
	}
	return json.Marshal(t.plain(r))
}

// The robots' limits on a message, in bytes.
const (
	wecomBytes    = 4096
	dingtalkBytes = 20000
)

// clip cuts a text at a line so that it is not longer than so many bytes.
func clip(text string, bytes int) string {
	for len(text) > bytes {
		cut := strings.LastIndexByte(text[:bytes], '\n')
		if cut < 0 {
			return strings.ToValidUTF8(text[:bytes], "")
		}
		text = text[:cut]
	}
	return text
}

func (t Target) title(r Report) string {
	made := ""
	if r.Synthetic {
		made = map[string]string{"zh": "【演示数据】", "en": "[demonstration data] "}[t.Lang]
	}
	if t.Lang == "en" {
		return fmt.Sprintf("%s%s: %d new signals", made, r.District, len(r.Signals))
	}
	return fmt.Sprintf("%s%s：%d 条新预警", made, r.District, len(r.Signals))
}

// mostLines is how many signals a message names.
const mostLines = 15

func (t Target) markdown(r Report) string {
	lines := []string{"### " + t.title(r)}
	for i, s := range r.Signals {
		if i == mostLines {
			lines = append(lines, map[string]string{"zh": fmt.Sprintf("- 另有 %d 条", len(r.Signals)-i), "en": fmt.Sprintf("- and %d more", len(r.Signals)-i)}[t.Lang])
			break
		}
		lines = append(lines, "- "+t.sentence(r, s))
	}
	if t.Link != "" {
		lines = append(lines, "", "["+map[string]string{"zh": "查看预警", "en": "See the signals"}[t.Lang]+"]("+t.Link+")")
	}
	return strings.Join(lines, "\n")
}

// sentence says one signal in a line.
func (t Target) sentence(r Report, s signals.Signal) string {
	name, unit := map[string]string{"zh": "上报案件量", "en": "Cases reported"}[t.Lang], ""
	if ind, ok := r.Catalogue.ByCode(s.Key.Indicator); ok {
		name, unit = ind.Name.In(t.Lang), ind.Unit
	}
	place := s.Name
	if s.Key.Level == "district" {
		place = r.District
	}
	side := map[bool]string{true: "高于", false: "低于"}[s.High]
	when := s.First.Format(time.DateOnly)
	if s.Key.Grain == signals.Month {
		when = s.First.Format("2006-01")
	}
	if t.Lang == "en" {
		side = map[bool]string{true: "above", false: "below"}[s.High]
		return fmt.Sprintf("%s, %s, %s: %s, %s the control limits %s to %s", place, name, when, value(s.Value, unit), side, value(s.LowLimit, unit), value(s.HighLimit, unit))
	}
	return fmt.Sprintf("%s %s %s：%s，%s控制限 %s 至 %s", place, when, name, value(s.Value, unit), side, value(s.LowLimit, unit), value(s.HighLimit, unit))
}

func value(v float64, unit string) string {
	switch unit {
	case "percent":
		return strconv.FormatFloat(100*v, 'f', 1, 64) + "%"
	case "":
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// plain is the generic JSON.
func (t Target) plain(r Report) any {
	type one struct {
		ID          string  `json:"id"`
		Indicator   string  `json:"indicator"`
		Level       string  `json:"geo_level"`
		Code        string  `json:"geo_code"`
		Name        string  `json:"name"`
		Grain       string  `json:"grain"`
		First       string  `json:"first_period"`
		SignalledOn string  `json:"signalled_on"`
		Rules       string  `json:"rules"`
		Side        string  `json:"side"`
		Meaning     string  `json:"meaning"`
		Value       float64 `json:"value"`
		Centre      float64 `json:"centre"`
		Low         float64 `json:"low"`
		High        float64 `json:"high"`
		Text        string  `json:"text"`
	}
	all := make([]one, 0, len(r.Signals))
	for _, s := range r.Signals {
		var rules []string
		for _, rule := range s.Rules {
			rules = append(rules, string(rule))
		}
		all = append(all, one{s.ID, s.Key.Indicator, s.Key.Level, s.Key.Code, s.Name, string(s.Key.Grain), s.First.Format(time.DateOnly), s.SignalledOn.Format(time.DateOnly),
			strings.Join(rules, ","), map[bool]string{true: "high", false: "low"}[s.High], string(s.Meaning), s.Value, s.Centre, s.LowLimit, s.HighLimit, t.sentence(r, s)})
	}
	return map[string]any{"title": t.title(r), "district": r.District, "snapshot": r.Snapshot, "as_of": r.AsOf.Format("2006-01-02 15:04:05"), "synthetic": r.Synthetic, "signals": all}
}
