create schema app;
create extension pg_trgm;
comment on extension pg_trgm is 'for the search box';
create type app.mood as enum ('happy', 'so so');
create domain app.price as numeric(10, 2) check (value >= 0);
create table app.customer (
    id bigint generated always as identity primary key,
    name varchar(80) not null,
    email text unique deferrable initially deferred,
    mood app.mood not null default 'happy',
    shout text generated always as (upper(name)) stored
);
comment on table app.customer is 'people;
\who buy';
create index customer_search on app.customer using gin (name gin_trgm_ops);
create table app."order" (
    id int primary key,
    customer bigint not null references app.customer,
    total app.price,
    placed date not null
);
create table app.event (id bigint not null, at date not null, body jsonb, primary key (id, at)) partition by range (at);
create table app.event_2026 partition of app.event for values from ('2026-01-01') to ('2027-01-01');
create view app.rich as select id, name from app.customer where name like 'R%';
create materialized view app.totals as select customer, sum(total) as total from app."order" group by customer;
create function app.grade(n int) returns text language sql immutable
begin atomic
    select case when n > 5 then 'high' else 'low; end' end;
    select case when n > 5 then 'high' else 'low; end' end as "begin";
end;
create function app.touch() returns trigger language plpgsql as $body$
begin
    -- don't {fn now()} here; it is only a comment
    perform '{d 2026-01-01}', '?';
    return new;
end
$body$;
create procedure app.archive(day date) language sql
begin atomic
    delete from app.event where at < day;
    delete from app."order" where placed < day;
end;
create trigger touch before update on app.customer for each row execute function app.touch();
create rule keep as on delete to app."order" do also (
    insert into app.event values (old.id, old.placed, '{"deleted": true}');
    notify deleted
);
create schema viridian;
create function viridian.guard() returns trigger language plpgsql as 'begin return null; end';
create trigger "!viridian_guard" before insert on app.customer for each statement execute function viridian.guard();
alter table app.customer enable always trigger "!viridian_guard";
create function viridian.on_ddl() returns event_trigger language plpgsql as 'begin end';
create event trigger viridian_ddl on ddl_command_end execute function viridian.on_ddl();
