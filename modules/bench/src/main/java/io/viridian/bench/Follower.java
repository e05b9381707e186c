package io.viridian.bench;

import java.sql.SQLException;
import java.util.Optional;

/** Something that fills green and then follows blue. Closing it ends that; the databases stay. One thread. */
interface Follower extends AutoCloseable {
    /** Fills green; returns when it holds everything and follows. */
    LoadTimes load() throws SQLException, InterruptedException;

    /** Stops following, and keeps its place. */
    void pause() throws SQLException, InterruptedException;

    /** Goes on from there; returns as soon as that is under way. */
    void resume() throws SQLException, InterruptedException;

    /** Fails when it does not follow and will not by itself, so that nobody waits for what cannot come. */
    void demandWell();

    /** How far green is behind in seconds, by its own word; empty when it does not say. */
    Optional<Double> shownLag();

    @Override
    void close() throws SQLException;
}
