package dashboards

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/locale"
	"github.com/jiceng/jiceng/queries/panels"
)

// errNotFound says that an address asks for something there is not.
var errNotFound = errors.New("not found")

// frame is one request for a page: what its address asks for, and the snapshot
// it is answered from.
type frame struct {
	*locale.Locale
	Path    string
	Query   url.Values // the address's parameters, the language among them
	Period  panels.Period
	Params  func(name string) string // parts of the path, such as :code
	view    *view
	ctx     context.Context
	periods []panels.Period
}

// readFrame reads an address. What is not given has a sensible default: Chinese, the last complete month.
func (s *Server) readFrame(c echo.Context, v *view) (*frame, error) {
	f := &frame{Path: c.Request().URL.Path, Query: c.QueryParams(), Params: c.Param, view: v, ctx: c.Request().Context()}
	f.Locale = s.locales[f.one("lang", locale.Langs()...)]
	if v == nil {
		return f, nil
	}
	f.periods = v.periods
	wanted := f.Query.Get("period")
	for _, p := range v.periods {
		if p.Name == wanted {
			f.Period = p
			return f, nil
		}
	}
	if wanted != "" {
		return f, fmt.Errorf("%w: %s: %s", errNotFound, f.T("badPeriod"), wanted)
	}
	f.Period = v.latest()
	return f, nil
}

// latest is the last month that is complete, or failing that the last month.
func (v *view) latest() panels.Period {
	var last panels.Period
	for _, p := range v.periods {
		if p.Kind == "month" && p.Complete {
			return p
		}
		if p.Kind == "month" && last.Name == "" {
			last = p
		}
	}
	return last
}

// one returns a parameter if it is one of the allowed values, else the first of them.
func (f *frame) one(name string, allowed ...string) string {
	if value := f.Query.Get(name); slices.Contains(allowed, value) {
		return value
	}
	return allowed[0]
}

// Href is an address on this server that keeps the language and the period, with
// parameters as pairs of name and value; an empty value leaves the parameter out.
func (f *frame) Href(path string, pairs ...string) string {
	q := url.Values{}
	if f.Lang != locale.Langs()[0] {
		q.Set("lang", f.Lang)
	}
	if period := f.Query.Get("period"); period != "" {
		q.Set("period", period)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// With is this page's own address with some parameters changed.
func (f *frame) With(pairs ...string) string {
	q := url.Values{}
	for name, values := range f.Query {
		q[name] = slices.Clone(values)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	if len(q) == 0 {
		return f.Path
	}
	return f.Path + "?" + q.Encode()
}

// key names the answer among those kept in memory.
func (f *frame) key() string {
	q := maps.Clone(f.Query)
	q.Del("lang")
	if f.Path == "/workbench" { // its script reads the question; the page is the same for all
		q.Del("sql")
		q.Del("snapshot")
	}
	return f.Lang + " " + f.Path + "?" + q.Encode()
}

// list writes names one after the other.
func (f *frame) list(names []string) string { return strings.Join(names, f.T("listComma")) }

// AreaHref is the address of an area's page.
func (f *frame) AreaHref(level, code string, pairs ...string) string {
	if level == "district" {
		return f.Href("/", pairs...)
	}
	return f.Href("/area/"+level+"/"+url.PathEscape(code), pairs...)
}

// Level is what a geo level is called in this place.
func (f *frame) Level(level string) string { return f.view.Info["level_"+level+"_"+f.Lang] }

// Place is the district's name.
func (f *frame) Place() string {
	if f.Lang == "en" && f.view.Info["district_name_en"] != "" {
		return f.view.Info["district_name_en"]
	}
	return f.view.Info["district_name"]
}

// AreaName is an area's name in the page's language, where there is one.
func (f *frame) AreaName(a panels.Area) string {
	if a.Level == "district" {
		return f.Place()
	}
	return a.Name
}

// below is the geo level right below one, "" below a grid.
func below(level string) string {
	return map[string]string{"district": "subdistrict", "subdistrict": "community", "community": "grid"}[level]
}

// before returns the period before one of the same kind, and the same period a year earlier.
func before(p panels.Period) (previous, yearAgo string) {
	year, err := strconv.Atoi(p.Name[:4])
	if err != nil {
		return "", ""
	}
	switch p.Kind {
	case "month":
		month, err := time.Parse("2006-01", p.Name)
		if err != nil {
			return "", ""
		}
		return month.AddDate(0, -1, 0).Format("2006-01"), month.AddDate(-1, 0, 0).Format("2006-01")
	case "quarter":
		quarter := strings.TrimPrefix(p.Name[4:], "-Q")
		yearAgo = fmt.Sprintf("%d-Q%s", year-1, quarter)
		if quarter == "1" {
			return fmt.Sprintf("%d-Q4", year-1), yearAgo
		}
		return fmt.Sprintf("%d-Q%c", year, quarter[0]-1), yearAgo
	default:
		return strconv.Itoa(year - 1), strconv.Itoa(year - 1)
	}
}

// span is the first day of a period and the first day after it.
func span(p panels.Period) (first, end time.Time, err error) {
	switch p.Kind {
	case "month":
		first, err = time.Parse("2006-01", p.Name)
		return first, first.AddDate(0, 1, 0), err
	case "quarter":
		var year, quarter int
		if _, err = fmt.Sscanf(p.Name, "%d-Q%d", &year, &quarter); err != nil {
			return first, end, fmt.Errorf("period %s: %w", p.Name, err)
		}
		first = time.Date(year, time.Month(3*quarter-2), 1, 0, 0, 0, 0, time.UTC)
		return first, first.AddDate(0, 3, 0), nil
	default:
		first, err = time.Parse("2006", p.Name)
		return first, first.AddDate(1, 0, 0), err
	}
}
