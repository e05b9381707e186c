package io.viridian.cutover;

/** What the guard function of one database does at the moment. */
public sealed interface GuardState {
    /** There is no guard: everybody writes. */
    record Absent() implements GuardState {}

    /** The guard lets everybody write. */
    record Open(String migration, long epoch) implements GuardState {}

    /** The guard refuses everybody but the holders of the token of this epoch. */
    record Closed(String migration, long epoch) implements GuardState {}

    default boolean closed() {
        return this instanceof Closed;
    }
}
