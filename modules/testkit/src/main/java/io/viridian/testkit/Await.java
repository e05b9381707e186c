package io.viridian.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The only place of the tests that sleeps: waits for a condition, never for a time, and never without a deadline. Any
 * thread may wait; the condition runs on the waiting thread.
 */
public final class Await {

    /** Short enough to be invisible in a pause of milliseconds. */
    private static final Duration SHORTEST_POLL = Duration.ofMillis(2);

    /** Long enough not to burn one of two cores: many conditions open a connection to ask. */
    private static final Duration LONGEST_POLL = Duration.ofMillis(40);

    /** Asking again after a tenth of the time waited so far makes nobody wait noticeably longer. */
    private static final int SHARE_OF_WAIT = 10;

    private Await() {}

    /** A claim about the world. It may throw while the world is not ready to be asked; that counts as not yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Returns as soon as the condition holds. It is asked at least once.
     *
     * @param description completes the sentence "waited in vain until …"
     * @throws AssertionError at the deadline; what the condition threw last is its cause
     */
    public static void until(String description, Duration limit, Condition condition) throws InterruptedException {
        long startNanos = System.nanoTime();
        while (true) {
            @Nullable Exception failure = null;
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                failure = e;
            }
            if (System.nanoTime() - startNanos >= limit.toNanos()) {
                throw new AssertionError("waited in vain for %s until %s".formatted(limit, description), failure);
            }
            Thread.sleep(nextPoll(System.nanoTime() - startNanos));
        }
    }

    private static Duration nextPoll(long waitedNanos) {
        long nanos = waitedNanos / SHARE_OF_WAIT;
        return Duration.ofNanos(Math.clamp(nanos, SHORTEST_POLL.toNanos(), LONGEST_POLL.toNanos()));
    }
}
