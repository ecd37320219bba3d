package dashboards

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/queries/panels"
)

// tableFunc makes the data behind a page as one table.
type tableFunc func(f *frame) (table, error)

// tables are the data twins of the pages: /api/v1/<name>[.json|.csv|.xlsx|.parquet].
func (s *Server) tables() map[string]tableFunc {
	return map[string]tableFunc{
		"indicators":        s.indicatorTable,
		"empowerment":       s.empowermentTable,
		"values":            s.valueTable,
		"areas":             s.areaTable,
		"averages":          s.averageTable,
		"indices":           s.indexTable,
		"index-lab":         s.indexLabTable,
		"index-sensitivity": s.sensitivityTable,
		"runs":              s.runTable,
		"feeds":             s.feedTable,
		"checks":            s.checkTable,
		"rejects":           s.rejectTable,
		"series":            s.seriesTable,
		"daily":             s.dailyTable,
		"categories":        s.categoryTable,
		"why":               s.whyTable,
		"signals":           s.signalTable,
		"signal-chart":      s.signalChartTable,
		"practices":         s.practiceTable,
		"practice-points":   s.practicePointTable,

		"frontier":          s.frontierTable,
		"frontier-parts":    s.frontierPartTable,
		"frontier-peers":    s.frontierPeerTable,
		"frontier-changes":  s.frontierChangeTable,
		"frontier-left-out": s.frontierLeftOutTable,

		"durations":  s.durationTable,
		"backlog":    s.backlogTable,
		"ways":       s.wayTable,
		"escalation": s.escalationTable,
		"hours":      s.hourTable,
		"days":       s.dayTable,

		"surveys":       s.surveyTable,
		"survey-funnel": s.funnelTable,
	}
}

// table answers with a table in a format; without one in the address, ?format= decides, and JSON is the default.
func (s *Server) table(make tableFunc, format string) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, release := s.hold(c)
		defer release()
		if v == nil {
			return echo.NewHTTPError(http.StatusServiceUnavailable, "no snapshot is published yet: run \"jiceng etl\" first")
		}
		f, err := s.readFrame(c, v)
		if err != nil {
			return err
		}
		if format == "" {
			format = f.one("format", formats()...)
		}
		finished, err := v.remember(format+" "+f.key(), func() (*cachedPage, error) {
			t, err := make(f)
			if err != nil {
				return nil, err
			}
			page, err := t.page(f)
			if err != nil {
				return nil, err
			}
			body, err := page.encode(format, v.Name)
			if err != nil {
				return nil, err
			}
			finished, err := newCached(body)
			if err == nil {
				finished.passing = t.passing
			}
			return finished, err
		})
		if err != nil {
			return err
		}
		if who := access.Who(c); format != "json" || who.Via == "token" {
			s.guard.Audit.Write(c.Request().Context(), "export", who, "snapshot", v.Name, "address", clip(c.Request().URL.RequestURI()), "format", format, "bytes", finished.bytes)
		}
		if format != "json" {
			c.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", download(f.Path, v.Name, format)))
		}
		return sendCached(c, mediaType(format), finished)
	}
}

// formats are what a table can be had in; the first is the default.
func formats() []string { return []string{"json", "csv", "xlsx", "parquet"} }

// download names a file after what it holds and the snapshot it is from.
func download(path, snapshot, format string) string {
	name := strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], "."+format)
	return "jiceng-" + name + "-" + snapshot + "." + format
}

func (s *Server) indicatorTable(*frame) (table, error) {
	out := table{columns: []string{"code", "name_zh", "name_en", "family", "dimension", "direction", "kind", "unit", "target", "feeds", "definition_zh", "definition_en", "source_zh", "source_en"}}
	for _, ind := range s.catalogue {
		var target any
		if ind.Target != nil {
			target = *ind.Target
		}
		out.rows = append(out.rows, []any{ind.Code, ind.Name.Zh, ind.Name.En, ind.Family, ind.Dimension, ind.Direction, string(ind.Kind), ind.Unit, target,
			strings.Join(ind.Feeds, " "), ind.Definition.Zh, ind.Definition.En, ind.Source.Zh, ind.Source.En})
	}
	return out, nil
}

func (s *Server) valueTable(f *frame) (table, error) {
	indicator := f.Query.Get("indicator")
	if indicator != "" {
		if _, ok := s.catalogue.ByCode(indicator); !ok {
			return table{}, fmt.Errorf("%w: there is no indicator %q", errNotFound, indicator)
		}
	}
	period := f.Query.Get("period")
	if indicator == "" && period == "" {
		period = f.Period.Name // everything at once would be too much to ask for by accident
	}
	level := f.one("level", "district", "subdistrict", "community", "grid")
	above, err := f.belonging()
	if err != nil {
		return table{}, err
	}
	numbers, err := panels.Numbers(f.ctx, f.view.DB, indicator, level, f.Query.Get("area"), period, above)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"indicator", "geo_level", "geo_code", "name", "period", "numerator", "denominator", "value", "n", "low", "high", "flag"}}
	for _, n := range numbers {
		v := n.Value
		out.rows = append(out.rows, []any{v.Indicator, n.Level, n.Code, n.Name, n.Period, null(v.Numerator), null(v.Denominator), null(v.Value), counted(v), null(v.Low), null(v.High), v.Flag})
	}
	return out, nil
}

