-- A district small enough to count by hand, known up to Tuesday 2026-03-10 12:00.
-- Two subdistricts: S1 has the communities C1 (grids G1, G2) and C2 (G3), S2 has C3 (G4).
-- G1 was redrawn on 2026-02-01: until then it belonged to C2.
-- People work from 9 to 12 and from 13 to 17, Monday to Friday; 2026-01-05 is a Monday.
-- Limits in working hours: 2 to register, 2 to dispatch, 4 to respond.
insert into snapshot_info values
  ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00'), ('time_zone', 'Asia/Shanghai'),
  ('work_hours', '09:00-12:00,13:00-17:00'), ('accept_limit_hours', '2'), ('dispatch_limit_hours', '2'), ('response_limit_hours', '4');

-- the first run loaded the history, the second one the cases 5 and 9, on 2026-03-02 at 9 in the morning
insert into load (load_id, run_id, feed, loaded_at) values
  (1, 'a', 'cases', timestamp '2026-02-28 18:00'),
  (2, 'b', 'cases', timestamp '2026-03-02 01:00');

insert into grids (grid_code, grid_name, community_code, subdistrict_code, district_code, population, households, valid_from, valid_to) values
  ('G1', '一', 'C2', 'S1', 'D', 100, 40, null, date '2026-02-01'),
  ('G1', '一', 'C1', 'S1', 'D', 100, 40, date '2026-02-01', null),
  ('G2', '二', 'C1', 'S1', 'D', 300, 100, null, null),
  ('G3', '三', 'C2', 'S1', 'D', 200, 60, null, null),
  ('G4', '四', 'C3', 'S2', 'D', 400, 200, null, null);

-- 0 makes February 2025 the first month. 10 and 11 are agreements of November. 6 is a duplicate, 8 is on hold,
-- 2 was re-opened twice, 7 has no grid, 3 stays open for ever, 9 is S1's only case of March.
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, source, handling_level, handoffs, reopened, return_reason,
  case_kind, channel, category_1, reported_level, handler_kind, department_count, system_count, accepted_at, dispatched_at, first_response_at,
  outcome, returns, visits_needed, reporter_key, updated_at, load_id) values
  ('0', 'G3', timestamp '2025-02-03 08:00', null, timestamp '2025-02-04 08:00', 'closed', 'resident', 'grid', 0, 0, null,
    'event', 'app', 'A', 'grid', 'grid_worker', 1, 1, null, null, null, 'resolved', 0, 0, 'r9', null, 1),
  ('10', 'G4', timestamp '2025-11-10 08:00', timestamp '2025-11-30 08:00', timestamp '2025-11-20 08:00', 'closed', 'resident', 'community', 0, 0, null,
    'dispute', 'visit', 'A', 'community', 'mediator', 1, 1, null, null, null, 'agreement', 0, 0, 'r4', null, 1),
  ('11', 'G4', timestamp '2025-11-11 08:00', timestamp '2025-11-30 08:00', timestamp '2025-11-21 08:00', 'closed', 'resident', 'community', 0, 1, null,
    'dispute', 'visit', 'A', 'community', 'mediator', 1, 1, null, null, null, 'agreement', 0, 0, 'r5', null, 1),
  ('1', 'G1', timestamp '2026-01-05 08:00', timestamp '2026-01-10 08:00', timestamp '2026-01-06 08:00', 'closed', 'resident', 'grid', 0, 0, null,
    'event', 'app', 'A', 'community', 'grid_worker', 1, 2, timestamp '2026-01-05 10:00', timestamp '2026-01-05 11:00', timestamp '2026-01-05 14:00',
    'resolved', 0, 1, 'r1', null, 1),
  ('2', 'G1', timestamp '2026-01-05 08:00', timestamp '2026-01-10 08:00', timestamp '2026-01-12 08:00', 'closed', 'resident', 'community', 2, 2, 'no_authority',
    'dispute', 'hotline', 'A', 'district', 'mediator', 2, 1, timestamp '2026-01-05 15:00', timestamp '2026-01-05 16:00', timestamp '2026-01-06 10:00',
    'agreement', 1, 2, 'r1', null, 1),
  ('3', 'G2', timestamp '2026-01-20 08:00', timestamp '2026-02-05 08:00', null, 'handling', 'patrol', null, null, null, 'wrong_dispatch',
    'event', 'patrol', null, 'grid', null, 1, 2, timestamp '2026-01-20 10:00', timestamp '2026-01-21 09:30', null,
    null, 2, null, null, null, 1),
  ('4', 'G2', timestamp '2026-01-20 08:00', timestamp '2026-02-05 08:00', timestamp '2026-01-30 08:00', 'closed', 'patrol', 'subdistrict', 1, 0, 'failed_check',
    'dispute', 'patrol', 'B', 'grid', 'community', 2, 1, timestamp '2026-01-20 09:30', timestamp '2026-01-20 10:30', timestamp '2026-01-20 11:00',
    'mediation_failed', 1, null, null, null, 1),
  ('5', 'G1', timestamp '2026-02-10 08:00', timestamp '2026-02-12 08:00', timestamp '2026-02-11 08:00', 'closed', 'resident', 'grid', 0, 0, null,
    'dispute', 'mini_program', 'A', 'community', 'social_organisation', 1, 3, timestamp '2026-02-10 09:30', timestamp '2026-02-10 10:00', timestamp '2026-02-10 14:30',
    'judicially_confirmed', 0, 0, 'r1', timestamp '2026-02-11 08:00', 2),
  ('6', 'G1', timestamp '2026-02-10 08:00', timestamp '2026-02-12 08:00', timestamp '2026-02-11 08:00', 'duplicate', 'resident', 'grid', 9, 9, null,
    'dispute', 'app', 'A', 'city', 'mediator', 9, 9, timestamp '2026-02-10 09:30', timestamp '2026-02-10 10:00', timestamp '2026-02-10 10:00',
    'agreement', 9, 9, 'r1', null, 1),
  ('7', null, timestamp '2026-01-08 08:00', timestamp '2026-01-09 08:00', timestamp '2026-01-09 08:00', 'closed', 'superior', 'district', 3, 0, null,
    'event', 'superior', 'B', 'city', 'joint', 3, null, timestamp '2026-01-08 09:00', timestamp '2026-01-08 09:00', null,
    'referred', 0, null, null, null, 1),
  ('8', 'G4', timestamp '2026-01-08 08:00', timestamp '2026-01-09 08:00', null, 'on_hold', 'resident', null, null, null, null,
    'request', 'phone', 'A', 'community', null, 1, null, timestamp '2026-01-08 11:30', null, null,
    null, null, null, 'r3', null, 1),
  ('9', 'G3', timestamp '2026-03-01 08:00', timestamp '2026-03-20 08:00', null, 'handling', 'resident', null, null, null, null,
    'request', 'web', 'B', 'community', null, 1, null, null, null, null,
    null, null, null, 'r2', timestamp '2026-03-01 20:00', 2);

