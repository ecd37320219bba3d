package etl

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// knownEncoding gives an encoding's name as jiceng writes it, "" for none and for one it does not know.
func knownEncoding(name string) string {
	switch strings.ToLower(name) {
	case "utf-8", "utf8":
		return "utf-8"
	case "gb18030", "gbk", "gb2312":
		return "gb18030"
	case "utf-16", "utf16":
		return "utf-16"
	}
	return ""
}

// probe looks at a whole file's bytes as they pass by: which encoding they are in, and how lines end.
type probe struct {
	bytes       int64
	head        []byte // first bytes, for a byte order mark
	rest        []byte // a character cut at the end of a chunk
	joined      []byte // a chunk with the rest before it
	good, wrong int64  // characters beyond ASCII that are well-formed UTF-8, and bytes that are not
	zeros       int64
	afterCR     bool
	lf, cr      int64 // line feeds and carriage returns
	crlf        int64 // one after the other
}

func (p *probe) Write(chunk []byte) (int, error) {
	n := len(chunk)
	p.bytes += int64(n)
	if len(p.head) < 3 {
		p.head = append(p.head, chunk[:min(3-len(p.head), n)]...)
	}
	p.countLineEnds(chunk)
	p.zeros += int64(bytes.Count(chunk, []byte{0}))
	if len(p.rest) > 0 {
		p.joined = append(append(p.joined[:0], p.rest...), chunk...)
		chunk, p.rest = p.joined, p.rest[:0]
	}
	// A character that the end of the chunk cuts waits for the next one: of Chinese text, most chunks end in one.
	if cut := cutAtEnd(chunk); cut > 0 {
		p.rest = append(p.rest, chunk[len(chunk)-cut:]...)
		chunk = chunk[:len(chunk)-cut]
	}
	if utf8.Valid(chunk) { // nearly always, and much faster told than counted
		p.good += leadBytes(chunk)
		return n, nil
	}
	for i := 0; i < len(chunk); {
		if chunk[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(chunk[i:])
		if r == utf8.RuneError && size == 1 {
			p.wrong++
		} else {
			p.good++
		}
		i += size
	}
	return n, nil
}

// leadBytes counts the characters beyond ASCII of well-formed UTF-8: the bytes whose two highest bits are set, eight at a time.
func leadBytes(text []byte) (count int64) {
	const highest = 0x8080808080808080
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		count += int64(bits.OnesCount64(word & (word << 1) & highest))
	}
	for _, b := range text {
		if b >= 0xc0 {
			count++
		}
	}
	return count
}

// cutAtEnd is how many bytes at the end of a chunk begin a character that goes on in the next one.
func cutAtEnd(chunk []byte) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(chunk)); n++ {
		end := chunk[len(chunk)-n:]
		if utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return 0
			}
			return n
		}
	}
	return 0
}

func (p *probe) countLineEnds(chunk []byte) {
	if len(chunk) == 0 {
		return
	}
	p.lf += int64(bytes.Count(chunk, []byte{'\n'}))
	if p.afterCR && chunk[0] == '\n' {
		p.crlf++
	}
	if returns := bytes.Count(chunk, []byte{'\r'}); returns > 0 {
		p.cr += int64(returns)
		p.crlf += int64(bytes.Count(chunk, []byte("\r\n")))
	}
	p.afterCR = chunk[len(chunk)-1] == '\r'
}

// empty says whether there is nothing but perhaps a byte order mark.
func (p *probe) empty() bool { return p.bytes == 0 || p.bytes == 3 && p.mark() }

// mark says whether the text begins with UTF-8's byte order mark.
func (p *probe) mark() bool { return string(p.head) == byteOrderMark }

const byteOrderMark = "\xef\xbb\xbf"

// mixedLineEnds says whether more than one of LF, CR and CR LF occur.
func (p *probe) mixedLineEnds() bool {
	kinds := 0
	for _, n := range []int64{p.crlf, p.lf - p.crlf, p.cr - p.crlf} {
		if n > 0 {
			kinds++
		}
	}
	return kinds > 1
}

