package etl

// standardWords are the Chinese words that offices use for the values of the
// data contract. A source's own "values" come first; these serve what is left.
func standardWords() map[string]map[string]string {
	level := map[string]string{"网格": "grid", "网格级": "grid", "社区": "community", "村": "community", "社区级": "community", "街道": "subdistrict", "镇": "subdistrict", "街道级": "subdistrict", "乡镇": "subdistrict", "区": "district", "区级": "district", "县": "district", "市": "city", "市级": "city"}
	reason := map[string]string{"无权限": "no_authority", "无权办理": "no_authority", "派遣错误": "wrong_dispatch", "派遣有误": "wrong_dispatch", "信息不全": "insufficient_information", "核查不通过": "failed_check", "其他": "other"}
	return map[string]map[string]string{
		"case_kind":      {"事件": "event", "诉求": "request", "矛盾纠纷": "dispute", "纠纷": "dispute"},
		"channel":        {"热线": "hotline", "12345热线": "hotline", "网格巡查": "patrol", "巡查": "patrol", "手机应用": "app", "APP": "app", "小程序": "mini_program", "微信小程序": "mini_program", "网站": "web", "来访": "visit", "信访": "visit", "电话": "phone", "感知设备": "sensor", "物联网": "sensor", "上级交办": "superior", "媒体": "media", "其他": "other"},
		"source":         {"群众": "resident", "居民": "resident", "网格员": "patrol", "网格巡查": "patrol", "部门": "department", "上级": "superior", "上级交办": "superior", "感知设备": "sensor", "媒体": "media", "其他": "other"},
		"priority":       {"紧急": "urgent", "一般": "normal", "普通": "normal", "低": "low"},
		"reported_level": level,
		"handling_level": level,
		"level":          level,
		"geo_level":      level,
		"handler_kind":   {"网格员": "grid_worker", "社区": "community", "社区工作者": "community", "属地贤人": "mediator", "人民调解员": "mediator", "社会组织": "social_organisation", "社工": "social_organisation", "部门": "department", "联合": "joint", "联合办理": "joint"},
		"status":         {"已上报": "reported", "已立案": "accepted", "已派遣": "dispatched", "办理中": "handling", "挂账": "on_hold", "已办结": "closed", "办结": "closed", "不予立案": "rejected", "已撤销": "withdrawn", "撤诉": "withdrawn", "重复件": "duplicate", "超范围": "out_of_scope"},
		"outcome":        {"已解决": "resolved", "达成协议": "agreement", "司法确认": "judicially_confirmed", "调解未成": "mediation_failed", "解释说明": "explained", "转出": "referred", "未解决": "unresolved"},
		"return_reason":  reason,
		"reason":         reason,
		"method":         {"电话": "phone", "短信": "sms", "手机应用": "app", "上门": "visit", "网页": "web", "其他": "other"},
		"role":           {"网格员": "grid_worker", "属地贤人": "mediator", "人民调解员": "mediator", "社工": "social_worker", "志愿骨干": "volunteer_leader", "社区工作者": "community_staff"},
		"employment":     {"专职": "full_time", "兼职": "part_time", "志愿": "volunteer"},
		"event":          {"上报": "reported", "立案": "accepted", "派遣": "dispatched", "退回": "returned", "流转": "transferred", "响应": "responded", "暂停": "paused", "恢复": "resumed", "处置": "handled", "核查": "checked", "办结": "closed", "重办": "reopened"},
		"kind":           {"议事协商": "deliberation", "入户走访": "visit", "走访": "visit", "志愿服务": "volunteer", "社工项目": "social_work", "党建": "party", "培训": "training", "便民服务": "service", "其他": "other", "居住": "residential", "商务": "commercial", "农村": "rural", "企业园区": "enterprise", "专属": "special"},
		"organiser_kind": {"社区": "community", "居民": "resident", "社会组织": "social_organisation", "党组织": "party", "部门": "department", "企业": "enterprise"},
		"direction":      {"部门评街道": "department_on_subdistrict", "街道评部门": "subdistrict_on_department"},
	}
}
