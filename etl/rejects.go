package etl

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// reject is one refused row or line.
type reject struct {
	ordinal  int64 // place among the file's rows, from 0
	line     int64 // line of the file, from 1; 0: the format has no lines
	position int64 // byte position, -1: not known
	rule     string
	column   string
	value    string
	zh, en   string
	raw      string // the row's text with personal columns masked
}

// masked stands where a personal value was.
const masked = "***"

// locate finds the line and the text of each refused row, and adds the lines that were no rows at all.
func locate(s *staged, faults []reject) ([]reject, error) {
	if s.text == nil {
		for i := range faults {
			faults[i].line = faults[i].ordinal + 1
		}
		return faults, nil
	}
	structural := map[int64]lineError{}
	for _, e := range s.lineErrors {
		structural[e.line] = e
	}
	in, err := s.text.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var found []reject
	personal := personalColumns(s)
	next, ordinal := 0, int64(0)
	err = eachRecord(in, s.text.skip, func(line int64, record []byte) bool {
		if e, ok := structural[line]; ok {
			raw := ""
			if len(personal) == 0 {
				raw = strings.ToValidUTF8(string(record), "�")
			}
			found = append(found, reject{line: s.text.originalLine(line), position: -1, rule: "malformed_line",
				value: e.message, zh: "该行不是完整的一行数据（列数不符、引号未闭合或编码错误）", en: "the line is not a whole row (number of fields, an open quote, or bytes that are no text): " + e.message, raw: raw})
			return true
		}
		if next < len(faults) && faults[next].ordinal == ordinal {
			f := faults[next]
			f.line = s.text.originalLine(line)
			f.raw = maskFields(string(record), s.text.delimiter, personal)
			found = append(found, f)
			next++
		}
		ordinal++
		return true
	})
	if err != nil {
		return nil, err
	}
	if next < len(faults) {
		return nil, fmt.Errorf("%d rejected rows were not found again; has the file changed while it was read?", len(faults)-next)
	}
	for _, b := range s.text.undecoded {
		found = append(found, reject{line: b.line, position: b.position, rule: "undecodable", zh: "该行含无法按所用编码识别的字节", en: "the line holds bytes that are not text in encoding " + s.encoding})
	}
	slices.SortStableFunc(found, func(a, b reject) int { return int(a.line - b.line) })
	return found, nil
}

// originalLine gives the line in the department's file: lines that could not be decoded are missing from the copy.
func (t *textFile) originalLine(line int64) int64 {
	for _, b := range t.undecoded {
		if b.line <= line {
			line++
		}
	}
	return line
}

// eachRecord calls do for every CSV record after the skipped lines, with the line it starts in.
// Line breaks inside quotes belong to the record; empty lines are no records.
func eachRecord(in io.Reader, skip int, do func(line int64, record []byte) bool) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	var record []byte
	var line, start int64
	quoted := false
	for {
		chunk, err := reader.ReadBytes('\n')
		if len(chunk) > 0 {
			line++
			if line > int64(skip) {
				if len(record) == 0 {
					start = line
				}
				record = append(record, chunk...)
				if bytes.Count(chunk, []byte{'"'})%2 == 1 {
					quoted = !quoted
				}
				if !quoted {
					text := bytes.TrimRight(record, "\r\n")
					if len(text) > 0 && !do(start, text) {
						return nil
					}
					record = record[:0]
				}
			}
		}
		if err == io.EOF {
			if text := bytes.TrimRight(record, "\r\n"); len(text) > 0 {
				do(start, text)
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func maskFields(record string, delimiter rune, personal []int) string {
	if len(personal) == 0 {
		return record
	}
	fields, err := splitLine(record, delimiter)
	if err != nil {
		return ""
	}
	for _, i := range personal {
		if i < len(fields) && fields[i] != "" {
			fields[i] = masked
		}
	}
	return joinFields(fields, delimiter)
}

func joinFields(fields []string, delimiter rune) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = delimiter
	if err := w.Write(fields); err != nil {
		return strings.Join(fields, string(delimiter))
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}
