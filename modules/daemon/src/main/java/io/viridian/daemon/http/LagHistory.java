package io.viridian.daemon.http;

import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationView;
import io.viridian.control.MigrationView.LagView;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lag of the last half hour, so that a page opened only now shows what came before it, without a Prometheus. A ring
 * of so many samples; the oldest makes room. Any thread.
 */
final class LagHistory {
    private static final Logger LOG = LoggerFactory.getLogger(LagHistory.class);

    /** Short enough to show a switch, which is over in seconds. */
    static final Duration EVERY = Duration.ofSeconds(2);

    private static final Duration SPAN = Duration.ofMinutes(30);
    static final int MOST = (int) SPAN.dividedBy(EVERY);

    private static final LagView UNKNOWN = new LagView(Optional.empty(), Optional.empty());

    private final MigrationControl control;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final Deque<LagSample> samples = new ArrayDeque<>();

    LagHistory(MigrationControl control, Clock clock) {
        this.control = control;
        this.clock = clock;
    }

    /** Takes samples until told to stop or interrupted; on a thread of its own. */
    void run(BooleanSupplier stopping) {
        try {
            while (!stopping.getAsBoolean()) {
                sample();
                waiter.await(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the lag as it is now. What cannot be read is kept as not known, and the chart has a gap there. */
    void sample() {
        LagSample sample = read();
        synchronized (samples) {
            if (samples.size() == MOST) {
                samples.removeFirst();
            }
            samples.addLast(sample);
        }
    }

    private LagSample read() {
        try {
            MigrationView view = control.view();
            return new LagSample(clock.now(), view.lag(), view.reverseLag().orElse(UNKNOWN));
        } catch (RuntimeException e) {
            LOG.warn("the lag cannot be read, the chart has a gap: {}", e.toString());
            return new LagSample(clock.now(), UNKNOWN, UNKNOWN);
        }
    }

    /** The newest samples, oldest first. */
    List<LagSample> newest(int most) {
        synchronized (samples) {
            return samples.stream().skip(Math.max(0, samples.size() - most)).toList();
        }
    }
}
