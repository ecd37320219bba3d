package dea

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// On programmes without ties, gonum's simplex is an independent oracle; on degenerate ones it may not end.
func TestTheSimplexAgreesWithGonumOnProgrammesWithoutTies(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		rows, columns := 2+random.IntN(4), 8+random.IntN(30)
		a, b, c := mat.NewDense(rows, columns, nil), make([]float64, rows), make([]float64, columns)
		inside := make([]float64, columns)
		for j := range columns {
			inside[j], c[j] = random.Float64(), random.Float64()+0.1
		}
		for i := range rows {
			for j := range columns {
				a.Set(i, j, random.NormFloat64())
				b[i] += a.At(i, j) * inside[j]
			}
		}
		got, x, err := simplex(c, a, b)
		if err != nil {
			t.Fatal(err)
		}
		want, _, err := lp.Simplex(c, a, b, 1e-10, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got-want) > 1e-7*(1+math.Abs(want)) {
			t.Errorf("%d × %d: optimum %v, gonum's %v", rows, columns, got, want)
		}
		for i := range rows {
			left := -b[i]
			for j := range columns {
				left += a.At(i, j) * x[j]
			}
			if math.Abs(left) > 1e-7 {
				t.Errorf("row %d is off by %v", i, left)
			}
		}
	}
}

// Beale's programme (1955) makes the simplex with the steepest gain circle for ever unless ties are broken well.
func TestTheSimplexEndsOnBealesCycle(t *testing.T) {
	a := mat.NewDense(3, 7, []float64{
		0.25, -60, -1.0 / 25, 9, 1, 0, 0,
		0.5, -90, -1.0 / 50, 3, 0, 1, 0,
		0, 0, 1, 0, 0, 0, 1})
	got, _, err := simplex([]float64{-0.75, 150, -1.0 / 50, 6, 0, 0, 0}, a, []float64{0, 0, 1})
	if err != nil || math.Abs(got+1.0/20) > 1e-12 {
		t.Errorf("optimum %v, %v, want -1/20", got, err)
	}
}

// Many equal units with whole numbers are what a district of like communities looks like.
func TestTheSimplexEndsOnTiedUnits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := 2 + random.IntN(60)
		u := Units{Inputs: make([][]float64, 2), Outputs: make([][]float64, 2)}
		for i := range 2 {
			for range n {
				u.Inputs[i] = append(u.Inputs[i], float64(1+random.IntN(3)))
				u.Outputs[i] = append(u.Outputs[i], float64(random.IntN(3)))
			}
		}
		other := Units{Inputs: [][]float64{u.Inputs[1], u.Inputs[0]}, Outputs: u.Outputs}
		if _, err := Malmquist(u, other); err != nil && !errors.Is(err, ErrInfeasible) {
			t.Fatal(err)
		}
	}
}

func TestTheSimplexNamesWhatHasNoSolution(t *testing.T) {
	if _, _, err := simplex([]float64{1, 1}, mat.NewDense(2, 2, []float64{1, 1, 1, 1}), []float64{1, 2}); !errors.Is(err, ErrInfeasible) {
		t.Errorf("got %v", err)
	}
	if _, _, err := simplex([]float64{-1, 0}, mat.NewDense(1, 2, []float64{1, -1}), []float64{0}); !errors.Is(err, errUnbounded) {
		t.Errorf("got %v", err)
	}
	// A row that repeats another is no contradiction.
	if x, _, err := simplex([]float64{1, 2}, mat.NewDense(2, 2, []float64{1, 1, 2, 2}), []float64{1, 2}); err != nil || math.Abs(x-1) > 1e-12 {
		t.Errorf("optimum %v, %v", x, err)
	}
}
