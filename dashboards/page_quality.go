package dashboards

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jiceng/jiceng/dashboards/charts"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// qualityPage says whether last night's data can be trusted.
type qualityPage struct {
	Runs    []runRow
	Failed  []runRow   // since the last published one
	Last    panels.Run // the last published one
	Feeds   []feedRow
	Rejects []rejectRow
	Checks  []checkRow
	Rows    charts.Chart
}

// passing: a run that fails changes the page while the snapshot stays.
func (*qualityPage) passing() {}

type feedRow struct {
	Feed, Department, First, Last, Loaded string
	Rows                                  int64
}

type rejectRow struct {
	Feed, Rule, Reason, Place string
	Rows                      int64
}

type checkRow struct {
	Code, Feed, Reason string
	Severity           string
	Failed, Checked    int64
}

// quality is what a snapshot says of its own data; read once, since its page is made each time.
type quality struct {
	feeds   []panels.Feed // how each department's feed stands
	runs    []panels.Run
	checks  []panels.Check
	rejects []panels.RejectRule
}

func readQuality(ctx context.Context, db *sql.DB) (q quality, err error) {
	if q.feeds, err = panels.Feeds(ctx, db); err != nil {
		return q, err
	}
	if q.runs, err = panels.Runs(ctx, db); err != nil {
		return q, err
	}
	if q.checks, err = panels.Checks(ctx, db); err != nil {
		return q, err
	}
	q.rejects, err = panels.RejectRules(ctx, db)
	return q, err
}

func (s *Server) dataQuality(f *frame) (content, error) {
	p := &qualityPage{}
	var err error
	if p.Runs, err = s.runRows(f); err != nil {
		return content{}, err
	}
	p.Failed = unpublished(p.Runs)
	if i := slices.IndexFunc(p.Runs, func(r runRow) bool { return r.Outcome == snapshot.Published }); i >= 0 {
		p.Last = p.Runs[i].Run
	}
	for _, feed := range f.view.quality.feeds {
		row := feedRow{Feed: f.T("feed_" + feed.Name), Department: feed.Department, Rows: feed.Rows, First: date(feed.FirstEvent), Last: date(feed.LastEvent)}
		if feed.LastLoaded.Valid {
			row.Loaded = feed.LastLoaded.Time.Format(time.DateTime)
		}
		p.Feeds = append(p.Feeds, row)
	}
	for _, r := range f.view.quality.rejects {
		row := rejectRow{Feed: f.T("feed_" + r.Feed), Rule: r.Rule, Reason: pickLang(f.Lang, r.Zh, r.En), Rows: r.Rows}
		if r.Line.Valid {
			row.Place = fmt.Sprintf("%s:%d", r.File(), r.Line.Int64)
		}
		p.Rejects = append(p.Rejects, row)
	}
	for _, c := range f.view.quality.checks {
		p.Checks = append(p.Checks, checkRow{c.Code, f.T("feed_" + c.Feed), pickLang(f.Lang, c.Zh, c.En), f.T("severity_" + c.Severity), c.Failed, c.Checked})
	}
	if p.Rows, err = f.whereRowsEnded(p.Last); err != nil {
		return content{}, err
	}
	return content{"data_quality", f.T("dataQuality"), p}, nil
}

func (f *frame) whereRowsEnded(r panels.Run) (charts.Chart, error) {
	bars := []charts.Bar{{Name: f.T("read"), Value: float64(r.Read)}, {Name: f.T("loaded"), Value: float64(r.Loaded)}, {Name: f.T("superseded"), Value: float64(r.Superseded)},
		{Name: f.T("duplicate"), Value: float64(r.Duplicate)}, {Name: f.T("rejected"), Value: float64(r.Rejected)}}
	options, err := charts.Bars(f.T("rows"), "", bars)
	return charts.Chart{ID: "rows", Class: "jc-chart-short", Label: f.T("rowsLabel"), Options: options}, err
}

func pickLang(lang, zh, en string) string {
	if lang == "en" {
		return en
	}
	return zh
}
