package dashboards_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/queries/sandbox"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// TestMain lets the test binary be a query worker, as the jiceng binary is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "worker" {
		if err := sandbox.RunWorker(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const password = "correct horse battery"

// guarded is a server with four users: a viewer, a viewer of S1, a researcher of S1, and an operator.
type guarded struct {
	*dashboards.Server
	tokens map[string]string
	audit  string
}

// open is a server without users.
func open(t *testing.T) guarded {
	t.Helper()
	dir := t.TempDir()
	w := snapshot.Warehouse{Dir: dir}
	publishOnce(t, w)
	s, err := dashboards.New(dashboards.Config{Worker: []string{os.Args[0], "worker"}}, w, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return guarded{Server: s}
}

var passwordHash = sync.OnceValues(func() (string, error) { return access.HashPassword(password) })

// published is the file of a snapshot of the tiny district, made by the first test that needs one.
var published struct {
	once    sync.Once
	content []byte
}

// publishOnce publishes a copy of one snapshot, since making one takes seconds.
func publishOnce(t *testing.T, w snapshot.Warehouse) {
	t.Helper()
	published.once.Do(func() {
		first := snapshot.Warehouse{Dir: t.TempDir()}
		publish(t, first, "a")
		content, err := os.ReadFile(first.Path("a"))
		if err != nil {
			t.Fatal(err)
		}
		published.content = content
	})
	if err := os.MkdirAll(w.SnapshotDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.HiddenPath("a"), published.content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.Publish("a"); err != nil {
		t.Fatal(err)
	}
}

func guard(t *testing.T, change func(*dashboards.Config)) guarded {
	t.Helper()
	dir := t.TempDir()
	w := snapshot.Warehouse{Dir: dir}
	publishOnce(t, w)
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	g := guarded{tokens: map[string]string{}, audit: filepath.Join(dir, "audit.jsonl")}
	users := access.Users{Users: []access.User{
		{Name: "viewer", Role: access.Viewer, Password: hash},
		{Name: "east", Role: access.Viewer, Subdistrict: "S1", Password: hash},
		{Name: "east-research", Role: access.Researcher, Subdistrict: "S1", Password: hash},
		{Name: "operator", Role: access.Operator, Password: hash},
	}}
	for i := range users.Users {
		token, tokenHash := access.NewToken()
		g.tokens[users.Users[i].Name] = token
		users.Users[i].Tokens = []access.Token{{SHA256: tokenHash}}
	}
	path := filepath.Join(dir, "users.yaml")
	if err := users.Write(path); err != nil {
		t.Fatal(err)
	}
	config := dashboards.Config{Worker: []string{os.Args[0], "worker"}, Access: access.Config{UsersFile: path, AuditFile: g.audit}}
	if change != nil {
		change(&config)
	}
	if g.Server, err = dashboards.New(config, w, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := g.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// send sends a request with headers as pairs of name and value.
func (g guarded) send(method, address, body string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, address, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	g.Handler().ServeHTTP(answer, request)
	return answer
}

func (g guarded) as(user, method, address, body string, header ...string) *httptest.ResponseRecorder {
	return g.send(method, address, body, append([]string{"Authorization", "Bearer " + g.tokens[user], "Content-Type", "application/json"}, header...)...)
}

func (g guarded) ask(user, sql string) *httptest.ResponseRecorder {
	body, _ := json.Marshal(map[string]string{"sql": sql})
	return g.as(user, http.MethodPost, "/api/v1/query", string(body))
}

func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

const formType = "application/x-www-form-urlencoded"

func (g guarded) login(name, password string, header ...string) *httptest.ResponseRecorder {
	return g.send(http.MethodPost, "/login", form("name", name, "password", password, "next", "/catalogue"), append([]string{"Content-Type", formType}, header...)...)
}

func TestWhoIsNotLoggedInSeesTheLoginPageAlone(t *testing.T) {
	g := guard(t, nil)
	for path, want := range map[string]int{
		"/": http.StatusSeeOther, "/catalogue": http.StatusSeeOther, "/area/grid/G1": http.StatusSeeOther, "/workbench": http.StatusSeeOther, "/account": http.StatusSeeOther,
		"/no-such-page": http.StatusSeeOther, "//": http.StatusSeeOther, "/LOGIN": http.StatusSeeOther, "/login/": http.StatusSeeOther,
		"/api/v1/values": http.StatusUnauthorized, "/api/v1/values.csv": http.StatusUnauthorized, "/api/v1/map/grid": http.StatusUnauthorized, "/api/v1/schema": http.StatusUnauthorized,
		"/metrics": http.StatusUnauthorized,
		"/login":   http.StatusOK, "/healthz": http.StatusOK, "/readyz": http.StatusOK,
	} {
		answer := g.send(http.MethodGet, path, "")
		if answer.Code != want {
			t.Errorf("%s: status %d, want %d", path, answer.Code, want)
		}
		for _, secret := range []string{"东街道", "G1"} {
			if strings.Contains(answer.Body.String(), secret) && path != "/area/grid/G1" {
				t.Errorf("%s shows %s", path, secret)
			}
		}
	}
	if answer := g.send(http.MethodPost, "/api/v1/query", `{"sql":"select 1"}`, "Content-Type", "application/json"); answer.Code != http.StatusUnauthorized {
		t.Errorf("a query without login: %d", answer.Code)
	}
	for _, header := range []string{"Bearer ", "Bearer x", "Basic b3BlcmF0b3I6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5", "bearer " + g.tokens["operator"]} {
		if answer := g.send(http.MethodGet, "/api/v1/values", "", "Authorization", header); answer.Code != http.StatusUnauthorized {
			t.Errorf("Authorization: %.10s: %d", header, answer.Code)
		}
	}
}

func TestEachRoleOpensWhatItMay(t *testing.T) {
	g := guard(t, nil)
	for _, test := range []struct {
		user, path string
		want       int
	}{
		{"viewer", "/", 200}, {"viewer", "/api/v1/values", 200}, {"viewer", "/account", 200}, {"viewer", "/workbench", 403}, {"viewer", "/api/v1/schema", 403}, {"viewer", "/metrics", 403},
		{"east-research", "/", 200}, {"east-research", "/api/v1/schema", 200}, {"east-research", "/metrics", 403},
		{"operator", "/metrics", 200},
	} {
		if answer := g.as(test.user, http.MethodGet, test.path, ""); answer.Code != test.want {
			t.Errorf("%s on %s: %d, want %d", test.user, test.path, answer.Code, test.want)
		}
	}
	if answer := g.ask("viewer", "select 1"); answer.Code != http.StatusForbidden {
		t.Errorf("a viewer's query: %d", answer.Code)
	}
	for _, path := range []string{"/API/V1/query", "/api/v1//query", "/api/v1/query/", "/api/v1/%71uery"} {
		answer := g.as("viewer", http.MethodPost, path, `{"sql":"select 98765 + 1"}`)
		if answer.Code == http.StatusOK || strings.Contains(answer.Body.String(), "98766") {
			t.Errorf("%s answers a viewer: %d %s", path, answer.Code, answer.Body)
		}
	}
}

func TestASessionCookieIsSafeAndNewAtEachLogin(t *testing.T) {
	g := guard(t, func(c *dashboards.Config) { c.Access.SecureCookies = true })
	fixed := "jiceng_session=chosen-by-an-attacker"
	answer := g.login("viewer", password, "Cookie", fixed)
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/catalogue" {
		t.Fatalf("login: %d to %s", answer.Code, answer.Header().Get("Location"))
	}
	cookies := answer.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies: %v", cookies)
	}
	c := cookies[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 || strings.Contains(fixed, c.Value) {
		t.Errorf("the cookie is %+v", c)
	}
	if again := g.login("viewer", password).Result().Cookies()[0]; again.Value == c.Value {
		t.Error("two sessions have one name")
	}
	mine := "jiceng_session=" + c.Value
	if answer := g.send(http.MethodGet, "/", "", "Cookie", mine); answer.Code != http.StatusOK {
		t.Errorf("with the cookie: %d", answer.Code)
	}
	if answer := g.send(http.MethodGet, "/", "", "Cookie", fixed); answer.Code != http.StatusSeeOther {
		t.Errorf("with the cookie of the attacker: %d", answer.Code)
	}
	if answer := g.send(http.MethodPost, "/logout", "", "Cookie", mine); answer.Code != http.StatusSeeOther || answer.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("logout: %d %v", answer.Code, answer.Result().Cookies())
	}
	if answer := g.send(http.MethodGet, "/", "", "Cookie", mine); answer.Code != http.StatusSeeOther {
		t.Errorf("after logout: %d", answer.Code)
	}
}

func TestLoggingInWithWrongWordsFailsAndIsSlowedDown(t *testing.T) {
	g := guard(t, nil)
	for i := range 5 {
		if answer := g.login("viewer", fmt.Sprint("wrong password ", i)); answer.Code != http.StatusUnauthorized || len(answer.Result().Cookies()) > 0 {
			t.Fatalf("guess %d: %d", i, answer.Code)
		}
	}
	if answer := g.login("viewer", password); answer.Code != http.StatusTooManyRequests {
		t.Errorf("the right password right after five wrong ones: %d", answer.Code)
	}
	unknown := g.login("<script>alert(1)</script>", "x")
	if strings.Contains(unknown.Body.String(), "<script>alert") {
		t.Error("the name comes back as a script")
	}
}

func TestAnotherSiteCannotSendRequestsInAReadersName(t *testing.T) {
	g := guard(t, nil)
	cookie := "jiceng_session=" + g.login("operator", password).Result().Cookies()[0].Value
	for name, header := range map[string][]string{
		"by what the browser says":  {"Sec-Fetch-Site", "cross-site"},
		"by a sister site":          {"Sec-Fetch-Site", "same-site"},
		"by the origin":             {"Origin", "https://evil.example"},
		"by an origin that is null": {"Origin", "null"},
	} {
		for _, path := range []string{"/logout", "/login", "/api/v1/query"} {
			answer := g.send(http.MethodPost, path, form("sql", "select 1", "name", "viewer", "password", password), append([]string{"Cookie", cookie, "Content-Type", formType}, header...)...)
			if answer.Code != http.StatusForbidden {
				t.Errorf("%s, %s: %d", path, name, answer.Code)
			}
		}
	}
	if answer := g.send(http.MethodPost, "/api/v1/query", form("sql", "select 1 as a", "format", "csv"), "Cookie", cookie, "Content-Type", formType, "Sec-Fetch-Site", "same-origin"); answer.Code != http.StatusOK || answer.Body.String() != "a\n1\n" {
		t.Errorf("the page's own form: %d %s", answer.Code, answer.Body)
	}
}

func TestEveryAnswerToEveryRoleCarriesTheSecurityHeaders(t *testing.T) {
	g := guard(t, nil)
	for _, path := range []string{"/login", "/", "/api/v1/values", "/no-such-page"} {
		h := g.as("viewer", http.MethodGet, path, "").Header()
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestAProxysHeaderCountsFromItsAddressAlone(t *testing.T) {
	g := guard(t, func(c *dashboards.Config) {
		c.Access.Proxy = access.Proxy{Header: "X-Remote-User", Addresses: []string{"10.1.2.3"}}
	})
	for _, test := range []struct {
		from, header, user string
		want               int
	}{
		{"10.1.2.3:999", "X-Remote-User", "operator", 200},
		{"10.1.2.3:999", "X-Remote-User", "stranger", 401},
		{"10.1.2.4:999", "X-Remote-User", "operator", 401},
		{"10.1.2.4:999", "X-Forwarded-For", "10.1.2.3", 401},
		{"10.1.2.3:999", "X-Other", "operator", 401},
	} {
		request := httptest.NewRequest(http.MethodGet, "/api/v1/values", nil)
		request.RemoteAddr = test.from
		request.Header.Set(test.header, test.user)
		if test.header == "X-Forwarded-For" {
			request.Header.Set("X-Remote-User", "operator")
		}
		answer := httptest.NewRecorder()
		g.Handler().ServeHTTP(answer, request)
		if answer.Code != test.want {
			t.Errorf("%s %s %s: %d, want %d", test.from, test.header, test.user, answer.Code, test.want)
		}
	}
}

func TestAReaderOfOneSubdistrictSeesNoValueOfAnother(t *testing.T) {
	g := guard(t, nil)
	type page struct{ Rows []map[string]any }
	codes := func(user, address string) map[string]bool {
		var p page
		if err := json.Unmarshal(g.as(user, http.MethodGet, address, "").Body.Bytes(), &p); err != nil {
			t.Fatal(address, err)
		}
		seen := map[string]bool{}
		for _, row := range p.Rows {
			seen[fmt.Sprint(row["geo_code"])] = true
		}
		return seen
	}
	for _, level := range []string{"subdistrict", "community", "grid"} {
		address := "/api/v1/values?period=2026&level=" + level
		all, some := codes("operator", address), codes("east", address)
		if len(all) != 2 || len(some) != 1 {
			t.Errorf("%s: the operator sees %v, the viewer of S1 %v", level, all, some)
		}
		for _, other := range []string{"S2", "C2", "G2"} {
			if some[other] {
				t.Errorf("%s: the viewer of S1 sees %s", level, other)
			}
		}
	}
	for _, attempt := range []string{"&geo_code=S2", "&area=S2", "&above=district:D", "&above=subdistrict:S2", "&subdistrict=S2", "&scope=", "&user=operator", "&indicator=F13'%20or%201=1%20--"} {
		answer := g.as("east", http.MethodGet, "/api/v1/values?period=2026&level=subdistrict"+attempt, "", "X-Remote-User", "operator", "X-Subdistrict", "S2")
		if strings.Contains(answer.Body.String(), `"S2"`) {
			t.Errorf("%s shows S2", attempt)
		}
	}
	for user, want := range map[string]string{"operator": "[\"G1\",50],\n[\"G2\",50]", "east-research": `["G1",50]`} {
		if answer := g.ask(user, "select grid_code, count(*) from cases group by all order by all"); !strings.Contains(answer.Body.String(), want) || user != "operator" && strings.Contains(answer.Body.String(), "G2") {
			t.Errorf("%s asks and gets %s", user, answer.Body)
		}
	}
	for _, sql := range []string{"set variable scope = null", "select * from snap.main.cases", "select getvariable('scope')", "with scope_area as (select 'subdistrict' as geo_level, 'S2' as geo_code) select * from indicator_value where geo_code = 'S2'"} {
		if answer := g.ask("east-research", sql); strings.Contains(answer.Body.String(), "\"G2\"") || strings.Contains(answer.Body.String(), "rows\":[\n[\"") {
			t.Errorf("%s: %s", sql, answer.Body)
		}
	}
	// A page that one reader may see must not come from memory for another.
	whole := g.as("operator", http.MethodGet, "/area/subdistrict/S2", "").Body.String()
	narrow := g.as("east", http.MethodGet, "/area/subdistrict/S2", "").Body.String()
	if whole == narrow {
		t.Error("the viewer of S1 gets the operator's page of S2")
	}
}

func TestAViewersSmallCountsAreSuppressed(t *testing.T) {
	g := guard(t, func(c *dashboards.Config) { c.Access.Threshold = 20 })
	address := "/api/v1/values?period=2026-03&level=grid"
	viewer, operator := g.as("viewer", http.MethodGet, address, "").Body.String(), g.as("operator", http.MethodGet, address, "").Body.String()
	if !strings.Contains(viewer, `"flag":"suppressed"`) || strings.Contains(operator, "suppressed") {
		t.Errorf("viewer: %.300s\noperator: %.300s", viewer, operator)
	}
	var p struct{ Rows []map[string]any }
	if err := json.Unmarshal([]byte(viewer), &p); err != nil {
		t.Fatal(err)
	}
	for _, row := range p.Rows {
		if row["flag"] == "suppressed" && (row["value"] != nil || row["n"] != nil || row["numerator"] != nil || row["low"] != nil) {
			t.Errorf("a suppressed row shows %v", row)
		}
		if n, ok := row["n"].(float64); ok && n > 0 && n < 20 {
			t.Errorf("a count of %v is shown", n)
		}
	}
	if page := g.as("viewer", http.MethodGet, "/area/grid/G1?period=2026-03&lang=en", ""); page.Code != http.StatusOK {
		t.Errorf("the page of a grid with suppressed values: %d", page.Code)
	}
}

func TestQueriesAndLoginsAreWrittenDown(t *testing.T) {
	g := guard(t, nil)
	g.login("viewer", "wrong password")
	g.login("viewer", password)
	g.ask("operator", "select 1")
	g.ask("operator", "drop table cases")
	g.as("viewer", http.MethodGet, "/api/v1/values.csv?level=grid", "")
	text, err := os.ReadFile(g.audit)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range bytes.Split(bytes.TrimSpace(text), []byte("\n")) {
		var entry map[string]any
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got = append(got, fmt.Sprint(entry["msg"], " ", entry["user"], " ", entry["sql"], " ", entry["outcome"], " ", entry["rows"]))
		if entry["msg"] == "export" && (entry["address"] != "/api/v1/values.csv?level=grid" || entry["format"] != "csv" || entry["snapshot"] != "a") {
			t.Errorf("the export is written down as %s", line)
		}
	}
	want := "login failed viewer <nil> <nil> <nil>\nlogin viewer <nil> <nil> <nil>\nquery operator select 1 ok 1\nquery operator drop table cases refused 0\nexport viewer <nil> <nil> <nil>"
	if strings.Join(got, "\n") != want {
		t.Errorf("written down is\n%s", strings.Join(got, "\n"))
	}
	if strings.Contains(string(text), password) || strings.Contains(string(text), "wrong password") {
		t.Error("the audit log holds a password")
	}
}

func TestPathsDoNotLeadOutOfTheServer(t *testing.T) {
	g := guard(t, nil)
	for _, path := range []string{"/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc%2fpasswd", "/assets/....//etc/passwd", `/assets/..\..\etc\passwd`,
		"/catalogue/..%2f..%2f..%2fetc%2fpasswd", "/area/grid/..%2f..%2fetc%2fpasswd", "/api/v1/map/..%2f..%2fetc%2fpasswd", "/catalogue/%00"} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.URL = &url.URL{Path: path}
		if decoded, err := url.PathUnescape(path); err == nil {
			request.URL = &url.URL{Path: decoded, RawPath: path}
		}
		request.Header.Set("Authorization", "Bearer "+g.tokens["operator"])
		answer := httptest.NewRecorder()
		g.Handler().ServeHTTP(answer, request)
		if strings.Contains(answer.Body.String(), "root:") || answer.Code == http.StatusInternalServerError {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
	for _, name := range []string{"../a", "a/../a", "/etc/passwd", "..%2fa", "a.duckdb"} {
		body, _ := json.Marshal(map[string]string{"sql": "select 1", "snapshot": name})
		if answer := g.as("operator", http.MethodPost, "/api/v1/query", string(body)); answer.Code != http.StatusNotFound {
			t.Errorf("snapshot %q: %d %s", name, answer.Code, answer.Body)
		}
	}
}

func TestWhatIsInTheDataOrTheAddressNeverBecomesAScript(t *testing.T) {
	g := guard(t, nil)
	const script = "<script>alert(1)</script>"
	paths := []string{"/", "/empowerment", "/efficiency", "/satisfaction", "/brief", "/screen", "/why", "/signals", "/practices", "/frontier", "/index-lab", "/catalogue", "/data-quality",
		"/?level=grid", "/efficiency?level=grid&area=G2", "/satisfaction?level=grid&area=G2", "/brief?level=grid&area=G2", "/screen?level=community&area=C2", "/why?indicator=F31&level=community&area=C2",
		"/empowerment?area=grid:G2", "/signals?level=" + url.QueryEscape(script), "/efficiency?category=" + url.QueryEscape(script), "/index-lab?index=" + url.QueryEscape(script), "/frontier?area=" + url.QueryEscape(script)}
	for _, path := range append(paths, []string{"/area/grid/G2", "/?period=" + url.QueryEscape(script), "/catalogue/" + url.PathEscape(script), "/login?next=" + url.QueryEscape(`"/>`+script),
		"/area/grid/" + url.PathEscape(script), "/workbench?sql=" + url.QueryEscape("select '</textarea>"+script+"'"), "/workbench?sql=" + url.QueryEscape(`" autofocus onfocus="alert(1)`)}...) {
		body := g.as("operator", http.MethodGet, path, "").Body.String()
		if strings.Contains(body, script) || strings.Contains(body, `" autofocus onfocus=`) {
			t.Errorf("%s holds a script from outside", path)
		}
	}
}

// Every parameter that the API's document knows, on every address that has it and on every page, is only ever text.
func TestSQLInEveryParameterIsOnlyText(t *testing.T) {
	g := guard(t, nil)
	const untouched = "/api/v1/values?level=grid&period=2026"
	before := g.as("operator", http.MethodGet, untouched, "").Body.String()
	doc, err := openapi3.NewLoader().LoadFromData(g.as("viewer", http.MethodGet, "/api/v1/openapi.json", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{"signal": true, "figure": true, "w_F1": true, "snapshot": true, "sql": true, "next": true}
	targets := map[string][]string{}
	for path, item := range doc.Paths.Map() {
		if item.Get == nil || strings.HasSuffix(path, ".xlsx") || strings.HasSuffix(path, ".parquet") || strings.HasSuffix(path, ".json") {
			continue // the same table in another form
		}
		path = strings.ReplaceAll(path, "{level}", "grid")
		for _, parameter := range item.Get.Parameters {
			if parameter.Value.In == "query" {
				targets[path] = append(targets[path], parameter.Value.Name)
				all[parameter.Value.Name] = true
			}
		}
	}
	for _, page := range []string{"/", "/empowerment", "/efficiency", "/satisfaction", "/brief", "/screen", "/why", "/signals", "/practices", "/frontier", "/index-lab", "/index-lab.yaml", "/catalogue", "/data-quality",
		"/workbench", "/area/grid/G1", "/catalogue/F13"} {
		targets[page] = slices.Sorted(maps.Keys(all))
	}
	asked := 0
	try := func(address string) {
		t.Helper()
		asked++
		answer := g.as("operator", http.MethodGet, address, "")
		if answer.Code == http.StatusInternalServerError {
			t.Errorf("%.120s: %d %.200s", address, answer.Code, answer.Body)
		}
		if strings.Contains(answer.Body.String(), "24691357") || strings.Contains(strings.ToLower(answer.Body.String()), "parser error") {
			t.Errorf("%.120s runs what is in it: %.200s", address, answer.Body)
		}
	}
	for path, names := range targets {
		for _, name := range names {
			for i, injected := range []string{"x' union all select 12345678 * 2 + 1 --", "'; drop table cases; --", "\x00%27\\'", strings.Repeat("'", 4000)} {
				if i > 0 && !strings.HasPrefix(path, "/api/") {
					break // a page reads its parameters as its tables do
				}
				try(path + "?" + form(name, injected))
				if name == "area" { // read only where there is a level
					try(path + "?" + form("level", "grid", name, injected))
				}
				if name == "category" || name == "channel" {
					try(path + "?" + form("level", "subdistrict", "area", "S1", name, injected))
				}
			}
		}
	}
	for _, path := range []string{"/area/grid/%s", "/area/%s/G1", "/catalogue/%s", "/api/v1/map/%s"} {
		try(fmt.Sprintf(path, url.PathEscape("G1' or '1'='1' union all select 12345678 * 2 + 1 --")))
	}
	if asked < 1000 {
		t.Errorf("only %d addresses were tried", asked)
	}
	if after := g.as("operator", http.MethodGet, untouched, "").Body.String(); after != before {
		t.Error("the values have changed")
	}
}

func (g guarded) auditText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(g.audit)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
