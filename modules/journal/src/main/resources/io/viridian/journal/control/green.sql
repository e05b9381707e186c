--liquibase formatted sql

--changeset viridian:green-1
--comment: The ledger of the backfill. A chunk's row and its data commit together.
create table if not exists viridian.chunk (
    migration text not null,
    source text not null,
    number int not null,
    attempt int not null default 1,
    low text[],
    high text[],
    kind text not null,
    state text not null,
    rows bigint not null default 0,
    bytes bigint not null default 0,
    snapshot text,
    marker_lsn pg_lsn,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (migration, source, number)
);

--changeset viridian:green-2
--comment: Indexes and constraints taken off the empty targets, to be built after the load.
create table if not exists viridian.deferred (
    migration text not null,
    number int not null,
    table_name text not null,
    kind text not null,
    name text not null,
    drop_sql text not null,
    create_sql text not null,
    state text not null check (state in ('DROPPED', 'BUILT')),
    primary key (migration, number)
);

--changeset viridian:green-3
--comment: What was done to green's schema, committed together with it: applied from where, indexes taken off.
create table if not exists viridian.prepared (
    migration text primary key,
    source text not null,
    prepared_at timestamptz not null default clock_timestamp(),
    deferred_at timestamptz
);

--changeset viridian:green-4
--comment: What is still to be built of one table, found without a walk through what waits of all the others.
create index if not exists deferred_of_table on viridian.deferred (migration, table_name);

--changeset viridian:green-5
--comment: Targets that a query fills, and whether they are filled and kept.
create table if not exists viridian.derived (
    migration text not null,
    target text not null,
    built_at timestamptz,
    primary key (migration, target)
);

--changeset viridian:green-6
--comment: How far mirrors have what green itself wrote and the way back brought to blue.
create table if not exists viridian.mirrored (
    migration text primary key,
    lsn pg_lsn not null,
    epoch bigint not null
);

--changeset viridian:green-7
--comment: That the way back was closed, why, and where in green's log it ends.
create table if not exists viridian.way_back (
    migration text primary key,
    closed_from pg_lsn not null,
    reason text not null,
    closed_at timestamptz not null default clock_timestamp()
);

--changeset viridian:green-8
--comment: From where on green hands out numbers of its own while both sides are writable.
create table if not exists viridian.shared_sequence (
    migration text not null,
    name text not null,
    starts bigint not null,
    primary key (migration, name)
);
