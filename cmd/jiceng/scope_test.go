package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards"
	"github.com/jiceng/jiceng/dashboards/access"
)

// guardedSite is a server of the site's district with users, each with a token.
type guardedSite struct {
	*dashboards.Server
	tokens map[string]string
	audit  string // its audit log
}

// guardSite starts a second server on the site's warehouse: with a viewer and a researcher of one subdistrict, a viewer and an operator.
func guardSite(t *testing.T, subdistrict string, change ...func(*dashboards.Config)) guardedSite {
	t.Helper()
	cfg, err := loadConfig(site.Config)
	if err != nil {
		t.Fatal(err)
	}
	g := guardedSite{tokens: map[string]string{}}
	var users access.Users
	for _, u := range []access.User{{Name: "viewer", Role: access.Viewer}, {Name: "operator", Role: access.Operator},
		{Name: "own-viewer", Role: access.Viewer, Subdistrict: subdistrict}, {Name: "own-researcher", Role: access.Researcher, Subdistrict: subdistrict}} {
		token, hash := access.NewToken()
		g.tokens[u.Name], u.Tokens = token, []access.Token{{SHA256: hash}}
		users.Users = append(users.Users, u)
	}
	dir := t.TempDir()
	cfg.Server.Access.UsersFile, cfg.Server.Access.AuditFile = filepath.Join(dir, "users.yaml"), filepath.Join(dir, "audit.jsonl")
	g.audit = cfg.Server.Access.AuditFile
	if err := users.Write(cfg.Server.Access.UsersFile); err != nil {
		t.Fatal(err)
	}
	if cfg.Server.Worker, err = workerCommand(); err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(&cfg.Server)
	}
	if g.Server, err = dashboards.New(cfg.Server, cfg.warehouse(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	if err := g.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g guardedSite) send(user, method, address, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, address, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+g.tokens[user])
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	g.Handler().ServeHTTP(answer, request)
	return answer
}

type siteArea struct {
	Level       string `json:"geo_level"`
	Code        string `json:"geo_code"`
	Name        string `json:"name"`
	ParentLevel string `json:"parent_level"`
	Parent      string `json:"parent_code"`
}

// everyGet is all addresses that the server answers, with the parts of a path filled by each of the areas.
func everyGet(t *testing.T, handler http.Handler, areas []siteArea) (addresses []string) {
	t.Helper()
	for _, route := range handler.(*echo.Echo).Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Path, "/assets/") || strings.HasSuffix(route.Path, ".xlsx") {
			continue
		}
		if route.Path == "/catalogue/:code" {
			addresses = append(addresses, "/catalogue/F13")
			continue
		}
		for _, a := range areas {
			path := strings.NewReplacer(":level", a.Level, ":code", a.Code).Replace(route.Path)
			if !slices.Contains(addresses, path) {
				addresses = append(addresses, path)
			}
		}
	}
	return addresses
}

// A reader who is confined to a subdistrict meets no name and no code of another one: on no page, in no table and
// in no answer to a query, whatever the address asks for.
func TestAReaderOfOneSubdistrictMeetsNoOtherAnywhere(t *testing.T) {
	const own, other = "990100003", "990100007"
	g := guardSite(t, own)
	var list struct{ Rows []siteArea }
	if err := json.Unmarshal(g.send("operator", http.MethodGet, "/api/v1/areas", "").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	mine := map[string]bool{}
	for _, a := range list.Rows {
		if strings.HasPrefix(a.Code, own) {
			mine[a.Name] = true
		}
	}
	foreign := map[string]bool{}
	var tried []siteArea
	for _, a := range list.Rows {
		if a.Level == "district" || strings.HasPrefix(a.Code, own) {
			continue
		}
		if !mine[a.Name] {
			foreign[a.Name] = true
		}
		if strings.HasPrefix(a.Code, other) && (len(tried) == 0 || !slices.ContainsFunc(tried, func(b siteArea) bool { return a.Level == b.Level })) {
			tried = append(tried, a)
		}
	}
	if len(foreign) < 1000 || len(tried) != 3 {
		t.Fatalf("%d areas elsewhere, %v are tried", len(foreign), tried)
	}
	code := regexp.MustCompile(`\b9901000(0[124-9]|1\d)\d*\b`)
	meets := func(user, what, body string, allowed ...string) {
		t.Helper()
		for _, found := range code.FindAllString(body, -1) {
			if !slices.Contains(allowed, found) {
				t.Errorf("%s, %s: meets area %s", user, what, found)
				return
			}
		}
		for _, a := range tried { // all names would take long to look for
			if strings.Contains(body, a.Name) {
				t.Errorf("%s, %s: meets %s", user, what, a.Name)
				return
			}
		}
	}
	queries := []string{"", "level=subdistrict", "level=community&by=community&unit=community", "level=grid&by=grid&unit=grid", "index=efficiency&level=community&period=2025",
		"practice=fengqiao&indicator=E31&level=community", "indicator=cases&level=subdistrict&area=" + other, "signal=x&meaning=worse"}
	for _, a := range tried {
		queries = append(queries, "level="+a.Level+"&area="+a.Code, "area="+a.Level+":"+a.Code, "above="+a.Level+":"+a.Code, "scope="+a.Code+"&subdistrict="+other+"&user=operator")
	}
	asked := 0
	for _, path := range everyGet(t, g.Handler(), tried) {
		for _, query := range queries {
			var allowed []string // what the request itself says may come back
			for _, a := range tried {
				if strings.Contains(path+query, a.Code) {
					allowed = append(allowed, a.Code)
				}
			}
			answer := g.send("own-viewer", http.MethodGet, path+"?"+query, "")
			if answer.Code >= 500 && path != "/metrics" {
				t.Errorf("%s?%s: status %d", path, query, answer.Code)
			}
			text := answer.Body.String()
			if unescaped, err := url.QueryUnescape(text); err == nil {
				text += unescaped
			}
			meets("own-viewer", path+"?"+query, text, allowed...)
			asked++
		}
	}
	if asked < 800 {
		t.Errorf("only %d addresses were asked", asked)
	}
	var schema struct {
		Tables []struct {
			Name    string
			Columns []struct{ Name string }
		}
	}
	if err := json.Unmarshal(g.send("own-researcher", http.MethodGet, "/api/v1/schema", "").Body.Bytes(), &schema); err != nil || len(schema.Tables) < 50 {
		t.Fatalf("%d tables, %v", len(schema.Tables), err)
	}
	for _, table := range schema.Tables {
		var wanted []string // times and counts may look like a code
		for _, c := range table.Columns {
			if strings.HasSuffix(c.Name, "_code") || strings.HasSuffix(c.Name, "_org") || strings.Contains(c.Name, "name") || c.Name == "key" || c.Name == "peer" {
				wanted = append(wanted, `"`+c.Name+`"`)
			}
		}
		if len(wanted) == 0 {
			continue
		}
		columns := strings.Join(wanted, ", ")
		body, err := json.Marshal(map[string]string{"sql": "select distinct " + columns + " from " + table.Name, "format": "csv"})
		if err != nil {
			t.Fatal(err)
		}
		answer := g.send("own-researcher", http.MethodPost, "/api/v1/query", string(body))
		if answer.Code != http.StatusOK {
			t.Errorf("%s: %d %.200s", table.Name, answer.Code, answer.Body)
		}
		meets("own-researcher", fmt.Sprint("query of ", table.Name), answer.Body.String())
	}
}
