package etl_test

import (
	"strings"
	"testing"

	"github.com/jiceng/jiceng/etl"
)

// In October half the cases were answered in time, the one resident asked says that the
// matter is resolved, and is not satisfied.
func TestTheThreeRatesAreWeightedAsConfigured(t *testing.T) {
	for _, c := range []struct {
		name  string
		given *etl.ThreeRates
		info  string
		score string
	}{
		{"by default", nil, "0.2,0.4,0.4", "50"},
		{"as configured", &etl.ThreeRates{Response: 0.5, Resolution: 0.3, Satisfaction: 0.2}, "0.5,0.3,0.2", "55"},
		{"by one alone", &etl.ThreeRates{Resolution: 1}, "0,1,0", "100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.write("cases.sql", strings.Replace(caseMapping, "from raw", `, "响应时间" as first_response_at from raw`, 1))
			o.write("cases.csv", "编号,上报时间,网格,办结时间,状态,次数,说明,响应时间\n"+
				"A1,2026-10-12 09:00:00,G1,2026-10-13 09:00:00,办结,1,路灯不亮,2026-10-12 10:00:00\n"+
				"A2,2026-10-12 09:00:00,G2,,办理中,0,井盖缺失,\n")
			o.write("surveys.sql", strings.Replace(surveyMapping, "from raw", `, "解决" as resolved from raw`, 1))
			o.write("surveys.csv", "回访编号,案件,回访时间,作答,评分,解决\nS1,A1,2026-10-15 10:00:00,是,3,是\n")
			o.cfg.ThreeRates = c.given
			o.run(etl.Options{})
			if got := o.query("select value from snapshot_info where key = 'three_rate_weights'"); got != c.info {
				t.Errorf("the snapshot says %q, want %q", got, c.info)
			}
			const score = "select round(value, 9) from indicator_value where indicator = 'F64' and geo_level = 'district' and period = '2026-10'"
			if got := o.query(score); got != c.score {
				t.Errorf("the score is %s, want %s", got, c.score)
			}
			o.cfg.ThreeRates = &etl.ThreeRates{Satisfaction: 1}
			o.write("cases.csv", "编号,上报时间,网格,办结时间,状态,次数,说明,响应时间\nA3,2026-09-14 09:00:00,G1,,办理中,0,井盖缺失,\n")
			if result := o.run(etl.Options{}); result.Mode != "incremental" {
				t.Errorf("the second run is %s", result.Mode)
			}
			if got := o.query(score); got != "0" {
				t.Errorf("with other weights and one more case of another month, the score is %s", got)
			}
		})
	}
}

func TestWeightsThatAreNoneAreRefusedWithTheReason(t *testing.T) {
	for _, c := range []struct {
		given etl.ThreeRates
		want  string
	}{
		{etl.ThreeRates{Response: 0.2, Resolution: 0.4, Satisfaction: 0.5}, "three_rate_weights: response 0.2, resolution 0.4, satisfaction 0.5: the three add up to 1.1 and must add up to 1"},
		{etl.ThreeRates{Response: 20, Resolution: 40, Satisfaction: 40}, "the three add up to 100 and must add up to 1"},
		{etl.ThreeRates{Response: -0.2, Resolution: 0.6, Satisfaction: 0.6}, "a weight cannot be below 0"},
		{etl.ThreeRates{}, "the three add up to 0 and must add up to 1"},
	} {
		o := newOffice(t)
		o.cfg.ThreeRates = &c.given
		if err := o.cfg.Resolve(o.dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.given, err)
		}
	}
	o := newOffice(t)
	o.cfg.ThreeRates = &etl.ThreeRates{Response: 0.333333, Resolution: 0.333333, Satisfaction: 0.333333}
	if err := o.cfg.Resolve(o.dir); err != nil {
		t.Errorf("thirds: %v", err)
	}
}
