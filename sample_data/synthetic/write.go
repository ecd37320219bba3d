package synthetic

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// writeAreas writes the feeds that do not grow with the number of cases.
func (g *generator) writeAreas(ctx context.Context) error {
	for _, feed := range []string{"grids", "staff", "training", "activities", "interventions", "appraisals", "calendar", "targets"} {
		sheet, err := g.newSheet(feed+".csv", false)
		if err != nil {
			return err
		}
		if feed == "staff" {
			sheet.title("示例区基层工作力量花名册（截至2026年10月31日）,,,,,,,,,\n")
		}
		err = g.appendTo(ctx, sheet, "export_"+feed)
		if err := errors.Join(err, sheet.close()); err != nil {
			return err
		}
	}
	text, err := g.geoJSON(ctx)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(g.dir, "data", "boundaries.geojson"), text, 0o644)
}

// geoJSON draws the areas under the codes and names that the database gave them.
func (g *generator) geoJSON(ctx context.Context) ([]byte, error) {
	rows, err := g.conn.QueryContext(ctx, `select subdistrict_code, subdistrict_name, community_code, community_name,
		grid_code, grid_name, coalesce(grid_code_2, ''), coalesce(grid_name_2, '') from place order by cell`)
	if err != nil {
		return nil, fmt.Errorf("read the areas' names: %w", err)
	}
	defer rows.Close()
	var names [][8]string
	for rows.Next() {
		var n [8]string
		if err := rows.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7]); err != nil {
			return nil, fmt.Errorf("read the areas' names: %w", err)
		}
		names = append(names, n)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the areas' names: %w", err)
	}
	return g.shape.geoJSON(func(level string, c cell, second bool) (code, name string) {
		n := names[c.Cell]
		switch {
		case level == "district":
			return "990100", "示例区"
		case level == "subdistrict":
			return n[0], n[1]
		case level == "community":
			return n[2], n[3]
		case second:
			return n[6], n[7]
		}
		return n[4], n[5]
	})
}

// writeMonths generates the cases month by month, which bounds memory, and
// appends cases, surveys and logs to one file a year each.
func (g *generator) writeMonths(ctx context.Context) error {
	var year yearSheets
	defer func() { year.close() }()
	eventsFrom := g.first
	if g.opt.EventMonths > 0 {
		eventsFrom = LastDay.AddDate(0, 0, 1).AddDate(0, -g.opt.EventMonths, 0)
	}
	if err := g.run(ctx, "09_truth"); err != nil {
		return err
	}
	for from := g.first; !from.After(LastDay); {
		next := time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		if err := g.makeMonth(ctx, from, next.AddDate(0, 0, -1)); err != nil {
			return fmt.Errorf("month %s: %w", from.Format("2006-01"), err)
		}
		if err := year.turn(g, from.Year()); err != nil {
			return err
		}
		err := errors.Join(g.appendTo(ctx, year.cases, "export_cases"), g.appendTo(ctx, year.surveys, "export_surveys"))
		if err == nil && !from.Before(eventsFrom) {
			err = year.appendEvents(ctx, g)
		}
		if err != nil {
			return fmt.Errorf("month %s: %w", from.Format("2006-01"), err)
		}
		if err := g.report(ctx, next); err != nil {
			return err
		}
		from = next
	}
	return year.close()
}

// makeMonth fills case_month, survey_month and case_export for one month.
func (g *generator) makeMonth(ctx context.Context, from, to time.Time) error {
	for statement, day := range map[string]time.Time{"set variable month_from = ?::date": from, "set variable month_to = ?::date": to} {
		if _, err := g.conn.ExecContext(ctx, statement, day.Format(time.DateOnly)); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return g.run(ctx, "10_case_month", "11_events", "12_surveys", "41_month_exports", "42_month_truth")
}

// report tells the caller how many cases lie before day.
func (g *generator) report(ctx context.Context, day time.Time) error {
	if g.opt.Progress == nil {
		return nil
	}
	var done int64
	row := g.conn.QueryRowContext(ctx, "select coalesce(sum(cases), 0)::bigint from report_day where date < ?::date", day.Format(time.DateOnly))
	if err := row.Scan(&done); err != nil {
		return fmt.Errorf("count the cases written: %w", err)
	}
	g.opt.Progress(done, g.opt.Cases)
	return nil
}

// yearSheets are the open files of one year.
type yearSheets struct {
	year                   int
	cases, surveys, events *sheet
}

// turn opens the files of a new year and closes those of the last.
func (y *yearSheets) turn(g *generator, year int) error {
	if y.year == year {
		return nil
	}
	if err := y.close(); err != nil {
		return err
	}
	y.year = year
	var err, err2 error
	y.cases, err = g.newSheet(fmt.Sprintf("cases_%d.csv", year), false)
	y.surveys, err2 = g.newSheet(fmt.Sprintf("satisfaction_%d.csv", year), true)
	return errors.Join(err, err2)
}

func (y *yearSheets) appendEvents(ctx context.Context, g *generator) error {
	if y.events == nil {
		var err error
		if y.events, err = g.newSheet(fmt.Sprintf("case_events_%d.csv", y.year), false); err != nil {
			return err
		}
	}
	return g.appendTo(ctx, y.events, "export_events")
}

func (y *yearSheets) close() error {
	var errs []error
	for _, s := range []*sheet{y.cases, y.surveys, y.events} {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	*y = yearSheets{}
	return errors.Join(errs...)
}

// sheet is one CSV file being written in pieces.
type sheet struct {
	file  *os.File
	text  io.Writer // encodes, if the file is not UTF-8
	out   *bufio.Writer
	begun bool // the header is written
	err   error
}

// newSheet creates a file in the data folder, in GB18030 if asked, else in UTF-8.
func (g *generator) newSheet(name string, gb18030 bool) (*sheet, error) {
	file, err := os.Create(filepath.Join(g.dir, "data", name))
	if err != nil {
		return nil, fmt.Errorf("create the sample's file: %w", err)
	}
	s := &sheet{file: file, out: bufio.NewWriterSize(file, 1<<20)}
	s.text = s.out
	if gb18030 {
		s.text = transform.NewWriter(s.out, simplifiedchinese.GB18030.NewEncoder())
	}
	return s, nil
}

// title writes a line above the header.
func (s *sheet) title(line string) {
	_, s.err = io.WriteString(s.text, line)
}

func (s *sheet) close() error {
	if closer, ok := s.text.(io.Closer); ok {
		s.err = errors.Join(s.err, closer.Close())
	}
	return errors.Join(s.err, s.out.Flush(), s.file.Close())
}

// appendTo exports a view to CSV and appends it to the sheet, with a header if it is the first piece.
func (g *generator) appendTo(ctx context.Context, s *sheet, view string) error {
	piece := filepath.Join(g.temp, "piece.csv")
	if _, err := g.conn.ExecContext(ctx, "set variable piece = ?", piece); err != nil {
		return fmt.Errorf("export %s: %w", view, err)
	}
	statement := fmt.Sprintf("copy (from %s) to (getvariable('piece')) (format csv, header %t)", view, !s.begun)
	if _, err := g.conn.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("export %s: %w", view, err)
	}
	s.begun = true
	text, err := os.Open(piece)
	if err != nil {
		return fmt.Errorf("export %s: %w", view, err)
	}
	defer text.Close()
	if _, err := io.Copy(s.text, text); err != nil {
		return fmt.Errorf("export %s: %w", view, err)
	}
	return nil
}
