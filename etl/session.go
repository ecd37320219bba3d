package etl

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/schema"
)

//go:embed macros.sql
var macros string

// prepareSession defines the macros and variables that reading and checking use.
func (r *run) prepareSession(ctx context.Context) error {
	zone, err := time.LoadLocation(r.cfg.TimeZone)
	if err != nil {
		return fmt.Errorf("time zone %s: %w", r.cfg.TimeZone, err)
	}
	// An hour's grace: departments' clocks differ from ours.
	now := r.started.In(zone).Add(time.Hour).Format(timestampLayout)
	for _, statement := range []string{
		"set variable run_now = timestamp " + quote(now),
		"set variable run_id = " + quote(r.id),
		"set variable run_started = timestamp " + quote(r.started.Format(timestampLayout)),
		"set variable first_load = (select coalesce(max(load_id), 0) + 1 from load)",
	} {
		if err := r.exec(ctx, statement); err != nil {
			return err
		}
	}
	// Texts with an offset from UTC are read into this zone.
	if err := r.exec(ctx, "set timezone = "+quote(r.cfg.TimeZone)); err != nil {
		return err
	}
	usesKey := slices.ContainsFunc(r.cfg.Sources, func(s Source) bool {
		for _, how := range s.Personal {
			if how == pseudonym {
				return true
			}
		}
		return false
	})
	var key []byte
	if usesKey {
		if key, err = readKey(r.cfg.Personal.KeyFile); err != nil {
			return err
		}
	}
	if err := registerKeyedHash(r.conn, key); err != nil {
		return err
	}
	return r.exec(ctx, macros)
}

// readKey reads the key for pseudonyms, which nobody but its owner may read.
func readKey(path string) ([]byte, error) {
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("personal.key_file %s does not exist: make one with \"head -c 32 /dev/urandom | base64 > %s && chmod 600 %s\" and keep a copy in a safe place", path, path, path)
	}
	if err != nil {
		return nil, fmt.Errorf("personal.key_file: %w", err)
	}
	if stat.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("personal.key_file %s can be read by others (mode %04o): run \"chmod 600 %s\"", path, stat.Mode().Perm(), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("personal.key_file: %w", err)
	}
	key := []byte(strings.TrimSpace(string(text)))
	if len(key) < 16 {
		return nil, fmt.Errorf("personal.key_file %s holds %d bytes: a key has at least 16", path, len(key))
	}
	return key, nil
}

// describe writes what is known about the snapshot as a whole.
func (r *run) describe(ctx context.Context) error {
	asOf := r.cfg.AsOf
	if asOf == "" {
		const latest = `
select
  strftime(coalesce(max(latest), timestamp '1970-01-01'), '%Y-%m-%d %H:%M:%S')
from (
  select greatest(max(reported_at), max(closed_at)) as latest from cases
  union all
  select max(surveyed_at) from satisfaction
) as moment`
		if err := r.conn.QueryRowContext(ctx, latest).Scan(&asOf); err != nil {
			return fmt.Errorf("find the moment up to which the data are known: %w", err)
		}
	}
	w := r.cfg.WorkingTime
	info := map[string]string{
		"snapshot": r.name, "district_code": r.cfg.District.Code, "district_name": r.cfg.District.Name, "district_name_en": r.cfg.District.NameEn,
		"synthetic": fmt.Sprint(r.cfg.Synthetic), "time_zone": r.cfg.TimeZone, "as_of": asOf,
		"schema": schema.Version(), "built_at": r.started.Format(timestampLayout), "version": r.opt.Version,
		"work_hours":           strings.Join(w.Hours, ","),
		"accept_limit_hours":   fmt.Sprint(w.AcceptHours),
		"dispatch_limit_hours": fmt.Sprint(w.DispatchHours),
		"response_limit_hours": fmt.Sprint(w.ResponseHours),
		"three_rate_weights":   r.cfg.ThreeRates.String(),
	}
	levels := map[string]Text{"district": {"全区", "District"}, "subdistrict": {"街道", "Subdistrict"}, "community": {"社区", "Community"}, "grid": {"网格", "Grid"}}
	for level, name := range levels {
		if own, ok := r.cfg.Levels[level]; ok {
			name = own
		}
		info["level_"+level+"_zh"], info["level_"+level+"_en"] = name.Zh, name.En
	}
	for key, value := range info {
		if err := r.exec(ctx, "insert or replace into snapshot_info values (?, ?)", key, value); err != nil {
			return err
		}
	}
	return nil
}

// describeFeeds writes how each feed stands. Of those that computing has counted by day, it need not look at the rows.
func (r *run) describeFeeds(ctx context.Context) error {
	if err := r.exec(ctx, "delete from feed_status"); err != nil {
		return err
	}
	for name, feed := range r.feeds {
		if slices.Contains(compute.Daily(), name) {
			const status = `
insert into feed_status
select
  f.feed,
  l.department,
  sum(f.rows)::bigint,
  min(f.day),
  max(f.day),
  max(l.loaded_at)
from part.feed_day as f
left join load as l using (load_id)
where f.feed = ?
group by f.feed, l.department`
			if err := r.exec(ctx, status, name); err != nil {
				return err
			}
			continue
		}
		event := "null::date"
		if feed.Event != "" {
			event = "f." + ident(feed.Event) + "::date"
		}
		statement := "insert into feed_status select " + quote(name) + ", l.department, count(*), min(" + event + "), max(" + event +
			"), max(l.loaded_at) from " + ident(name) + " as f left join load as l using (load_id) group by l.department"
		if err := r.exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
