package io.viridian.testkit.ledger;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where writers are held, and where they wait for anything else: every wait here ends early when the state changes.
 * What a writer did before it parked is visible to whoever saw it parked, by the lock.
 */
final class Gate {

    private enum State {
        RUNNING,
        PAUSED,
        STOPPED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.RUNNING;
    private boolean hurried;
    private int parked;

    /** Parks the writer while the workload is paused. False: stop. */
    boolean pass() throws InterruptedException {
        lock.lock();
        try {
            if (state == State.PAUSED) {
                parked++;
                changed.signalAll();
                try {
                    while (state == State.PAUSED) {
                        changed.await();
                    }
                } finally {
                    parked--;
                }
            }
            return state != State.STOPPED;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a writer that has ended as parked for good. */
    void leave() {
        lock.lock();
        try {
            parked++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits that long, or until the state changes. */
    void rest(Duration time) throws InterruptedException {
        lock.lock();
        try {
            State before = state;
            boolean hurriedBefore = hurried;
            long leftNanos = time.toNanos();
            while (leftNanos > 0 && state == before && hurried == hurriedBefore) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether writers shall no longer try to settle what is unknown. */
    boolean hurried() {
        lock.lock();
        try {
            return hurried;
        } finally {
            lock.unlock();
        }
    }

    boolean running() {
        lock.lock();
        try {
            return state == State.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        change(State.RUNNING, false);
    }

    void pause() {
        change(State.PAUSED, false);
    }

    void stop() {
        change(State.STOPPED, false);
    }

    void hurry() {
        lock.lock();
        try {
            hurried = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Answers whether that many writers have parked within the limit. */
    boolean awaitParked(int writers, Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = limit.toNanos();
            while (parked < writers && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return parked >= writers;
        } finally {
            lock.unlock();
        }
    }

    private void change(State next, boolean hurry) {
        lock.lock();
        try {
            state = next;
            hurried = hurry;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
