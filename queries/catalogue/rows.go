package catalogue

// Row is one row of the subject's table: something that the literature on
// empowering governance (赋能治理) names, and that a district must see measured.
// Indicators name the rows that they serve in their header.
type Row struct {
	Key     string
	Group   string // practice (实践), challenge (挑战), choice (选择) or measure (对策)
	Name    Text
	Meaning Text // what it is about, in plain words
}

// RowGroups are the groups of rows, in the order in which they are told.
func RowGroups() []string { return []string{"practice", "challenge", "choice", "measure"} }

// Rows are all rows, group by group.
func Rows() []Row {
	return []Row{
		{"fengqiao", "practice", Text{"枫桥经验", "Fengqiao experience"}, Text{
			"小事不出网格，大事不出社区，矛盾不上交：问题在多近的地方得到解决，又有多少一级级往上走。",
			"Small matters stay in the grid, big ones in the community, contradictions are not passed up: how near to people matters are settled, and how many climb the ladder."}},
		{"local_mediators", "practice", Text{"属地贤人", "Trusted local people"}, Text{
			"由群众信得过的本地人调解纠纷：他们在不在、办了多少、调成多少、快不快，与其他办理主体相比如何。",
			"Disputes are settled by local people whom residents trust: whether they are there, how much they handle, how often and how fast they succeed, beside all other handlers."}},
		{"social_work", "practice", Text{"社会工作项目化", "Social work by projects"}, Text{
			"社会工作由设岗位转为做项目：投入了多少服务时间，承接并办结了多少案件，群众是否满意。",
			"Social work moves from posts to projects: how many hours of service, how many cases closed, and whether residents are satisfied."}},
		{"standardisation", "practice", Text{"标准化治理", "Standard procedures"}, Text{
			"办事有标准流程：立案、派遣、响应、办结每一步是否都做到、按顺序、在时限内。",
			"Work follows a standard procedure: whether each step, from registration to closing, was taken, in order and within its limit."}},
		{"embedding", "practice", Text{"嵌入式改革", "The subdistrict as core"}, Text{
			"以街道为治理共同体的核心：跨部门的事能否在街道内办结，引来多少资源，多少事是联合办理的。",
			"The subdistrict is the core of a community of governance: whether matters of several departments are settled inside it, what outside resources it brings in, how much is handled jointly."}},
		{"social_organisations", "challenge", Text{"社会组织作用不足", "Social organisations without a real role"}, Text{
			"社会组织是真正参与，还是有名无实：在活动和办案中各占多少，队伍是否后继有人。",
			"Do social organisations take part, or only exist on paper: their share of activities and of cases, and whether their staff will be followed by younger people."}},
		{"unclear_powers", "challenge", Text{"权责不清", "Unclear powers"}, Text{
			"缺位、越位、错位：派错的、被退回的、在部门之间来回推的案件有多少，出在哪些部门。",
			"Nobody's, everybody's or the wrong body's business: how many cases are sent to the wrong place, sent back, or bounced between departments, and which departments."}},
		{"weak_execution", "challenge", Text{"执行乏力、想管管不了", "Weak execution"}, Text{
			"想管却没有权：因无权办理而退回、超期、返工的案件，以及每名网格员承接的上级交办件。",
			"Wants to manage, has no power: cases sent back for lack of authority, late or re-opened, and the instructions from above that each grid worker carries."}},
		{"informatisation", "challenge", Text{"信息化的过与不及", "Too little or too much on screens"}, Text{
			"线上受理与入户走访同看：屏幕不能代替上门，上门也不能代替便利，单看任一个都可能被做出来。",
			"Digital intake and visits at home, read together: screens must not replace visits, nor visits convenience, and neither can be gamed alone."}},
		{"joint_force", "choice", Text{"党建引领的多元合力", "Joint force of many actors"}, Text{
			"党建引领、多方参与的社会共治圈：哪些主体参与了，是否均衡，群众参与有多广。",
			"Led by the Party, carried by many: which actors take part, how evenly, and how widely residents do."}},
		{"capable_carriers", "choice", Text{"有能力的载体", "Capable carriers"}, Text{
			"网格有人、人有本领、留得住：配备、培训、持证与流失，以及能否先于群众投诉发现问题。",
			"Grids are staffed by people who are able and who stay: staffing, training, certificates, turnover, and whether they find problems before people complain."}},
		{"rule_of_law", "choice", Text{"法治", "Rule of law"}, Text{
			"依法办结：走完程序、达成协议、经司法确认，并且协议能够履行、不再反复。",
			"Closed by law: with procedure, agreement and a court's confirmation, and agreements that hold."}},
		{"open_sharing", "choice", Text{"信息技术与开放共享", "Open sharing of information"}, Text{
			"各部门的数据是否完整、及时、汇得到一起：没有数据就谈不上看见问题。",
			"Whether each department's data are complete, in time and brought together: what is not reported cannot be seen."}},
		{"residents_participation", "measure", Text{"群众参与", "Residents' participation"}, Text{
			"群众自己议、自己提、自己办：议事、志愿服务、群众提出并在身边解决的事，以及群众是否满意。",
			"Residents discuss, raise and solve matters themselves: meetings, volunteers, matters raised by residents and settled near them, and whether they are satisfied."}},
		{"two_way_appraisal", "measure", Text{"权责一致、双向考核", "Two-way appraisal"}, Text{
			"部门考街道，街道也考部门：应评的是否都评了，两个方向的分差说明什么。",
			"Departments appraise subdistricts, and subdistricts departments: whether all that are due are given, and what the gap between the two directions says."}},
		{"one_stop", "measure", Text{"最多跑一地", "One-stop service"}, Text{
			"群众办一件事跑几趟，案件在单位之间转几道手。",
			"How often residents must go somewhere for one matter, and how often their case changes hands."}},
		{"seamless_coverage", "measure", Text{"全覆盖、无缝隙", "Full, seamless coverage"}, Text{
			"每个人、每块地都在一个有人负责的网格里：没有空白，也没有重叠。",
			"Every person and every piece of land lies in one grid with somebody in charge: no gaps, no overlaps."}},
		{"cadre_force", "measure", Text{"干部队伍管理", "Management of the cadre force"}, Text{
			"人员的负荷是否过重、是否均衡，与负荷相近的同级相比做得怎样。",
			"Whether the load on each person is too heavy or uneven, and how they do beside peers with a like load."}},
	}
}

// ForRow returns the indicators that serve a row, in the catalogue's order.
func (c Catalogue) ForRow(key string) Catalogue {
	var found Catalogue
	for _, ind := range c {
		for _, row := range ind.Rows {
			if row == key {
				found = append(found, ind)
			}
		}
	}
	return found
}
