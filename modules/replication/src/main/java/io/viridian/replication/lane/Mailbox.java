package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests to the lane, carried out on its thread between transactions. Any thread may post. */
final class Mailbox {
    private final Queue<Letter<?>> letters = new ArrayDeque<>();
    private @Nullable Fault closed;

    private record Letter<T>(Supplier<T> work, CompletableFuture<T> answer) {
        /** Unless nobody waits for the answer any more: a window opened for nobody would stay open. */
        void carryOut() {
            if (answer.isDone()) {
                return;
            }
            try {
                answer.complete(work.get());
            } catch (RuntimeException failure) {
                answer.completeExceptionally(failure);
            }
        }

        void refuse(Fault why) {
            answer.completeExceptionally(why.asException());
        }
    }

    <T> CompletableFuture<T> post(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Letter<T> letter = new Letter<>(work, answer);
        synchronized (letters) {
            Fault why = closed;
            if (why != null) {
                letter.refuse(why);
            } else {
                letters.add(letter);
            }
        }
        return answer;
    }

    boolean isEmpty() {
        synchronized (letters) {
            return letters.isEmpty();
        }
    }

    /** Carries out what is waiting; the lane's thread only. */
    void read() {
        while (true) {
            Letter<?> letter;
            synchronized (letters) {
                letter = letters.poll();
            }
            if (letter == null) {
                return;
            }
            letter.carryOut();
        }
    }

    /** Refuses what was not read, and whatever comes: with the reason why the lane reads no more. */
    void close(Fault why) {
        List<Letter<?>> unread;
        synchronized (letters) {
            closed = why;
            unread = new ArrayList<>(letters);
            letters.clear();
        }
        unread.forEach(letter -> letter.refuse(why));
    }
}
