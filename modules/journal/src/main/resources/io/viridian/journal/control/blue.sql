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
