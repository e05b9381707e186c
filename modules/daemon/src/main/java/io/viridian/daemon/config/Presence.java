package io.viridian.daemon.config;

/** What holds when nobody gives a value. */
sealed interface Presence<T> {
    /** Somebody must give one. */
    record Required<T>() implements Presence<T> {}

    /** This value, for this reason. */
    record Defaulted<T>(T value, String reason) implements Presence<T> {}

    /** No value, which means what is said here. */
    record Absent<T>(String meaning) implements Presence<T> {}
}
