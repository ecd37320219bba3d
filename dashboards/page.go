package dashboards

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/dashboards/locale"
	"github.com/jiceng/jiceng/queries/panels"
)

//go:embed templates/*.html
var templateFiles embed.FS

// content is what a page puts into its template.
type content struct {
	Template string // templates/<name>.html
	Title    string
	Data     any
}

// pageFunc makes a page for what a frame asks for.
type pageFunc func(f *frame) (content, error)

// cachedPage is a finished answer. Only its packed form is kept: nearly all browsers
// take that, and it is a sixth of the text.
type cachedPage struct {
	packed  []byte
	bytes   int // of the text
	etag    string
	passing bool
	uri     string       // of a page: its address, by which it is made again from the next snapshot
	asked   atomic.Int64 // how often
}

// passing is data of pages that are made each time: those whose addresses are without
// number, so that they do not drive out of memory what many ask for, and those that
// change while the snapshot stays.
type passing interface{ passing() }

// layout is what the common frame of all pages needs.
type layout struct {
	*frame
	content
	Menu          []menuGroup
	Script, Style string
	Synthetic     bool
	AsOf          string
	Snapshot      string
}

type menuGroup struct {
	Key   string
	Items []menuItem
}

type menuItem struct {
	Key, Href string
	Active    bool
}

// parseTemplates reads the templates once for each language, with that language's texts and formats bound.
func parseTemplates(locales map[string]*locale.Locale) (map[string]map[string]*template.Template, error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	all := map[string]map[string]*template.Template{}
	for lang, l := range locales {
		all[lang] = map[string]*template.Template{}
		funcs := template.FuncMap{"t": l.T, "int": l.Int, "value": l.Value, "unit": l.Unit, "period": l.Period, "part": newPart, "labSelect": newLabSelect, "twin": newTwin, "narrow": newNarrowing,
			"int64": func(n int) string { return l.Int(int64(n)) }}
		common := []string{"templates/layout.html", "templates/parts.html"}
		for _, name := range names {
			page := strings.TrimSuffix(path.Base(name), ".html")
			parsed, err := template.New("layout").Funcs(funcs).ParseFS(templateFiles, append(common, name)...)
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", name, err)
			}
			all[lang][page] = parsed
		}
	}
	return all, nil
}

// part is a chart in a card, with the address of its numbers and a note.
type part struct {
	Title string
	Chart charts.Chart
	Data  string
	Note  string
}

// XLSX is the address of the numbers as a workbook.
func (p part) XLSX() string {
	path, query, asked := strings.Cut(p.Data, "?")
	path, ok := strings.CutSuffix(path, ".csv")
	if !ok {
		return ""
	}
	if asked {
		query = "?" + query
	}
	return path + ".xlsx" + query
}

// newTwin is a table with the address of its numbers.
func newTwin(title, data string) part { return part{Title: title, Data: data} }

// narrowing is the filters of a page, with the page's address.
type narrowing struct {
	Page    layout
	Filters []filter
}

func newNarrowing(page layout, filters []filter) narrowing { return narrowing{page, filters} }

func newPart(title string, chart charts.Chart, data, note string) part {
	return part{title, chart, data, note}
}

// page answers with a page made from the current snapshot, from memory if it was made before.
func (s *Server) page(make pageFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, release := s.hold(c)
		defer release()
		f, err := s.readFrame(c, v)
		if err != nil {
			return err
		}
		if v == nil {
			return s.emptyPage(c, f)
		}
		finished, err := v.remember(f.key(), func() (*cachedPage, error) { return s.finish(f, make) })
		if err != nil {
			return err
		}
		finished.asked.Add(1)
		return sendCached(c, "text/html; charset=utf-8", finished)
	}
}

