package charts

import (
	"fmt"
	"testing"
)

// A scale of shares ends at 0 and 1, with the reference still in its middle colour.
func TestAMapsScaleShowsNothingThatCannotBe(t *testing.T) {
	value := func(v float64) *float64 { return &v }
	areas := []Area{{Code: "a", Value: value(0)}, {Code: "b", Value: value(1)}, {Code: "c", Value: value(0)}, {Code: "d", Value: value(0)}}
	made, err := Choropleth("percent", "x", areas, value(0.7), 1, func(v float64) string { return fmt.Sprintf("%.2f", v) })
	if err != nil {
		t.Fatal(err)
	}
	scale := made["visualMap"].([]any)[0].(object)
	if scale["min"] != 0.0 || scale["max"] != 1.0 || fmt.Sprint(scale["text"]) != "[1.00 0.00]" {
		t.Errorf("the scale goes from %v to %v, %v", scale["min"], scale["max"], scale["text"])
	}
	colours := scale["inRange"].(object)["color"].([]string)
	if got := blend(colours, 0.7); distant(got, "#f3ece2") {
		t.Errorf("the reference is %s", got)
	}
	if colours[0] != "#b34700" || distant(colours[len(colours)-1], "#85b9da") {
		t.Errorf("the ends are %s and %s", colours[0], colours[len(colours)-1])
	}
}

func distant(a, b string) bool {
	var x, y [3]int
	fmt.Sscanf(a, "#%02x%02x%02x", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "#%02x%02x%02x", &y[0], &y[1], &y[2])
	far := 0
	for i := range x {
		far = max(far, max(x[i], y[i])-min(x[i], y[i]))
	}
	return far > 24
}
