package io.viridian.replication.canary;

import io.viridian.feed.Change;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.position.Lsn;
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

    private record Observed(ChangeStream stream, InFlight inFlight) implements ChangeStream {
        @Override
        public @Nullable Change poll(Duration most) throws InterruptedException {
            try {
                Change change = stream.poll(most);
                if (change != null) {
                    inFlight.observe(change);
                }
                return change;
            } catch (RuntimeException broken) {
                inFlight.ended();
                throw broken;
            }
        }

        @Override
        public void confirm(Lsn durable) {
            stream.confirm(durable);
        }

        @Override
        public void stayAlive() {
            stream.stayAlive();
        }

        @Override
        public Lsn received() {
            return stream.received();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
