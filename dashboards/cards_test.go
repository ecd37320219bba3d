package dashboards

import (
	"database/sql"
	"testing"

	"github.com/jiceng/jiceng/dashboards/locale"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
)

// A value is told apart from another where its interval lies beside it: an end that is not reached (half of the cases are still
// open, say) lies nowhere, so that nothing lies above it.
func TestAnIntervalWithoutAnEndIsOpen(t *testing.T) {
	is := func(x float64) sql.NullFloat64 { return sql.NullFloat64{Float64: x, Valid: true} }
	none := sql.NullFloat64{}
	locales, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &frame{Locale: locales["en"]}
	ind := catalogue.Indicator{Direction: "down", Unit: "days"}
	for name, c := range map[string]struct {
		value, low, high sql.NullFloat64
		apart, target    int // from 3; 1 above or met, -1 below or missed
		clear            bool
	}{
		"whole interval below":   {is(2), is(1), is(2.5), -1, 1, true},
		"whole interval around":  {is(2), is(1), is(4), 0, 1, false},
		"whole interval above":   {is(5), is(4), is(6), 1, -1, true},
		"no upper end, below":    {is(2), is(1), none, 0, 1, false},
		"no upper end, above":    {is(5), is(4), none, 1, -1, true},
		"no upper end, around":   {is(5), is(2), none, 0, 0, false},
		"no lower end, below":    {is(2), none, is(2.5), -1, 1, true},
		"counted, not estimated": {is(2), none, none, -1, 1, true},
	} {
		reference := 3.0
		if got := f.ranked(measure{Direction: "down"}, panels.Ranked{Value: c.value, Low: c.low, High: c.high}, &reference); got.Apart != c.apart || got.Good != -c.apart {
			t.Errorf("%s: apart %d, good %d; want %d and %d", name, got.Apart, got.Good, c.apart, -c.apart)
		}
		v := panels.Value{Value: c.value, Low: c.low, High: c.high, Above: is(reference)}
		if got := side(ind, v, reference); got != c.target {
			t.Errorf("%s: target %d, want %d", name, got, c.target)
		}
		if got := f.above(ind, v); (got.Arrow != "") != c.clear {
			t.Errorf("%s: against the area above: %+v, want clear %v", name, got, c.clear)
		}
	}
}