// belonging is the area to which those of a table belong, as ?above=level:code names it; none where the address names none.
func (f *frame) belonging() (panels.Area, error) {
	text := f.Query.Get("above")
	if text == "" {
		return panels.Area{}, nil
	}
	level, code, both := strings.Cut(text, ":")
	if !both {
		return panels.Area{}, fmt.Errorf("%w: above is %q and should be a level and a code, such as subdistrict:S1", errNotFound, text)
	}
	return f.view.areas.find(level, code)
}

func (s *Server) areaTable(f *frame) (table, error) {
	areas, err := panels.Areas(f.ctx, f.view.DB, f.Query.Get("level"))
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"geo_level", "geo_code", "name", "parent_level", "parent_code", "population", "households", "area_km2", "grids"}}
	for _, a := range areas {
		out.rows = append(out.rows, []any{a.Level, a.Code, a.Name, a.ParentLevel, a.ParentCode, whole(a.Population), whole(a.Households), null(a.AreaKm2), whole(a.Grids)})
	}
	return out, nil
}

// averageTable is the averages of a level, without names: for readers who are confined to a
// subdistrict, what they may know of the others.
func (s *Server) averageTable(f *frame) (table, error) {
	averages, err := panels.Averages(f.ctx, f.view.DB, f.one("level", "subdistrict", "community", "grid"), f.Period.Name, f.Query.Get("indicator"), f.view.confined != "")
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"indicator", "geo_level", "period", "areas", "mean_value", "median_value"}}
	for _, a := range averages {
		out.rows = append(out.rows, []any{a.Indicator, a.Level, a.Period, a.Areas, a.Mean, a.Median})
	}
	return out, nil
}

// indexTable is the scores and ranks of the indices.
func (s *Server) indexTable(f *frame) (table, error) {
	above, err := f.belonging()
	if err != nil {
		return table{}, err
	}
	scores, err := panels.IndexScores(f.ctx, f.view.DB, f.Query.Get("index"), f.one("level", "subdistrict", "district", "community", "grid"), f.Period.Name, above)
	if err != nil {
		return table{}, err
	}
	out := table{columns: []string{"index", "geo_level", "geo_code", "name", "period", "score", "score_low", "score_high", "rank", "ranked", "rank_low", "rank_high", "grade", "coverage", "flag"}}
	for _, x := range scores {
		out.rows = append(out.rows, []any{x.Index, x.Level, x.Code, x.Name, x.Period, null(x.Score), null(x.Low), null(x.High), whole(x.Rank), whole(x.Ranked), whole(x.RankLow), whole(x.RankHigh),
			x.Grade, null(x.Coverage), x.Flag})
	}
	return out, nil
}

func (s *Server) feedTable(f *frame) (table, error) {
	out := table{columns: []string{"feed", "department", "rows", "first_event", "last_event", "last_loaded_at"}}
	for _, x := range f.view.quality.feeds {
		out.rows = append(out.rows, []any{x.Name, x.Department, x.Rows, moment(x.FirstEvent), moment(x.LastEvent), moment(x.LastLoaded)})
	}
	return out, nil
}

func (s *Server) checkTable(f *frame) (table, error) {
	out := table{columns: []string{"code", "severity", "feed", "message_zh", "message_en", "rows_failed", "rows_checked"}}
	for _, x := range f.view.quality.checks {
		out.rows = append(out.rows, []any{x.Code, x.Severity, x.Feed, x.Zh, x.En, x.Failed, x.Checked})
	}
	return out, nil
}

func (s *Server) rejectTable(f *frame) (table, error) {
	out := table{columns: []string{"feed", "rule", "reason_zh", "reason_en", "rows", "sample_file", "sample_line", "sample_column"}}
	for _, x := range f.view.quality.rejects {
		var file, column any
		if x.Path.Valid {
			file = x.File()
		}
		if x.Column.Valid {
			column = x.Column.String
		}
		out.rows = append(out.rows, []any{x.Feed, x.Rule, x.Zh, x.En, x.Rows, file, whole(x.Line), column})
	}
	return out, nil
}

// counted is how many cases stand behind a value, unless that is not shown.
func counted(v panels.Value) any {
	if strings.Contains(v.Flag, "suppressed") {
		return nil
	}
	return v.N
}

// boundaryData answers with the polygons of all areas of a level below one, as GeoJSON.
func (s *Server) boundaryData(c echo.Context) error {
	v, release := s.hold(c)
	defer release()
	if v == nil {
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
	level, code, ok := strings.Cut(c.QueryParam("above"), ":")
	if !ok {
		level, code = v.top.Level, v.top.Code
	}
	finished, err := v.remember("map "+c.Param("level")+" "+level+":"+code, func() (*cachedPage, error) {
		boundaries, err := panels.Boundaries(c.Request().Context(), v.DB, c.Param("level"), panels.Area{Level: level, Code: code})
		if err != nil {
			return nil, err
		}
		text, err := featureCollection(boundaries)
		if err != nil {
			return nil, err
		}
		return newCached(text)
	})
	if err != nil {
		return err
	}
	return sendCached(c, "application/geo+json", finished)
}

func featureCollection(boundaries []panels.Boundary) ([]byte, error) {
	type feature struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Geometry   json.RawMessage   `json:"geometry"`
	}
	features := make([]feature, 0, len(boundaries))
	var wrong []error
	for _, b := range boundaries {
		if !json.Valid([]byte(b.Geometry)) {
			wrong = append(wrong, fmt.Errorf("the boundary of %s is not JSON", b.Code))
			continue
		}
		features = append(features, feature{"Feature", map[string]string{"code": b.Code, "name": b.Name}, json.RawMessage(b.Geometry)})
	}
	if len(features) == 0 && len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
}
