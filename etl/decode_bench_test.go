package etl

import (
	"strings"
	"testing"
)

// BenchmarkProbe looks at text as files have it, in chunks as they are read: a full load looks at every byte of its files once.
func BenchmarkProbe(b *testing.B) {
	const chunk = 32<<10 - 7 // so that chunks end anywhere
	text := []byte(strings.Repeat("A1024,request,2026-01-05 09:13:00,热线,居民,物业管理,990999003009011,网格员,2026-01-06 18:00:00\r\n", 4000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var p probe
		for at := 0; at < len(text); at += chunk {
			_, _ = p.Write(text[at:min(at+chunk, len(text))])
		}
		if p.encoding() != "utf-8" {
			b.Fatal(p.encoding())
		}
	}
}
