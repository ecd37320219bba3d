package access

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
)

// Audit writes down who did what, one JSON object a line.
type Audit struct {
	log  *slog.Logger
	file io.Closer
}

// OpenAudit appends to a file that its owner alone may read. Without a path the lines go to the server's log.
func OpenAudit(path string, fallback *slog.Logger) (*Audit, error) {
	if path == "" {
		return &Audit{log: fallback}, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("open the audit log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the audit log: %w", err)
	}
	return &Audit{slog.New(slog.NewJSONHandler(f, nil)), f}, nil
}

// Write adds a line: what was done, by whom, and details as pairs of name and value.
func (a *Audit) Write(ctx context.Context, action string, who Principal, details ...any) {
	head := []any{"user", who.Name, "role", string(who.Role), "via", who.Via, "subdistrict", who.Subdistrict}
	a.log.InfoContext(ctx, action, append(head, details...)...)
}

// Close closes the file.
func (a *Audit) Close() error {
	if a.file == nil {
		return nil
	}
	return a.file.Close()
}
