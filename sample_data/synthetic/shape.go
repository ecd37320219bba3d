package synthetic

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
)

// The district is cut from a lattice of columns × rows cells, each one a grid.
// A few cells at the ends of the curve that visits them are left out, so that
// the grids that are split later bring the number in force to 1,200.
const (
	columns      = 40
	rows         = 30
	leftOut      = 6
	subdistricts = 12
	communities  = 120
)

// The district lies at sea, where no real one can be meant.
const (
	originLon = 124.40
	originLat = 30.60
	halfWide  = 7.2 // km from the centre to the western and eastern edge, about
	halfHigh  = 5.6 // km from the centre to the southern and northern edge, about
)

// cell is one grid's place in the hierarchy and on the map.
type cell struct {
	Cell        int     `json:"cell"`        // number along the curve, from 0
	Subdistrict int     `json:"subdistrict"` // number in the district, from 1
	Community   int     `json:"community"`   // number in the district, from 1
	ComInSub    int     `json:"com_in_sub"`  // number in the subdistrict, from 1
	Grid        int     `json:"grid"`        // number in the community, from 1
	AreaKm2     float64 `json:"area_km2"`
	Split       bool    `json:"split"` // redrawn into two grids at some date
	SplitShare  float64 `json:"split_share"`
	NewGrid     int     `json:"new_grid"` // number in the community of the second half, 0 if not split

	col, row int
}

type point struct{ x, y float64 } // km from the origin
type ring []point

// flaw is a planted gap or overlap of the map, in km².
type flaw struct {
	kind    string // gap or overlap
	cell    int
	areaKm2 float64
}

// district is the map: cells in the curve's order, and what is wrong with it.
type district struct {
	seed  uint64
	cells []cell
	at    map[[2]int]int // lattice place → cell
	flaws []flaw
}

// newDistrict lays out the district; equal seeds give equal maps.
func newDistrict(seed uint64) *district {
	d := &district{seed: seed, at: map[[2]int]int{}}
	curve := gilbert(columns, rows)
	curve = curve[leftOut/2 : len(curve)-leftOut/2]
	comOf := d.runs(len(curve), communities, "community size")
	subOf := d.runs(communities, subdistricts, "subdistrict size")
	inCommunity := map[int]int{}
	firstOfSub := map[int]int{}
	for c, s := range subOf {
		if _, ok := firstOfSub[s]; !ok {
			firstOfSub[s] = c
		}
	}
	for i, place := range curve {
		com := comOf[i]
		inCommunity[com]++
		d.at[place] = i
		d.cells = append(d.cells, cell{
			Cell: i, Subdistrict: subOf[com] + 1, Community: com + 1,
			ComInSub: com - firstOfSub[subOf[com]] + 1, Grid: inCommunity[com],
			col: place[0], row: place[1],
		})
	}
	for i := range d.cells {
		d.cells[i].AreaKm2 = round(d.outline([]int{i})[0].area(), 4)
	}
	d.chooseSplits(inCommunity)
	d.chooseFlaws()
	return d
}

// runs cuts n consecutive items into k runs of unlike length and gives each item's run.
func (d *district) runs(n, k int, purpose string) []int {
	weights := make([]float64, k)
	sum := 0.0
	for i := range weights {
		weights[i] = 0.7 + 0.6*d.random(purpose, i)
		sum += weights[i]
	}
	run := make([]int, n)
	i, upTo := 0, 0.0
	for r, w := range weights {
		upTo += w / sum * float64(n)
		for ; i < n && (float64(i)+0.5 < upTo || r == k-1); i++ {
			run[i] = r
		}
	}
	return run
}

// chooseSplits picks the grids that are redrawn, far apart from each other.
func (d *district) chooseSplits(inCommunity map[int]int) {
	for k := range leftOut {
		i := (2*k + 1) * len(d.cells) / (2 * leftOut)
		c := &d.cells[i]
		c.Split = true
		a, b := d.halves(i)
		c.SplitShare = round(a.area()/(a.area()+b.area()), 4)
		c.NewGrid = inCommunity[c.Community-1] + 1
		inCommunity[c.Community-1]++
	}
}

