package io.viridian.demo;

import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client of the shop: does one thing after the other, writes down what it was promised, and connects anew when it
 * is refused. It knows nothing of the migration but the address.
 */
final class ShopWriter implements Runnable {
    private static final Duration REST_MIN = Duration.ofMillis(2);
    private static final int DOUBLINGS_MAX = 4;
    private static final int LINES_MAX = 3;
    private static final int DESCRIPTION_WORDS = 400;
    private static final List<String> STEPS = List.of("new", "paid", "shipped");

    /** The server goes, is full, is read only, or does not have the shop (yet): look where else it is open. */
    private static final Set<String> ELSEWHERE = Set.of("25006", "53300", "42P01", "3F000", "3D000");

    private static final Set<String> ANOTHER_TIME = Set.of("55P03", "57014");

    private final int number;
    private final ShopAddress address;
    private final long customers;
    private final Duration every;
    private final Clock clock;
    private final Random random;
    private final ShopLedger ledger = new ShopLedger();
    private final Waiter waiter = new Waiter();
    private final List<String> references = new ArrayList<>();
    private volatile boolean stopping;
    private ShopAddress.@Nullable Session session;
    private int attempts;
    private int refusals;
    private int deeds;

    /** A client that performs one deed after each such time. */
    ShopWriter(int number, ShopAddress address, long customers, Duration every, Clock clock) {
        this.number = number;
        this.address = address;
        this.customers = customers;
        this.every = every;
        this.clock = clock;
        this.random = new Random(number);
    }

    ShopLedger ledger() {
        return ledger;
    }

    void stop() {
        stopping = true;
        waiter.wake();
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                perform(next());
                waiter.await(every);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private ShopDeed next() {
        deeds++;
        int choice = random.nextInt(100);
        if (choice < 40 || references.isEmpty()) {
            return order(choice < 4);
        }
        if (choice < 65) {
            String reference = references.get(random.nextInt(references.size()));
            ShopLedger.Placed placed = ledger.orders().get(reference);
            if (placed != null) {
                int step = Math.min(STEPS.indexOf(placed.status()) + 1, STEPS.size() - 1);
                return new ShopDeed.ChangeStatus(reference, placed.id(), STEPS.get(step));
            }
        }
        if (choice < 80) {
            return new ShopDeed.LookAround(customer(), item(), 5 + random.nextInt(200), choice == 66);
        }
        if (choice < 86) {
            return new ShopDeed.FillCart(customer(), item(), choice % 2 == 0);
        }
        if (choice < 93) {
            return occasionally();
        }
        return choice < 97 ? new ShopDeed.Reprice(item(), 99 + random.nextInt(20_000)) : describe();
    }

    private ShopDeed order(boolean takenBack) {
        TreeMap<Long, Integer> quantities = new TreeMap<>();
        int lines = 1 + random.nextInt(LINES_MAX);
        for (int line = 0; line < lines; line++) {
            quantities.put(item(), 1 + random.nextInt(3));
        }
        String reference = "D" + number + "-" + deeds;
        return new ShopDeed.PlaceOrder(reference, customer(), quantities, takenBack, new ShopDeed.PlaceOrder.Made());
    }

    /** Lists that grow and shrink, rows that change their table on green, and tables that are one there. */
    private ShopDeed occasionally() {
        return switch (random.nextInt(6)) {
            case 0 -> new ShopDeed.Occasionally(ShopWords::takeInterest, List.of("interest " + deeds, customer()));
            case 1 -> new ShopDeed.Occasionally(ShopWords::loseInterest, List.of(customer()));
            case 2 ->
                new ShopDeed.Occasionally(
                        ShopWords::changeTrade, List.of(1 + random.nextLong(Math.max(1, customers / 20))));
            case 3 -> new ShopDeed.Occasionally(ShopWords::grantVoucher, List.of(customer(), 500L));
            case 4 -> new ShopDeed.Occasionally(ShopWords::grantRefund, List.of(customer(), 1 + random.nextLong(900)));
            default ->
                new ShopDeed.Occasionally(
                        ShopWords::spendVoucher, List.of(1 + random.nextLong(Math.max(1, customers / 10))));
        };
    }

    private ShopDeed describe() {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < DESCRIPTION_WORDS; word++) {
            text.append(Integer.toHexString(random.nextInt())).append(' ');
        }
        return new ShopDeed.Describe(item(), text.toString().strip());
    }

    private long customer() {
        return 1 + random.nextLong(customers);
    }

    private long item() {
        return 1 + random.nextLong(customers / 2);
    }

    /** Until it is done, taken back, or its outcome is not known; a refusal is tried again. */
    private void perform(ShopDeed deed) throws InterruptedException {
        while (!stopping) {
            boolean committing = false;
            try {
                ShopAddress.Session open = session();
                deed.perform(open);
                if (deed.takenBack()) {
                    open.connection().rollback();
                    return;
                }
                committing = true;
                open.connection().commit();
                done(deed);
                return;
            } catch (SQLException failure) {
                if (committing && connectionLost(failure)) {
                    deed.unanswered(ledger);
                    disconnect();
                    return;
                }
                refused(deed, failure);
            }
        }
    }

    private void done(ShopDeed deed) {
        ledger.acknowledged(clock.nanoTime());
        deed.acknowledged(ledger);
        if (deed instanceof ShopDeed.PlaceOrder order) {
            references.add(order.reference());
        }
        refusals = 0;
    }

    private ShopAddress.Session session() throws SQLException {
        ShopAddress.Session open = session;
        if (open == null) {
            open = address.connect(attempts++, "shop-" + number);
            session = open;
        }
        return open;
    }

    private void refused(ShopDeed deed, SQLException failure) throws InterruptedException {
        String state = String.valueOf(failure.getSQLState());
        boolean elsewhere = connectionLost(failure) || ELSEWHERE.contains(state);
        if (!elsewhere && !state.startsWith("40") && !ANOTHER_TIME.contains(state)) {
            ledger.surprise("client %d, %s: %s %s".formatted(number, deed, state, failure.getMessage()));
        }
        if (elsewhere) {
            disconnect();
        } else {
            rollback();
        }
        refusals++;
        waiter.await(REST_MIN.multipliedBy(1L << Math.min(refusals / 2, DOUBLINGS_MAX)));
    }

    private static boolean connectionLost(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P") || state.equals("null");
    }

    private void rollback() {
        ShopAddress.Session open = session;
        try {
            if (open != null) {
                open.connection().rollback();
            }
        } catch (SQLException broken) {
            disconnect();
        }
    }

    private void disconnect() {
        ShopAddress.Session open = session;
        session = null;
        try {
            if (open != null) {
                open.connection().close();
            }
        } catch (SQLException _) {
            // It was broken, which is why it is closed.
        }
    }
}
