package io.viridian.replication.canary;

import io.viridian.feed.Change;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.ForwardedStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A source that tells what is under way as soon as it is read. */
final class ObservedSource implements ChangeSource {
    private final ChangeSource source;
    private final InFlight inFlight;

    ObservedSource(ChangeSource source, InFlight inFlight) {
        this.source = source;
        this.inFlight = inFlight;
    }

    @Override
    public ChangeStream open() {
        ChangeStream opened = source.open();
        inFlight.restart();
        return new Observed(opened, inFlight);
    }

    @Override
    public long spooledBytes() {
        return source.spooledBytes();
    }

    private static final class Observed extends ForwardedStream {
        private final InFlight inFlight;

        Observed(ChangeStream stream, InFlight inFlight) {
            super(stream);
            this.inFlight = inFlight;
        }

        @Override
        public @Nullable Change poll(Duration most) throws InterruptedException {
            try {
                Change change = super.poll(most);
                if (change != null) {
                    inFlight.observe(change);
                }
                return change;
            } catch (RuntimeException broken) {
                inFlight.ended();
                throw broken;
            }
        }
    }
}
