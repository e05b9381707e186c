package io.viridian.replication.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Runs tasks side by side and waits for all of them. The first failure interrupts the others and is thrown. */
final class TaskGroup<T> {
    private final List<Thread> threads = new ArrayList<>();
    private final List<AtomicReference<T>> results = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private TaskGroup() {}

    /** A piece of work. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws InterruptedException;
    }

    /** Answers what the tasks answer, in their order. */
    static <T> List<T> runAll(String name, List<Task<T>> tasks) throws InterruptedException {
        TaskGroup<T> group = new TaskGroup<>();
        for (int index = 0; index < tasks.size(); index++) {
            group.add(name + "-" + (index + 1), tasks.get(index));
        }
        group.threads.forEach(Thread::start);
        group.join();
        return group.results.stream().map(AtomicReference::get).toList();
    }

    private void add(String name, Task<T> task) {
        AtomicReference<T> result = new AtomicReference<>();
        results.add(result);
        threads.add(Thread.ofPlatform().name(name).daemon(true).unstarted(() -> {
            try {
                result.set(task.run());
            } catch (Throwable why) {
                if (failure.compareAndSet(null, why)) {
                    threads.forEach(Thread::interrupt);
                }
            }
        }));
    }

    /** Nothing of ours runs any more when this returns, also when we are interrupted meanwhile. */
    private void join() throws InterruptedException {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException stop) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        Throwable why = failure.get();
        if (interrupted || why instanceof InterruptedException) {
            throw new InterruptedException("stopped");
        }
        switch (why) {
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null -> {}
            default -> throw new IllegalStateException(why);
        }
    }
}