// remember gives a finished answer from memory, or makes it; requests for the same answer wait for one maker.
func (v *view) remember(key string, make func() (*cachedPage, error)) (*cachedPage, error) {
	if p, ok := v.pages.Get(key); ok {
		return p, nil
	}
	made, err, _ := v.making.Do(key, func() (any, error) {
		p, err := make()
		if err == nil && !p.passing {
			v.pages.Add(key, p)
		}
		return p, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*cachedPage), nil
}

// sendCached sends a finished answer, or says that the browser's copy is still good.
func sendCached(c echo.Context, kind string, p *cachedPage) error {
	h := c.Response().Header()
	h.Set("ETag", p.etag)
	h.Set("Cache-Control", "private, no-cache")
	if c.Request().Header.Get("If-None-Match") == p.etag {
		return c.NoContent(http.StatusNotModified)
	}
	return sendPacked(c, http.StatusOK, kind, p.packed)
}

func (s *Server) finish(f *frame, make pageFunc) (*cachedPage, error) {
	s.metrics.made.Inc()
	body, err := make(f)
	if err != nil {
		return nil, err
	}
	html, err := s.render(f, body)
	if err != nil {
		return nil, err
	}
	finished, err := newCached(html)
	if err != nil {
		return nil, err
	}
	_, finished.passing = body.Data.(passing)
	finished.uri = f.Path
	if len(f.Query) > 0 {
		finished.uri += "?" + f.Query.Encode()
	}
	return finished, nil
}

func newCached(body []byte) (*cachedPage, error) {
	packed, err := pack(body)
	if err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	sum := sha256.Sum256(body)
	return &cachedPage{packed: packed, bytes: len(body), etag: `"` + hex.EncodeToString(sum[:12]) + `"`}, nil
}

// usualPage is how long a page is, in bytes; most are shorter.
const usualPage = 160 << 10

func (s *Server) render(f *frame, body content) ([]byte, error) {
	l := layout{frame: f, content: body, Menu: s.menu(f), Script: s.script.Path, Style: s.style.Path}
	if f.view != nil {
		l.Synthetic, l.Snapshot = f.view.Synthetic(), f.view.Name
		l.AsOf, _, _ = strings.Cut(f.view.Info["as_of"], " ")
	}
	b := bytes.NewBuffer(make([]byte, 0, usualPage))
	t, ok := s.templates[f.Lang][body.Template]
	if !ok {
		return nil, fmt.Errorf("there is no template %s", body.Template)
	}
	if err := t.ExecuteTemplate(b, "layout", l); err != nil {
		return nil, fmt.Errorf("page %s: %w", f.Path, err)
	}
	return b.Bytes(), nil
}

// HasView says whether a snapshot is open.
func (f *frame) HasView() bool { return f.view != nil }

// periodGroup is the periods of one kind.
type periodGroup struct {
	Kind    string
	Periods []panels.Period
}

// PeriodGroups are the periods one may choose, months first.
func (f *frame) PeriodGroups() []periodGroup {
	groups := []periodGroup{{Kind: "month"}, {Kind: "quarter"}, {Kind: "year"}}
	for _, p := range f.periods {
		for i := range groups {
			if groups[i].Kind == p.Kind {
				groups[i].Periods = append(groups[i].Periods, p)
			}
		}
	}
	return groups
}

// menu is the pages in their groups, the present one marked.
func (s *Server) menu(f *frame) []menuGroup {
	var groups []menuGroup
	for _, p := range s.pages() {
		if p.group == "" || p.key == "workbench" && f.view != nil && f.view.threshold > 0 { // viewers may not ask
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Key != p.group {
			groups = append(groups, menuGroup{Key: p.group})
		}
		active := f.Path == p.path || (p.path != "/" && strings.HasPrefix(f.Path, p.path+"/"))
		last := &groups[len(groups)-1]
		last.Items = append(last.Items, menuItem{p.key, f.Href(p.path), active})
	}
	return groups
}

// emptyPage says that nothing has been published yet.
func (s *Server) emptyPage(c echo.Context, f *frame) error {
	return s.message(c, f, http.StatusServiceUnavailable, "emptyTitle", "emptyHint", "")
}

// errorPage says what went wrong and what to do.
func (s *Server) errorPage(c echo.Context, status int, detail string) error {
	v, release := s.hold(c)
	defer release()
	f := &frame{Path: c.Request().URL.Path, Query: url.Values{}, view: v}
	lang := c.QueryParam("lang")
	if fromForm(c.Request()) {
		lang = c.FormValue("lang")
	}
	if lang != "" {
		f.Query.Set("lang", lang)
	}
	f.Locale = s.locales[f.one("lang", locale.Langs()...)]
	if status == http.StatusNotFound {
		return s.message(c, f, status, "notFound", "notFoundHint", detail)
	}
	if status == http.StatusForbidden {
		return s.message(c, f, status, "forbidden", "forbiddenHint", detail)
	}
	if status < http.StatusInternalServerError && c.Request().Method == http.MethodPost {
		return s.message(c, f, status, "notAnswered", "notAnsweredHint", detail)
	}
	return s.message(c, f, status, "failed", "failedHint", detail)
}

func (s *Server) message(c echo.Context, f *frame, status int, title, hint, detail string) error {
	html, err := s.render(f, content{"message", f.T(title), map[string]string{"Title": f.T(title), "Hint": f.T(hint), "Detail": detail}})
	if err != nil {
		return err
	}
	return c.HTMLBlob(status, html)
}
