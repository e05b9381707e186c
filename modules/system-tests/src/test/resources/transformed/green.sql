--liquibase formatted sql

--changeset viridian:book
create schema book;
create sequence book.ticket_number;
create table book.account (
    account_id bigint primary key, owner_no integer not null, amount numeric(20, 2) not null);
create table book.counter (counter_id bigint primary key, total numeric(30) not null);
create table book.slot (slot_id bigint primary key, token text unique);
create table book.visit (visit_id bigint primary key, by_operation bigint not null, note text not null);
create table book.document (
    document_id bigint primary key, title text not null, revision bigint not null, content text not null);
create table book.badge (
    code bigint primary key, holder bigint not null, stamp bigint not null, portrait text not null);
create table book.entry (
    operation_id bigint primary key,
    writer integer not null,
    kind varchar(40) not null,
    ticket_no bigint not null default nextval('book.ticket_number'));
alter table book.document alter column content set storage external;
alter table book.badge alter column portrait set storage external;
create index visit_by_operation on book.visit (by_operation);