// chooseFlaws picks grids inside the district whose drawn boundary is too small (a gap) or too large (an overlap).
func (d *district) chooseFlaws() {
	inner := func(c cell) bool {
		return c.col > 0 && c.row > 0 && c.col < columns-1 && c.row < rows-1 && !c.Split
	}
	for k := range 10 {
		i := (k*len(d.cells) + len(d.cells)/3) / 10
		for !inner(d.cells[i]) || len(d.neighbours(i)) < 4 {
			i++
		}
		whole := d.outline([]int{i})[0]
		f := flaw{kind: "gap", cell: i}
		if k%2 == 1 {
			f.kind = "overlap"
		}
		f.areaKm2 = round(math.Abs(whole.area()-whole.scaled(f.scale()).area()), 5)
		d.flaws = append(d.flaws, f)
	}
}

func (f flaw) scale() float64 {
	if f.kind == "gap" {
		return 0.8
	}
	return 1.12
}

func (d *district) neighbours(i int) []int {
	var found []int
	c := d.cells[i]
	for _, step := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
		if j, ok := d.at[[2]int{c.col + step[0], c.row + step[1]}]; ok {
			found = append(found, j)
		}
	}
	return found
}

// gilbert visits every place of a lattice so that each step goes to an edge
// neighbour (a Hilbert curve for any even size), which keeps every run of
// consecutive cells in one piece.
func gilbert(width, height int) [][2]int {
	var path [][2]int
	var walk func(x, y, ax, ay, bx, by int)
	walk = func(x, y, ax, ay, bx, by int) {
		w, h := abs(ax+ay), abs(bx+by)
		dax, day, dbx, dby := sign(ax), sign(ay), sign(bx), sign(by)
		if h == 1 {
			for range w {
				path = append(path, [2]int{x, y})
				x, y = x+dax, y+day
			}
			return
		}
		if w == 1 {
			for range h {
				path = append(path, [2]int{x, y})
				x, y = x+dbx, y+dby
			}
			return
		}
		ax2, ay2, bx2, by2 := half(ax), half(ay), half(bx), half(by)
		if 2*w > 3*h {
			if abs(ax2+ay2)%2 != 0 && w > 2 {
				ax2, ay2 = ax2+dax, ay2+day
			}
			walk(x, y, ax2, ay2, bx, by)
			walk(x+ax2, y+ay2, ax-ax2, ay-ay2, bx, by)
			return
		}
		if abs(bx2+by2)%2 != 0 && h > 2 {
			bx2, by2 = bx2+dbx, by2+dby
		}
		walk(x, y, bx2, by2, ax2, ay2)
		walk(x+bx2, y+by2, ax, ay, bx-bx2, by-by2)
		walk(x+(ax-dax)+(bx2-dbx), y+(ay-day)+(by2-dby), -bx2, -by2, -(ax - ax2), -(ay - ay2))
	}
	if width >= height {
		walk(0, 0, width, 0, 0, height)
	} else {
		walk(0, 0, 0, height, width, 0)
	}
	return path
}

// half halves towards minus infinity.
func half(a int) int { return a >> 1 }

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}

