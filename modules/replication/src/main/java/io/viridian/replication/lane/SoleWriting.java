package io.viridian.replication.lane;

import io.viridian.time.Clock;
import org.jspecify.annotations.Nullable;

/** Nobody else writes on the target: what comes is written as it comes. */
final class SoleWriting implements PartWriting {
    private final TargetSession session;
    private final MovedRows movedRows;
    private final TouchedKeys touched;
    private final Clock clock;

    SoleWriting(TargetSession session, MovedRows movedRows, TouchedKeys touched, Clock clock) {
        this.session = session;
        this.movedRows = movedRows;
        this.touched = touched;
        this.clock = clock;
    }

    @Override
    public WindowWriter.@Nullable Written write(Window.Part next) {
        long began = clock.nanoTime();
        if (!next.slice().isEmpty()) {
            touched.add(next.slice());
            Window.Footing footing = next.footing();
            touched.add(session.write(
                    next.slice(),
                    footing.strict(movedRows.horizon()),
                    (source, key) -> movedRows.read(source, key, footing.movers())));
        }
        Window.End end = next.end();
        if (end == null) {
            return null;
        }
        session.commit(end);
        return new WindowWriter.Written(end, clock.since(began), session.lossy());
    }

    @Override
    public void close() {}
}
