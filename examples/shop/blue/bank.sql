-- The shop's gift-card bank. In the demonstration its clients keep a ledger of every write that was acknowledged, so
-- that nothing can be lost, doubled or invented unnoticed.

create schema bank;
create sequence bank.ticket_numbers;
create table bank.accounts (id bigint primary key, owner integer not null, balance bigint not null);
create table bank.counters (id bigint primary key, value bigint not null);
create table bank.slots (id bigint primary key, token bigint unique);
create table bank.visits (id bigint primary key, operation bigint not null, note text not null);
create table bank.documents (id bigint primary key, title text not null, revision bigint not null, body text not null);
create table bank.badges (
    code bigint primary key, holder bigint not null, stamp bigint not null, portrait text not null);
create table bank.entries (
    op_id bigint primary key,
    writer integer not null,
    kind text not null,
    ticket bigint not null default nextval('bank.ticket_numbers'));
alter table bank.documents alter column body set storage external;
alter table bank.badges alter column portrait set storage external;
