package dashboards

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"

	"github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/queries/disclosure"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// audiences are the narrower views of one snapshot, opened when the first of
// their readers comes. Each has its own database and its own finished pages, so
// that a page made for one reader is never shown to another who may see less.
type audiences struct {
	mu     sync.Mutex
	open   map[disclosure.Audience]*view
	houses map[int]*disclosure.House // by threshold; its readers share what is suppressed
}

const viewKey = "view"

// audienceOf says which numbers are kept from somebody.
func (s *Server) audienceOf(who access.Principal) disclosure.Audience {
	a := disclosure.Audience{Subdistrict: who.Subdistrict}
	if !who.Role.May(access.Researcher) {
		a.Threshold = s.guard.Threshold()
	}
	return a
}

// admit gives a request the view of the snapshot that its sender may see.
func (s *Server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		audience := s.audienceOf(access.Who(c))
		if access.Who(c).Name == "" || audience.All() {
			return next(c)
		}
		whole, release := s.hold(c)
		defer release()
		if whole == nil {
			return next(c)
		}
		v, err := s.narrow(c.Request().Context(), whole, audience)
		if err != nil {
			return echo.NewHTTPError(http.StatusInternalServerError).SetInternal(err)
		}
		c.Set(viewKey, v)
		return next(c)
	}
}

// narrow returns the view of an audience, opening it if need be.
func (s *Server) narrow(ctx context.Context, whole *view, audience disclosure.Audience) (*view, error) {
	whole.narrower.mu.Lock()
	defer whole.narrower.mu.Unlock()
	if v, ok := whole.narrower.open[audience]; ok {
		return v, nil
	}
	ctx = context.WithoutCancel(ctx) // the next reader needs it too
	house, err := whole.narrower.house(ctx, whole.Path, audience.Threshold)
	if err != nil {
		return nil, fmt.Errorf("open snapshot %s for readers who see no count below %d: %w", whole.Name, audience.Threshold, err)
	}
	db := house.For(audience.Subdistrict)
	v := &view{Snapshot: &snapshot.Snapshot{Name: whole.Name, Path: whole.Path, DB: db, Info: whole.Info}, feeds: map[string]bool{}, threshold: audience.Threshold, confined: audience.Subdistrict}
	if v.pages, err = lru.New[string, *cachedPage](keptPages); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := v.read(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if whole.narrower.open == nil {
		whole.narrower.open = map[disclosure.Audience]*view{}
	}
	whole.narrower.open[audience] = v
	return v, nil
}

// all are the views that are open.
func (a *audiences) all() map[disclosure.Audience]*view {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.open)
}

// house is the snapshot prepared for a threshold; the lock is held.
func (a *audiences) house(ctx context.Context, path string, threshold int) (*disclosure.House, error) {
	if h, ok := a.houses[threshold]; ok {
		return h, nil
	}
	h, err := disclosure.Prepare(ctx, path, threshold, 0)
	if err != nil {
		return nil, err
	}
	if a.houses == nil {
		a.houses = map[int]*disclosure.House{}
	}
	a.houses[threshold] = h
	return h, nil
}

// welcome opens a snapshot for all users before it is served, since finding out what
// is suppressed takes seconds, and makes the first pages of those who see all areas.
func (s *Server) welcome(ctx context.Context, whole *view) error {
	for _, who := range s.guard.Principals() {
		audience := s.audienceOf(who)
		if audience.All() {
			continue
		}
		v, err := s.narrow(ctx, whole, audience)
		if err != nil {
			return err
		}
		if audience.Subdistrict != "" || v.pages.Len() > 0 {
			continue
		}
		if err := s.warm(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// forget drops the finished pages of a view and of the narrower ones.
func (v *view) forget() {
	v.pages.Purge()
	v.narrower.mu.Lock()
	defer v.narrower.mu.Unlock()
	for _, n := range v.narrower.open {
		n.pages.Purge()
	}
}

// close closes the narrower views.
func (a *audiences) close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all error
	for _, v := range a.open {
		all = errors.Join(all, v.Snapshot.Close())
	}
	a.open = nil
	for _, h := range a.houses {
		all = errors.Join(all, h.Close())
	}
	a.houses = nil
	return all
}

// Close closes the snapshot and the narrower views of it.
func (v *view) Close() error { return errors.Join(v.narrower.close(), v.Snapshot.Close()) }
