package main

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/jiceng/jiceng/dashboards/browsertest"
)

// picture is one page in one look.
type picture struct {
	page, lang string
	phone      bool
	dark       bool
}

// file is the picture's name: overview-zh-wide-dark.png.
func (p picture) file() string {
	name := p.page + "-" + p.lang
	if p.phone {
		name += "-phone"
	} else {
		name += "-wide"
	}
	if p.dark {
		name += "-dark"
	}
	return name + ".png"
}

// variants are pages of somePages that show another one for another area.
func variants() []string {
	return []string{"empowerment-community", "efficiency-grid", "satisfaction-subdistrict"}
}

// pictures are every page in Chinese and in English, on a phone and in the dark;
// all eight looks of the overview; and the variants once.
func pictures() []picture {
	var all []picture
	for _, page := range slices.Sorted(maps.Keys(somePages())) {
		if page == "overview" {
			for _, lang := range []string{"zh", "en"} {
				for _, phone := range []bool{false, true} {
					all = append(all, picture{page, lang, phone, false}, picture{page, lang, phone, true})
				}
			}
			continue
		}
		all = append(all, picture{page: page, lang: "zh"})
		if !slices.Contains(variants(), page) {
			all = append(all, picture{page: page, lang: "en"}, picture{page: page, lang: "zh", phone: true}, picture{page: page, lang: "zh", dark: true})
		}
	}
	return all
}

// TestScreenshots writes the pages as pictures where -screenshots names a folder.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		return
	}
	wanted, chosen := regexp.MustCompile(*onlyPages), regexp.MustCompile(*onlyPictures)
	for _, p := range pictures() {
		if !wanted.MatchString(p.page) || !chosen.MatchString(p.file()) {
			continue
		}
		screen := browsertest.Desk
		if p.phone {
			screen = browsertest.Phone
		}
		screen.Dark = p.dark
		path := filepath.Join(*screenshots, p.file())
		site.Browser.Open(t, site.URL+inLanguage(somePages()[p.page], p.lang), screen).Screenshot(t, path)
		if err := shrink(path); err != nil {
			t.Fatal(err)
		}
	}
}

// shrink writes a picture of a page with at most 256 colours, which is a third of the size.
func shrink(path string) error {
	full, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	decoded, err := png.Decode(bytes.NewReader(full))
	if err != nil {
		return err
	}
	bounds := decoded.Bounds()
	seen := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(decoded.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			seen[at(x, y)]++
		}
	}
	colours := palette(seen)
	index := make(map[color.RGBA]uint8, len(seen))
	for c := range seen {
		index[c] = uint8(colours.Index(c))
	}
	small := image.NewPaletted(bounds, colours)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			small.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, small); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// palette is the colours that are used most, leaving out those that are hardly different from one taken before.
func palette(seen map[color.RGBA]int) color.Palette {
	byUse := slices.SortedFunc(maps.Keys(seen), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), bytes.Compare([]byte{a.R, a.G, a.B}, []byte{b.R, b.G, b.B}))
	})
	var chosen color.Palette
	for near := 24; near >= 0 && len(chosen) < 256; near /= 2 { // coarse first, so that no hue is left without a colour
		for _, c := range byUse {
			if len(chosen) == 256 {
				break
			}
			if !slices.ContainsFunc(chosen, func(o color.Color) bool { return distance(o.(color.RGBA), c) <= near }) {
				chosen = append(chosen, c)
			}
		}
		if near == 0 {
			break
		}
	}
	return chosen
}

func distance(a, b color.RGBA) int {
	far := func(x, y uint8) int { return max(int(x), int(y)) - min(int(x), int(y)) }
	return far(a.R, b.R) + far(a.G, b.G) + far(a.B, b.B)
}
