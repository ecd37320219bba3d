// Command make writes sample_data/foreign/data: made-up rows in the shapes of
// exports that other places publish. Run it from the repository's root.
package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const dir = "sample_data/foreign/data"

func main() {
	for _, write := range []func() error{writeNYC311, writeSocrataJSON, writeSocrataCSV, writeGB18030, writeXLSX} {
		if err := write(); err != nil {
			log.Fatal(err)
		}
	}
}

// request is one made-up service request.
type request struct {
	n              int
	opened, closed time.Time // closed is zero for an open one
	kind, borough  string
	board, zip     string
}

// requests are the same twelve rows in every foreign shape; two are open.
func requests() []request {
	kinds := []string{"Noise - Residential", "HEAT/HOT WATER", "Illegal Parking", "Street Condition"}
	places := [][3]string{{"BROOKLYN", "05 BROOKLYN", "11207"}, {"QUEENS", "01 QUEENS", "11101"}, {"Unspecified", "0 Unspecified", ""}}
	var all []request
	for i := range 12 {
		r := request{n: 90_000_001 + i, kind: kinds[i%4], borough: places[i%3][0], board: places[i%3][1], zip: places[i%3][2]}
		r.opened = time.Date(2018, 6, 26, 10, 58, 54, 0, time.UTC).Add(time.Duration(i) * 31 * time.Hour)
		if i%6 != 5 {
			r.closed = r.opened.Add(time.Duration(5+17*i) * time.Hour)
		}
		all = append(all, r)
	}
	return all
}

func writeCSV(name string, records [][]string) error {
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	if err := w.WriteAll(records); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return file.Close()
}

// writeNYC311 has the 41 columns of the download of New York's 311 requests.
func writeNYC311() error {
	header := strings.Split("Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,Location Type,Incident Zip,"+
		"Incident Address,Street Name,Cross Street 1,Cross Street 2,Intersection Street 1,Intersection Street 2,Address Type,City,Landmark,"+
		"Facility Type,Status,Due Date,Resolution Description,Resolution Action Updated Date,Community Board,BBL,Borough,"+
		"X Coordinate (State Plane),Y Coordinate (State Plane),Open Data Channel Type,Park Facility Name,Park Borough,Vehicle Type,"+
		"Taxi Company Borough,Taxi Pick Up Location,Bridge Highway Name,Bridge Highway Direction,Road Ramp,Bridge Highway Segment,"+
		"Latitude,Longitude,Location", ",")
	at := map[string]int{}
	for i, column := range header {
		at[column] = i
	}
	records := [][]string{header}
	for i, r := range requests() {
		record := make([]string, len(header))
		set := func(column, value string) { record[at[column]] = value }
		const layout = "01/02/2006 03:04:05 PM"
		set("Unique Key", fmt.Sprint(r.n))
		set("Created Date", r.opened.Format(layout))
		set("Status", "Open")
		set("Resolution Action Updated Date", r.opened.Format(layout))
		if !r.closed.IsZero() {
			set("Closed Date", r.closed.Format(layout))
			set("Status", "Closed")
			set("Resolution Action Updated Date", r.closed.Format(layout))
		}
		set("Due Date", r.opened.Add(72*time.Hour).Format(layout))
		set("Agency", "MADEUP")
		set("Agency Name", "Made-up Agency, for tests")
		set("Complaint Type", r.kind)
		set("Resolution Description", "A made-up row; \"quoted\", with a comma\nand a second line.")
		set("Incident Zip", r.zip)
		set("Community Board", r.board)
		set("Borough", r.borough)
		set("Open Data Channel Type", []string{"PHONE", "ONLINE", "MOBILE", "UNKNOWN"}[i%4])
		records = append(records, record)
	}
	return writeCSV("nyc_311.csv", records)
}

const isoMilli = "2006-01-02T15:04:05.000"

