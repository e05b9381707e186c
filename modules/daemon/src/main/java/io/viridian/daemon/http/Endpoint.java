package io.viridian.daemon.http;

import java.util.List;

/**
 * One method of one path.
 *
 * @param path with parts to fill in, like {@code /v1/migrations/{m}}
 * @param methods those it answers in the same way
 */
record Endpoint(List<String> methods, String path, Access access, Answer answer) {
    static final List<String> READING = List.of("GET", "HEAD");

    Endpoint {
        methods = List.copyOf(methods);
    }

    static Endpoint open(String path, Answer answer) {
        return new Endpoint(READING, path, Access.OPEN, answer);
    }

    static Endpoint reading(String path, Answer answer) {
        return new Endpoint(READING, path, Access.READING, answer);
    }

    static Endpoint changing(String path, Answer answer) {
        return new Endpoint(List.of("POST"), path, Access.CHANGING, answer);
    }

    /** Who gets an answer at all. */
    enum Access {
        /**
         * Everybody: probes, scrapers, load balancers, and browsers that load the page. They learn nothing about rows.
         */
        OPEN,
        /** Every token, and without one those on this machine. */
        READING,
        /** Tokens only; which role, the answer decides. */
        CHANGING
    }

    /** Works out the reply on a virtual thread; may block. */
    @FunctionalInterface
    interface Answer {
        /**
         * Works it out.
         *
         * @throws ProblemException when the request is refused
         * @throws io.viridian.fault.FaultException when the migration refuses or cannot
         */
        Reply to(Call call) throws InterruptedException;
    }
}
