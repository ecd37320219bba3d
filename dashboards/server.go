// Package dashboards serves what people look at: pages with charts, from the
// published snapshot, without any request to another host.
//
// server.go opens snapshots and switches between them, routes.go lists the
// addresses, frame.go reads what an address asks for, and every page has a file
// of its own (page_overview.go), a template and its texts.
package dashboards

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/dashboards/assets"
	"github.com/jiceng/jiceng/dashboards/locale"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compare"
	"github.com/jiceng/jiceng/queries/index/ask"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/sandbox"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/signals"
	"github.com/jiceng/jiceng/queries/snapshot"
	"github.com/jiceng/jiceng/queries/why"
)

// Config is the part of jiceng.yaml that the server reads.
type Config struct {
	Listen string `yaml:"listen"`
	// Headline is the indicators that the overview shows as cards, in this order.
	Headline []string `yaml:"headline"`
	// Access says who may see what.
	Access access.Config `yaml:"access"`
	// Query bounds researchers' queries.
	Query QueryLimits `yaml:"query"`
	// Worker is the command that starts a query worker; without one the server answers no queries.
	Worker []string `yaml:"-"`
}

// DefaultListen is reachable from this machine alone.
const DefaultListen = "127.0.0.1:8080"

// keptPages is how many finished pages of one snapshot stay in memory.
const keptPages = 2000

// Server serves the pages of one warehouse.
type Server struct {
	config        Config
	warehouse     snapshot.Warehouse
	log           *slog.Logger
	echo          *echo.Echo
	catalogue     catalogue.Catalogue
	locales       map[string]*locale.Locale
	templates     map[string]map[string]*template.Template // by language and page
	script, style assets.Asset
	metrics       *metrics
	guard         *access.Guard
	pool          *sandbox.Pool
	desk          *signals.Desk
	history       runHistory
	noted         time.Time // when somebody last acknowledged a signal; only the watcher uses it

	workbenchScript assets.Asset

	mu      sync.RWMutex
	current *view
}

// view is one opened snapshot and the pages made from it. Requests hold the
// lock for reading; closing waits for them.
type view struct {
	*snapshot.Snapshot
	use     sync.RWMutex
	periods []panels.Period
	top     panels.Area
	feeds   map[string]bool // feeds that have rows
	// workDays is what comparisons need to know of the calendar
	workDays compare.WorkDays
	areas    *gazetteer
	// read once, since they are few and nearly every page needs some of them
	quality   quality
	targets   panels.Targets
	signals   panels.Signals
	cases     *compare.Counts
	indexed   map[[2]string]bool // levels, and kinds of period, that have indices
	recent    *panels.Recent     // nil of a narrower view, whose readers are few
	histories *panels.Histories
	// kept of the areas that pages were made of, by level, code and kind of period
	pasts   *lru.Cache[[3]string, *panels.History]
	indices *lru.Cache[[3]string, ask.History]
	reasons *lru.Cache[changeAnswered, why.Answer]
	pages   *lru.Cache[string, *cachedPage] // by address and language
	// threshold is the fewest cases or answers that its readers may see counted; 0: any
	threshold int
	// confined is the code of the subdistrict that its readers are confined to; "": none
	confined string
	making   singleflight.Group

	narrower audiences
	benches  benches
}

// New prepares a server; nothing is opened before Run or Refresh.
func New(config Config, warehouse snapshot.Warehouse, log *slog.Logger) (*Server, error) {
	s := &Server{config: config, warehouse: warehouse, log: log, desk: signals.NewDesk(warehouse.Dir)}
	var err error
	if s.catalogue, err = catalogue.Load(); err != nil {
		return nil, err
	}
	for _, code := range config.Headline {
		if _, ok := s.catalogue.ByCode(code); !ok {
			return nil, fmt.Errorf("server.headline: there is no indicator %q", code)
		}
	}
	if s.locales, err = locale.Load(); err != nil {
		return nil, err
	}
	if s.script, s.style, err = assets.Load(); err != nil {
		return nil, err
	}
	if s.workbenchScript, err = assets.Workbench(); err != nil {
		return nil, err
	}
	if s.templates, err = parseTemplates(s.locales); err != nil {
		return nil, err
	}
	if s.guard, err = access.NewGuard(config.Access, log); err != nil {
		return nil, err
	}
	if len(config.Worker) > 0 {
		s.pool = sandbox.NewPool(config.Worker, config.Query.limits(), log)
	}
	s.metrics = newMetrics(prometheus.NewRegistry())
	s.echo = s.routes()
	return s, nil
}

// Handler answers requests from the snapshot that was current at the last Refresh.
func (s *Server) Handler() http.Handler { return s.echo }

// Run serves on the address until the context ends, then lets requests finish.
// ready is told the address once requests are answered; it may be nil.
func (s *Server) Run(ctx context.Context, listen string, ready func(url string)) error {
	if err := s.guard.Listen(listen); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", listen, err)
	}
	if err := s.Refresh(ctx); err != nil && !errors.Is(err, snapshot.ErrNone) {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: s.echo, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go s.watch(watching)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if ready != nil {
		ready("http://" + listener.Addr().String() + "/")
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", listen, err)
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	err = server.Shutdown(finish)
	s.Close()
	return err
}

// Close ends the query workers and lets the snapshot go.
func (s *Server) Close() {
	s.swap(nil)
	if s.pool != nil {
		s.pool.Close()
	}
	if err := s.guard.Close(); err != nil {
		s.log.Warn("closing the audit log failed", "error", err)
	}
}

// watch looks for a newly published snapshot every second.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.forgetNotes()
			if err := s.Refresh(ctx); err != nil && !errors.Is(err, snapshot.ErrNone) {
				s.log.Error("the new snapshot cannot be opened; the old one stays", "error", err)
			}
		}
	}
}

