// Package assets holds the built front-end files. src/ is bundled into dist/ by
// "npm ci && npm run build"; dist/LIBRARIES.txt names the libraries inside.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// Asset is one file as it is served: under a name that changes with its content, so that browsers may keep it for ever.
type Asset struct {
	Path string // /assets/app.1a2b3c4d.js
	Type string
	Gzip []byte
}

// Load returns the script and the style sheet.
func Load() (script, style Asset, err error) {
	if script, err = load("app", "js", "text/javascript; charset=utf-8"); err != nil {
		return script, style, err
	}
	style, err = load("app", "css", "text/css; charset=utf-8")
	return script, style, err
}

// Workbench returns the script that the workbench's page alone loads.
func Workbench() (Asset, error) { return load("workbench", "js", "text/javascript; charset=utf-8") }

func load(name, extension, kind string) (Asset, error) {
	content, err := fs.ReadFile(dist, "dist/"+name+"."+extension)
	if err != nil {
		return Asset{}, fmt.Errorf("asset %s: %w", name, err)
	}
	sum := sha256.Sum256(content)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return Asset{}, fmt.Errorf("asset %s: %w", name, err)
	}
	if _, err := z.Write(content); err != nil {
		return Asset{}, fmt.Errorf("asset %s: %w", name, err)
	}
	if err := z.Close(); err != nil {
		return Asset{}, fmt.Errorf("asset %s: %w", name, err)
	}
	path := fmt.Sprintf("/assets/%s.%s.%s", name, hex.EncodeToString(sum[:4]), extension)
	return Asset{path, kind, packed.Bytes()}, nil
}
