package etl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// file is one file of one source.
type file struct {
	source   Source
	path     string
	mapping  string
	hash     string // of the content, the mapping and how the source reads it
	bytes    int64
	modified time.Time
	format   string // csv, tsv, json, ndjson, parquet, xlsx
	gzipped  bool
	encoding string // utf-8, gb18030, utf-16
}

// findFiles lists every file of every source, in a stable order.
func findFiles(cfg Config) ([]*file, error) {
	var files []*file
	for _, s := range cfg.Sources {
		mapping, err := os.ReadFile(s.Mapping)
		if err != nil {
			return nil, fmt.Errorf("source %s: mapping: %w", s.Name, err)
		}
		var paths []string
		for _, pattern := range s.Files {
			matches, err := filepath.Glob(pattern)
			if err != nil {
				return nil, fmt.Errorf("source %s: files: %q is not a pattern: %w", s.Name, pattern, err)
			}
			paths = append(paths, matches...)
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("source %s: no file matches %s", s.Name, strings.Join(s.Files, ", "))
		}
		slices.Sort(paths)
		for _, path := range slices.Compact(paths) {
			f, err := inspect(s, path, string(mapping))
			if err != nil {
				return nil, fmt.Errorf("source %s: file %s: %w", s.Name, path, err)
			}
			files = append(files, f)
		}
	}
	return files, nil
}

// inspect reads a file once: its hash, and for text the encoding it is in.
func inspect(s Source, path, mapping string) (*file, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !stat.Mode().IsRegular() {
		return nil, errors.New("it is not a file (a folder where a file should be?)")
	}
	if stat.Size() == 0 {
		return nil, errors.New("it is empty: not even a header line")
	}
	f := &file{source: s, path: path, mapping: mapping, bytes: stat.Size(), modified: stat.ModTime().UTC()}
	if err := f.setFormat(); err != nil {
		return nil, err
	}
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\x00%s\x00%s\x00%v\x00%v\x00", s.Feed, mapping, s.Encoding, s.Personal, s.Values)
	var probe encodingProbe
	if _, err := io.Copy(io.MultiWriter(hash, &probe), in); err != nil {
		return nil, fmt.Errorf("read it to the end: %w", err)
	}
	f.hash = hex.EncodeToString(hash.Sum(nil))
	if f.encoding = strings.ToLower(s.Encoding); f.encoding == "" {
		f.encoding = probe.result()
	}
	switch f.encoding {
	case "gbk", "gb2312":
		f.encoding = "gb18030"
	case "utf8":
		f.encoding = "utf-8"
	}
	if !slices.Contains([]string{"utf-8", "gb18030", "utf-16"}, f.encoding) {
		return nil, fmt.Errorf("encoding %q is not one of utf-8, gb18030, utf-16", f.encoding)
	}
	return f, nil
}

func (f *file) setFormat() error {
	name := strings.ToLower(f.path)
	if trimmed, ok := strings.CutSuffix(name, ".gz"); ok {
		name, f.gzipped = trimmed, true
	}
	if f.format = f.source.Format; f.format == "" {
		f.format = strings.TrimPrefix(filepath.Ext(name), ".")
	}
	if f.format == "txt" {
		f.format = "csv"
	}
	if f.format == "jsonl" {
		f.format = "ndjson"
	}
	if f.format == "geojson" {
		f.format = "json"
	}
	if !slices.Contains([]string{"csv", "tsv", "json", "ndjson", "parquet", "xlsx"}, f.format) {
		return fmt.Errorf("format %q is not one of csv, tsv, json, ndjson, parquet, xlsx: set \"format\" for the source", f.format)
	}
	return nil
}

// open reads the file's bytes, unpacked.
func (f *file) open() (io.ReadCloser, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	if !f.gzipped {
		return in, nil
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(in, 1<<20))
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("it is named .gz, but is not gzip: %w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, in}, nil
}

// encodingProbe counts, over a whole file, how many characters beyond ASCII are well-formed UTF-8.
type encodingProbe struct {
	head        []byte // first bytes, for a byte order mark
	rest        []byte // a character cut at the end of a chunk
	good, wrong int64
}

func (p *encodingProbe) Write(chunk []byte) (int, error) {
	n := len(chunk)
	if len(p.head) < 4 {
		p.head = append(p.head, chunk[:min(4, n)]...)
	}
	if len(p.rest) > 0 {
		chunk = append(p.rest, chunk...)
		p.rest = nil
	}
	for i := 0; i < len(chunk); {
		if chunk[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !utf8.FullRune(chunk[i:]) {
			p.rest = bytes.Clone(chunk[i:])
			break
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

// result is UTF-8 unless more than a tenth of what is not ASCII breaks its
// rules: a stray byte in a UTF-8 file is a bad line, not another encoding.
func (p *encodingProbe) result() string {
	if bytes.HasPrefix(p.head, []byte{0xff, 0xfe}) || bytes.HasPrefix(p.head, []byte{0xfe, 0xff}) {
		return "utf-16"
	}
	if p.wrong*10 > p.good+p.wrong {
		return "gb18030"
	}
	return "utf-8"
}

// badLine is a line of the original file that could not be decoded.
type badLine struct {
	line, position int64 // 1-based line; 0-based byte position in the file
}

// decode writes a UTF-8 copy of the file and returns the lines it had to leave out.
func (f *file) decode(to string) ([]badLine, error) {
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("decode to a work file: %w", err)
	}
	w := bufio.NewWriterSize(out, 1<<20)
	var bad []badLine
	if f.encoding == "utf-16" {
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		_, err = io.Copy(w, decoder.Reader(in))
	} else {
		bad, err = decodeLines(in, w, simplifiedchinese.GB18030)
	}
	if err := errors.Join(err, w.Flush(), out.Close()); err != nil {
		return nil, fmt.Errorf("decode from %s: %w", f.encoding, err)
	}
	return bad, nil
}

// decodeLines decodes line by line. In GB18030 the byte of a line feed is never part of another character.
func decodeLines(in io.Reader, w io.Writer, enc encoding.Encoding) ([]badLine, error) {
	r := bufio.NewReaderSize(in, 1<<20)
	decoder := enc.NewDecoder()
	var bad []badLine
	var line, position int64
	for {
		raw, err := r.ReadBytes('\n')
		if len(raw) > 0 {
			line++
			text, decodeErr := decoder.Bytes(raw)
			if decodeErr != nil || bytes.ContainsRune(text, utf8.RuneError) {
				bad = append(bad, badLine{line, position})
			} else if _, err := w.Write(text); err != nil {
				return nil, err
			}
			position += int64(len(raw))
		}
		if err == io.EOF {
			return bad, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
