-- deletes the results of the levels and periods in index_gone
delete from index_value
using index_gone as g
where index_value.index_code = g.index_code
  and index_value.geo_level = g.geo_level
  and index_value.period_kind = g.period_kind
  and index_value.period = g.period;
delete from index_step
using index_gone as g
where index_step.index_code = g.index_code
  and index_step.geo_level = g.geo_level
  and index_step.period_kind = g.period_kind
  and index_step.period = g.period;
delete from index_audit
using index_gone as g
where index_audit.index_code = g.index_code
  and index_audit.geo_level = g.geo_level
  and index_audit.period_kind = g.period_kind
  and index_audit.period = g.period;
delete from index_sensitivity
using index_gone as g
where index_sensitivity.index_code = g.index_code
  and index_sensitivity.geo_level = g.geo_level
  and index_sensitivity.period_kind = g.period_kind
  and index_sensitivity.period = g.period;
delete from index_input
using index_gone as g
where index_input.index_code = g.index_code
  and index_input.geo_level = g.geo_level
  and index_input.period_kind = g.period_kind
  and index_input.period = g.period;
drop table index_gone;
