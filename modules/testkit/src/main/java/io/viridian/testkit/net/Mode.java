package io.viridian.testkit.net;

import java.time.Duration;

/** What the network between client and server is doing. */
public sealed interface Mode {

    /** Everything passes at once. */
    record Pass() implements Mode {}

    /** Every connection is reset on both sides, and so is every new one. */
    record Cut() implements Mode {}

    /** Nothing passes in either direction and nobody is told; what was sent arrives when the mode changes. */
    record BlackHole() implements Mode {}

    /**
     * Everything passes, this much later in each direction. A chunk holds at most 64 KiB, which bounds the rate too.
     */
    record Delay(Duration delay) implements Mode {}

    /**
     * The server gets everything and its answers are lost, the end of the connection included. A connection that lost
     * something is reset when the mode changes.
     */
    record DropReplies() implements Mode {}

    /**
     * The server's side of every connection is reset, the client's side stays open and silent, as after a power cut.
     * Such connections are reset when the mode changes.
     */
    record HalfOpen() implements Mode {}
}
