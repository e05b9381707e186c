package io.viridian.replication.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs tasks side by side and waits for all of them; the first failure is thrown when all have ended. */
final class TaskGroup {
    private TaskGroup() {}

    /** A piece of work. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws InterruptedException;
    }

    /**
     * Runs all tasks to their end.
     *
     * @throws InterruptedException when this thread is interrupted: the tasks are then interrupted, and have ended
     */
    static <T> List<T> runAll(String name, List<Task<T>> tasks) throws InterruptedException {
        List<CompletableFuture<T>> futures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int index = 0; index < tasks.size(); index++) {
            CompletableFuture<T> future = new CompletableFuture<>();
            Task<T> task = tasks.get(index);
            futures.add(future);
            threads.add(Thread.ofPlatform()
                    .name(name + "-" + (index + 1))
                    .daemon(true)
                    .start(() -> {
                        try {
                            future.complete(task.run());
                        } catch (Throwable failure) {
                            future.completeExceptionally(failure);
                        }
                    }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
            throw stopped;
        }
        return results(futures);
    }

    private static <T> List<T> results(List<CompletableFuture<T>> futures) throws InterruptedException {
        List<T> results = new ArrayList<>();
        for (CompletableFuture<T> future : futures) {
            try {
                results.add(future.join());
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (failure.getCause() instanceof Error error) {
                    throw error;
                }
                if (failure.getCause() instanceof InterruptedException interrupted) {
                    throw interrupted;
                }
                throw failure;
            }
        }
        return results;
    }
}
