-- deletes the results of the levels and periods in dea_gone
delete from dea_value
using dea_gone as g
where dea_value.geo_level = g.geo_level
  and dea_value.period_kind = g.period_kind
  and dea_value.period = g.period;
delete from dea_part
using dea_gone as g
where dea_part.geo_level = g.geo_level
  and dea_part.period_kind = g.period_kind
  and dea_part.period = g.period;
delete from dea_peer
using dea_gone as g
where dea_peer.geo_level = g.geo_level
  and dea_peer.period_kind = g.period_kind
  and dea_peer.period = g.period;
delete from dea_change
using dea_gone as g
where dea_change.geo_level = g.geo_level
  and dea_change.period_kind = g.period_kind
  and dea_change.period = g.period;
delete from index_input
using dea_gone as g
where index_input.index_code = 'dea'
  and index_input.geo_level = g.geo_level
  and index_input.period_kind = g.period_kind
  and index_input.period = g.period;
drop table dea_gone;
