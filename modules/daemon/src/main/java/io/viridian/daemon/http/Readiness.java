package io.viridian.daemon.http;

import java.util.Optional;

/**
 * Whether the daemon does its work: it leads, and its databases answer. Asked on a virtual thread; may block briefly.
 */
@FunctionalInterface
public interface Readiness {
    /** Ready as soon as the control answers. */
    Readiness ALWAYS = Optional::empty;

    /** What is missing, one sentence; empty when the daemon is ready. */
    Optional<String> missing();
}
