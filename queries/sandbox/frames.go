package sandbox

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/jiceng/jiceng/queries/disclosure"
)

// What goes between a worker and its parent is a row of frames: one byte for
// the kind, four for the length, then the payload.
const (
	frameReady   = 'R' // worker: the snapshot is open; a ready
	frameRequest = 'Q' // parent: a request
	frameData    = 'D' // worker: a piece of the result's Arrow stream
	frameEnd     = 'E' // worker: the result is over; an ending
)

// maxFrame bounds what one side believes of the other.
const maxFrame = 64 << 20

// setup is the first frame: what the worker opens and within which limits.
type setup struct {
	Snapshot string // the file
	MemoryMB int64
	Threads  int
}

// ready tells which relations a query may name.
type ready struct {
	Relations []disclosure.Relation
	Error     string
}

// request is one query.
type request struct {
	SQL      string
	Scope    string // subdistrict that the reader is confined to; "" for none
	Limit    int64  // stop after so many rows and say that there are more; 0 for none
	MaxRows  int64  // fail beyond
	MaxBytes int64  // fail beyond
}

// ending says how a query went.
type ending struct {
	Kind    Kind
	Message string
	Rows    int64
	More    bool
}

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	head := make([]byte, 5, 5+len(payload))
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	_, err := w.Write(append(head, payload...))
	return err
}

func writeJSON(w io.Writer, kind byte, message any) error {
	payload, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, payload)
}

func readFrame(r *bufio.Reader) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes", n)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return head[0], payload, err
}

// dataWriter cuts a stream into data frames.
type dataWriter struct{ w io.Writer }

func (d dataWriter) Write(p []byte) (int, error) {
	for written := 0; written < len(p); {
		piece := p[written:min(len(p), written+1<<20)]
		if err := writeFrame(d.w, frameData, piece); err != nil {
			return written, err
		}
		written += len(piece)
	}
	return len(p), nil
}