// encoding is UTF-8 unless more than a tenth of what is not ASCII breaks its
// rules: a stray byte in a UTF-8 file is a bad line, not another encoding.
// Text with a byte order mark, or with a tenth of its bytes zero, is UTF-16.
func (p *probe) encoding() string {
	switch {
	case bytes.HasPrefix(p.head, []byte{0xff, 0xfe}), bytes.HasPrefix(p.head, []byte{0xfe, 0xff}), p.zeros*10 > p.bytes:
		return "utf-16"
	case (p.wrong+int64(len(p.rest)))*10 > p.good+p.wrong:
		return "gb18030"
	}
	return "utf-8"
}

// badByte is where bytes of the original file are no text in its encoding.
// In the decoded copy a byte that is no UTF-8 stands there, so that the
// reader refuses the line instead of loading something else.
type badByte struct {
	line, position int64 // line from 1; byte position from 0
}

const noText = 0xff

// decode writes a UTF-8 copy of the file and returns where its bytes are no text. Lines stay lines.
func (f *file) decode(to io.Writer) ([]badByte, error) {
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	lines := &lineEndWriter{w: to}
	w := bufio.NewWriterSize(lines, 1<<20)
	var bad []badByte
	switch f.encoding {
	case "utf-16":
		bad, err = decodeUTF16(in, w)
	case "gb18030":
		bad, err = decodeLines(in, w, simplifiedchinese.GB18030)
	default:
		bad, err = decodeLines(in, w, nil)
	}
	if err := errors.Join(err, w.Flush()); err != nil {
		return nil, fmt.Errorf("decode from %s: %w", f.encoding, readable(err))
	}
	return bad, nil
}

// lineEnds counts the line ends in text: LF, CR, or both together.
func lineEnds(text []byte) int64 {
	return int64(bytes.Count(text, []byte{'\n'}) + bytes.Count(text, []byte{'\r'}) - bytes.Count(text, []byte("\r\n")))
}

// decodeLines decodes line by line; without an encoding the text is UTF-8 already.
// In GB18030 the byte of a line feed is never part of another character.
func decodeLines(in io.Reader, w *bufio.Writer, enc encoding.Encoding) ([]badByte, error) {
	r := bufio.NewReaderSize(in, 1<<20)
	line := decodeUTF8
	if enc != nil {
		decoder := enc.NewDecoder()
		line = func(raw []byte) ([]byte, []int) { return decodeLine(raw, decoder) }
	}
	var bad []badByte
	number, position := int64(1), int64(0)
	for {
		raw, err := r.ReadBytes('\n')
		if len(raw) > 0 {
			text, at := line(raw)
			for _, i := range at {
				bad = append(bad, badByte{number + lineEnds(raw[:i]), position + int64(i)})
			}
			if _, err := w.Write(text); err != nil {
				return nil, err
			}
			position += int64(len(raw))
			number += lineEnds(raw)
		}
		if err == io.EOF {
			return bad, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func decodeUTF8(raw []byte) (text []byte, bad []int) {
	if utf8.Valid(raw) {
		return raw, nil
	}
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			bad = append(bad, i)
		}
		i += size
	}
	return raw, bad
}

func decodeLine(raw []byte, decoder *encoding.Decoder) (text []byte, bad []int) {
	text, err := decoder.Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return decodeCharacters(raw, decoder)
	}
	return text, nil
}

// decodeCharacters decodes GB18030 character by character and returns where that failed.
func decodeCharacters(raw []byte, decoder *encoding.Decoder) (text []byte, bad []int) {
	for i := 0; i < len(raw); {
		size := 1
		if raw[i] >= utf8.RuneSelf && i+1 < len(raw) {
			if size = 2; raw[i+1] >= '0' && raw[i+1] <= '9' {
				size = 4
			}
		}
		size = min(size, len(raw)-i)
		character, err := decoder.Bytes(raw[i : i+size])
		if err != nil || bytes.ContainsRune(character, utf8.RuneError) {
			// One byte only: what follows may be sound, a line end above all.
			bad = append(bad, i)
			character, size = []byte{noText}, 1
		}
		text = append(text, character...)
		i += size
	}
	return text, bad
}

