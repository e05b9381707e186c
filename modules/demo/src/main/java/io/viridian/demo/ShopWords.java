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
            select p.number, p.id, p.total_cents, p.status::text,
                   (select coalesce(sum(l.amount_cents), 0) from sales.purchase_line l where l.purchase_id = p.id)
            from sales.purchase p where p.number like 'D%'
            """);
}
