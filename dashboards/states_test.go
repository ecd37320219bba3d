package dashboards_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/dashboards/browsertest"
	"github.com/jiceng/jiceng/queries/snapshot"
)

const place = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('district_name_en', 'Some District'), ('as_of', '2026-03-31 23:59:59'), ('synthetic', 'false'),
  ('level_district_zh', '区'), ('level_subdistrict_zh', '街道'), ('level_community_zh', '社区'), ('level_grid_zh', '网格'),
  ('level_district_en', 'District'), ('level_subdistrict_en', 'Subdistrict'), ('level_community_en', 'Community'), ('level_grid_en', 'Grid');
`

// oneGrid is a place with one grid, one case, no survey and no map.
const oneGrid = place + `
insert into grids (grid_code, grid_name, community_code, subdistrict_code, district_code, population, households) values ('G1', '一', 'C1', 'S1', 'D', 10, 5);
insert into cases (case_id, grid_code, reported_at, due_at, status) values ('1', 'G1', timestamp '2026-03-05 08:00', timestamp '2026-03-09 08:00', 'handling');
insert into feed_status values ('cases', '某局', 1, date '2026-03-05', date '2026-03-05', timestamp '2026-04-01 02:00:00'), ('grids', '某局', 1, null, null, timestamp '2026-04-01 02:00:00');
`

// manyGrids is a place of 5,000 grids, each a square on the map, with long names.
const manyGrids = place + `
insert into grids (grid_code, grid_name, community_code, community_name, subdistrict_code, subdistrict_name, district_code, population, households)
select
  'G' || i,
  '第' || i || '号名字特别特别长的居民小区综合网格',
  'C' || i // 50,
  '名字也很长的第' || i // 50 || '社区居民委员会',
  'S' || i // 500,
  '第' || i // 500 || '街道',
  'D',
  300,
  100
from range(5000) as t (i);
insert into boundaries (geo_level, geo_code, geometry)
select
  'grid',
  'G' || i,
  format('{{"type":"Polygon","coordinates":[[[{0},{1}],[{2},{1}],[{2},{3}],[{0},{3}],[{0},{1}]]]}}', i % 100 / 100, i // 100 / 100, (i % 100 + 1) / 100, (i // 100 + 1) / 100)
from range(5000) as t (i);
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, category_1)
select
  i,
  'G' || i % 5000,
  timestamp '2026-01-01 08:00' + to_minutes(i * 6),
  timestamp '2026-01-01 08:00' + to_minutes(i * 6 + 4320),
  timestamp '2026-01-01 08:00' + to_minutes((i * 6 + hash(i) % 6000)::bigint),
  'closed',
  '名字很长很长的案件大类'
from range(20000) as t (i);
insert into feed_status values ('cases', '某局', 20000, date '2026-01-01', date '2026-03-31', timestamp '2026-04-01 02:00:00');
`

var noNumber = regexp.MustCompile(`\b(NaN|Inf|Infinity|undefined)\b`)

func TestPlacesOfAnySizeAreShownWhole(t *testing.T) {
	browser, err := browsertest.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer browser.Close()
	for name, c := range map[string]struct {
		fixture string
		pages   []string
		says    string
	}{
		"one grid, no survey, no map": {oneGrid, []string{"/?lang=en", "/area/grid/G1?lang=en", "/catalogue?lang=en", "/data-quality?lang=en"}, "Satisfaction surveys"},
		"5,000 grids on the map":      {manyGrids, []string{"/?lang=en&level=grid", "/area/subdistrict/S3?lang=en&level=grid", "/area/grid/G77?lang=en"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := snapshot.Warehouse{Dir: t.TempDir()}
			publishFixture(t, w, "a", c.fixture)
			s := newServer(t, w)
			if err := s.Refresh(context.Background()); err != nil {
				t.Fatal(err)
			}
			loopback := httptest.NewServer(s.Handler())
			defer loopback.Close()
			for _, address := range c.pages {
				for _, screen := range []browsertest.Screen{browsertest.Desk, browsertest.Phone} {
					p := browser.Open(t, loopback.URL+address, screen)
					p.Check(t)
					if text := strings.Join(p.Text(t, "main"), ""); noNumber.MatchString(text) {
						t.Errorf("%s shows a number that is none", address)
					}
				}
			}
			if c.says == "" {
				return
			}
			p := browser.Open(t, loopback.URL+c.pages[0], browsertest.Desk)
			if text := strings.Join(p.Text(t, "main"), ""); !strings.Contains(text, c.says) {
				t.Errorf("the overview does not say that %q are missing", c.says)
			}
		})
	}
}

// A single case in the last days of the data is in the chart: days without cases are not unknown days.
func TestTheLastCaseIsInTheChartOverTime(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publishFixture(t, w, "a", oneGrid)
	s := newServer(t, w)
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	options := regexp.MustCompile(`(?s)id="daily-options">(.*?)</script>`).FindStringSubmatch(get(t, s, "/").Body.String())
	if options == nil {
		t.Fatal("there is no chart over time")
	}
	var chart struct {
		Series []struct{ Data []struct{ Value *float64 } }
	}
	if err := json.Unmarshal([]byte(options[1]), &chart); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, point := range chart.Series[0].Data {
		if point.Value != nil {
			sum += *point.Value
		}
	}
	if sum != 1 {
		t.Errorf("the chart has %v cases, the place has one", sum)
	}
}
