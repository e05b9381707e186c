package io.viridian.system;

import java.util.Optional;

/** A daemon that can be started again, however it ended. For the test's thread. */
interface Daemon extends AutoCloseable {
    /** Returns when the daemon answers, or has ended. */
    void start() throws InterruptedException;

    boolean alive();

    /** Why it ended although nobody killed it, or empty. */
    Optional<String> gaveUp();

    Panel panel();

    /** Stops it as a signal would. */
    void stop() throws InterruptedException;

    @Override
    void close();
}
