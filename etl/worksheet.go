package etl

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetToCSV writes one worksheet as CSV: the one the source names, else the
// first visible one that has rows. Merged cells give their value to every
// cell they cover; dates come as Excel's day numbers. A row of the sheet is a
// record of the copy, an empty row an empty line, so that numbers are kept.
// Huge sheets are unpacked in the scratch folder.
func sheetToCSV(from, name, scratch string, to io.Writer) error {
	// Others are unpacked in memory, so that no copy of them is left on disk if the run is killed.
	book, err := excelize.OpenFile(from, excelize.Options{RawCellValue: true, UnzipSizeLimit: 4 << 30, UnzipXMLSizeLimit: 4 << 30, TmpDir: scratch})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookPassword) || errors.Is(err, excelize.ErrWorkbookFileFormat) || strings.Contains(err.Error(), "unsupported workbook") {
			return fmt.Errorf("it is not a readable XLSX file (protected by a password, or an old .xls?): %w", err)
		}
		return fmt.Errorf("it is not a readable XLSX file: %w", err)
	}
	defer book.Close()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		return errors.New("this workbook counts days from 1904: save it with the usual dates (Excel options, advanced, \"use 1904 date system\" off)")
	}
	sheets, err := sheetsToTry(book, name)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		n, err := writeSheet(book, sheet, to)
		if err != nil {
			return fmt.Errorf("read sheet %s: %w", sheet, err)
		}
		if n > 0 {
			return nil
		}
	}
	return errors.New("no sheet has any row")
}

func sheetsToTry(book *excelize.File, name string) ([]string, error) {
	all := book.GetSheetList()
	if name != "" {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("it has no sheet %q, only %s", name, strings.Join(all, ", "))
		}
		return []string{name}, nil
	}
	var visible []string
	for _, sheet := range all {
		if shown, err := book.GetSheetVisible(sheet); err == nil && shown {
			visible = append(visible, sheet)
		}
	}
	return visible, nil
}

// writeSheet writes the rows of one sheet and returns how many are not empty.
func writeSheet(book *excelize.File, sheet string, to io.Writer) (int, error) {
	merged, err := mergedCells(book, sheet)
	if err != nil {
		return 0, err
	}
	width, err := sheetWidth(book, sheet)
	if err != nil {
		return 0, err
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	out := bufio.NewWriterSize(to, 1<<20)
	w := csv.NewWriter(out)
	filled := 0
	for y := 1; rows.Next(); y++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return filled, err
		}
		for len(cells) < width {
			cells = append(cells, "")
		}
		merged.fill(y, cells)
		if !slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
			w.Flush()
			if err := out.WriteByte('\n'); err != nil {
				return filled, err
			}
			continue
		}
		filled++
		if y <= headerSearch { // a line break inside a heading is no part of its name
			for i := range cells {
				cells[i] = strings.Join(strings.Fields(cells[i]), " ")
			}
		}
		if err := w.Write(cells); err != nil {
			return filled, err
		}
	}
	w.Flush()
	return filled, errors.Join(rows.Error(), w.Error(), out.Flush())
}

// sheetWidth is the number of columns of the widest row.
func sheetWidth(book *excelize.File, sheet string) (int, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	width := 0
	for rows.Next() {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return 0, err
		}
		width = max(width, len(cells))
	}
	return width, rows.Error()
}

// merge is a block of merged cells, from 1, ends included.
type merge struct {
	left, top, right, bottom int
	value                    string
}

// merges are a sheet's merged blocks, the topmost first. Rows are filled from the top down.
type merges struct {
	blocks []merge
	open   []merge // those that reach the row being filled
}

func mergedCells(book *excelize.File, sheet string) (*merges, error) {
	cells, err := book.GetMergeCells(sheet)
	if err != nil {
		return nil, err
	}
	all := &merges{}
	for _, c := range cells {
		m := merge{}
		if m.left, m.top, err = excelize.CellNameToCoordinates(c.GetStartAxis()); err != nil {
			return nil, err
		}
		if m.right, m.bottom, err = excelize.CellNameToCoordinates(c.GetEndAxis()); err != nil {
			return nil, err
		}
		if m.value, err = book.GetCellValue(sheet, c.GetStartAxis(), excelize.Options{RawCellValue: true}); err != nil {
			return nil, err
		}
		all.blocks = append(all.blocks, m)
	}
	slices.SortFunc(all.blocks, func(a, b merge) int { return a.top - b.top })
	return all, nil
}

// fill gives the cells of row y that a merged block covers the block's value.
func (m *merges) fill(y int, cells []string) {
	for len(m.blocks) > 0 && m.blocks[0].top <= y {
		m.open = append(m.open, m.blocks[0])
		m.blocks = m.blocks[1:]
	}
	m.open = slices.DeleteFunc(m.open, func(b merge) bool { return b.bottom < y })
	for _, b := range m.open {
		for x := b.left; x <= min(b.right, len(cells)); x++ {
			cells[x-1] = b.value
		}
	}
}
