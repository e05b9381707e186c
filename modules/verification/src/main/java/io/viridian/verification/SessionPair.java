package io.viridian.verification;

import io.viridian.plan.Direction;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A session on either side of a route, for one worker; both sides are asked at the same time. */
record SessionPair(Session source, Session target) implements AutoCloseable {
    /** Both answers to one question. */
    record Both<T>(T source, T target) {}

    static SessionPair open(Databases databases, Direction direction, String purpose, Deadline by) {
        Session source = Sessions.open(databases.on(direction.source()), purpose, by);
        try {
            return new SessionPair(source, Sessions.open(databases.on(direction.target()), purpose, by));
        } catch (RuntimeException | Error failure) {
            source.close();
            throw failure;
        }
    }

    <T> Both<T> ask(String doing, Function<Session, T> onSource, Function<Session, T> onTarget, Deadline by)
            throws InterruptedException {
        List<T> answers = TaskGroup.run(
                doing,
                List.of(() -> onSource.apply(source), () -> onTarget.apply(target)),
                List.of(source, target),
                by);
        return new Both<>(answers.getFirst(), answers.getLast());
    }

    /** Does the same on both sides. */
    void each(String doing, Consumer<Session> work, Deadline by) throws InterruptedException {
        Function<Session, Boolean> done = session -> {
            work.accept(session);
            return true;
        };
        ask(doing, done, done, by);
    }

    @Override
    public void close() {
        Sessions.close(List.of(source, target));
    }
}
