package etl

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/csv"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"golang.org/x/sync/errgroup"

	"github.com/jiceng/jiceng/queries/schema"
)

// reject is one refused row or line.
type reject struct {
	ordinal  int64 // place among the mapped rows, from 0
	place    int64 // place among the file's rows, from 0; -1: the mapping makes one row of several
	line     int64 // line of the file (row of the sheet, number of the object), from 1; 0: not known
	position int64 // byte position, -1: not known
	rule     string
	column   string
	value    string
	zh, en   string
	raw      string // the row as it stood in the file, personal columns as pseudonyms; "": may not be kept
}

// manyRejects are found file by file, so that the texts of one file's rows alone are kept at a time.
const manyRejects = 100_000

// reject keeps each faulty row with its first reason and takes it out of the staging table.
func (r *run) reject(ctx context.Context, feed schema.Feed, loads []*staged) error {
	if err := r.exec(ctx, "create or replace temp table refused as select row_id, arg_min(struct_pack(rule, column_name, value, zh, en), rank) as reason from fault group by row_id"); err != nil {
		return err
	}
	rejects, err := r.count(ctx, "select count(*) from refused")
	if err != nil {
		return err
	}
	for _, s := range loads {
		rejects += int64(len(s.lineErrors))
	}
	atOnce := max(1, len(loads))
	if rejects > manyRejects {
		atOnce = 1
	}
	for some := range slices.Chunk(loads, atOnce) {
		if err := r.rejectOf(ctx, feed, some); err != nil {
			return err
		}
	}
	return r.exec(ctx, "delete from stage_"+feed.Name+" where rowid in (select row_id from refused)")
}

