-- What the old shop's programs do, in their own words: written before there was a new schema, and not changed for it. It
-- must go well on blue before the move, in green's old schema (search_path = legacy_public, public) after it, and on blue
-- after a rollback. Each run brings a customer of its own.
do $$
declare
    tag text := md5(clock_timestamp()::text);
    customer int;
    item int;
    partner int;
    voucher int;
    purchase bigint;
    cart bigint;
    status_then text;
    placed_then timestamptz;
    found_total numeric;
    changed bigint;
begin
    insert into customers (email, full_name, country) values (tag || '@example.org', 'Ada ' || tag, 'DE')
    returning id into customer;
    assert customer > 0, 'a customer has a number';
    assert (select since > now() - interval '1 minute' from customers where id = customer), 'and a date';
    update customers set notes = 'likes lamps' where id = customer;
    assert (select notes || ' ' || country from customers where email = tag || '@example.org') = 'likes lamps DE';
    update customers set interests = array['lamps', 'tea'] where id = customer;
    update customers set interests = interests || 'maps'::text where id = customer;
    assert (select interests[2:]::text from customers where id = customer) = '{tea,maps}', 'a list grows';

    insert into partners (kind, name) values ('supplier', 'Partner ' || tag) returning id into partner;
    update partners set kind = 'carrier' where id = partner;
    assert (select count(*) from partners where name = 'Partner ' || tag and kind = 'carrier') = 1, 'a kind can change';
    delete from partners where id = partner;
    insert into vouchers (customer_id, cents) values (customer, 500) returning id into voucher;
    insert into refunds (customer_id, cents, reason) values (customer, 700, 'broken');
    update vouchers set cents = cents + 1 where id = voucher;
    assert (select sum(cents) from (select cents from vouchers where customer_id = customer
        union all select cents from refunds where customer_id = customer) c) = 1201, 'credits add up';

    insert into items (title, price, in_stock) values ('Lamp ' || tag, 12.50, 10) returning id into item;
    update items set in_stock = in_stock - 2, price = price * 1.1 where id = item;
    assert (select price::text || ' ' || in_stock from items where id = item) = '13.75 8', 'prices have two digits';

    insert into orders (reference, customer_id, total) values ('T-' || tag, customer, 0)
    returning id, status::text, placed into purchase, status_then, placed_then;
    assert status_then = 'new' and placed_then > now() - interval '1 minute', 'defaults are the old ones';
    insert into order_lines (order_id, line, item_id, quantity, unit_price)
    select purchase, n, item, n, i.price from generate_series(1, 3) n join items i on i.id = item;
    update orders o set total = (select sum(l.quantity * l.unit_price) from order_lines l where l.order_id = o.id)
    where o.id = purchase;
    select total into found_total from orders where reference = 'T-' || tag;
    assert found_total = 82.50, 'the sum of the lines is ' || found_total;
    update orders set status = 'paid', remark = 'ring twice' where id = purchase and status = 'new';
    get diagnostics changed = row_count;
    assert changed = 1, 'one row changed';
    delete from order_lines where order_id = purchase and line = 3;
    get diagnostics changed = row_count;
    assert changed = 1 and (select count(*) from order_lines where order_id = purchase) = 2, 'one line is gone';

    insert into carts (customer_id, content) values (customer, '{"items": [1]}') returning id into cart;
    update carts set content = content || '{"gift": true}', touched = now() where id = cart;
    assert (select content ->> 'gift' from carts where id = cart and not abandoned) = 'true', 'a cart holds what was put';
    delete from carts where id = cart;

    insert into settings values ('theme ' || tag, '"dark"')
    on conflict (name) do update set value = excluded.value;
    insert into settings values ('theme ' || tag, '"light"')
    on conflict (name) do update set value = excluded.value;
    assert (select value from settings where name = 'theme ' || tag) = '"light"', 'an upsert writes';

    insert into page_views (seen, customer_id, path, took_ms) values (now(), customer, '/items/' || item, 7);
    assert (select count(*) from page_views where customer_id = customer) = 1, 'a view is noted';
    assert exists (
        select c.full_name, count(*) from customers c
        join orders o on o.customer_id = c.id and o.status = 'paid'
        join order_lines l on l.order_id = o.id
        join countries n on n.code = c.country
        where c.id = customer group by c.id, c.full_name having count(*) = 2), 'reports read all of them';
end $$;
