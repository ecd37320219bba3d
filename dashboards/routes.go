package dashboards

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/jiceng/jiceng/dashboards/assets"
	"github.com/jiceng/jiceng/queries/panels"
)

// contentSecurity lets a page load our own files and nothing else, and no script that stands in the page.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// entry is one page: its address, its key in the texts, the group of the menu
// it stands in ("" for pages reached from others), and what makes it.
type entry struct {
	path, key, group string
	make             pageFunc
}

// pages are all pages, in the order of the menu.
func (s *Server) pages() []entry {
	return []entry{
		{"/", "overview", "groupLook", s.overview},
		{"/empowerment", "empowerment", "groupLook", s.empowerment},
		{"/efficiency", "efficiency", "groupLook", s.efficiency},
		{"/satisfaction", "satisfaction", "groupLook", s.satisfaction},
		{"/brief", "brief", "groupLook", s.brief},
		{"/screen", "screen", "groupLook", s.screen},
		{"/why", "why", "groupAnalyse", s.why},
		{"/signals", "signals", "groupAnalyse", s.signalList},
		{"/practices", "practices", "groupAnalyse", s.practices},
		{"/frontier", "frontier", "groupAnalyse", s.frontier},
		{"/index-lab", "indexLab", "groupAnalyse", s.indexLab},
		{"/catalogue", "catalogue", "groupCheck", s.catalogueList},
		{"/data-quality", "dataQuality", "groupCheck", s.dataQuality},
		{"/workbench", "workbench", "groupCheck", s.workbench},
		{"/area/:level/:code", "area", "", s.area},
		{"/catalogue/:code", "indicator", "", s.cataloguePage},
	}
}

// routes is every address the server answers.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Use(s.observe, middleware.Recover(), secure, s.guard.Protect, s.admit)

	for _, p := range s.pages() {
		e.GET(p.path, s.page(p.make))
	}
	e.GET("/index-lab.yaml", s.indexLabFile)
	for name, make := range s.tables() {
		e.GET("/api/v1/"+name, s.table(make, ""))
		for _, format := range formats() {
			e.GET("/api/v1/"+name+"."+format, s.table(make, format))
		}
	}
	e.GET("/api/v1/map/:level", s.boundaryData)
	e.POST("/api/v1/query", s.query)
	e.GET("/api/v1/schema", s.schemaData)
	e.GET("/api/v1/openapi.json", openAPI)

	e.POST("/signals/acknowledge", s.acknowledge)

	e.GET("/login", s.loginPage)
	e.POST("/login", s.login)
	e.POST("/logout", s.logout)
	e.GET("/account", s.accountPage)

	e.GET(s.script.Path, serveAsset(s.script))
	e.GET(s.workbenchScript.Path, serveAsset(s.workbenchScript))
	e.GET(s.style.Path, serveAsset(s.style))
	e.GET("/favicon.ico", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", s.ready)
	e.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})))
	return e
}

// warm makes the pages that are opened first, before anybody asks.
func (s *Server) warm(ctx context.Context, v *view) error {
	for _, p := range s.pages() {
		if p.group == "" {
			continue
		}
		for lang := range s.locales {
			request := httptest.NewRequestWithContext(ctx, http.MethodGet, p.path+"?lang="+lang, nil)
			c := s.echo.NewContext(request, httptest.NewRecorder())
			f, err := s.readFrame(c, v)
			if err != nil {
				return fmt.Errorf("page %s: %w", p.path, err)
			}
			if _, err := v.remember(f.key(), func() (*cachedPage, error) { return s.finish(f, p.make) }); err != nil {
				return fmt.Errorf("page %s: %w", p.path, err)
			}
		}
	}
	return nil
}

func secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentSecurity)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		return next(c)
	}
}

func serveAsset(a assets.Asset) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		return sendPacked(c, http.StatusOK, a.Type, a.Gzip)
	}
}

// sendPacked writes a packed body, unpacked where the browser does not take it so.
func sendPacked(c echo.Context, status int, kind string, packed []byte) error {
	h := c.Response().Header()
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		return c.Blob(status, kind, packed)
	}
	text, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack an answer: %w", err)
	}
	return c.Stream(status, kind, text)
}

// packers are used again, since each has some hundred kB of tables.
var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func pack(content []byte) ([]byte, error) {
	var b bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer func() {
		z.Reset(io.Discard) // it would keep the page
		packers.Put(z)
	}()
	z.Reset(&b)
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (s *Server) ready(c echo.Context) error {
	v, release := s.hold(c)
	defer release()
	if v == nil {
		return c.String(http.StatusServiceUnavailable, "no snapshot is published yet\n")
	}
	return c.String(http.StatusOK, v.Name+"\n")
}

// fromForm says whether a page's form was sent, so that a person sees the answer.
func fromForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// fail answers with an error page a person can act on.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := http.StatusInternalServerError
	var httpErr *echo.HTTPError
	var failure *queryFailure
	switch {
	case errors.As(err, &failure):
		status = failure.status
	case errors.As(err, &httpErr):
		status = httpErr.Code
	case errors.Is(err, panels.ErrNoArea), errors.Is(err, errNotFound):
		status = http.StatusNotFound
	}
	if status >= 500 {
		s.log.Error("request failed", "path", c.Request().URL.Path, "error", err)
	}
	if strings.HasPrefix(c.Request().URL.Path, "/api/") && !fromForm(c.Request()) {
		answer := map[string]string{"error": http.StatusText(status)}
		switch {
		case failure != nil:
			answer["error"], answer["kind"] = failure.message, string(failure.kind)
			if status == http.StatusTooManyRequests {
				c.Response().Header().Set("Retry-After", "10")
			}
		case httpErr != nil && status < 500:
			answer["error"] = fmt.Sprint(httpErr.Message)
		case status < 500:
			answer["error"] = err.Error()
		}
		if sendErr := c.JSON(status, answer); sendErr != nil {
			s.log.Warn("an answer could not be sent", "error", sendErr)
		}
		return
	}
	detail := ""
	if errors.Is(err, errNotFound) || errors.Is(err, panels.ErrNoArea) {
		detail = err.Error()
	}
	if failure != nil {
		detail = failure.message
	}
	if httpErr != nil && status == http.StatusForbidden {
		detail = fmt.Sprint(httpErr.Message)
	}
	if sendErr := s.errorPage(c, status, detail); sendErr != nil {
		s.log.Error("the error page failed", "error", sendErr)
	}
}

// metrics is what Prometheus may ask for.
type metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	made     prometheus.Counter
}

func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{registry: registry, seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "jiceng_http_request_seconds", Help: "Time to answer a request, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
	}, []string{"route", "status"})}
	m.made = prometheus.NewCounter(prometheus.CounterOpts{Name: "jiceng_pages_made_total", Help: "Pages that were made, not answered from memory."})
	registry.MustRegister(m.seconds, m.made)
	return m
}

func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		started := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		s.metrics.seconds.WithLabelValues(c.Path(), strconv.Itoa(c.Response().Status)).Observe(time.Since(started).Seconds())
		return nil
	}
}