func sign(a int) int {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

// outline gives the rings around a set of cells: first the outer one
// (counter-clockwise), then holes (clockwise). Edges shared by two cells of
// the set cancel; what is left is walked with the inside on the left, turning
// right where rings touch, so that each ring stays simple.
func (d *district) outline(cells []int) []ring {
	out := map[[2]int][][2]int{} // lattice corner → corners reached from it
	inside := map[[4]int]bool{}
	for _, i := range cells {
		for _, e := range d.cells[i].edges() {
			inside[e] = true
		}
	}
	for e := range inside {
		if !inside[[4]int{e[2], e[3], e[0], e[1]}] {
			from := [2]int{e[0], e[1]}
			out[from] = append(out[from], [2]int{e[2], e[3]})
		}
	}
	var rings []ring
	for _, start := range sortedCorners(out) {
		for len(out[start]) > 0 {
			rings = append(rings, d.walk(out, start))
		}
	}
	sort.SliceStable(rings, func(i, j int) bool { return rings[i].area() > rings[j].area() })
	return rings
}

// walk follows boundary edges from start until it is back, taking them out of the map.
func (d *district) walk(out map[[2]int][][2]int, start [2]int) ring {
	var r ring
	at := start
	dir := [2]int{}
	for {
		nexts := out[at]
		pick := 0
		for k, n := range nexts {
			step := [2]int{n[0] - at[0], n[1] - at[1]}
			// the cross product is negative for a right turn
			if cross := dir[0]*step[1] - dir[1]*step[0]; cross < 0 {
				pick = k
			}
		}
		next := nexts[pick]
		out[at] = append(nexts[:pick:pick], nexts[pick+1:]...)
		r = append(r, d.edge(at, next)...)
		dir = [2]int{next[0] - at[0], next[1] - at[1]}
		at = next
		if at == start {
			return r
		}
	}
}

func sortedCorners(out map[[2]int][][2]int) [][2]int {
	var corners [][2]int
	for c, nexts := range out {
		corners = append(corners, c)
		sort.Slice(nexts, func(i, j int) bool { return fmt.Sprint(nexts[i]) < fmt.Sprint(nexts[j]) })
	}
	sort.Slice(corners, func(i, j int) bool {
		if corners[i][0] != corners[j][0] {
			return corners[i][0] < corners[j][0]
		}
		return corners[i][1] < corners[j][1]
	})
	return corners
}

// edges are the cell's four lattice edges, counter-clockwise.
func (c cell) edges() [][4]int {
	x, y := c.col, c.row
	return [][4]int{{x, y, x + 1, y}, {x + 1, y, x + 1, y + 1}, {x + 1, y + 1, x, y + 1}, {x, y + 1, x, y}}
}

// edge gives the points of a lattice edge but its last: the corner and two points that bend the line.
func (d *district) edge(from, to [2]int) []point {
	low, high := from, to
	turned := from[0] > to[0] || from[1] > to[1]
	if turned {
		low, high = to, from
	}
	a, b := d.corner(low), d.corner(high)
	bend := func(share float64, k int) point {
		id := (low[0]*(rows+1)+low[1])*8 + (high[0]-low[0])*4 + k
		return point{
			a.x + (b.x-a.x)*share + 0.16*(d.random("bend x", id)-0.5),
			a.y + (b.y-a.y)*share + 0.16*(d.random("bend y", id)-0.5),
		}
	}
	first, second := bend(1.0/3, 0), bend(2.0/3, 1)
	if turned {
		return []point{warp(b), warp(second), warp(first)}
	}
	return []point{warp(a), warp(first), warp(second)}
}

// corner is a lattice corner's jittered place, in lattice units.
func (d *district) corner(c [2]int) point {
	id := c[0]*(rows+1) + c[1]
	return point{
		float64(c[0]) + 0.56*(d.random("corner x", id)-0.5),
		float64(c[1]) + 0.56*(d.random("corner y", id)-0.5),
	}
}

// warp bends the lattice into a rounded district with a dense centre; km from the origin, on the grid of 1e-6 degrees.
func warp(p point) point {
	s, t := 2*p.x/columns-1, 2*p.y/rows-1
	x, y := s*math.Sqrt(1-0.36*t*t), t*math.Sqrt(1-0.36*s*s)
	dense := 0.62 + 0.38*math.Min(1, math.Hypot(x, y))
	x, y = x*dense, y*dense
	x, y = x+0.09*math.Sin(2.6*y+0.8), y+0.10*math.Sin(2.9*x+0.3)
	lon, lat := toDegrees(point{x * halfWide, y * halfHigh})
	return toKm(round(lon, 6), round(lat, 6))
}

const kmPerDegree = 111.195 // mean radius of the Earth, 6371 km

func toDegrees(p point) (lon, lat float64) {
	return originLon + p.x/(kmPerDegree*math.Cos(originLat*math.Pi/180)), originLat + p.y/kmPerDegree
}

func toKm(lon, lat float64) point {
	return point{(lon - originLon) * kmPerDegree * math.Cos(originLat*math.Pi/180), (lat - originLat) * kmPerDegree}
}

// area is the ring's area in km², negative when it runs clockwise.
func (r ring) area() float64 {
	sum := 0.0
	for i, p := range r {
		q := r[(i+1)%len(r)]
		sum += p.x*q.y - q.x*p.y
	}
	return sum / 2
}

// scaled is the ring drawn larger or smaller about the mean of its points.
func (r ring) scaled(by float64) ring {
	var mid point
	for _, p := range r {
		mid.x += p.x / float64(len(r))
		mid.y += p.y / float64(len(r))
	}
	scaled := make(ring, len(r))
	for i, p := range r {
		scaled[i] = point{mid.x + (p.x-mid.x)*by, mid.y + (p.y-mid.y)*by}
	}
	return scaled
}

// halves cuts a cell in two along a line from its southern to its northern side.
func (d *district) halves(i int) (west, east ring) {
	r := d.outline([]int{i})[0]
	// the ring starts at the south-western corner: south 0–2, east 3–5, north 6–8, west 9–11
	west = append(append(ring{}, r[:2]...), r[8:]...)
	east = append(ring{}, r[1:9]...)
	return west, east
}

// feature is one GeoJSON feature (RFC 7946).
type feature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   struct {
		Type        string         `json:"type"`
		Coordinates [][][2]float64 `json:"coordinates"`
	} `json:"geometry"`
}

