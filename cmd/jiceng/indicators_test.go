package main

import (
	"bytes"
	"strings"
	"testing"
)

func output(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestIndicatorsShowPrintsDefinitionAndSQL(t *testing.T) {
	text := output(t, "indicators", "show", "f13")
	for _, want := range []string{"按期结案率", "On-time closure", "cases closed by their due time", "count_if(is_valid", "from case_fact;"} {
		if !strings.Contains(text, want) {
			t.Errorf("show F13 does not print %q:\n%s", want, text)
		}
	}
	if sql := output(t, "indicators", "show", "F13", "--sql"); !strings.HasPrefix(sql, "-- code: F13\n") || !strings.HasSuffix(sql, "from case_fact;\n") {
		t.Errorf("show --sql prints more or less than the file:\n%s", sql)
	}
}

func TestIndicatorsListNamesEveryIndicator(t *testing.T) {
	text := output(t, "indicators")
	for _, want := range []string{"E11", "群众参与率", "F64", "◇ E14"} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
}
