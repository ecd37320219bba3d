package sandbox

import (
	"slices"
	"testing"

	"github.com/jiceng/jiceng/queries/facts"
)

func TestEveryFactHasASampleQueryThatRuns(t *testing.T) {
	samples, err := Samples()
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range facts.Order() {
		if !slices.ContainsFunc(samples, func(s Sample) bool { return s.Table == fact }) {
			t.Errorf("there is no sample query for %s", fact)
		}
	}
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	pool.Warm(snapshot)
	for _, s := range samples {
		if s.Zh == "" || s.En == "" {
			t.Errorf("%s says not what it asks", s.Table)
		}
		if _, err := ask(t, pool, Query{SQL: s.SQL, Snapshot: snapshot}); err != nil {
			t.Errorf("%s: %v", s.Table, err)
		}
	}
}
