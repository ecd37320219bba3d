package calendar_test

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"

	"github.com/jiceng/jiceng/sample_data/calendar"
)

// The State Council's notices: https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm (2024)
// and https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm (2025).
func TestDaysOfTheNotices(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(calendar.China)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]string{}
	want := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range rows[1:] {
		if row[0] != want.Format("2006-01-02") {
			t.Fatalf("%s follows, want %s: no day may be missing", row[0], want.Format("2006-01-02"))
		}
		days[row[0]] = row[1]
		want = want.AddDate(0, 0, 1)
	}
	if want.Year() != 2027 {
		t.Errorf("the calendar ends before %s", want)
	}
	for day, workday := range map[string]string{
		"2024-02-10": "false", // Spring Festival
		"2024-02-18": "true",  // a Sunday worked for it
		"2024-09-14": "true",  // a Saturday worked for Mid-Autumn
		"2025-01-26": "true",  // a Sunday worked for Spring Festival
		"2025-10-08": "false", // the last of eight days off
		"2025-10-11": "true",  // a Saturday worked for them
		"2025-10-12": "false", // a Sunday
		"2025-10-13": "true",  // a Monday
	} {
		if days[day] != workday {
			t.Errorf("%s: working day %q, want %s", day, days[day], workday)
		}
	}
}
