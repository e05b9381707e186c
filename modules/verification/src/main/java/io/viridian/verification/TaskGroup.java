package io.viridian.verification;

import io.viridian.fault.Invariant;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tasks on named virtual threads: all are started, the first failure stops the others, and none runs on when
 * {@link #run} returns. Stopping means cancelling what the tasks' sessions do, again and again, because a request can
 * arrive between two statements. Threads are not interrupted: that would close their sockets (JDK 25, virtual threads)
 * and leave the queries running on the server.
 */
final class TaskGroup {
    private static final long CANCEL_AGAIN_MILLIS = 50;

    /** A server that does not react for so long is gone or frozen; then the sockets are closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private TaskGroup() {}

    /**
     * Runs all tasks to their end.
     *
     * @param doing completes "the deadline passed while"
     * @param sessions what the tasks work with
     * @return the results in the order of the tasks
     */
    static <T> List<T> run(String doing, List<Callable<T>> tasks, List<Session> sessions, Deadline by)
            throws InterruptedException {
        BlockingQueue<FutureTask<T>> ended = new LinkedBlockingQueue<>();
        List<FutureTask<T>> started = new ArrayList<>();
        for (Callable<T> task : tasks) {
            FutureTask<T> future = new FutureTask<>(task) {
                @Override
                protected void done() {
                    ended.add(this);
                }
            };
            started.add(future);
            Thread.ofVirtual().name("verify-" + started.size()).start(future);
        }
        try {
            for (int left = started.size(); left > 0; left--) {
                FutureTask<T> next = ended.poll(by.remaining().toNanos(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw Unfinished.deadline(doing);
                }
                result(next);
            }
        } catch (RuntimeException | Error | InterruptedException failure) {
            stop(started, sessions);
            throw failure;
        }
        return started.stream().map(FutureTask::resultNow).toList();
    }

    private static <T> T result(FutureTask<T> ended) throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case null, default -> throw Invariant.broken("a task threw " + failure.getCause());
            }
        }
    }

    private static void stop(List<? extends FutureTask<?>> tasks, List<Session> sessions) {
        boolean interrupted = false;
        Deadline patience = Deadline.after(Clock.system(), PATIENCE);
        while (tasks.stream().anyMatch(task -> !task.isDone())) {
            sessions.forEach(patience.expired() ? Session::abort : Session::cancel);
            for (FutureTask<?> task : tasks) {
                interrupted |= waitShortly(task);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers whether this thread was interrupted meanwhile. */
    private static boolean waitShortly(FutureTask<?> task) {
        try {
            task.get(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return false;
        } catch (InterruptedException _) {
            return true;
        } catch (ExecutionException | TimeoutException _) {
            // Its failure is a consequence of the first one, or it has not ended yet.
            return false;
        }
    }
}
