package io.viridian.daemon.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers what was answered under an Idempotency-Key. Only what was accepted is kept: a refusal changed nothing. */
final class IdempotentReplies {
    /** An operator sends a handful a day; the oldest are forgotten so that nobody can fill the memory. */
    private static final int MOST = 1_000;

    private final Map<Key, Given> given = new LinkedHashMap<>();

    /** Keys of one caller mean nothing to another. */
    record Key(String caller, String text) {}

    private record Given(OperationRequest request, Reply reply) {}

    /**
     * The earlier answer to this very request, if there is one.
     *
     * @throws ProblemException when the key belongs to another request
     */
    synchronized Optional<Reply> find(Key key, OperationRequest request) {
        Given earlier = given.get(key);
        if (earlier == null) {
            return Optional.empty();
        }
        if (!earlier.request().equals(request)) {
            throw reused(key);
        }
        return Optional.of(earlier.reply());
    }

    synchronized void keep(Key key, OperationRequest request, Reply reply) {
        if (given.size() >= MOST) {
            given.remove(given.keySet().iterator().next());
        }
        given.put(key, new Given(request, reply));
    }

    static ProblemException reused(Key key) {
        return new ProblemException(ProblemKind.KEY_REUSED.about(
                "Idempotency-Key", "the key '%s' was sent before with another body".formatted(key.text())));
    }
}
