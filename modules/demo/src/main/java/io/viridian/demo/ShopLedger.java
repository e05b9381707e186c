package io.viridian.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one client of the shop was promised. Written by the client's thread; the conductor reads the orders once the
 * client has ended, and the times at any moment.
 */
final class ShopLedger {
    private final Map<String, Placed> orders = new HashMap<>();
    private final Set<String> maybeOrders = new HashSet<>();
    private final List<String> surprises = new ArrayList<>();
    private final List<Long> acknowledgedNanos = new ArrayList<>();

    /**
     * An order whose COMMIT returned.
     *
     * @param statusKnown false once a change of it got no answer
     */
    record Placed(long id, long totalCents, String status, boolean statusKnown) {}

    void placed(String reference, long id, long totalCents) {
        orders.put(reference, new Placed(id, totalCents, "new", true));
    }

    void maybePlaced(String reference) {
        maybeOrders.add(reference);
    }

    void changed(String reference, String status) {
        orders.computeIfPresent(
                reference, (_, order) -> new Placed(order.id(), order.totalCents(), status, order.statusKnown()));
    }

    void maybeChanged(String reference) {
        orders.computeIfPresent(
                reference, (_, order) -> new Placed(order.id(), order.totalCents(), order.status(), false));
    }

    void surprise(String what) {
        surprises.add(what);
    }

    synchronized void acknowledged(long nanoTime) {
        acknowledgedNanos.add(nanoTime);
    }

    Map<String, Placed> orders() {
        return orders;
    }

    Set<String> maybeOrders() {
        return maybeOrders;
    }

    List<String> surprises() {
        return surprises;
    }

    synchronized long acknowledged() {
        return acknowledgedNanos.size();
    }

    /** The longest time between two acknowledged transactions that touches the interval. */
    synchronized long longestGapNanos(long from, long to) {
        long longest = 0;
        long previous = acknowledgedNanos.isEmpty() ? from : acknowledgedNanos.getFirst();
        for (long next : acknowledgedNanos) {
            if (next >= from && previous <= to) {
                longest = Math.max(longest, next - previous);
            }
            previous = next;
        }
        return previous <= to ? Math.max(longest, to - previous) : longest;
    }
}