// Refresh opens the published snapshot if it is not the one being served, warms it and switches to it.
func (s *Server) Refresh(ctx context.Context) error {
	name, err := s.warehouse.Current()
	if err != nil {
		return err
	}
	s.mu.RLock()
	same := s.current != nil && s.current.Name == name
	s.mu.RUnlock()
	if same {
		return nil
	}
	v, err := s.open(ctx, name)
	if err != nil {
		return err
	}
	if err := errors.Join(s.warm(ctx, v), s.welcome(ctx, v)); err != nil {
		return errors.Join(fmt.Errorf("warm snapshot %s%s: %w", name, v.outdated(), err), v.Close())
	}
	s.renew(ctx, v)
	s.swap(v)
	if s.pool != nil {
		s.pool.Warm(v.Path)
	}
	s.log.Info("serving", "snapshot", name)
	return nil
}

func (s *Server) open(ctx context.Context, name string) (*view, error) {
	opened, err := s.warehouse.Open(ctx, name, snapshot.Options{})
	if err != nil {
		return nil, err
	}
	v := &view{Snapshot: opened, feeds: map[string]bool{}}
	if v.pages, err = lru.New[string, *cachedPage](keptPages); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	if err := v.read(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open snapshot %s%s: %w", name, v.outdated(), err), opened.Close())
	}
	if v.recent, err = v.readRecent(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open snapshot %s%s: %w", name, v.outdated(), err), opened.Close())
	}
	return v, nil
}

// recentMonths is of how many months all areas' cases by day stay in memory: a year, and what its first month's page shows before it.
const recentMonths = 15

func (v *view) readRecent(ctx context.Context) (*panels.Recent, error) {
	asOf, err := v.AsOf()
	if err != nil {
		return nil, err
	}
	first := time.Date(asOf.Year(), asOf.Month()-recentMonths+1, 1, 0, 0, 0, 0, time.UTC)
	return panels.ReadRecent(ctx, v.DB, first, time.Date(asOf.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)) // to the end of the longest period under way
}

// outdated says what to do about a snapshot with tables of another version, of which some page could not be made.
func (v *view) outdated() string {
	if v.Info["schema"] == schema.Version() {
		return ""
	}
	return fmt.Sprintf(", which jiceng %s made with other tables (run \"jiceng etl\", which makes a new one of the same data)", v.Info["version"])
}

// read finds out what the snapshot has.
func (v *view) read(ctx context.Context) (err error) {
	if v.periods, err = panels.Periods(ctx, v.DB); err != nil {
		return err
	}
	if v.areas, err = readGazetteer(ctx, v); err != nil {
		return err
	}
	if v.top, err = v.areas.find("district", v.Info["district_code"]); err != nil {
		return err
	}
	kept := keptPasts
	if v.confined != "" {
		kept = keptPastsOfOne
	}
	if v.pasts, err = lru.New[[3]string, *panels.History](kept); err != nil {
		return err
	}
	if v.reasons, err = lru.New[changeAnswered, why.Answer](keptReasons); err != nil {
		return err
	}
	if v.histories, err = panels.PrepareHistories(ctx, v.DB); err != nil {
		return err
	}
	if v.indices, err = lru.New[[3]string, ask.History](kept); err != nil {
		return err
	}
	if v.workDays, err = compare.ReadWorkDays(ctx, v.DB); err != nil {
		return err
	}
	if v.cases, err = compare.ReadCounts(ctx, v.DB); err != nil {
		return err
	}
	if v.targets, err = panels.ReadTargets(ctx, v.DB); err != nil {
		return err
	}
	if v.signals, err = panels.ReadSignals(ctx, v.DB); err != nil {
		return err
	}
	levels, err := ask.Levels(ctx, v.DB)
	if err != nil {
		return err
	}
	v.indexed = map[[2]string]bool{}
	for _, level := range levels {
		v.indexed[level] = true
	}
	v.quality, err = readQuality(ctx, v.DB)
	for _, f := range v.quality.feeds {
		v.feeds[f.Name] = true
	}
	return err
}

// swap switches to another view and closes the old one when its last request is done.
func (s *Server) swap(v *view) {
	s.mu.Lock()
	old := s.current
	s.current = v
	s.mu.Unlock()
	if old == nil {
		return
	}
	go func() {
		old.use.Lock()
		if err := old.Close(); err != nil {
			s.log.Warn("closing a snapshot failed", "snapshot", old.Name, "error", err)
		}
	}()
}

// hold returns the view of the current snapshot that a request may see, kept
// open until release is called; nil if there is none. A narrower view is kept
// open with the whole one, which admit holds while the request lasts.
func (s *Server) hold(c echo.Context) (v *view, release func()) {
	if narrow, ok := c.Get(viewKey).(*view); ok {
		return narrow, func() {}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.current == nil {
		return nil, func() {}
	}
	s.current.use.RLock()
	return s.current, s.current.use.RUnlock
}