// writeSocrataJSON has objects that leave out what is empty, as the API gives them.
func writeSocrataJSON() error {
	var rows []map[string]any
	for _, r := range requests() {
		row := map[string]any{
			"unique_key": fmt.Sprint(r.n), "created_date": r.opened.Format(isoMilli), "agency": "MADEUP", "complaint_type": r.kind,
			"community_board": r.board, "borough": r.borough, "status": "Open",
			"location": map[string]any{"type": "Point", "coordinates": []float64{-73.9, 40.7}},
		}
		if r.zip != "" {
			row["incident_zip"] = r.zip
		}
		if !r.closed.IsZero() {
			row["closed_date"], row["status"] = r.closed.Format(isoMilli), "Closed"
		}
		rows = append(rows, row)
	}
	text, err := json.MarshalIndent(rows, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "socrata.json"), append(text, '\n'), 0o644)
}

func writeSocrataCSV() error {
	records := [][]string{{"unique_key", "created_date", "closed_date", "agency", "complaint_type", "incident_zip", "community_board", "borough", "status"}}
	for _, r := range requests() {
		closed, status := "", "Open"
		if !r.closed.IsZero() {
			closed, status = r.closed.Format(isoMilli), "Closed"
		}
		records = append(records, []string{fmt.Sprint(r.n), r.opened.Format(isoMilli), closed, "MADEUP", r.kind, r.zip, r.board, r.borough, status})
	}
	return writeCSV("socrata_api.csv", records)
}

// chinese are made-up rows of a subdistrict's ledger; dates are written in five ways.
func chinese() [][]string {
	dates := []string{"2025-03-04 08:15", "2025/3/5 8:15", "20250306", "2025年3月7日", "２０２５－０３－０８ 09:30"}
	records := [][]string{{"工单编号", "来电时间", "办结时间", "大类", "小类", "社区", "网格号", "状态"}}
	for i := range 10 {
		closed, status := fmt.Sprintf("2025-03-%02d 17:00", 10+i), "已办结"
		if i%5 == 4 {
			closed, status = "", "办理中"
		}
		records = append(records, []string{fmt.Sprintf("虚构%04d", i+1), dates[i%5], closed, "民生服务", []string{"物业服务", "供水供电"}[i%2],
			[]string{"东风里社区", "和平苑社区"}[i%2], fmt.Sprintf("W%02d", i%3+1), status})
	}
	return records
}

func writeGB18030() error {
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(chinese()); err != nil {
		return err
	}
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text.String())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "ledger_gb18030.csv"), []byte(encoded), 0o644)
}

// writeXLSX has two title rows above the header, community cells merged over
// the rows they hold for, and dates both as text and as true Excel dates.
func writeXLSX() error {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	day, err := book.NewStyle(&excelize.Style{NumFmt: 22})
	if err != nil {
		return err
	}
	records := chinese()
	var steps []error
	do := func(err error) { steps = append(steps, err) }
	do(book.SetCellValue(sheet, "A1", "某街道工单台账（虚构数据，仅供测试）"))
	do(book.MergeCell(sheet, "A1", "H1"))
	do(book.SetCellValue(sheet, "A2", "填报单位：某街道办事处"))
	do(book.MergeCell(sheet, "A2", "D2"))
	do(book.SetSheetRow(sheet, "A3", &records[0]))
	for i, record := range records[1:] {
		row := i + 4
		for j, value := range record {
			cell, err := excelize.CoordinatesToCellName(j+1, row)
			do(err)
			switch {
			case j == 5 && i%5 != 0: // inside a merged cell
			case j == 5:
				do(book.SetCellValue(sheet, cell, []string{"东风里社区", "和平苑社区"}[i/5]))
				last, err := excelize.CoordinatesToCellName(j+1, row+4)
				do(err)
				do(book.MergeCell(sheet, cell, last))
			case j == 1 && i%2 == 0:
				do(book.SetCellValue(sheet, cell, time.Date(2025, 3, 4+i%5, 8, 15, 0, 0, time.UTC)))
				do(book.SetCellStyle(sheet, cell, cell, day))
			default:
				do(book.SetCellValue(sheet, cell, value))
			}
		}
	}
	for _, err := range steps {
		if err != nil {
			return fmt.Errorf("write the workbook: %w", err)
		}
	}
	return book.SaveAs(filepath.Join(dir, "ledger.xlsx"))
}
