package io.viridian.schema.green;

import io.viridian.fault.Invariant;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Threads that work off a list side by side. After a failure nobody begins anything new, and the failure is thrown when
 * what had begun has ended. An interruption cancels what is under way, for a build can take hours. Closing it ends the
 * sessions that its work left in order.
 */
final class BuildCrew implements AutoCloseable {
    private final Database green;
    private final int workers;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final Queue<Session> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    BuildCrew(Database green, int workers) {
        Invariant.require(workers > 0, "a crew of " + workers);
        this.green = green;
        this.workers = workers;
    }

    /** A piece of work. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    /** Does something on a session that is cancelled when the crew is interrupted; the next work may get it too. */
    void use(Consumer<Session> work) {
        Session waiting = idle.poll();
        Session session = waiting == null ? green.open("build") : waiting;
        boolean done = false;
        open.add(session);
        try {
            work.accept(session);
            done = true;
        } finally {
            open.remove(session);
            if (done) {
                idle.add(session);
            } else {
                session.close();
            }
        }
    }

    /** Returns when every task is done. */
    void run(List<Task> tasks) throws InterruptedException {
        Queue<Task> queue = new ConcurrentLinkedQueue<>(tasks);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("schema-build-", 1).factory())) {
            for (int worker = 0; worker < Math.min(workers, tasks.size()); worker++) {
                running.add(threads.submit(() -> {
                    work(queue);
                    return true;
                }));
            }
            await(running);
        }
    }

    private void work(Queue<Task> queue) throws InterruptedException {
        try {
            for (Task task = queue.poll(); task != null && !stopped; task = queue.poll()) {
                task.run();
            }
        } catch (RuntimeException | Error | InterruptedException failure) {
            stopped = true;
            throw failure;
        }
    }

    private void await(List<Future<?>> running) throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (ExecutionException failure) {
                failures.add(failure.getCause());
            } catch (InterruptedException interrupted) {
                stopped = true;
                open.forEach(Session::cancel);
                running.forEach(other -> other.cancel(true));
                throw interrupted;
            }
        }
        if (!failures.isEmpty()) {
            Throwable first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            switch (first) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case InterruptedException failure -> throw failure;
                default -> throw Invariant.broken("a task threw " + first);
            }
        }
    }

    @Override
    public void close() {
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
    }
}
