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

// looks are the pages that are also shown in English, on a phone and in the dark.
func looks() []string {
	return []string{"empowerment", "efficiency", "frontier", "satisfaction", "subdistrict", "brief", "why"}
}

// pictures are every page in Chinese; the overview in all eight looks; the pages that a
// leader opens first also in English, on a phone and in the dark.
func pictures() []picture {
	var all []picture
	for _, page := range slices.Sorted(maps.Keys(somePages())) {
		switch {
		case page == "overview":
			for _, lang := range []string{"zh", "en"} {
				for _, phone := range []bool{false, true} {
					all = append(all, picture{page, lang, phone, false}, picture{page, lang, phone, true})
				}
			}
		case slices.Contains(looks(), page):
			all = append(all, picture{page: page, lang: "zh"}, picture{page: page, lang: "en"}, picture{page: page, lang: "zh", phone: true}, picture{page: page, lang: "zh", dark: true})
		default:
			all = append(all, picture{page: page, lang: "zh"})
		}
	}
	return all
}

// tallest is where a picture ends: what lies below is seen in the wide one in Chinese, which is whole.
func (p picture) tallest() int {
	if p.lang == "zh" && !p.phone && !p.dark {
		return 10_000
	}
	return 3600
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
		if err := shrink(path, p.tallest()); err != nil {
			t.Fatal(err)
		}
	}
}

// shrink writes a picture of a page with few colours, which is a quarter of the size, and cuts off what is below a height.
func shrink(path string, height int) error {
	full, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	decoded, err := png.Decode(bytes.NewReader(full))
	if err != nil {
		return err
	}
	bounds := decoded.Bounds()
	bounds.Max.Y = min(bounds.Max.Y, bounds.Min.Y+height)
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
	const most = 160 // enough for flat colours and the edges of letters
	byUse := slices.SortedFunc(maps.Keys(seen), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), bytes.Compare([]byte{a.R, a.G, a.B}, []byte{b.R, b.G, b.B}))
	})
	var chosen color.Palette
	for near := 24; near >= 0 && len(chosen) < most; near /= 2 { // coarse first, so that no hue is left without a colour
		for _, c := range byUse {
			if len(chosen) == most {
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
