package weigh_test

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/index/weigh"
)

var nan = math.NaN()

func columns(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows[0]))
	for _, row := range rows {
		for j, x := range row {
			out[j] = append(out[j], x)
		}
	}
	return out
}

func near(t *testing.T, what string, got, want []float64, within float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= within) {
			t.Errorf("%s: %.5f, want %.5f", what, got, want)
			return
		}
	}
}

func TestEntropyWeightsOfPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		source string
		rows   [][]float64
		want   []float64
		within float64
	}{
		{"X. Xu, European Journal of Operational Research 156 (2004) 530–532",
			[][]float64{{30, 30, 38, 29}, {19, 54, 86, 29}, {19, 15, 85, 28.9}, {68, 70, 60, 29}}, []float64{0.4630, 0.3992, 0.1378, 0}, 5e-5},
		{"E. K. Zavadskas, V. Podvezko, Int. J. Information Technology & Decision Making 15 (2016) 267–283",
			[][]float64{{3.0, 100, 10, 7}, {2.5, 80, 8, 5}, {1.8, 50, 20, 11}, {2.2, 70, 12, 9}}, []float64{0.1146, 0.1981, 0.4185, 0.2689}, 5e-5},
		{"Y. Ersoy, LogForum 17 (2021)",
			[][]float64{{256, 8, 41, 1.6, 1.77, 7347.16}, {256, 8, 32, 1, 1.8, 6919.99}, {256, 8, 53, 1.6, 1.9, 8400}, {256, 8, 41, 1, 1.75, 6808.9},
				{512, 8, 35, 1.6, 1.7, 8479.99}, {256, 4, 35, 1.6, 1.7, 7499.99}}, []float64{0.405, 0.221, 0.134, 0.199, 0.007, 0.034}, 5e-4},
	} {
		got, err := weigh.Entropy(columns(c.rows))
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.source, got, c.want, c.within)
	}
}

func TestCRITICWeightsOfPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		source string
		rows   [][]float64
		want   []float64
		within float64
	}{
		{"A. Tuş, E. Aytaç Adalı, Opsearch 56 (2019) 528–538",
			[][]float64{{5000, 3, 3, 4, 3, 2}, {680, 5, 3, 2, 2, 1}, {2000, 3, 2, 3, 4, 3}, {600, 4, 3, 1, 2, 2}, {800, 2, 4, 3, 3, 4}},
			[]float64{0.157, 0.249, 0.168, 0.121, 0.154, 0.151}, 6e-4},
		// The companies of D. Diakoulaki et al. (1995); digits from pymcdm 1.4.0's critic_weights.
		{"D. Diakoulaki, G. Mavrotas, L. Papayannakis, Computers & Operations Research 22 (1995) 763–770",
			[][]float64{{61, 1.08, 4.33}, {20.7, 0.26, 4.34}, {16.3, 1.98, 2.53}, {9, 3.29, 1.65}, {5.4, 2.77, 2.33}, {4, 4.12, 1.21}, {-6.1, 3.52, 2.1}, {-34.6, 3.31, 0.98}},
			[]float64{0.20222554, 0.48090173, 0.31687273}, 1e-8},
	} {
		got, err := weigh.CRITIC(columns(c.rows))
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.source, got, c.want, c.within)
	}
}

