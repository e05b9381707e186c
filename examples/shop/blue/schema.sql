-- The shop as it has grown on PostgreSQL 14: everything in public, prices as numeric, times with a zone.

create type public.order_status as enum ('new', 'paid', 'shipped', 'cancelled');

-- Small tables that travel as they are.
create table public.countries (
    code char(2) primary key,
    name text not null
);
create table public.settings (
    name text primary key,
    value jsonb not null
);

create table public.customers (
    id serial primary key,
    email text not null unique,
    full_name text not null,
    country char(2) not null references public.countries (code),
    since timestamptz not null default now(),
    notes text,
    interests text[] not null default '{}'
);

-- Whoever the shop works with; two tables on green.
create table public.partners (
    id serial primary key,
    kind text not null check (kind in ('supplier', 'carrier')),
    name text not null
);
alter table public.partners replica identity full;

-- Two tables that are one on green.
create table public.vouchers (
    id serial primary key,
    customer_id integer not null,
    cents bigint not null
);
create table public.refunds (
    id serial primary key,
    customer_id integer not null,
    cents bigint not null,
    reason text
);

create table public.items (
    id serial primary key,
    title text not null,
    price numeric(10, 2) not null check (price >= 0),
    in_stock integer not null,
    description text,
    created timestamptz not null default now()
);
-- Descriptions leave the row: an UPDATE that does not touch them does not carry them through the change stream.
alter table public.items alter column description set storage external;

create sequence public.order_no start 100001;
create table public.orders (
    id bigint primary key default nextval('public.order_no'),
    reference text not null unique,
    customer_id integer not null references public.customers (id),
    status public.order_status not null default 'new',
    total numeric(12, 2) not null,
    placed timestamptz not null default now(),
    remark text
);
create index orders_customer on public.orders (customer_id, placed);

create table public.order_lines (
    order_id bigint not null references public.orders (id),
    line smallint not null,
    item_id integer not null references public.items (id),
    quantity integer not null check (quantity > 0),
    unit_price numeric(10, 2) not null,
    primary key (order_id, line)
);

-- Abandoned carts stay behind, so rows enter and leave the mapping's filter: that needs the whole old row.
create table public.carts (
    id bigserial primary key,
    customer_id integer not null,
    content jsonb not null,
    abandoned boolean not null default false,
    touched timestamptz not null default now()
);
alter table public.carts replica identity full;

-- A log without any key. Equal rows may occur twice, and both of them travel.
create table public.page_views (
    seen timestamptz not null,
    customer_id integer,
    path text not null,
    took_ms integer not null
);
alter table public.page_views replica identity full;

-- Who is logged in; nobody misses it after the move.
create table public.sessions (
    token text primary key,
    customer_id integer not null,
    expires timestamptz not null
);
