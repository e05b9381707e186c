--liquibase formatted sql

--changeset viridian:sides-1
--comment: The authority: which side owns the writes. The decision is written on the side being fenced, with the fence.
create table if not exists viridian.ownership (
    migration text primary key,
    side text not null check (side in ('blue', 'green')),
    owner text not null check (owner in ('blue', 'green')),
    epoch bigint not null,
    state text not null check (state in ('OPEN', 'CLOSED', 'TRANSFERRED')),
    fence_lsn pg_lsn,
    reverse_lsn pg_lsn,
    nonce text,
    changed_at timestamptz not null default clock_timestamp()
);

--changeset viridian:sides-2
--comment: How far the target of a direction is. Written by every window, so nearly every page is left free for HOT updates.
create table if not exists viridian.progress (
    migration text not null,
    direction text not null check (direction in ('forward', 'reverse')),
    lsn pg_lsn not null,
    source_time timestamptz,
    epoch bigint not null,
    transactions bigint not null default 0,
    rows bigint not null default 0,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (migration, direction)
) with (fillfactor = 10);

--changeset viridian:sides-3
--comment: Rows of the other side that were led back to this one and would come again as others: what a rollback loses.
create table if not exists viridian.lossy (
    migration text not null,
    target text not null,
    key text not null,
    epoch bigint not null,
    primary key (migration, target, key)
);

--changeset viridian:sides-4
--comment: Rows of the other side that are values of one row here, for as long as the other side takes the writes.
create table if not exists viridian.stash (
    migration text not null,
    target text not null,
    owner text not null,
    key text not null,
    epoch bigint not null,
    row text[],
    primary key (migration, target, owner, key)
);

--changeset viridian:sides-5
--comment: Whose log the position is in: system identifier and timeline. A position says nothing about another server's log.
alter table viridian.progress add column if not exists source_log text;

--changeset viridian:sides-6
--comment: Rows that both sides had changed while both were writable, with what either had. Kept where the row went.
create table if not exists viridian.conflict (
    migration text not null,
    target text not null,
    key text[] not null,
    kind text not null check (kind in ('duplicate', 'missing-row', 'concurrent-change')),
    blue_row jsonb,
    green_row jsonb,
    blue_at timestamptz not null,
    green_at timestamptz not null,
    blue_lsn pg_lsn not null,
    green_lsn pg_lsn not null,
    policy text not null,
    outcome text not null check (outcome in ('blue-wins', 'green-wins', 'agreed')),
    settled_at timestamptz not null default clock_timestamp(),
    number bigserial primary key
);

--changeset viridian:sides-7 splitStatements:false
--comment: What older versions published has no mark yet of what it was made of; from here on it must agree with one.
do $$
declare
    unmarked record;
begin
    for unmarked in
        select p.pubname, encode(sha256(convert_to(p.oid || ' ' || p.xmin || coalesce((
            select string_agg(r.oid || ' ' || r.prrelid, ',' order by r.oid)
            from pg_publication_rel as r where r.prpubid = p.oid), ''), 'UTF8')), 'hex') as mark
        from pg_publication as p
        where p.pubname like 'viridian\_%' and pg_has_role(p.pubowner, 'USAGE')
          and obj_description(p.oid, 'pg_publication') is null
    loop
        execute format('comment on publication %I is %L', unmarked.pubname, unmarked.mark);
    end loop;
end
$$;

--changeset viridian:sides-8
--comment: Rows that foreign keys tie together are settled together.
alter table viridian.conflict drop constraint if exists conflict_kind_check;
alter table viridian.conflict add constraint conflict_kind_check
    check (kind in ('duplicate', 'missing-row', 'concurrent-change', 'orphan'));
