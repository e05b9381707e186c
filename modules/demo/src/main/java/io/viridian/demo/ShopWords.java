package io.viridian.demo;

/**
 * The statements of the shop's program, in the words of one side. Both take the same parameters in the same order and
 * speak of money in cents, so the program is the same before and after the move but for this.
 */
record ShopWords(
        String priceOfItem,
        String placeOrder,
        String addLine,
        String takeFromStock,
        String changeStatus,
        String changePrice,
        String describe,
        String recordView,
        String forgetViews,
        String fillCart,
        String leaveCart,
        String takeInterest,
        String loseInterest,
        String changeTrade,
        String grantVoucher,
        String grantRefund,
        String spendVoucher,
        String allOrders) {

    static final ShopWords BLUE = new ShopWords(
            "select (price * 100)::bigint from public.items where id = ?",
            "insert into public.orders (reference, customer_id, total) values (?, ?, ?::bigint / 100.0) returning id",
            """
            insert into public.order_lines (order_id, line, item_id, quantity, unit_price)
            values (?, ?, ?, ?, ?::bigint / 100.0)
            """,
            "update public.items set in_stock = in_stock - ? where id = ?",
            "update public.orders set status = ?::public.order_status where id = ?",
            "update public.items set price = ?::bigint / 100.0 where id = ?",
            "update public.items set description = ? where id = ?",
            "insert into public.page_views (seen, customer_id, path, took_ms) values (now(), ?, ?, ?)",
            "delete from public.page_views where customer_id = ?",
            "insert into public.carts (customer_id, content) values (?, ?::jsonb) returning id",
            "update public.carts set abandoned = true, touched = now() where id = ?",
            "update public.customers set interests = interests || ?::text where id = ?",
            "update public.customers set interests = interests[: cardinality(interests) - 1] where id = ?",
            """
            update public.partners set kind = case kind when 'supplier' then 'carrier' else 'supplier' end where id = ?
            """,
            "insert into public.vouchers (customer_id, cents) values (?, ?)",
            "insert into public.refunds (customer_id, cents) values (?, ?)",
            "delete from public.vouchers where id = ?",
            """
            select o.reference, o.id, (o.total * 100)::bigint, o.status::text,
                   (select coalesce(sum(l.quantity * (l.unit_price * 100)::bigint), 0) from public.order_lines l
                    where l.order_id = o.id)
            from public.orders o where o.reference like 'D%'
            """);

    static final ShopWords GREEN = new ShopWords(
            "select price_cents from catalog.product where id = ?",
            "insert into sales.purchase (number, customer_id, total_cents) values (?, ?, ?) returning id",
            """
            insert into sales.purchase_line (purchase_id, position, product_id, quantity, unit_price_cents)
            values (?, ?, ?, ?, ?)
            """,
            "update catalog.product set stock = stock - ? where id = ?",
            "update sales.purchase set status = ?::public.order_status where id = ?",
            "update catalog.product set price_cents = ? where id = ?",
            "update catalog.product set description = ? where id = ?",
            """
            insert into web.page_view (seen_at, customer_id, path, milliseconds)
            values (now() at time zone 'UTC', ?, ?, ?)
            """,
            "delete from web.page_view where customer_id = ?",
            "insert into sales.cart (customer_id, content) values (?, ?::jsonb) returning id",
            "delete from sales.cart where id = ?",
            """
            insert into crm.interest (interest, customer_id, position)
            select w.word, c.id,
                   1 + (select coalesce(max(i.position), 0) from crm.interest i where i.customer_id = c.id)
            from (values (?::text)) w(word), crm.customer c where c.id = ? on conflict do nothing
            """,
            """
            delete from crm.interest i using (select customer_id, max(position) as last from crm.interest
                where customer_id = ? group by customer_id) l
            where i.customer_id = l.customer_id and i.position = l.last
            """,
            """
            with asked as (select ?::bigint as id),
            supplier as (delete from crm.supplier x using asked a where x.id = a.id returning x.id, x.name),
            carrier as (delete from crm.carrier x using asked a where x.id = a.id returning x.id, x.title),
            carries as (insert into crm.carrier (id, title) select id, name from supplier)
            insert into crm.supplier (id, name) select id, title from carrier
            """,
            """
            insert into sales.credit (kind, number, customer_id, cents)
            values ('voucher', nextval('sales.voucher_number'), ?, ?)
            """,
            """
            insert into sales.credit (kind, number, customer_id, cents)
            values ('refund', nextval('sales.refund_number'), ?, ?)
            """,
            "delete from sales.credit where kind = 'voucher' and number = ?",
            """
            select p.number, p.id, p.total_cents, p.status::text,
                   (select coalesce(sum(l.amount_cents), 0) from sales.purchase_line l where l.purchase_id = p.id)
            from sales.purchase p where p.number like 'D%'
            """);
}
