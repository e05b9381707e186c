package io.viridian.testkit.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The current mode, and the place where bytes wait for a better one. Any thread. */
final class Network {

    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    enum Verdict {
        FORWARD,
        DISCARD
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Mode mode = new Mode.Pass();

    void change(Mode next) {
        lock.lock();
        try {
            mode = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds a chunk as long as the network holds it; a change of mode counts for chunks already on their way.
     *
     * @param discarding is run before the next change of mode if the chunk is lost
     */
    Verdict decide(Direction direction, Runnable discarding) throws InterruptedException {
        long arrivedNanos = System.nanoTime();
        lock.lock();
        try {
            Verdict verdict = awaitVerdict(direction, arrivedNanos);
            if (verdict == Verdict.DISCARD) {
                discarding.run();
            }
            return verdict;
        } finally {
            lock.unlock();
        }
    }

    private Verdict awaitVerdict(Direction direction, long arrivedNanos) throws InterruptedException {
        while (true) {
            switch (mode) {
                case Mode.Pass _ -> {
                    return Verdict.FORWARD;
                }
                case Mode.Cut _, Mode.HalfOpen _ -> {
                    return Verdict.DISCARD;
                }
                case Mode.DropReplies _ -> {
                    return direction == Direction.TO_CLIENT ? Verdict.DISCARD : Verdict.FORWARD;
                }
                case Mode.BlackHole _ -> changed.await();
                case Mode.Delay(Duration delay) -> {
                    long leftNanos = delay.toNanos() - (System.nanoTime() - arrivedNanos);
                    if (leftNanos <= 0 || !changed.await(leftNanos, TimeUnit.NANOSECONDS)) {
                        return Verdict.FORWARD;
                    }
                }
            }
        }
    }

    /** For a connection that is just being made: returns when the network is no black hole. */
    Mode awaitConnectivity() throws InterruptedException {
        lock.lock();
        try {
            while (mode instanceof Mode.BlackHole) {
                changed.await();
            }
            return mode;
        } finally {
            lock.unlock();
        }
    }
}
