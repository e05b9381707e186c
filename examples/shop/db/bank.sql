--liquibase formatted sql

--changeset bank:vault
create schema vault;
create sequence vault.ticket;
create table vault.account (number bigint primary key, owner integer not null, balance numeric(14, 2) not null);
create table vault.counter (id bigint primary key, count bigint not null);
create table vault.slot (id bigint primary key, chip bigint unique);
create table vault.visit (id bigint primary key, operation_id bigint not null, note text not null);
create table vault.document (id bigint primary key, heading text not null, revision bigint not null, content text not null);
create table vault.badge (number bigint primary key, holder bigint not null, stamp bigint not null, portrait text not null);
create table vault.entry (
    operation_id bigint primary key,
    writer bigint not null,
    kind text not null,
    ticket bigint not null default nextval('vault.ticket'));
alter table vault.document alter column content set storage external;
alter table vault.badge alter column portrait set storage external;
