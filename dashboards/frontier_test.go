package dashboards_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// someEfficiency is four communities of which one is efficient, one is on the frontier with an
// idle input, one has no output and one cannot be held against the others; and two subdistricts.
const someEfficiency = tinyDistrict + `
insert into dea_value (geo_level, geo_code, period_kind, period, ccr, bcc, scale, returns, super, super_note, areas) values
  ('community', 'C1', 'year', '2026', 1, 1, 1, 'constant', 1.25, null, 4),
  ('community', 'C2', 'year', '2026', 1, 1, 1, 'constant', 1, null, 4),
  ('community', 'C8', 'year', '2026', 0.8, 1, 0.8, 'increasing', null, 'infeasible', 4),
  ('community', 'C9', 'year', '2026', 0, 0, null, null, null, 'no_output', 4),
  ('subdistrict', 'S1', 'year', '2026', 1, 1, 1, 'constant', 2, null, 2),
  ('subdistrict', 'S2', 'year', '2026', 0.5, 1, 0.5, 'constant', 0.5, null, 2);
insert into dea_part values
  ('community', 'C1', 'year', '2026', 'workers', true, 2, 0, 2), ('community', 'C1', 'year', '2026', 'training_hours', true, 40, 0, 40),
  ('community', 'C1', 'year', '2026', 'on_time_closures', false, 30, 0, 30), ('community', 'C1', 'year', '2026', 'satisfied_answers', false, 20, 0, 20),
  ('community', 'C2', 'year', '2026', 'workers', true, 2, 0, 2), ('community', 'C2', 'year', '2026', 'training_hours', true, 50, 10, 40),
  ('community', 'C2', 'year', '2026', 'on_time_closures', false, 30, 0, 30), ('community', 'C2', 'year', '2026', 'satisfied_answers', false, 20, 0, 20),
  ('community', 'C8', 'year', '2026', 'workers', true, 2, 0, 2), ('community', 'C8', 'year', '2026', 'training_hours', true, 40, 0, 40),
  ('community', 'C8', 'year', '2026', 'on_time_closures', false, 24, 0, 30), ('community', 'C8', 'year', '2026', 'satisfied_answers', false, 14, 2.5, 20),
  ('community', 'C9', 'year', '2026', 'workers', true, 1, null, null), ('community', 'C9', 'year', '2026', 'training_hours', true, 10, null, null),
  ('community', 'C9', 'year', '2026', 'on_time_closures', false, 0, null, null), ('community', 'C9', 'year', '2026', 'satisfied_answers', false, 0, null, null);
insert into dea_peer values ('community', 'C1', 'year', '2026', 'C1', 1), ('community', 'C2', 'year', '2026', 'C1', 1), ('community', 'C8', 'year', '2026', 'C1', 1);
insert into dea_left_out values ('community', 'C7', 'year', '2026', 'no_workers_at_end');
insert into feed_status values ('satisfaction', '某局', 1, null, null, null), ('staff', '某局', 1, null, null, null), ('training', '某局', 1, null, null, null);
`

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

// words is the text of a page.
func words(body string) string {
	return html.UnescapeString(blanks.ReplaceAllString(tags.ReplaceAllString(body, " "), " "))
}

func TestEdgesOfEfficiencyAreSaidInWords(t *testing.T) {
	w := snapshot.Warehouse{Dir: t.TempDir()}
	publishFixture(t, w, "a", someEfficiency)
	s := newServer(t, w)
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	const page = "/frontier?lang=en&level=community&period=2026"
	for address, want := range map[string][]string{
		page: {"1 of 4 communities are on the efficiency frontier (甲社区)", "The lowest score is C9's, 0.0%.", "Only 4 communities for 2 inputs and 2 outputs: fewer than 12",
			"too few for a bootstrap", "infeasible", "no output", "on the frontier, with slack", "no grid worker in post at its end", "outputs will still grow"},
		page + "&area=C1":                                  {"there is no peer to follow"},
		page + "&area=C2":                                  {"It is on the frontier, but with slack", "−10 −20.0%", "1.00 × 甲社区"},
		page + "&area=community:C2":                        {"It is on the frontier, but with slack"},
		"/frontier?lang=en&period=2026":                    {"Only 2 of the subdistricts have complete data; it takes 3"},
		"/frontier?lang=en&period=2026-Q1":                 {"No input–output analysis is stored for Q1 2026"},
		"/frontier?level=community&period=2026":            {"4 个社区中有 1 个处在效率前沿（甲社区）", "时段末没有在岗网格员"},
		"/frontier?lang=en&level=community&period=2026-02": {"asked for was Feb 2026, shown is Q1 2026"},
	} {
		answer := get(t, s, address)
		text := words(answer.Body.String())
		if answer.Code != http.StatusOK || strings.Contains(text, "⟦") || noNumber.MatchString(text) {
			t.Errorf("%s: status %d: %.300s", address, answer.Code, text)
		}
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s does not say %q:\n%s", address, part, text)
			}
		}
	}
	if text := words(get(t, s, page+"&area=C1").Body.String()); strings.Contains(text, "Peers of") {
		t.Error("an efficient community has peers")
	}
	if answer := get(t, s, "/frontier?level=community&period=2026&area=C6"); answer.Code != http.StatusNotFound {
		t.Errorf("a community that is not there: %d", answer.Code)
	}
}

func TestWithoutAFeedTheFrontierPageNamesIt(t *testing.T) {
	if text := words(get(t, served(t), "/frontier?lang=en").Body.String()); !strings.Contains(text, "Data not supplied: Satisfaction surveys, Staff, Training") {
		t.Errorf("the page says %s", text)
	}
}
