package io.viridian.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Function;

/** One transaction of a shop's customer. Made once, tried as often as it takes. */
sealed interface ShopDeed {
    void perform(ShopAddress.Session session) throws SQLException;

    /** Called when COMMIT has returned. */
    default void acknowledged(ShopLedger ledger) {}

    /** Called when COMMIT has got no answer: it may have happened or not. */
    default void unanswered(ShopLedger ledger) {}

    /** Whether the customer changes their mind at the last moment. */
    default boolean takenBack() {
        return false;
    }

    /**
     * An order with its lines, at the prices of the moment.
     *
     * @param quantities by item; sorted, so that two orders never wait for each other crosswise
     */
    record PlaceOrder(
            String reference, long customer, SortedMap<Long, Integer> quantities, boolean takenBack, Made made)
            implements ShopDeed {

        /** What the server said; known once the order was performed. */
        static final class Made {
            private long id;
            private long totalCents;
        }

        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            ShopWords words = session.words();
            // Once only: somebody may change a price in the middle, and total and lines are to agree.
            Map<Long, Long> prices = new HashMap<>();
            long total = 0;
            for (Map.Entry<Long, Integer> one : quantities.entrySet()) {
                long price = query(session, words.priceOfItem(), one.getKey());
                prices.put(one.getKey(), price);
                total += one.getValue() * price;
            }
            made.totalCents = total;
            made.id = query(session, words.placeOrder(), reference, customer, total);
            long line = 1;
            for (Map.Entry<Long, Integer> one : quantities.entrySet()) {
                long quantity = one.getValue();
                long price = Objects.requireNonNull(prices.get(one.getKey()));
                update(session, words.addLine(), made.id, line++, one.getKey(), quantity, price);
                update(session, words.takeFromStock(), quantity, one.getKey());
            }
        }

        @Override
        public void acknowledged(ShopLedger ledger) {
            ledger.placed(reference, made.id, made.totalCents);
        }

        @Override
        public void unanswered(ShopLedger ledger) {
            ledger.maybePlaced(reference);
        }
    }

    /** The next step of an order of one's own. */
    record ChangeStatus(String reference, long order, String status) implements ShopDeed {
        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            update(session, session.words().changeStatus(), status, order);
        }

        @Override
        public void acknowledged(ShopLedger ledger) {
            ledger.changed(reference, status);
        }

        @Override
        public void unanswered(ShopLedger ledger) {
            ledger.maybeChanged(reference);
        }
    }

    /** A page view, in the table without a key; now and then somebody asks to be forgotten. */
    record LookAround(long customer, long item, long millis, boolean forget) implements ShopDeed {
        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            if (forget) {
                update(session, session.words().forgetViews(), customer);
            } else {
                update(session, session.words().recordView(), customer, "/items/" + item, millis);
            }
        }
    }

    /** A cart is filled and, before anybody looks, left: it enters the mapping's filter and leaves it again. */
    record FillCart(long customer, long item, boolean leave) implements ShopDeed {
        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            String content = "{\"items\": [" + item + "]}";
            long cart = query(session, session.words().fillCart(), customer, content);
            if (leave) {
                session.connection().commit();
                update(session, session.words().leaveCart(), cart);
            }
        }
    }

    /** A new price beside a large description that stays as it is. */
    record Reprice(long item, long cents) implements ShopDeed {
        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            update(session, session.words().changePrice(), cents, item);
        }
    }

    /** A new description, large enough to leave its row. */
    record Describe(long item, String text) implements ShopDeed {
        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            update(session, session.words().describe(), text, item);
        }
    }

    /** One statement of which nobody keeps count. */
    record Occasionally(Function<ShopWords, String> statement, List<Object> parameters) implements ShopDeed {
        @Override
        public void perform(ShopAddress.Session session) throws SQLException {
            update(session, statement.apply(session.words()), parameters.toArray());
        }
    }

    private static long query(ShopAddress.Session session, String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = bound(session.connection(), text, parameters);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("no row: " + text, "02000");
            }
            return rows.getLong(1);
        }
    }

    private static void update(ShopAddress.Session session, String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = bound(session.connection(), text, parameters)) {
            statement.executeUpdate();
        }
    }

    private static PreparedStatement bound(Connection connection, String text, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        for (int index = 0; index < parameters.length; index++) {
            switch (parameters[index]) {
                case Long number -> statement.setLong(index + 1, number);
                case String word -> statement.setString(index + 1, word);
                default -> throw new IllegalArgumentException("neither a number nor a text: " + parameters[index]);
            }
        }
        return statement;
    }
}
