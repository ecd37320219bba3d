-- feed: calendar
-- one row is: one day
-- key: date
-- version: updated_at
-- required: date, is_workday
-- event: date
-- zh: 工作日历
-- en: Calendar
create table calendar (
  date date,
  is_workday boolean,
  name varchar,
  updated_at timestamp,
  load_id integer
);
comment on table calendar is '工作日历（法定节假日与调休） | Days, with public holidays and make-up workdays';
comment on column calendar.date is '日期 | Date';
comment on column calendar.is_workday is '是否工作日 | Is it a working day';
comment on column calendar.name is '节假日名称 | Name of the holiday';
comment on column calendar.updated_at is '最后更新时间 | Last change';
comment on column calendar.load_id is '装载批次 | Load that brought the row';
