package io.viridian.fault;

/** Told whenever the daemon passes a {@link CrashPoint}; may decide that it dies there. Called from any thread. */
@FunctionalInterface
public interface Failpoints {
    /** In production: nothing happens. */
    Failpoints NONE = point -> {};

    void pass(CrashPoint point);
}