// decodeUTF16 decodes by the byte order mark or, without one, by where the zero bytes of ASCII stand.
func decodeUTF16(in io.Reader, w *bufio.Writer) ([]badByte, error) {
	r := bufio.NewReaderSize(in, 1<<20)
	head, err := r.Peek(1 << 12)
	if err != nil && err != io.EOF {
		return nil, err
	}
	big, mark := byteOrder(head)
	position := int64(0)
	if mark {
		position = 2
		if _, err := r.Discard(2); err != nil {
			return nil, err
		}
	}
	d := utf16Decoder{r: r, w: w, big: big, position: position, line: 1}
	return d.run()
}

func byteOrder(head []byte) (big, mark bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return false, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return true, true
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	return zeros[0] > zeros[1], false
}

type utf16Decoder struct {
	r              *bufio.Reader
	w              *bufio.Writer
	big            bool
	position, line int64
	last           rune
	bad            []badByte
}

func (d *utf16Decoder) run() ([]badByte, error) {
	for {
		at := d.position
		unit, ok, err := d.unit()
		if err != nil {
			return nil, err
		}
		if !ok {
			return d.bad, nil
		}
		char := rune(unit)
		if utf16.IsSurrogate(char) {
			if char, err = d.pair(char); err != nil {
				return nil, err
			}
		}
		if char == utf8.RuneError {
			err = d.wrong(at)
		} else {
			_, err = d.w.WriteRune(char)
		}
		if err != nil {
			return nil, err
		}
		if char == '\r' || char == '\n' && d.last != '\r' {
			d.line++
		}
		d.last = char
	}
}

// pair reads the second half of a surrogate pair, or leaves it where it does not belong to the first.
func (d *utf16Decoder) pair(first rune) (rune, error) {
	next, err := d.r.Peek(2)
	if err != nil && err != io.EOF {
		return 0, err
	}
	if len(next) < 2 {
		return utf8.RuneError, nil
	}
	char := utf16.DecodeRune(first, rune(d.combine(next[0], next[1])))
	if char != utf8.RuneError {
		d.position += 2
		_, err = d.r.Discard(2)
		return char, err
	}
	return char, nil
}

// unit reads one code unit; an odd byte at the end is no text.
func (d *utf16Decoder) unit() (uint16, bool, error) {
	first, err := d.r.ReadByte()
	if err == io.EOF {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	second, err := d.r.ReadByte()
	if err == io.EOF {
		return 0, false, d.wrong(d.position)
	}
	if err != nil {
		return 0, false, err
	}
	d.position += 2
	return d.combine(first, second), true, nil
}

func (d *utf16Decoder) combine(first, second byte) uint16 {
	if d.big {
		return uint16(first)<<8 | uint16(second)
	}
	return uint16(second)<<8 | uint16(first)
}

func (d *utf16Decoder) wrong(at int64) error {
	d.bad = append(d.bad, badByte{d.line, at})
	return d.w.WriteByte(noText)
}

// lineEndWriter passes text on without a byte order mark, which DuckDB's JSON
// reader takes for a value, and with every kind of line end as a line feed:
// its CSV reader gives up on a file that mixes them.
type lineEndWriter struct {
	w       io.Writer
	begun   bool
	afterCR bool
}

func (l *lineEndWriter) Write(text []byte) (int, error) {
	n := len(text)
	if n == 0 {
		return 0, nil
	}
	if !l.begun {
		l.begun, text = true, bytes.TrimPrefix(text, []byte(byteOrderMark))
	}
	if l.afterCR && bytes.HasPrefix(text, []byte{'\n'}) {
		text = text[1:]
	}
	if len(text) > 0 {
		l.afterCR = bytes.HasSuffix(text, []byte{'\r'})
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte{'\n'})
		text = bytes.ReplaceAll(text, []byte{'\r'}, []byte{'\n'})
	}
	_, err := l.w.Write(text)
	return n, err
}
