package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.position.Lsn;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The markers that came through and whose predecessors are all committed. Remembers the last thousand. Any thread. */
final class MarkerBoard {
    private static final int REMEMBERED = 1000;

    private final Map<String, Lsn> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Lsn> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Waiter changed = new Waiter();
    private final AtomicInteger waiting = new AtomicInteger();

    void passed(String nonce, Lsn position) {
        synchronized (seen) {
            seen.put(nonce, position);
        }
        changed.wake();
    }

    /** Lets waiters look at the lane's fault. */
    void wake() {
        changed.wake();
    }

    /** Whether anybody waits for a marker. */
    boolean awaited() {
        return waiting.get() > 0;
    }

    Lsn await(String nonce, Deadline by, Supplier<Optional<Fault>> fault) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            changed.awaitUntil(() -> position(nonce) != null || fault.get().isPresent(), by);
        } finally {
            waiting.decrementAndGet();
        }
        Lsn position = position(nonce);
        if (position != null) {
            return position;
        }
        throw fault.get()
                .orElseGet(() -> Fault.about(
                        FaultCode.DRAIN_TIMEOUT, nonce, "marker " + nonce + " did not come through the stream in time"))
                .asException();
    }

    private @Nullable Lsn position(String nonce) {
        synchronized (seen) {
            return seen.get(nonce);
        }
    }
}
