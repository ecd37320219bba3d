package index_test

import (
	"testing"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/index"
)

func TestShippedConfigurationsReadBackAsTheyAreWritten(t *testing.T) {
	all, err := index.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 6 || all[0].Code != index.Empowerment || all[1].Code != index.Efficiency {
		t.Fatalf("%d configurations", len(all))
	}
	for _, c := range all {
		text, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		again, err := index.Read(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.Code, err, text)
		}
		second, err := again.YAML()
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != string(second) {
			t.Errorf("%s changes when it is written and read", c.Code)
		}
	}
}

func TestShippedConfigurationsPointTheSameWayAsTheCatalogue(t *testing.T) {
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := index.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		tree, err := index.NewTree(c.Tree)
		if err != nil {
			t.Fatal(err)
		}
		for _, leaf := range tree.LeafNodes() {
			ind, ok := cat.ByCode(leaf.Source())
			if !ok {
				if !leaf.Optional {
					t.Errorf("%s: the catalogue has no %s", c.Code, leaf.Source())
				}
				continue
			}
			if len(leaf.Steps) == 0 && ind.Direction != leaf.Direction {
				t.Errorf("%s: %s is %s, in the catalogue %s", c.Code, leaf.Code, leaf.Direction, ind.Direction)
			}
		}
	}
}
