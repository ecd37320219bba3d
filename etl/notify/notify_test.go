package notify

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/signals"
	"github.com/jiceng/jiceng/queries/spc"
)

var (
	day   = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	flood = signals.Signal{ID: "f1", Key: signals.Key{Indicator: signals.Cases, Level: "subdistrict", Code: "s6", Grain: signals.Day}, Name: "石桥街道",
		First: day.AddDate(0, 0, -1), SignalledOn: day, Rules: []spc.Rule{spc.WE1}, High: true, Meaning: signals.Neutral, Value: 116, Centre: 31, LowLimit: 13, HighLimit: 49}
	slip = signals.Signal{ID: "s1", Key: signals.Key{Indicator: "F13", Level: "district", Code: "d", Grain: signals.Month}, Name: "区",
		First: day.AddDate(0, -1, 0), SignalledOn: day, Rules: []spc.Rule{spc.WE1, spc.WE2}, Meaning: signals.Worse, Value: 0.804, Centre: 0.878, LowLimit: 0.84, HighLimit: 0.92}
	gain   = signals.Signal{ID: "g1", Key: signals.Key{Indicator: "F13", Level: "community", Code: "c", Grain: signals.Month}, SignalledOn: day, Meaning: signals.Better}
	report = Report{District: "示例区", Snapshot: "x", AsOf: day, Signals: []signals.Signal{flood, slip, gain},
		Catalogue: catalogue.Catalogue{{Code: "F13", Name: catalogue.Text{Zh: "按期结案率", En: "On-time closure"}, Unit: "percent"}}}
)

// receiver is a robot on this machine that keeps what it gets.
func receiver(t *testing.T, answer string, status int) (target Target, got *http.Request, body *string) {
	t.Helper()
	got, body = new(http.Request), new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		*got, *body = *r, string(text)
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return Target{Name: "test", URL: server.URL + "/robot/send?key=secret-key"}, got, body
}

func resolve(t *testing.T, target Target, kind Kind) Target {
	t.Helper()
	target.Kind = kind
	if err := target.Resolve("/"); err != nil {
		t.Fatal(err)
	}
	return target
}

func TestEachKindOfReceiverGetsItsFormat(t *testing.T) {
	ctx := context.Background()
	want := "石桥街道 2026-10-31 上报案件量：116，高于控制限 13 至 49"
	for kind, path := range map[Kind][]string{WeCom: {"markdown", "content"}, DingTalk: {"markdown", "text"}} {
		target, got, body := receiver(t, `{"errcode":0,"errmsg":"ok"}`, 200)
		target = resolve(t, target, kind)
		target.Link = "http://jiceng.local/signals"
		if err := Send(ctx, http.DefaultClient, target, report, day); err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(*body), &m); err != nil {
			t.Fatal(err)
		}
		text := m[path[0]].(map[string]any)[path[1]].(string)
		for _, part := range []string{"示例区：2 条新预警", want, "示例区 2026-10 按期结案率：80.4%，低于控制限 84.0% 至 92.0%", "(http://jiceng.local/signals)"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is missing in\n%s", kind, part, text)
			}
		}
		if m["msgtype"] != "markdown" || got.Header.Get("Content-Type") != "application/json; charset=utf-8" || got.URL.Query().Get("key") != "secret-key" {
			t.Errorf("%s: %s %v", kind, m["msgtype"], got.URL)
		}
	}
	target, _, body := receiver(t, "", 204)
	target = resolve(t, target, Generic)
	target.Lang = "en"
	if err := Send(ctx, http.DefaultClient, target, report, day); err != nil {
		t.Fatal(err)
	}
	var m struct {
		Signals []struct {
			ID, Rules, Text string
			Value           float64
		}
	}
	if err := json.Unmarshal([]byte(*body), &m); err != nil || len(m.Signals) != 2 || m.Signals[1].ID != "s1" || m.Signals[1].Rules != "WE1,WE2" || m.Signals[1].Value != 0.804 ||
		m.Signals[1].Text != "示例区, On-time closure, 2026-10: 80.4%, below the control limits 84.0% to 92.0%" {
		t.Errorf("%+v, %v", m, err)
	}
}

