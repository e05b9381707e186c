--liquibase formatted sql

--changeset viridian:journal-1
create table if not exists viridian.migration (
    migration text primary key,
    plan_hash text not null,
    mapping text not null,
    created_at timestamptz not null default clock_timestamp()
);

--changeset viridian:journal-2
--comment: Append-only; the primary key is the lock: a second daemon's entry with the same number is refused.
create table if not exists viridian.migration_journal (
    migration text not null,
    seq bigint not null check (seq > 0),
    state text not null check (state in (
        'preparing', 'backfilling', 'catching_up', 'ready', 'cutting_over', 'switched', 'rolling_back', 'rolled_back',
        'finalizing', 'finalized', 'aborting', 'aborted', 'halted')),
    detail jsonb not null,
    daemon text not null,
    entered_at timestamptz not null default clock_timestamp(),
    primary key (migration, seq)
);

--changeset viridian:journal-3 splitStatements:false
--comment: History cannot be edited by mistake, not even by the owner of the table.
create or replace function viridian.append_only() returns trigger language plpgsql as $$
begin
    raise exception 'viridian.% is append-only: history cannot be edited', tg_table_name using errcode = '42501';
end
$$;

--changeset viridian:journal-4
create or replace trigger append_only before update or delete or truncate on viridian.migration_journal
    for each statement execute function viridian.append_only();

--changeset viridian:journal-5
create table if not exists viridian.operation (
    id text primary key,
    migration text not null,
    number bigserial,
    type text not null,
    parameters jsonb not null default '{}',
    reason text not null default '',
    requested_by text not null default '',
    status text not null check (status in (
        'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'UNDONE', 'CANCELLED', 'UNKNOWN')),
    result jsonb not null default '{}',
    requested_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
);
create index if not exists operation_by_number on viridian.operation (migration, number);

--changeset viridian:journal-6
create table if not exists viridian.event (
    migration text not null,
    number bigint not null,
    at timestamptz not null default clock_timestamp(),
    type text not null,
    text text not null,
    primary key (migration, number)
);

--changeset viridian:journal-7
--comment: Who works on a migration. The epoch only grows; what an older holder still does is refused by it.
create table if not exists viridian.lease (
    migration text primary key,
    epoch bigint not null,
    holder text not null,
    taken_at timestamptz not null default clock_timestamp()
);

--changeset viridian:journal-8
create table if not exists viridian.verification (
    migration text not null,
    number bigint not null,
    clean boolean not null,
    started_at timestamptz not null,
    result jsonb not null,
    primary key (migration, number)
);

--changeset viridian:journal-9
--comment: Green's keys as they were before the load took some of them off; the plan needs them all the time.
create table if not exists viridian.green_keys (
    migration text primary key,
    keys jsonb not null
);

--changeset viridian:journal-10
--comment: Tells apart two daemons of one name, which "pid 1" in two containers is.
alter table viridian.migration_journal add column if not exists process text not null default '';

--changeset viridian:journal-11
--comment: A migration can be armed.
alter table viridian.migration_journal drop constraint if exists migration_journal_state_check;
alter table viridian.migration_journal add constraint migration_journal_state_check check (state in (
    'preparing', 'backfilling', 'catching_up', 'ready', 'armed', 'cutting_over', 'switched', 'rolling_back',
    'rolled_back', 'finalizing', 'finalized', 'aborting', 'aborted', 'halted'));

--changeset viridian:journal-consent-1
--comment: What people put their names to: gates overridden, switches approved, and both taken back. Never changed.
create table if not exists viridian.consent (
    migration text not null,
    number bigint not null check (number > 0),
    kind text not null check (kind in ('override', 'approval')),
    subject text not null,
    given boolean not null,
    reason text not null,
    given_by text not null,
    at timestamptz not null,
    until timestamptz not null,
    plan_hash text not null,
    epoch bigint not null,
    operation text not null,
    primary key (migration, number)
);
create unique index if not exists consent_once on viridian.consent (migration, operation);
create or replace trigger append_only before update or delete or truncate on viridian.consent
    for each statement execute function viridian.append_only();

--changeset viridian:journal-canary-1
--comment: Both sides can be writable for a while.
alter table viridian.migration_journal drop constraint if exists migration_journal_state_check;
alter table viridian.migration_journal add constraint migration_journal_state_check check (state in (
    'preparing', 'backfilling', 'catching_up', 'ready', 'armed', 'canary', 'cutting_over', 'switched', 'rolling_back',
    'rolled_back', 'finalizing', 'finalized', 'aborting', 'aborted', 'halted'));
