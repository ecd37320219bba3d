package locale_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/dashboards/locale"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/schema"
)

func texts(t *testing.T, path string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return all
}

func TestEveryTextIsThereInEveryLanguageAndOnlyOnce(t *testing.T) {
	files, err := filepath.Glob("texts/*.zh.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	where := map[string]string{}
	placeholder := regexp.MustCompile(`{{\.(\w+)}}`)
	for _, zhFile := range files {
		zh, en := texts(t, zhFile), texts(t, strings.Replace(zhFile, ".zh.", ".en.", 1))
		for key, text := range zh {
			if other, ok := where[key]; ok {
				t.Errorf("%s stands in %s and in %s", key, other, zhFile)
			}
			where[key] = zhFile
			if en[key] == "" || text == "" {
				t.Errorf("%s: %s is missing in a language", zhFile, key)
			}
			names := func(s string) string {
				found := map[string]bool{}
				for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
					found[m[1]] = true
				}
				var list []string
				for name := range found {
					list = append(list, name)
				}
				slices.Sort(list)
				return strings.Join(list, " ")
			}
			if key != "andMore" && names(text) != names(en[key]) {
				t.Errorf("%s: %s has other placeholders in English", zhFile, key)
			}
		}
		for key := range en {
			if _, ok := zh[key]; !ok {
				t.Errorf("%s: %s is missing in Chinese", zhFile, key)
			}
		}
	}
}

func TestWhatTheCatalogueAndTheSchemaNameHasAText(t *testing.T) {
	locales, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	feeds, err := schema.Feeds()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, ind := range c {
		keys = append(keys, "dimension_"+ind.Dimension, "family_"+ind.Family, "direction_"+ind.Direction, "interval_"+ind.Interval)
		if ind.Unit != "percent" {
			keys = append(keys, "unit_"+ind.Unit)
		}
		for _, feed := range ind.Feeds {
			keys = append(keys, "feed_"+feed)
		}
	}
	for _, feed := range feeds {
		keys = append(keys, "feed_"+feed.Name)
	}
	for lang, l := range locales {
		for _, key := range keys {
			if text := l.T(key); strings.HasPrefix(text, "⟦") {
				t.Errorf("%s has no text in %s", key, lang)
			}
		}
	}
}

func TestNumbersAndPeriodsAreWrittenAsReadersExpect(t *testing.T) {
	locales, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	zh, en := locales["zh"], locales["en"]
	for _, c := range []struct{ got, want string }{
		{zh.Value(0.8456, "percent"), "84.6%"}, {en.Value(1, "percent"), "100.0%"}, {zh.Value(1234.5, "days"), "1,234.5"},
		{zh.Int(1574214), "1,574,214"}, {zh.Difference(0.5, 0.528, "percent"), "+2.8 个百分点"}, {en.Difference(0.5, 0.472, "percent"), "−2.8 pp"},
		{en.Difference(2, 2.5, "days"), "+25.0%"}, {zh.Difference(0, 2, "times"), "+2.00"},
		{zh.Period("2025-03"), "2025年3月"}, {zh.Period("2025-Q4"), "2025年第4季度"}, {zh.Period("2025"), "2025年"},
		{en.Period("2025-03"), "Mar 2025"}, {en.Period("2025-Q4"), "Q4 2025"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
