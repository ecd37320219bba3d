package etl

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// What the configuration may say about working days where no source gives the calendar feed.
const (
	calendarChina    = "china"    // China's public holidays and make-up workdays
	calendarWeekdays = "weekdays" // Monday to Friday
)

// defaultCalendar is China's in China's time zone, else Monday to Friday.
func defaultCalendar(zone string) string {
	if slices.Contains([]string{"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "Asia/Kashgar", "PRC"}, zone) {
		return calendarChina
	}
	return calendarWeekdays
}

// fillCalendar writes the built-in days where no source gives the calendar
// feed. Its rows belong to no load.
func (r *run) fillCalendar(ctx context.Context) error {
	if err := r.exec(ctx, "delete from calendar where load_id is null"); err != nil {
		return err
	}
	given := slices.ContainsFunc(r.cfg.Sources, func(s Source) bool { return s.Feed == "calendar" })
	if given || r.cfg.Calendar != calendarChina || len(r.opt.Calendar) == 0 {
		return nil
	}
	rel := &relation{text: &textFile{}}
	if err := r.copyTo(rel, func(to io.Writer) error {
		_, err := to.Write(r.opt.Calendar)
		return err
	}); err != nil {
		return fmt.Errorf("built-in calendar: %w", err)
	}
	defer rel.close()
	return r.exec(ctx, "insert into calendar (date, is_workday, name) select date, is_workday, name from read_csv("+quote(rel.text.path)+
		", header = true, auto_detect = false, columns = {'date': 'date', 'is_workday': 'boolean', 'name': 'varchar'}) where date not in (select date from calendar)")
}
