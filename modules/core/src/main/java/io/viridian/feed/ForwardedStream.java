package io.viridian.feed;

import io.viridian.position.Lsn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A stream that somebody looks at on the way: as the one behind it, but for what is overridden. Threads as there. */
public abstract class ForwardedStream implements ChangeStream {
    private final ChangeStream behind;

    protected ForwardedStream(ChangeStream behind) {
        this.behind = behind;
    }

    @Override
    public @Nullable Change poll(Duration most) throws InterruptedException {
        return behind.poll(most);
    }

    @Override
    public void confirm(Lsn durable) {
        behind.confirm(durable);
    }

    @Override
    public void stayAlive() {
        behind.stayAlive();
    }

    @Override
    public Lsn received() {
        return behind.received();
    }

    @Override
    public void close() {
        behind.close();
    }
}
