package etl

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// record is one CSV record of a text file as it stands there.
type record struct {
	text   []byte // without its line end; valid until the next record
	line   int64  // line it starts in, from 1
	number int64  // place among records and empty lines, from 1: the row of a worksheet
	start  int64  // byte position of its first byte
	end    int64  // byte position after its line end
}

// eachRecord calls do for every CSV record, with its place in the file, until
// do returns false. Line breaks inside quotes belong to the record; empty
// lines are no records. It splits a file as DuckDB's reader does (a fuzz test
// holds the two together), so that a row's number leads back to its text.
func eachRecord(in io.Reader, delimiter rune, do func(record) bool) error {
	s := splitter{delimiter: []byte(string(delimiter)), do: do, at: record{line: 1, number: 1}, line: 1}
	reader := bufio.NewReaderSize(in, 1<<20)
	for !s.stopped {
		chunk, err := reader.ReadSlice('\n')
		s.feed(chunk)
		if err == io.EOF {
			s.finish()
			return nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	return nil
}

// splitter is how far eachRecord has come.
type splitter struct {
	delimiter []byte
	do        func(record) bool
	stopped   bool

	at       record // the record under way
	state    quoting
	pending  bool  // a CR outside of quotes waits for what follows
	line     int64 // current line
	position int64 // bytes read
}

type quoting int

const (
	fieldStart    quoting = iota // nothing but spaces so far
	plainText                    // in a field without quotes, or after them
	quoted                       // inside quotes
	quoteInQuoted                // after a quote inside quotes: the end, or the first of a pair
	spaceAfter                   // spaces after the closing quote; another quote opens again
)

// feed takes the next bytes. Whole lines without quotes, nearly all of most files, are not looked at byte by byte.
func (s *splitter) feed(chunk []byte) {
	if len(s.at.text) == 0 && !s.pending && len(chunk) > 0 && chunk[len(chunk)-1] == '\n' && bytes.IndexByte(chunk, '"') < 0 {
		text := bytes.TrimSuffix(chunk[:len(chunk)-1], []byte{'\r'})
		if bytes.IndexByte(text, '\r') < 0 {
			s.position += int64(len(chunk))
			s.line++
			s.at.text = text
			s.emit(nil)
			return
		}
	}
	for _, c := range chunk {
		if s.stopped {
			return
		}
		s.take(c)
	}
}

func (s *splitter) take(c byte) {
	if s.pending {
		s.pending = false
		if c == '\n' {
			s.position++
			s.emit(s.at.text[:0])
			return
		}
		s.emit(s.at.text[:0])
		if s.stopped {
			return
		}
	}
	s.position++
	switch {
	case c == '\r' && s.state != quoted:
		s.pending = true
		s.line++
		return
	case c == '\n' && s.state != quoted:
		s.line++
		s.emit(s.at.text[:0])
		return
	case c == '\r', c == '\n' && !bytes.HasSuffix(s.at.text, []byte{'\r'}):
		s.line++
	}
	s.at.text = append(s.at.text, c)
	s.turn(c)
}

// turn moves the state on by one byte that is no line end.
func (s *splitter) turn(c byte) {
	switch {
	case s.state == quoted && c == '"':
		s.state = quoteInQuoted
		return
	case s.state == quoted:
		return
	case c == '"' && s.state != plainText:
		s.state = quoted
		return
	case c == ' ' && (s.state == quoteInQuoted || s.state == spaceAfter):
		s.state = spaceAfter
		return
	case s.state == fieldStart && c == ' ':
	default:
		s.state = plainText
	}
	if bytes.HasSuffix(s.at.text, s.delimiter) {
		s.state = fieldStart
	}
}

func (s *splitter) finish() {
	if s.pending || len(s.at.text) > 0 {
		s.pending = false
		s.emit(nil)
	}
}

// emit hands over the record and begins the next one in buffer.
func (s *splitter) emit(buffer []byte) {
	s.at.end = s.position
	if len(s.at.text) > 0 && !s.do(s.at) {
		s.stopped = true
	}
	s.at = record{text: buffer, line: s.line, number: s.at.number + 1, start: s.position}
	s.state = fieldStart
}

// firstInvalid returns the position of the first byte that is no UTF-8, or -1.
func firstInvalid(text []byte) int64 {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return int64(i)
		}
		i += size
	}
	return -1
}

// faultLines are the places where lines that are no rows begin, in order.
type faultLines struct {
	starts []int64
	next   int
}

// within says whether a fault begins in this record, or after the text of the
// one before it: the reader may call a line's start the line end before it.
// Records must be asked for in order.
func (f *faultLines) within(r record) bool {
	found := false
	for f.next < len(f.starts) && f.starts[f.next] < r.start+int64(len(r.text)) {
		found = true
		f.next++
	}
	return found
}