func newFeature(level, code, name string, rings []ring) feature {
	f := feature{Type: "Feature", Properties: map[string]string{"level": level, "code": code, "name": name}}
	f.Geometry.Type = "Polygon"
	for _, r := range rings {
		var line [][2]float64
		for _, p := range append(append(ring{}, r...), r[0]) {
			lon, lat := toDegrees(p)
			line = append(line, [2]float64{round(lon, 6), round(lat, 6)})
		}
		f.Geometry.Coordinates = append(f.Geometry.Coordinates, line)
	}
	return f
}

// geoJSON draws every area that is in force at the end. name gives an area's code and name.
func (d *district) geoJSON(name func(level string, c cell, second bool) (code, name string)) ([]byte, error) {
	var features []feature
	add := func(level string, c cell, second bool, rings []ring) {
		code, label := name(level, c, second)
		features = append(features, newFeature(level, code, label, rings))
	}
	all := make([]int, len(d.cells))
	bySub, byCom := map[int][]int{}, map[int][]int{}
	for i, c := range d.cells {
		all[i] = i
		bySub[c.Subdistrict] = append(bySub[c.Subdistrict], i)
		byCom[c.Community] = append(byCom[c.Community], i)
	}
	add("district", d.cells[0], false, d.outline(all))
	for s := 1; s <= subdistricts; s++ {
		add("subdistrict", d.cells[bySub[s][0]], false, d.outline(bySub[s]))
	}
	for c := 1; c <= communities; c++ {
		add("community", d.cells[byCom[c][0]], false, d.outline(byCom[c]))
	}
	flawed := map[int]flaw{}
	for _, f := range d.flaws {
		flawed[f.cell] = f
	}
	for i, c := range d.cells {
		if c.Split {
			west, east := d.halves(i)
			add("grid", c, false, []ring{west})
			add("grid", c, true, []ring{east})
			continue
		}
		rings := d.outline([]int{i})
		if f, ok := flawed[i]; ok {
			rings = []ring{rings[0].scaled(f.scale())}
		}
		add("grid", c, false, rings)
	}
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return nil, fmt.Errorf("write boundaries as GeoJSON: %w", err)
	}
	return text, nil
}

// random is a number in [0, 1) that depends on nothing but seed, purpose and id.
func (d *district) random(purpose string, id int) float64 {
	h := mix(d.seed ^ mix(uint64(id)))
	for _, b := range []byte(purpose) {
		h = mix(h ^ uint64(b))
	}
	return float64(h>>11) / (1 << 53)
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func round(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}