// Eigenvalues and loadings of Fisher's flowers on the correlation matrix, as in
// the documentation of many packages (R: prcomp(iris[1:4], scale. = TRUE)).
func TestPrincipalComponentsOfFishersFlowers(t *testing.T) {
	f, err := os.Open("testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	data := make([][]float64, 4)
	for _, row := range rows[1:] {
		for j, cell := range row {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			data[j] = append(data[j], x)
		}
	}
	values, _, _, err := weigh.Components(data)
	if err != nil {
		t.Fatal(err)
	}
	sd := make([]float64, 4)
	for i, v := range values {
		sd[i] = math.Sqrt(v)
	}
	near(t, "standard deviations", sd, []float64{1.7083611, 0.9560494, 0.3830886, 0.1439265}, 1e-6)
	// Only the first component has an eigenvalue of at least 1: its squared loadings are the weights.
	weights, err := weigh.PCA(data)
	if err != nil {
		t.Fatal(err)
	}
	loadings := []float64{0.5210659, -0.2693474, 0.5804131, 0.5648565}
	for i, l := range loadings {
		loadings[i] = l * l
	}
	near(t, "weights", weights, loadings, 1e-6)
}

// T. L. Saaty, Decision making with the analytic hierarchy process, Int. J.
// Services Sciences 1 (2008) 83–98, table 2: which drink is consumed more in the
// United States. The estimate is within a few per cent of the true shares.
func TestAHPWeighsSaatysDrinks(t *testing.T) {
	names := []string{"coffee", "wine", "tea", "beer", "sodas", "milk", "water"}
	matrix := [][]float64{
		{1, 9, 5, 2, 1, 1, 1. / 2},
		{1. / 9, 1, 1. / 3, 1. / 9, 1. / 9, 1. / 9, 1. / 9},
		{1. / 5, 3, 1, 1. / 3, 1. / 4, 1. / 3, 1. / 9},
		{1. / 2, 9, 3, 1, 1. / 2, 1, 1. / 3},
		{1, 9, 4, 2, 1, 2, 1. / 2},
		{1, 9, 3, 1, 1. / 2, 1, 1. / 3},
		{2, 9, 9, 3, 2, 3, 1},
	}
	got, err := weigh.AHP(matrix, names)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weights", got.Weights, []float64{0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327}, 6e-4)
	if math.Abs(got.CR-0.022) > 5e-4 {
		t.Errorf("consistency ratio %v, want 0.022", got.CR)
	}
}

// T. L. Saaty's choice of a school (The Analytic Hierarchy Process, 1980):
// published weights .32 .14 .03 .13 .24 .14, too inconsistent to be used.
func TestAHPRefusesSaatysSchoolsAndNamesTheComparisonsThatContradictMost(t *testing.T) {
	names := []string{"learning", "friends", "school life", "vocational training", "college preparation", "music classes"}
	matrix := [][]float64{
		{1, 4, 3, 1, 3, 4},
		{1. / 4, 1, 7, 3, 1. / 5, 1},
		{1. / 3, 1. / 7, 1, 1. / 5, 1. / 5, 1. / 6},
		{1, 1. / 3, 5, 1, 1, 1. / 3},
		{1. / 3, 5, 5, 1, 1, 3},
		{1. / 4, 1, 6, 3, 1. / 3, 1},
	}
	got, err := weigh.AHP(matrix, names)
	near(t, "weights", got.Weights, []float64{0.32, 0.14, 0.03, 0.13, 0.24, 0.14}, 6e-3)
	var inconsistent *weigh.InconsistentError
	if !errors.As(err, &inconsistent) || inconsistent.CR < 0.2 {
		t.Fatalf("accepted, or another error: %v", err)
	}
	// 3 to 1 for learning over school life, where the weights say 9 to 1.
	worst := inconsistent.Worst[0]
	if len(inconsistent.Worst) != 3 || worst.Off() < inconsistent.Worst[1].Off() || !strings.Contains(err.Error(), names[worst.A]) || !strings.Contains(err.Error(), names[worst.B]) {
		t.Errorf("worst %+v in %q", inconsistent.Worst, err)
	}
	// Taking the fitted value for what is named mends it.
	for range 4 {
		matrix[worst.A][worst.B], matrix[worst.B][worst.A] = worst.Fitted, 1/worst.Fitted
		if got, err = weigh.AHP(matrix, names); err == nil {
			return
		}
		worst = got.Worst[0]
	}
	t.Errorf("still refused after four corrections: %v", err)
}

func TestAHPRefusesWhatIsNoComparisonMatrix(t *testing.T) {
	names := []string{"a", "b"}
	for what, matrix := range map[string][][]float64{
		"not square":     {{1, 2}, {0.5}},
		"not reciprocal": {{1, 2}, {2, 1}},
		"zero":           {{1, 0}, {0, 1}},
		"a missing row":  {{1, 2}},
		"NaN":            {{1, nan}, {nan, 1}},
	} {
		if _, err := weigh.AHP(matrix, names); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	got, err := weigh.AHP([][]float64{{1, 3}, {1. / 3, 1}}, names)
	if err != nil || got.CR != 0 {
		t.Errorf("two things cannot contradict each other: %+v, %v", got, err)
	}
	near(t, "weights", got.Weights, []float64{0.75, 0.25}, 1e-12)
}

func TestAConstantIndicatorHasNoWeightUnderMethodsThatWeighInformation(t *testing.T) {
	data := [][]float64{{1, 2, 3, 5}, {7, 7, 7, 7}, {2, 1, 4, 3}}
	for name, method := range map[string]func([][]float64) ([]float64, error){"entropy": weigh.Entropy, "critic": weigh.CRITIC, "pca": weigh.PCA} {
		w, err := method(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if w[1] != 0 || math.Abs(w[0]+w[2]-1) > 1e-12 {
			t.Errorf("%s: %v", name, w)
		}
		for what, empty := range map[string][][]float64{"all constant": {{7, 7, 7}, {3, 3, 3}}, "one unit": {{1}, {2}}, "all missing": {{nan, nan}, {nan, nan}}} {
			if _, err := method(empty); !errors.Is(err, weigh.ErrNoInformation) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

func TestEntropyTakesZerosAndRefusesNegativeValues(t *testing.T) {
	w, err := weigh.Entropy([][]float64{{0, 0, 10}, {3, 3, 4}})
	if err != nil || w[0] < w[1] {
		t.Errorf("%v, %v", w, err)
	}
	if _, err := weigh.Entropy([][]float64{{-1, 2, 3}}); !errors.Is(err, weigh.ErrNegative) {
		t.Errorf("negative values: %v", err)
	}
}

func TestMissingValuesAreLeftOutOfWeights(t *testing.T) {
	with := [][]float64{{1, 2, 3, 5, nan}, {4, 1, 2, 2, nan}}
	without := [][]float64{{1, 2, 3, 5}, {4, 1, 2, 2}}
	for name, method := range map[string]func([][]float64) ([]float64, error){"entropy": weigh.Entropy, "critic": weigh.CRITIC, "pca": weigh.PCA} {
		a, err := method(with)
		if err != nil {
			t.Fatal(err)
		}
		b, err := method(without)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name, a, b, 1e-12)
	}
}
