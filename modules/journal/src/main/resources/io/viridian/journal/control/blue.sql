--liquibase formatted sql

--changeset viridian:blue-1
--comment: What a way back needs of a journal that lives elsewhere and may be gone; and since when it is done without it.
create table if not exists viridian.plan_copy (
    migration text primary key,
    plan_hash text not null,
    mapping text not null,
    green_keys jsonb,
    interim_since timestamptz
);

--changeset viridian:blue-2
--comment: That our slot was given up for the sake of blue's disk, why, and where in blue's log green's copy ends.
create table if not exists viridian.given_up_slot (
    migration text primary key,
    given_up_from pg_lsn not null,
    reason text not null,
    given_up_at timestamptz not null default clock_timestamp()
);
