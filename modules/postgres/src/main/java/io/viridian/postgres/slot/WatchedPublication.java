package io.viridian.postgres.slot;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.ForwardedStream;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source whose publication is looked at when a stream is opened, and about every second while one is read, because
 * the stream itself does not tell what it leaves out. A look that cannot be made says nothing, and is made again: the
 * stream has troubles of its own when its server does not answer, and a switch looks once more under its locks.
 */
public final class WatchedPublication implements ChangeSource {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedPublication.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** Changes handed on between two questions to the clock: under load there are thousands of them in a second. */
    private static final int CHANGES_BETWEEN = 256;

    private final ChangeSource watched;
    private final Database database;
    private final String publication;
    private final Clock clock;

    /**
     * The source, looked after.
     *
     * @param watched reads it
     * @param database where it is
     */
    public WatchedPublication(ChangeSource watched, Database database, String publication, Clock clock) {
        this.watched = watched;
        this.database = database;
        this.publication = publication;
        this.clock = clock;
    }

    @Override
    public ChangeStream open() {
        database.run(session -> Publications.requireAsMade(session, publication));
        return new Watched(watched.open());
    }

    @Override
    public long spooledBytes() {
        return watched.spooledBytes();
    }

    private void look() {
        try {
            database.run(session -> Publications.requireAsMade(session, publication));
        } catch (FaultException failure) {
            if (failure.code() == FaultCode.PUBLICATION_CHANGED) {
                throw failure;
            }
            LOG.debug(
                    "could not look at publication {}: {}",
                    publication,
                    failure.fault().sentence());
        }
    }

    private final class Watched extends ForwardedStream {
        private long lookedAt = clock.nanoTime();
        private int untilTheClock;

        Watched(ChangeStream stream) {
            super(stream);
        }

        @Override
        public @Nullable Change poll(Duration most) throws InterruptedException {
            if (untilTheClock == 0) {
                untilTheClock = CHANGES_BETWEEN;
                lookWhenDue();
            }
            try {
                Change change = super.poll(most);
                untilTheClock = change == null ? 0 : untilTheClock - 1;
                return change;
            } catch (FaultException ended) {
                // Up to 17 a server says that something is gone, and not in words of ours what.
                if (ended.code() == FaultCode.SLOT_LOST) {
                    look();
                }
                throw ended;
            }
        }

        private void lookWhenDue() {
            if (clock.since(lookedAt).compareTo(LOOK_EVERY) >= 0) {
                look();
                lookedAt = clock.nanoTime();
            }
        }
    }
}