-- 1 has a whole log, 3 two returns, 4 lacks the check, 5 stood still from 10:30 to 11:30
insert into case_events (case_id, seq, event, happened_at, reason) values
  ('1', 1, 'reported', timestamp '2026-01-05 08:00', null),
  ('1', 2, 'accepted', timestamp '2026-01-05 10:00', null),
  ('1', 3, 'dispatched', timestamp '2026-01-05 11:00', null),
  ('1', 4, 'handled', timestamp '2026-01-05 16:00', null),
  ('1', 5, 'checked', timestamp '2026-01-05 17:00', null),
  ('1', 6, 'closed', timestamp '2026-01-06 08:00', null),
  ('3', 1, 'accepted', timestamp '2026-01-20 10:00', null),
  ('3', 2, 'dispatched', timestamp '2026-01-21 09:30', null),
  ('3', 3, 'returned', timestamp '2026-01-22 09:30', 'wrong_dispatch'),
  ('3', 4, 'returned', timestamp '2026-01-23 09:30', 'wrong_dispatch'),
  ('4', 1, 'accepted', timestamp '2026-01-20 09:30', null),
  ('4', 2, 'dispatched', timestamp '2026-01-20 10:30', null),
  ('4', 3, 'returned', timestamp '2026-01-25 10:30', 'failed_check'),
  ('4', 4, 'handled', timestamp '2026-01-29 10:30', null),
  ('4', 5, 'closed', timestamp '2026-01-30 08:00', null),
  ('5', 1, 'accepted', timestamp '2026-02-10 09:30', null),
  ('5', 2, 'dispatched', timestamp '2026-02-10 10:00', null),
  ('5', 3, 'paused', timestamp '2026-02-10 10:30', null),
  ('5', 4, 'resumed', timestamp '2026-02-10 11:30', null),
  ('5', 5, 'handled', timestamp '2026-02-10 15:00', null),
  ('5', 6, 'checked', timestamp '2026-02-10 16:00', null),
  ('5', 7, 'closed', timestamp '2026-02-11 08:00', null);

