package etl

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLeadBytesAreTheCharactersBeyondASCII(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("a,\n网格é€😀\u0080\U0010ffff")
	for range 2000 {
		var text strings.Builder
		want := int64(0)
		for range random.IntN(40) {
			r := alphabet[random.IntN(len(alphabet))]
			if r >= utf8.RuneSelf {
				want++
			}
			text.WriteRune(r)
		}
		if got := leadBytes([]byte(text.String())); got != want {
			t.Fatalf("%q has %d characters beyond ASCII, not %d", text.String(), want, got)
		}
	}
}

// However a text is cut into chunks, the probe sees the same in it.
func TestAProbeSeesTheSameInAnyChunks(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, text := range []string{
		strings.Repeat("编号,网格\r\nA1,中山路一号😀\n", 50),
		strings.Repeat("编号,网格\n", 20) + "\xb1\xe0\xba\xc5" + strings.Repeat("后", 9),
		"\xb1\xe0\xba\xc5,\xcd\xf8\xb8\xf1\n",
	} {
		var whole probe
		_, _ = whole.Write([]byte(text))
		for range 200 {
			var p probe
			for rest := text; rest != ""; {
				n := 1 + random.IntN(min(len(rest), 1+random.IntN(30)))
				_, _ = p.Write([]byte(rest[:n]))
				rest = rest[n:]
			}
			if p.good != whole.good || p.wrong+int64(len(p.rest)) != whole.wrong+int64(len(whole.rest)) || p.encoding() != whole.encoding() ||
				p.lf != whole.lf || p.cr != whole.cr || p.crlf != whole.crlf {
				t.Fatalf("in chunks %+v, whole %+v", p, whole)
			}
		}
	}
}
