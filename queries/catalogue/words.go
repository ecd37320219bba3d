package catalogue

// Named is a key with its name in both languages.
type Named struct {
	Key  string
	Name Text
}

// Units are the units of values. Shares are stored as fractions: 0.9 is 90 %.
func Units() []Named {
	return []Named{
		{"percent", Text{"%", "%"}},
		{"days", Text{"天", "days"}},
		{"hours", Text{"工作小时", "working hours"}},
		{"weeks", Text{"周", "weeks"}},
		{"times", Text{"次", "times"}},
		{"cases", Text{"件", "cases"}},
		{"per_1000", Text{"每千", "per 1,000"}},
		{"per_100", Text{"每百户", "per 100 households"}},
		{"per_community", Text{"次/社区", "per community"}},
		{"hours_per_1000", Text{"小时/千人", "hours per 1,000"}},
		{"yuan_per_1000", Text{"元/千人", "yuan per 1,000"}},
		{"score", Text{"分（1–5）", "of 5"}},
		{"points", Text{"分", "points"}},
		{"index", Text{"（0–1）", "(0 to 1)"}},
		{"ratio", Text{"倍", "times the period before"}},
	}
}
