package io.viridian.replication.merge;

import io.viridian.fault.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The key space of one table: which stretches are copied, which are open, the rest is ahead. */
final class TableSpace {
    /** Compares keys as the source does; null for a table that is copied whole. */
    private final @Nullable KeyOrder order;

    private final @Nullable TreeMap<List<String>, Stretch> byLow;
    private @Nullable Stretch first;
    private boolean done;

    private static final class Stretch {
        final Optional<List<String>> low;
        Optional<List<String>> high;

        @Nullable
        ChunkWindow window;

        Stretch(Optional<List<String>> low, Optional<List<String>> high, @Nullable ChunkWindow window) {
            this.low = low;
            this.high = high;
            this.window = window;
        }
    }

    TableSpace(@Nullable KeyOrder order) {
        this.order = order;
        this.byLow = order == null ? null : new TreeMap<>(order);
    }

    boolean done() {
        return done;
    }

    void finish() {
        done = true;
        first = null;
        if (byLow != null) {
            byLow.clear();
        }
    }

    void open(ChunkWindow window) {
        Optional<List<String>> low = window.range().low();
        boolean copied = done || (low.isPresent() ? isCopied(low.get()) : first != null && first.window == null);
        Invariant.require(!copied, window.range() + " is copied and would be read again");
        put(new Stretch(window.range().low(), window.range().high(), window));
    }

    /** The chunk is copied; neighbours that are copied too become one stretch, so the map stays small. */
    void copied(ChunkRange range) {
        put(new Stretch(range.low(), range.high(), null));
        if (range.whole() || (range.low().isEmpty() && range.high().isEmpty())) {
            finish();
            return;
        }
        join();
    }

    /**
     * The chunk will be read again; until then its space is ahead. Only this very window is closed: its range may have
     * been opened again by a newer attempt, or be copied after all.
     */
    void abandoned(ChunkWindow window) {
        if (first != null && first.window == window) {
            first = null;
            return;
        }
        Stretch stretch =
                byLow == null ? null : window.range().low().map(byLow::get).orElse(null);
        if (byLow != null && stretch != null && stretch.window == window) {
            window.range().low().ifPresent(byLow::remove);
        }
    }

    List<ChunkWindow> windows() {
        List<ChunkWindow> windows = new ArrayList<>();
        if (first != null && first.window != null) {
            windows.add(first.window);
        }
        if (byLow != null) {
            byLow.values().forEach(stretch -> {
                if (stretch.window != null) {
                    windows.add(stretch.window);
                }
            });
        }
        return windows;
    }

    /** Whether rows with this key are on the target. */
    boolean isCopied(List<String> key) {
        if (done) {
            return true;
        }
        Stretch stretch = at(key);
        return stretch != null && stretch.window == null;
    }

    /** Whether any rows are on the target for good; those of an open chunk are not. */
    boolean anyCopied() {
        return done
                || (first != null && first.window == null)
                || (byLow != null && byLow.values().stream().anyMatch(stretch -> stretch.window == null));
    }

    /** The window that must hear of this key, if its space is open. */
    Optional<ChunkWindow> window(Optional<List<String>> key) {
        if (done) {
            return Optional.empty();
        }
        if (key.isEmpty() || order == null) {
            return Optional.ofNullable(first == null ? null : first.window);
        }
        Stretch stretch = at(key.get());
        return Optional.ofNullable(stretch == null ? null : stretch.window);
    }

    private @Nullable Stretch at(List<String> key) {
        if (order == null || byLow == null) {
            return first;
        }
        java.util.Map.Entry<List<String>, Stretch> floor = byLow.floorEntry(key);
        Stretch candidate = floor == null ? first : floor.getValue();
        if (candidate == null) {
            return null;
        }
        boolean below = candidate.high.isEmpty() || order.compare(key, candidate.high.get()) < 0;
        return below ? candidate : null;
    }

    private void put(Stretch stretch) {
        if (stretch.low.isEmpty()) {
            first = stretch;
        } else if (byLow != null) {
            byLow.put(stretch.low.get(), stretch);
        }
    }

    private void join() {
        if (byLow == null) {
            return;
        }
        Stretch previous = first;
        List<List<String>> swallowed = new ArrayList<>();
        for (Stretch stretch : byLow.values()) {
            boolean adjacent = previous != null
                    && previous.window == null
                    && stretch.window == null
                    && previous.high.isPresent()
                    && previous.high.equals(stretch.low);
            if (adjacent && previous != null) {
                previous.high = stretch.high;
                stretch.low.ifPresent(swallowed::add);
            } else {
                previous = stretch;
            }
        }
        swallowed.forEach(byLow::remove);
        if (first != null && first.window == null && first.high.isEmpty()) {
            finish();
        }
    }
}