// rejectOf keeps the rejects of some files, which are searched for them at once.
func (r *run) rejectOf(ctx context.Context, feed schema.Feed, loads []*staged) error {
	failed := func(s *search, err error) error {
		if err != nil {
			return fmt.Errorf("file %s: find the lines of rejected rows: %w", s.path, err)
		}
		return nil
	}
	searches := make([]*search, len(loads))
	for i, load := range loads {
		s := &search{staged: load}
		if err := failed(s, r.locate(ctx, s)); err != nil {
			return err
		}
		searches[i] = s
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, s := range searches {
		group.Go(func() error { return failed(s, s.findLines()) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, s := range searches {
		if len(s.found) == 0 {
			continue
		}
		if err := failed(s, s.mask(ctx, r.conn)); err != nil {
			return err
		}
		slices.SortStableFunc(s.found, func(a, b reject) int { return cmp.Compare(a.line, b.line) })
		r.result.sample(s.path, s.found)
		if err := r.keepRejects(feed, s.staged, s.found); err != nil {
			return fmt.Errorf("keep the rejected rows: %w", err)
		}
	}
	return nil
}

// search is how far the rejects of one file have been found in it.
type search struct {
	*staged
	wanted []reject // not found yet, by place
	found  []reject
	whole  []int // those of found whose text is a row of the file, not masked yet
}

func (r *run) faults(ctx context.Context, s *staged) ([]reject, error) {
	rows, err := r.conn.QueryContext(ctx, `
select
  row_id - ?,
  reason.rule,
  coalesce(reason.column_name, ''),
  coalesce(reason.value, ''),
  reason.zh,
  reason.en
from refused
where row_id >= ?
  and row_id < ?
order by row_id`, s.first, s.first, s.first+s.rows)
	if err != nil {
		return nil, fmt.Errorf("read the rejected rows: %w", err)
	}
	defer rows.Close()
	var faults []reject
	for rows.Next() {
		f := reject{position: -1}
		if err := rows.Scan(&f.ordinal, &f.rule, &f.column, &f.value, &f.zh, &f.en); err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, rows.Err()
}

// locate finds which of the file's rows each refused one was made of.
func (r *run) locate(ctx context.Context, s *search) error {
	faults, err := r.faults(ctx, s.staged)
	if err != nil || len(faults) == 0 {
		return err
	}
	origins, err := r.origins(ctx, s.staged)
	if err != nil {
		return err
	}
	for _, f := range faults {
		o := origins[f.ordinal]
		f.raw, f.place = o.json, o.place
		switch {
		case o.place < 0:
			s.found = append(s.found, f)
		case s.text == nil:
			f.line = o.place + 1
			s.found = append(s.found, f)
		default:
			s.wanted = append(s.wanted, f)
		}
	}
	slices.SortStableFunc(s.wanted, func(a, b reject) int { return cmp.Compare(a.place, b.place) })
	return nil
}

// findLines reads the file once more, counting its rows as the reader did, for the line and the text of each wanted row, and adds
// the lines that were no rows at all.
func (s *search) findLines() error {
	if s.text == nil || len(s.wanted) == 0 && len(s.lineErrors) == 0 {
		return nil
	}
	m := s.masker()
	in, err := s.text.open()
	if err != nil {
		return err
	}
	defer in.Close()
	wrong := &faultLines{}
	for _, e := range s.lineErrors {
		wrong.starts = append(wrong.starts, e.start)
	}
	place := int64(0)
	var once []lineError // the reader may find two faults in one line
	note := func(at record, raw []byte) bool {
		first := wrong.next
		if s.readsCSV() && wrong.within(at) {
			once = append(once, s.lineErrors[first])
			s.found = append(s.found, s.malformed(at, raw, s.lineErrors[first].message, m))
			return true
		}
		for ; len(s.wanted) > 0 && s.wanted[0].place == place; s.wanted = s.wanted[1:] {
			f := s.wanted[0]
			f.line, f.raw = s.text.lineOf(at), string(raw)
			s.whole = append(s.whole, len(s.found))
			s.found = append(s.found, f)
		}
		place++
		return len(s.wanted) > 0 || wrong.next < len(wrong.starts)
	}
	if s.readsCSV() {
		err = eachRecord(in, s.text.delimiter, func(at record) bool { return at.number <= int64(s.text.skip) || note(at, at.text) })
		s.lineErrors = once
	} else {
		for _, e := range s.lineErrors {
			s.found = append(s.found, s.malformed(record{line: e.line, start: e.start}, e.text, e.message, m))
		}
		line := int64(0)
		err = eachLine(in, func(start int64, text []byte) error {
			line++
			if len(strings.TrimSpace(string(text))) > 0 {
				note(record{line: line, start: start}, text)
			}
			return nil
		})
	}
	if err == nil && len(s.wanted) > 0 {
		err = fmt.Errorf("%d rejected rows were not found again; has the file changed while it was read?", len(s.wanted))
	}
	return err
}

// mask masks what is personal in the texts of the file's rows.
func (s *search) mask(ctx context.Context, conn *sql.Conn) error {
	if len(s.whole) == 0 {
		return nil
	}
	raws := make([]*string, len(s.whole))
	for i, at := range s.whole {
		raws[i] = &s.found[at].raw
	}
	return s.masker().mask(ctx, conn, raws)
}

// lineOf is the number a person finds the record by.
func (t *textFile) lineOf(at record) int64 {
	if t.sheet {
		return at.number
	}
	return at.line
}

const (
	undecodableZh = "该行含无法按所用编码识别的字节"
	malformedZh   = "该行不是完整的一行数据（列数不符或引号未闭合）"

	malformedJSONZh = "该行不是完整的 JSON 对象（格式有误、同名字段重复或字符残缺）"
)

// malformed is the reject of a line that is no row.
func (s *staged) malformed(at record, raw []byte, message string, m *masker) reject {
	j := reject{line: s.text.lineOf(at), position: -1, rule: "malformed_line", value: message, zh: malformedZh,
		en: "the line is not a whole row: " + strings.ToLower(message), raw: m.keep(string(raw))}
	if !s.readsCSV() {
		j.zh = malformedJSONZh
	}
	if i := firstInvalid(raw); i >= 0 {
		j.rule, j.zh = "undecodable", undecodableZh
		j.position = s.text.original(at, raw, i)
		j.en = fmt.Sprintf("the line holds a byte that is no text in %s, at position %d of the file", s.encoding, j.position)
	}
	return j
}

// original is the position in the department's file of the byte at i in the record: a decoded copy has others.
func (t *textFile) original(at record, raw []byte, i int64) int64 {
	if len(t.undecoded) == 0 {
		return at.start + i
	}
	line := at.line + lineEnds(raw[:i])
	for _, b := range t.undecoded {
		if b.line == line {
			return b.position
		}
	}
	return at.start + i
}

// masker turns the personal columns of rows' texts into pseudonyms, as the load does.
type masker struct {
	delimiter rune
	header    []string
	how       map[int]string // by column
}

func (s *staged) masker() *masker {
	m := &masker{delimiter: s.text.delimiter, header: s.text.header, how: map[int]string{}}
	for i, name := range s.columns {
		if how := s.source.personal(name); how != "" {
			m.how[i] = how
		}
	}
	if len(m.how) > 0 && !s.readsCSV() {
		m.header = nil // a JSON object's text is not kept where fields of it are personal
	}
	return m
}

// mask masks the personal columns of rows, all in one query.
func (m *masker) mask(ctx context.Context, conn *sql.Conn, rows []*string) error {
	if len(m.how) == 0 || len(rows) == 0 {
		return nil
	}
	split := make([][]string, len(rows))
	var texts []string
	var names []*string // where the pseudonym of each text belongs
	for i, row := range rows {
		fields, err := splitLine(*row, m.delimiter)
		if err != nil || len(fields) != len(m.header) {
			continue
		}
		for column, how := range m.how {
			if how == pseudonym {
				texts, names = append(texts, fields[column]), append(names, &fields[column])
			} else {
				fields[column] = ""
			}
		}
		split[i] = fields
	}
	const ask = "select list_transform(?::varchar[], lambda t: coalesce(pseudonym_of(t), ''))"
	var pseudonyms duckdb.Composite[[]string]
	if len(texts) > 0 {
		if err := conn.QueryRowContext(ctx, ask, texts).Scan(&pseudonyms); err != nil {
			return errors.New("make pseudonyms for rejected rows failed")
		}
	}
	for i, name := range pseudonyms.Get() {
		*names[i] = name
	}
	for i, fields := range split {
		*rows[i] = ""
		if fields != nil {
			*rows[i] = joinFields(fields, m.delimiter)
		}
	}
	return nil
}

// keep returns what may be kept of a line that is no row: all of it, unless
// some of it is personal and cannot be told from the rest.
func (m *masker) keep(row string) string {
	if len(m.how) > 0 {
		return ""
	}
	return strings.ToValidUTF8(row, "�")
}

// keepRejects writes the rejects of one file into the table of rejects.
func (r *run) keepRejects(feed schema.Feed, s *staged, rejects []reject) error {
	header := ""
	if s.readsCSV() {
		header = joinFields(s.text.header, s.text.delimiter)
	}
	return r.conn.Raw(func(connection any) error {
		appender, err := duckdb.NewAppenderFromConn(connection.(driver.Conn), "", "reject")
		if err != nil {
			return err
		}
		for _, j := range rejects {
			if err := appender.AppendRow(r.id, int32(s.loadID), s.source.Name, feed.Name, s.path, known(j.line, 1), known(j.position, 0), j.rule,
				some(j.column), some(j.value), j.zh, j.en, some(j.raw), some(header)); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

func known(n, least int64) any {
	if n < least {
		return nil
	}
	return n
}

func some(s string) any {
	if s == "" {
		return nil
	}
	return s
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
