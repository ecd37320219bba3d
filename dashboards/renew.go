package dashboards

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"
)

// renewFor is how long pages are made from a new snapshot before it is served. What people
// look at is then answered from memory at once; the old snapshot is served meanwhile.
const renewFor = time.Minute

// renew makes the pages of the present snapshot that were asked for more than once again from the next
// one, those asked for most often first, for each audience, until renewFor has passed. What cannot be
// made, such as a page of an area that is no more, is left to who asks for it.
func (s *Server) renew(ctx context.Context, next *view) {
	s.mu.RLock()
	old := s.current
	s.mu.RUnlock()
	if old == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, renewFor)
	defer cancel()
	made := s.renewView(ctx, old, next)
	for audience, narrow := range next.narrower.all() {
		if before, ok := old.narrower.all()[audience]; ok {
			made += s.renewView(ctx, before, narrow)
		}
	}
	s.log.Debug("pages made from the next snapshot", "snapshot", next.Name, "pages", made, "in_time", ctx.Err() == nil)
}

func (s *Server) renewView(ctx context.Context, old, next *view) (made int) {
	for _, key := range old.popular() {
		if ctx.Err() != nil {
			return made
		}
		before, ok := old.pages.Peek(key)
		if !ok || next.pages.Contains(key) {
			continue
		}
		if err := s.renewPage(ctx, before.uri, next); err != nil {
			s.log.Debug("a page was not made from the next snapshot", "snapshot", next.Name, "address", before.uri, "error", err)
			continue
		}
		if page, ok := next.pages.Peek(key); ok {
			page.asked.Store(before.asked.Load() / 2) // interest fades
			made++
		}
	}
	return made
}

// renewPage makes one page. A page that panics fails alone, as it does when somebody asks for it.
func (s *Server) renewPage(ctx context.Context, uri string, next *view) (err error) {
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("panic: %v", what)
		}
	}()
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	request.Header.Set("Accept-Encoding", "gzip")
	c := s.echo.NewContext(request, httptest.NewRecorder())
	s.echo.Router().Find(http.MethodGet, request.URL.Path, c)
	c.Set(viewKey, next)
	return c.Handler()(c)
}

// popular are the keys of the pages that were asked for more than once, most often first.
func (v *view) popular() []string {
	asked := map[string]int64{}
	for _, key := range v.pages.Keys() {
		if p, ok := v.pages.Peek(key); ok && p.uri != "" && p.asked.Load() > 1 {
			asked[key] = p.asked.Load()
		}
	}
	keys := make([]string, 0, len(asked))
	for key := range asked {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return int(asked[b] - asked[a]) })
	return keys
}
