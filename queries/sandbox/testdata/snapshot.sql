-- A snapshot small enough to be checked by eye: subdistrict S1 with grid G1 and three cases, S2 with grid G2 and one.
-- Whatever stands for a person contains the word PERSON.
insert into snapshot_info values
  ('snapshot', 'test'),
  ('as_of', '2025-12-31 23:59:59'),
  ('time_zone', 'Asia/Shanghai');

insert into area (geo_level, geo_code, name, parent_level, parent_code, population) values
  ('district', 'D', 'District', null, null, 1000),
  ('subdistrict', 'S1', 'One', 'district', 'D', 600),
  ('subdistrict', 'S2', 'Two', 'district', 'D', 400),
  ('community', 'C1', 'C one', 'subdistrict', 'S1', 600),
  ('community', 'C2', 'C two', 'subdistrict', 'S2', 400),
  ('grid', 'G1', 'G one', 'community', 'C1', 600),
  ('grid', 'G2', 'G two', 'community', 'C2', 400);

insert into grids (grid_code, grid_name, community_code, subdistrict_code, population, valid_from) values
  ('G1', 'G one', 'C1', 'S1', 600, '2020-01-01'),
  ('G2', 'G two', 'C2', 'S2', 400, '2020-01-01');

insert into cases (case_id, reported_at, channel, grid_code, status, closed_at, reporter_key) values
  ('K1', '2025-01-01 08:00:00', 'app', 'G1', 'closed', '2025-01-02 08:00:00', 'PERSON-a'),
  ('K2', '2025-01-02 08:00:00', 'hotline', 'G1', 'closed', '2025-01-05 08:00:00', 'PERSON-a'),
  ('K3', '2025-02-01 08:00:00', 'app', 'G1', 'handling', null, 'PERSON-b'),
  ('K4', '2025-02-02 08:00:00', 'app', 'G2', 'handling', null, 'PERSON-c');

insert into case_events (case_id, seq, event, happened_at) values
  ('K1', 1, 'reported', '2025-01-01 08:00:00'),
  ('K4', 1, 'reported', '2025-02-02 08:00:00');

insert into satisfaction (survey_id, case_id, grid_code, surveyed_at, responded, score) values
  ('V1', 'K1', null, '2025-01-03 08:00:00', true, 5),
  ('V2', null, 'G1', '2025-01-03 08:00:00', true, 3),
  ('V3', 'K4', null, '2025-02-03 08:00:00', true, 1);

insert into staff (staff_key, grid_code, role, valid_from) values
  ('PERSON-w1', 'G1', 'grid_worker', '2024-01-01'),
  ('PERSON-w2', 'G2', 'grid_worker', '2024-01-01');

insert into training (staff_key, held_on, hours) values
  ('PERSON-w1', '2024-05-01', 8);

insert into reject (run_id, source, path, line, rule, value, raw, header) values
  ('r1', 'cases', '/srv/data/cases.csv', 7, 'bad_date', 'PERSON phone', 'PERSON,x', 'name,x');

insert into indicator_value (indicator, geo_level, geo_code, period_kind, period, value, n) values
  ('F13', 'district', 'D', 'year', '2025', 0.7, 40),
  ('F13', 'subdistrict', 'S1', 'year', '2025', 0.9, 10),
  ('F13', 'subdistrict', 'S2', 'year', '2025', 0.4, 10),
  ('F13', 'subdistrict', 'S3', 'year', '2025', 0.5, 10),
  ('F13', 'subdistrict', 'S4', 'year', '2025', 0.6, 10),
  ('F13', 'community', 'C1', 'year', '2025', 0.9, 10),
  ('F13', 'community', 'C2', 'year', '2025', 0.4, 10),
  ('F13', 'grid', 'G1', 'year', '2025', 0.9, 10),
  ('F13', 'grid', 'G2', 'year', '2025', 0.4, 10);
