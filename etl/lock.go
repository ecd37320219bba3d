package etl

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const lockFile = ".lock"

// holder is who holds the warehouse. It stands in the lock file while a run is
// under way; a run that ends by itself leaves the file empty.
type holder struct {
	RunID   string    `json:"run_id"`
	Process int       `json:"process"`
	Host    string    `json:"host"`
	Since   time.Time `json:"since"`
}

func (h holder) String() string {
	return fmt.Sprintf("process %d on %s since %s (run %s)", h.Process, h.Host, h.Since.Local().Format(time.RFC3339), h.RunID)
}

// lock takes the warehouse for one run. killed is the holder before, if it was
// ended from outside and could not say goodbye.
func lock(dir, runID string) (unlock func(), killed *holder, err error) {
	path := filepath.Join(dir, lockFile)
	l := flock.New(path, flock.SetPermissions(0o640))
	held, err := l.TryLock()
	if err != nil {
		return nil, nil, fmt.Errorf("lock the warehouse: %w", err)
	}
	before := readHolder(path)
	if !held {
		if before == nil {
			return nil, nil, ErrLocked
		}
		return nil, nil, fmt.Errorf("%w: %s", ErrLocked, before)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	text, err := json.Marshal(holder{runID, os.Getpid(), host, time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = os.WriteFile(path, append(text, '\n'), 0o640)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("write who holds the warehouse: %w", err), l.Close())
	}
	return func() {
		_ = os.Truncate(path, 0) // what is left in the file only names a run that has ended
		_ = l.Close()
	}, before, nil
}

func readHolder(path string) *holder {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var h holder
	if json.Unmarshal(text, &h) != nil || h.RunID == "" {
		return nil
	}
	return &h
}
