-- the words that departments' systems print for the values of the data contract
create macro zh_case_kind(v) as map {'event': '事件', 'request': '诉求', 'dispute': '矛盾纠纷'}[v];
create macro zh_channel(v) as map {
  'hotline': '12345热线', 'patrol': '网格巡查', 'app': 'APP', 'mini_program': '微信小程序', 'web': '网站', 'visit': '来访',
  'phone': '社区电话', 'sensor': '感知设备', 'superior': '上级交办', 'media': '媒体', 'other': '其他'
}[v];
create macro zh_source(v) as map {
  'resident': '群众诉求', 'patrol': '网格员巡查', 'department': '部门移送', 'superior': '上级交办', 'sensor': '感知设备', 'media': '媒体曝光', 'other': '其他'
}[v];
create macro zh_priority(v) as map {'urgent': '紧急', 'normal': '一般', 'low': '较低'}[v];
create macro zh_level(v) as map {'grid': '网格', 'community': '社区', 'subdistrict': '街道', 'district': '区级', 'city': '市级'}[v];
create macro zh_handler(v) as map {
  'grid_worker': '网格员', 'community': '社区', 'mediator': '属地贤人', 'social_organisation': '社会组织', 'department': '职能部门', 'joint': '联合办理'
}[v];
create macro zh_status(v) as map {
  'reported': '待受理', 'accepted': '已立案', 'dispatched': '已派遣', 'handling': '处置中', 'on_hold': '挂账', 'closed': '已办结',
  'rejected': '不予立案', 'withdrawn': '已撤回', 'duplicate': '重复件', 'out_of_scope': '超出范围'
}[v];
create macro zh_outcome(v) as map {
  'resolved': '已解决', 'agreement': '达成协议', 'judicially_confirmed': '司法确认', 'mediation_failed': '调解未成', 'explained': '解释说明',
  'referred': '转出', 'unresolved': '未解决'
}[v];
create macro zh_reason(v) as map {
  'no_authority': '无权办理', 'wrong_dispatch': '派遣错误', 'insufficient_information': '信息不全', 'failed_check': '核查未通过', 'other': '其他'
}[v];
create macro zh_event(v) as map {
  'reported': '上报', 'accepted': '立案', 'dispatched': '派遣', 'returned': '退回', 'transferred': '流转', 'responded': '响应', 'paused': '挂起',
  'resumed': '恢复', 'handled': '处置完成', 'checked': '核查', 'closed': '办结', 'reopened': '重办'
}[v];
create macro zh_grade(v) as ['很不满意', '不满意', '基本满意', '满意', '很满意'][v];
