package signals

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Acknowledgement says that somebody has looked at a signal.
type Acknowledgement struct {
	By   string    `json:"by"`
	Note string    `json:"note"`
	At   time.Time `json:"at"`
}

// Desk keeps what people and the nightly run did with signals in small files beside the
// warehouse: snapshots are never changed. It is safe for many goroutines and processes.
type Desk struct {
	dir string
	mu  sync.Mutex
}

// NewDesk keeps its files in the warehouse's folder.
func NewDesk(warehouse string) *Desk { return &Desk{dir: warehouse} }

const (
	acknowledgedFile = "signals-acknowledged.json"
	sentFile         = "signals-sent.json"
	longestNote      = 2000
)

// ErrBadNote says that an acknowledgement lacks a name or has too long a note.
var ErrBadNote = errors.New("an acknowledgement needs a name and a note of at most 2,000 characters")

// Acknowledged returns all acknowledgements by the signal's number.
func (d *Desk) Acknowledged() (map[string]Acknowledgement, error) {
	all := map[string]Acknowledgement{}
	return all, d.read(acknowledgedFile, &all)
}

// Acknowledge notes that by has looked at a signal; a later note replaces an earlier one.
func (d *Desk) Acknowledge(id, by, note string, at time.Time) error {
	by, note = strings.TrimSpace(by), strings.TrimSpace(note)
	if by == "" || len([]rune(by)) > 100 || len([]rune(note)) > longestNote {
		return ErrBadNote
	}
	return d.change(acknowledgedFile, func(text []byte) (any, error) {
		all := map[string]Acknowledgement{}
		err := unmarshal(text, &all)
		all[id] = Acknowledgement{By: by, Note: note, At: at.UTC().Truncate(time.Second)}
		return all, err
	})
}

// Changed is when somebody last acknowledged a signal; the zero time where nobody has.
func (d *Desk) Changed() time.Time {
	info, err := os.Stat(filepath.Join(d.dir, acknowledgedFile))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Sent returns when each signal was sent, by its number.
func (d *Desk) Sent() (map[string]time.Time, error) {
	all := map[string]time.Time{}
	return all, d.read(sentFile, &all)
}

// MarkSent notes that signals were sent.
func (d *Desk) MarkSent(ids []string, at time.Time) error {
	return d.change(sentFile, func(text []byte) (any, error) {
		all := map[string]time.Time{}
		err := unmarshal(text, &all)
		for _, id := range ids {
			all[id] = at.UTC().Truncate(time.Second)
		}
		return all, err
	})
}

func (d *Desk) read(name string, to any) error {
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if err := unmarshal(text, to); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func unmarshal(text []byte, to any) error {
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, to)
}

// change reads a file, changes it and puts it back by one rename, while no other process
// does.
func (d *Desk) change(name string, how func(text []byte) (any, error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	lock := flock.New(filepath.Join(d.dir, "."+name+".lock"))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock %s: %w", name, err)
	}
	defer lock.Close()
	path := filepath.Join(d.dir, name)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", name, err)
	}
	value, err := how(text)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err) // a broken file is not written over
	}
	if text, err = json.MarshalIndent(value, "", "  "); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	temp := filepath.Join(d.dir, "."+name+".new")
	if err := os.WriteFile(temp, append(text, '\n'), 0o640); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
