package io.viridian.replication.lane;

import org.jspecify.annotations.Nullable;

/** How a part of the stream gets onto the target. The writer's thread, but for {@link #close}, which comes after it. */
interface PartWriting extends AutoCloseable {
    /** Writes the part, and commits where a window ends; null where it goes on. */
    WindowWriter.@Nullable Written write(Window.Part part);

    @Override
    void close();
}
