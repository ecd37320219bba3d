package catalogue_test

import (
	"slices"
	"testing"

	"github.com/jiceng/jiceng/queries/catalogue"
)

func TestEveryRowOfTheSubjectIsServedByAnIndicator(t *testing.T) {
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]int{}
	for _, row := range catalogue.Rows() {
		groups[row.Group]++
		if !slices.Contains(catalogue.RowGroups(), row.Group) {
			t.Errorf("%s: there is no group %q", row.Key, row.Group)
		}
		for _, text := range []catalogue.Text{row.Name, row.Meaning} {
			if text.Zh == "" || text.En == "" {
				t.Errorf("%s: a text is missing in a language", row.Key)
			}
		}
		if len(cat.ForRow(row.Key)) == 0 {
			t.Errorf("%s: no indicator serves it", row.Key)
		}
	}
	// 5 practices, 4 challenges, 4 choices; the measures' line on appraisal, one-stop and coverage is three rows
	if want := map[string]int{"practice": 5, "challenge": 4, "choice": 4, "measure": 5}; len(groups) != 4 || groups["practice"] != want["practice"] ||
		groups["challenge"] != want["challenge"] || groups["choice"] != want["choice"] || groups["measure"] != want["measure"] {
		t.Errorf("rows by group: %v", groups)
	}
}
