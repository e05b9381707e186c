package io.viridian.time;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A place to wait that others can wake. One waiter belongs to one piece of state; whoever changes the state wakes it.
 * Any thread may wait and any thread may wake.
 */
public final class Waiter {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long wakes;

    /** Waits until woken or until the duration has passed, whichever is first. */
    public void await(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long seen = wakes;
            long left = most.toNanos();
            while (seen == wakes && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the condition holds or the deadline has passed. The condition is read again after every wake, and
     * every 50 ms besides, for conditions that depend on something outside this process.
     *
     * @return whether the condition held
     */
    public boolean awaitUntil(BooleanSupplier condition, Deadline by) throws InterruptedException {
        return awaitUntil(condition, by, LOOK_EVERY);
    }

    /**
     * As {@link #awaitUntil(BooleanSupplier, Deadline)}, for conditions that nobody wakes for.
     *
     * @param lookEvery between two readings of the condition
     */
    public boolean awaitUntil(BooleanSupplier condition, Deadline by, Duration lookEvery) throws InterruptedException {
        long seen = wakes();
        while (!condition.getAsBoolean()) {
            if (by.expired()) {
                return false;
            }
            lock.lockInterruptibly();
            try {
                // A wake since the condition was read is not waited for again.
                if (seen == wakes) {
                    changed.awaitNanos(Math.max(1, by.remainingUpTo(lookEvery).toNanos()));
                }
                seen = wakes;
            } finally {
                lock.unlock();
            }
        }
        return true;
    }

    private long wakes() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return wakes;
        } finally {
            lock.unlock();
        }
    }

    public void wake() {
        lock.lock();
        try {
            wakes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
