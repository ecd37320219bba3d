-- one row is: the survey contacts of one month in one grid, split by one thing: cut all (by nothing), category, channel or handler (kind of handler of the case)
-- Rows of different cuts count the same contacts again: never add them up.
create table survey_month (
  cut varchar,
  month date,
  subdistrict_code varchar,
  community_code varchar,
  grid_code varchar,
  cut_value varchar,
  asked bigint,
  contact_known bigint,
  contacted bigint,
  answered bigint,
  resolved_known bigint,
  resolved bigint,
  score_1 bigint,
  score_2 bigint,
  score_3 bigint,
  score_4 bigint,
  score_5 bigint
);
comment on table survey_month is '回访结果（按月、网格） | Survey contacts and answers by month and grid';
comment on column survey_month.cut is '拆分方式：all、category、channel、handler | What the row is split by';
comment on column survey_month.asked is '回访次数 | Contacts whose result is known';
comment on column survey_month.contact_known is '已知是否联系上的次数 | Contacts of which it is known whether the person was reached';
comment on column survey_month.contacted is '联系上的次数 | Persons reached';
comment on column survey_month.answered is '作答次数 | Persons who answered';
comment on column survey_month.resolved_known is '回答是否解决的次数 | Answers on whether the matter was resolved';
comment on column survey_month.resolved is '认为已解决的次数 | Answers that it was';
comment on column survey_month.score_5 is '评 5 分的次数（1 至 4 分同） | Answers with a score of 5 (likewise 1 to 4)';
