package index

import (
	"math"
	"testing"
)

// Places are looked up in parts of the range; outliers, ties and values beyond the ends
// must not confuse them.
func TestAPlaceIsTheNumberOfValuesBelow(t *testing.T) {
	for name, values := range map[string][]float64{"none": {}, "one": {3}, "alike": {2, 2, 2}, "outlier": {-1e9, 0, 0, 1e-9, 0.5, 0.5, 7, 1e12},
		"close": {1, math.Nextafter(1, 2), math.Nextafter(1, 2), 2}, "tiny": {0, 5e-324, 1e-323}} {
		p := newPlaces(values)
		for _, x := range append([]float64{math.Inf(-1), -5, 0.25, 1.5, 1e300, math.Inf(1)}, values...) {
			want := 0.0
			for _, v := range values {
				if v < x {
					want++
				} else if v == x {
					want += 0.5
				}
			}
			if got := p.below(x); got != want {
				t.Errorf("%s: %v of %v lie below %v, not %v", name, want, values, x, got)
			}
		}
	}
}
