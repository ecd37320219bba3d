package bench

import (
	"reflect"
	"testing"
)

func TestMeanOfRounds(t *testing.T) {
	got := mean([]Cost{
		{Seconds: 10, CPU: 18, Peak: 5, Steps: []Step{{"load cases", 4}, {"find signals", 1}}},
		{Seconds: 14, CPU: 22, Peak: 3, Steps: []Step{{"find signals", 3}, {"load cases", 6}}},
	})
	want := Cost{Seconds: 12, CPU: 20, Peak: 5, Steps: []Step{{"load cases", 5}, {"find signals", 2}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the mean is %+v, want %+v", got, want)
	}
}