-- b was dissatisfied about case 2 and, asked again in e, was satisfied
insert into satisfaction (survey_id, case_id, grid_code, surveyed_at, responded, resolved, score, load_id) values
  ('a', '1', null, timestamp '2026-01-10 09:00', true, true, 5, 1),
  ('b', '2', null, timestamp '2026-01-20 09:00', true, false, 2, 1),
  ('c', '4', null, timestamp '2026-02-01 09:00', false, null, null, 1),
  ('d', null, 'G4', timestamp '2026-01-15 09:00', true, null, 4, 1),
  ('e', '2', null, timestamp '2026-02-05 09:00', true, true, 4, 1),
  ('f', '5', null, timestamp '2026-02-15 09:00', true, true, 5, 1);

-- w7 changed grids in October and left in December, w9 left in August
insert into staff (staff_key, grid_code, role, employment, organisation_kind, birth_year, certified, valid_from, valid_to) values
  ('w1', 'G1', 'grid_worker', 'full_time', 'government', 1980, true, date '2025-01-01', null),
  ('w2', 'G2', 'grid_worker', 'part_time', 'government', 1985, false, date '2025-01-01', null),
  ('w3', 'G4', 'grid_worker', 'full_time', 'government', 1990, null, date '2026-02-15', null),
  ('w7', 'G3', 'grid_worker', 'part_time', 'government', 1990, null, date '2024-01-01', date '2025-10-01'),
  ('w7', 'G4', 'grid_worker', 'part_time', 'government', 1990, null, date '2025-10-15', date '2025-12-01'),
  ('w9', 'G2', 'grid_worker', 'full_time', 'government', 1990, null, date '2024-01-01', date '2025-08-01'),
  ('m1', 'G1', 'mediator', 'volunteer', 'resident', 1955, null, date '2025-06-01', null),
  ('s1', 'G3', 'social_worker', 'full_time', 'social_organisation', 1990, true, date '2025-01-01', null),
  ('s2', 'G3', 'social_worker', 'part_time', 'social_organisation', 1970, null, date '2025-01-01', null),
  ('s3', 'G3', 'social_worker', 'part_time', 'social_organisation', null, null, date '2025-01-01', null);

insert into training (staff_key, held_on, course, hours) values
  ('w1', date '2025-02-10', 'a', 8),
  ('w1', date '2025-06-01', 'b', 10),
  ('w2', date '2025-09-01', 'b', 8);

insert into activities (activity_id, kind, organiser_kind, grid_code, held_on, participants, households_visited, hours, funding_yuan, load_id) values
  ('x1', 'deliberation', 'community', 'G1', date '2026-01-15', 20, null, 2, null, 1),
  ('x2', 'visit', null, 'G2', date '2026-01-20', 2, 15, null, null, 1),
  ('x3', 'social_work', 'social_organisation', 'G3', date '2026-02-03', 10, null, 6, 500, 1),
  ('x4', 'deliberation', 'resident', 'G4', date '2026-02-20', 30, null, 2, null, 1),
  ('x5', 'social_work', null, 'G3', date '2026-01-28', 5, null, 3, null, 1),
  ('x6', 'volunteer', 'social_organisation', 'G4', date '2026-01-28', 0, null, 8, null, 1);

insert into appraisals (from_org, to_org, direction, period, score) values
  ('住建局', 'S1', 'department_on_subdistrict', date '2026-01-01', 90),
  ('S1', '住建局', 'subdistrict_on_department', date '2026-01-01', 80),
  ('城管局', 'S1', 'department_on_subdistrict', date '2026-01-01', 85),
  ('S1', '城管局', 'subdistrict_on_department', date '2026-01-01', 79),
  ('住建局', 'S2', 'department_on_subdistrict', date '2026-01-01', 88),
  ('S2', '住建局', 'subdistrict_on_department', date '2026-01-01', null);

-- four squares side by side, of which the last is half as wide as its place
insert into boundaries (geo_level, geo_code, geometry) values
  ('district', 'D', '{"type":"Polygon","coordinates":[[[0,0],[0.04,0],[0.04,0.01],[0,0.01],[0,0]]]}'),
  ('grid', 'G1', '{"type":"Polygon","coordinates":[[[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]]]}'),
  ('grid', 'G2', '{"type":"Polygon","coordinates":[[[0.01,0],[0.02,0],[0.02,0.01],[0.01,0.01],[0.01,0]]]}'),
  ('grid', 'G3', '{"type":"Polygon","coordinates":[[[0.02,0],[0.03,0],[0.03,0.01],[0.02,0.01],[0.02,0]]]}'),
  ('grid', 'G4', '{"type":"Polygon","coordinates":[[[0.03,0],[0.035,0],[0.035,0.01],[0.03,0.01],[0.03,0]]]}');
