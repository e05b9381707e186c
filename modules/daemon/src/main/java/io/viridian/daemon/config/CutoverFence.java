package io.viridian.daemon.config;

/** What keeps applications from writing on blue once green owns the writes. */
public enum CutoverFence {
    GUARD,
    SESSIONS
}
