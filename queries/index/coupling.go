package index

import "math"

// Coupled is how far two indices of one unit go together.
type Coupled struct {
	C float64 // coupling degree: 1 when both are equal, 0 when one is 0
	T float64 // their common level, αU₁ + (1−α)U₂
	D float64 // coupling coordination degree, √(C·T)
}

// Coupling is the coupling coordination degree (耦合协调度) of two scores, each
// 0–1, with α the first one's share in the common level:
// C = 2√(U₁U₂) / (U₁ + U₂), T = αU₁ + (1−α)U₂, D = √(C·T).
// Two zeros have C = 0 here: nothing is coupled where there is nothing.
// Source: 廖重斌, 环境与经济协调发展的定量评判及其分类体系, 热带地理 1999(2); in
// the form that 王淑佳 et al., 国内耦合协调度模型的误区及修正, 自然资源学报
// 2021(3), call the standard one.
func Coupling(u1, u2, alpha float64) Coupled {
	c := Coupled{T: alpha*u1 + (1-alpha)*u2}
	if u1+u2 > 0 {
		c.C = 2 * math.Sqrt(u1*u2) / (u1 + u2)
	}
	c.D = math.Sqrt(c.C * c.T)
	return c
}

// CouplingGrade is one of ten grades of the coordination degree.
type CouplingGrade struct {
	From float64
	Name Text
}

// CouplingGrades are the ten usual grades, worst first (廖重斌 1999).
func CouplingGrades() []CouplingGrade {
	return []CouplingGrade{
		{0.0, Text{"极度失调", "extreme disorder"}},
		{0.1, Text{"严重失调", "serious disorder"}},
		{0.2, Text{"中度失调", "moderate disorder"}},
		{0.3, Text{"轻度失调", "slight disorder"}},
		{0.4, Text{"濒临失调", "near disorder"}},
		{0.5, Text{"勉强协调", "barely coordinated"}},
		{0.6, Text{"初级协调", "primary coordination"}},
		{0.7, Text{"中级协调", "moderate coordination"}},
		{0.8, Text{"良好协调", "good coordination"}},
		{0.9, Text{"优质协调", "excellent coordination"}},
	}
}

// Grade is the grade (1 worst to 10 best) of a coordination degree, 0 for NaN.
func (c Coupled) Grade() int {
	if math.IsNaN(c.D) {
		return 0
	}
	return max(1, min(10, int(c.D*10+1e-9)+1))
}
