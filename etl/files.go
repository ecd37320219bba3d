package etl

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jiceng/jiceng/queries/schema"
)

// file is one file of one source.
type file struct {
	source   Source
	path     string
	mapping  string
	hash     string // of the content, the mapping and how the source reads it
	bytes    int64
	unpacked int64 // bytes after gzip
	modified time.Time
	format   string // csv, tsv, json, ndjson, parquet, xlsx
	gzipped  bool
	encoding string // of text: utf-8, gb18030, utf-16

	mark          bool // a byte order mark stands before UTF-8
	mixedLineEnds bool // more than one of LF, CR and CR LF
}

// findFiles lists every file of every source, in a stable order. The error
// names every file that cannot be read, so that all can be mended in one go.
// That a source has no file is no error if earlier runs had some, or if its
// feed is not a required one: it is noticed as a finding.
func (r *run) findFiles(b base) ([]*file, error) {
	var found []foundFile
	var problems []error
	for _, s := range r.cfg.Sources {
		mapping, err := os.ReadFile(s.Mapping)
		if err != nil {
			return nil, fmt.Errorf("source %s: mapping: %w", s.Name, err)
		}
		paths, err := s.paths()
		if err != nil {
			return nil, err
		}
		if len(paths) == 0 {
			missing := fmt.Errorf("source %s: no file matches %s", s.Name, strings.Join(s.Files, ", "))
			if slices.Contains(schema.RequiredFeeds(), s.Feed) && b.mode == modeFull {
				problems = append(problems, missing)
			} else {
				r.fileless = append(r.fileless, s)
				r.log.Warn(missing.Error())
			}
		}
		for _, path := range paths {
			found = append(found, foundFile{s, path, string(mapping)})
		}
	}
	files, err := inspectAll(found, b)
	return files, errors.Join(append(problems, err)...)
}

// foundFile is a file that a source's patterns match, not looked into yet.
type foundFile struct {
	source  Source
	path    string
	mapping string
}

// inspectAll looks at files, as many at a time as there are cores; the largest first, so that none is left alone at the end.
func inspectAll(found []foundFile, b base) ([]*file, error) {
	files := make([]*file, len(found))
	problems := make([]error, len(found))
	bytes := make([]int64, len(found))
	order := make([]int, len(found))
	for i, f := range found {
		order[i] = i
		if stat, err := os.Stat(f.path); err == nil { // what is wrong with it is told by inspect
			bytes[i] = stat.Size()
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(bytes[j], bytes[i]) })
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range order {
		group.Go(func() error {
			f := found[i]
			var err error
			if files[i], err = inspect(f.source, f.path, f.mapping, b); err != nil {
				problems[i] = fmt.Errorf("source %s: file %s: %w", f.source.Name, f.path, err)
			}
			return nil // every problem is told, not only the first
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(f *file) bool { return f == nil }), errors.Join(problems...)
}

// paths lists the files that the source's patterns match, sorted, each once.
func (s Source) paths() ([]string, error) {
	var paths []string
	for _, pattern := range s.Files {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return nil, fmt.Errorf("source %s: files: %q is not a pattern: %w", s.Name, pattern, err)
		}
		paths = append(paths, matches...)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// settings identifies how a source's files become rows.
func (s Source) settings(mapping string) string {
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\x00%s\x00%s\x00%s\x00%s\x00%s\x00%v\x00%v\x00", s.Feed, mapping, s.Format, s.Encoding, s.Delimiter, s.Sheet, s.Personal, s.Values)
	return hex.EncodeToString(hash.Sum(nil))[:16] + ":"
}

// inspect reads a file once: its hash, and for text the encoding it is in. A
// file that has not been touched since it was loaded is not read.
func inspect(s Source, path, mapping string, b base) (*file, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !stat.Mode().IsRegular() {
		return nil, errors.New("it is not a file (a folder where a file should be?)")
	}
	if stat.Size() == 0 {
		return nil, errEmpty
	}
	f := &file{source: s, path: path, mapping: mapping, bytes: stat.Size(), modified: stat.ModTime().UTC()}
	if err := f.setFormat(); err != nil {
		return nil, err
	}
	settings := s.settings(mapping)
	if hash, ok := b.unchanged(s.Name, path, settings, f.bytes, f.modified); ok {
		f.hash = hash
		return f, nil
	}
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	hash := sha256.New()
	var probe probe
	if _, err := io.Copy(io.MultiWriter(hash, &probe), in); err != nil {
		return nil, fmt.Errorf("read it to the end: %w", readable(err))
	}
	f.hash = settings + hex.EncodeToString(hash.Sum(nil))
	f.unpacked = probe.bytes
	if f.isText() {
		if probe.empty() {
			return nil, errEmpty
		}
		f.mark, f.mixedLineEnds = probe.mark(), probe.mixedLineEnds()
		if f.encoding = knownEncoding(s.Encoding); f.encoding == "" {
			f.encoding = probe.encoding()
		}
	}
	return f, nil
}

var errEmpty = errors.New("it is empty: not even a header line")

func (f *file) isText() bool { return f.format != "xlsx" && f.format != "parquet" }

// readable puts into words what a broken gzip file ends in.
func readable(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early: was it still being copied?")
	}
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) {
		return fmt.Errorf("it is damaged: %w", err)
	}
	return err
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