// The signature was computed with Python: base64.b64encode(hmac.new(b"SECtest",
// b"1700000000000\nSECtest", hashlib.sha256).digest()).
func TestDingTalksRequestIsSigned(t *testing.T) {
	const want = "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
	if got := Sign("SECtest", "1700000000000"); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	target, got, _ := receiver(t, `{"errcode":0}`, 200)
	target.SecretFile = filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(target.SecretFile, []byte("SECtest\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Send(context.Background(), http.DefaultClient, resolve(t, target, DingTalk), report, time.UnixMilli(1700000000000)); err != nil {
		t.Fatal(err)
	}
	q := got.URL.Query()
	if q.Get("timestamp") != "1700000000000" || q.Get("sign") != want || q.Get("key") != "secret-key" {
		t.Errorf("query %v", q)
	}
}

func TestARefusalIsAnErrorThatKeepsTheAddressSecret(t *testing.T) {
	for what, c := range map[string]struct {
		kind   Kind
		answer string
		status int
		want   string
	}{
		"robot":  {WeCom, `{"errcode":93000,"errmsg":"invalid webhook url"}`, 200, "93000"},
		"status": {Generic, "", 500, "500"},
		"page":   {DingTalk, "<html>", 200, "not a robot's"},
	} {
		target, _, _ := receiver(t, c.answer, c.status)
		err := Send(context.Background(), http.DefaultClient, resolve(t, target, c.kind), report, day)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	gone := resolve(t, Target{Name: "gone", URL: "http://127.0.0.1:1/robot?key=secret-key"}, WeCom)
	err := Send(context.Background(), http.DefaultClient, gone, report, day)
	if err == nil || strings.Contains(err.Error(), "secret-key") || !strings.Contains(err.Error(), "gone") {
		t.Errorf("err = %v", err)
	}
}

func TestNothingIsSentWhereThereIsNothingNew(t *testing.T) {
	target, _, body := receiver(t, "", 200)
	quiet := report
	quiet.Signals = []signals.Signal{gain} // a community that got better is not asked for
	if err := Send(context.Background(), http.DefaultClient, resolve(t, target, Generic), quiet, day); err != nil || *body != "" {
		t.Errorf("sent %q, %v", *body, err)
	}
	old := flood
	old.ID, old.SignalledOn = "f0", day.AddDate(0, 0, -8)
	news := News([]signals.Signal{flood, slip, old}, map[string]time.Time{"s1": day}, day)
	if len(news) != 1 || news[0].ID != "f1" {
		t.Errorf("news %+v", news)
	}
}

func TestALongListIsCutAtALine(t *testing.T) {
	many := report
	many.Signals = nil
	for range 100 {
		many.Signals = append(many.Signals, flood)
	}
	text := resolve(t, Target{URL: "x"}, WeCom).markdown(many)
	if !strings.Contains(text, "另有 85 条") || len(text) > wecomBytes {
		t.Errorf("%d bytes: %s", len(text), text)
	}
	if got := clip("一行\n二行\n三行", 16); got != "一行\n二行" {
		t.Errorf("clipped to %q", got)
	}
}

func TestAMistakenEntryIsRefused(t *testing.T) {
	for _, target := range []Target{{Kind: "mail", URL: "x"}, {Kind: WeCom}, {Kind: WeCom, URL: "x", URLFile: "y"}, {Kind: Generic, URL: "x", Lang: "fr"}} {
		if err := target.Resolve("/etc"); err == nil {
			t.Errorf("%+v was accepted", target)
		}
	}
	target := Target{Kind: DingTalk, URLFile: "robot", SecretFile: "/keys/s"}
	if err := target.Resolve("/etc"); err != nil || target.URLFile != "/etc/robot" || target.SecretFile != "/keys/s" {
		t.Errorf("%+v, %v", target, err)
	}
}
