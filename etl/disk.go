package etl

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// explainDisk puts a full disk or a folder that may not be written to into
// words that say what to do. DuckDB passes the system's errors on as text.
func explainDisk(dir string, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	says := func(phrases ...string) bool {
		for _, p := range phrases {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG),
		says("No space left on device", "Disk quota exceeded", "File too large"):
		return fmt.Errorf("the disk of the warehouse %s is full; what is published stays as it was; make room for one more snapshot and its work files, or lower \"keep\": %w", dir, err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission), says("Read-only file system", "Permission denied"):
		return fmt.Errorf("the warehouse %s cannot be written to: is it read-only, or another user's? %w", dir, err)
	}
	return err
}
