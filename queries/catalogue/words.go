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
	}
}

// Rows are the rows of the subject's table that indicators serve: what the
// literature on empowering governance names, and a district must see measured.
func Rows() []Named {
	return []Named{
		{"fengqiao", Text{"枫桥经验：小事不出网格、大事不出社区、矛盾不上交", "Fengqiao experience: small matters stay in the grid, big ones in the community"}},
		{"local_mediators", Text{"属地贤人", "trusted local people who mediate"}},
		{"social_work", Text{"社会工作项目化", "social work by projects"}},
		{"standardisation", Text{"标准化治理", "standard procedures"}},
		{"embedding", Text{"嵌入式改革：街道为治理共同体核心", "the subdistrict as core of a community of governance"}},
		{"social_organisations", Text{"挑战：社会组织作用不足", "challenge: social organisations have no real role"}},
		{"unclear_powers", Text{"挑战：权责不清", "challenge: unclear powers"}},
		{"weak_execution", Text{"挑战：执行乏力、想管管不了", "challenge: weak execution"}},
		{"informatisation", Text{"挑战：信息化过与不及", "challenge: too little or too much on screens"}},
		{"joint_force", Text{"选择：党建引领的多元合力", "choice: joint force of many actors"}},
		{"capable_carriers", Text{"选择：载体有能力，培训与关爱", "choice: capable carriers, training and care"}},
		{"rule_of_law", Text{"选择：法治", "choice: rule of law"}},
		{"open_sharing", Text{"选择：信息技术与开放共享", "choice: information technology, open sharing"}},
		{"residents_participation", Text{"措施：群众参与", "measure: residents' participation"}},
		{"two_way_appraisal", Text{"措施：权责一致、双向考核", "measure: powers match duties, two-way appraisal"}},
		{"one_stop", Text{"措施：最多跑一地", "measure: one-stop service"}},
		{"seamless_coverage", Text{"措施：全覆盖、无缝隙", "measure: full, seamless coverage"}},
		{"cadre_force", Text{"措施：干部队伍管理", "measure: management of the cadre force"}},
	}
}
