-- Fills the shop. The number of customers can be chosen, everything else follows from it:
--   PGOPTIONS='-c shop.customers=100' psql -f blue/seed.sql …
do $$ begin
    perform set_config('shop.customers', coalesce(nullif(current_setting('shop.customers', true), ''), '4000'), false);
end $$;

insert into public.countries
values ('AT', 'Austria'), ('CH', 'Switzerland'), ('DE', 'Germany'), ('DK', 'Denmark'), ('FR', 'France'), ('IT', 'Italy');

insert into public.settings
values ('currency', '"EUR"'), ('vat', '{"standard": 19, "reduced": 7}'), ('shipping', '{"free_from": 5000}');

insert into public.customers (email, full_name, country, since, notes, interests)
select 'customer.' || n || '@example.org',
       'Customer ' || n,
       (array['AT', 'CH', 'DE', 'DK', 'FR', 'IT'])[1 + n % 6],
       timestamptz '2020-01-01 08:00:00+00' + n * interval '7 hours 11 minutes 13.371 seconds',
       case when n % 10 = 0 then repeat('Called on day ' || n || '. ', 20) end,
       (array['lamps', 'tea', 'bicycles', 'maps'])[1 + n % 4 : 3 + n % 3]
from generate_series(1, current_setting('shop.customers')::int) n;

insert into public.partners (kind, name)
select (array['supplier', 'carrier'])[1 + n % 2], 'Partner ' || n
from generate_series(1, current_setting('shop.customers')::int / 20) n;

insert into public.vouchers (customer_id, cents)
select 1 + n * 17 % current_setting('shop.customers')::int, 500 * (1 + n % 10)
from generate_series(1, current_setting('shop.customers')::int / 10) n;

insert into public.refunds (customer_id, cents, reason)
select 1 + n * 23 % current_setting('shop.customers')::int, 100 + n, case when n % 2 = 0 then 'came too late' end
from generate_series(1, current_setting('shop.customers')::int / 20) n;

-- About 3 kB of text that does not compress well, for every fourth item.
insert into public.items (title, price, in_stock, description, created)
select 'Item ' || n,
       round((n * 7919 % 20000) / 100.0 + 0.99, 2),
       1000 + n % 500,
       case when n % 4 = 0
            then (select string_agg(md5(n || ':' || part), ' ') from generate_series(1, 90) part) end,
       timestamptz '2021-06-01 12:00:00+00' + n * interval '53 minutes'
from generate_series(1, current_setting('shop.customers')::int / 2) n;

insert into public.orders (reference, customer_id, status, total, placed, remark)
select 'S-' || n,
       1 + n * 31 % current_setting('shop.customers')::int,
       (array['new', 'paid', 'shipped', 'shipped', 'cancelled'])[1 + n % 5]::public.order_status,
       0,
       timestamptz '2024-01-01 00:00:00+00' + n * interval '17 minutes',
       case when n % 9 = 0 then 'Please ring twice' end
from generate_series(1, current_setting('shop.customers')::int * 3) n;

insert into public.order_lines (order_id, line, item_id, quantity, unit_price)
select o.id, line, i.id, 1 + (o.id + line) % 3, i.price
from public.orders o
cross join generate_series(1, 3) line
join public.items i on i.id = 1 + (o.id * 13 + line * 101) % (current_setting('shop.customers')::int / 2)
where line <= 1 + o.id % 3;

update public.orders o
set total = (select sum(l.quantity * l.unit_price) from public.order_lines l where l.order_id = o.id);

insert into public.carts (customer_id, content, abandoned, touched)
select 1 + n % current_setting('shop.customers')::int,
       jsonb_build_object('items', jsonb_build_array(n % 40 + 1, n % 60 + 1)),
       n % 3 = 0,
       timestamptz '2025-01-01 00:00:00+00' + n * interval '3 minutes'
from generate_series(1, current_setting('shop.customers')::int / 2) n;

insert into public.page_views (seen, customer_id, path, took_ms)
select timestamptz '2025-01-01 00:00:00+00' + (n / 2) * interval '1 second',
       case when n % 4 > 0 then 1 + n / 2 % current_setting('shop.customers')::int end,
       '/items/' || n / 2 % 200,
       10 + n / 2 % 90
from generate_series(1, current_setting('shop.customers')::int) n;

insert into public.sessions
select md5('session ' || n), n, now() + interval '1 hour'
from generate_series(1, current_setting('shop.customers')::int / 10) n;

analyze;
