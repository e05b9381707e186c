package io.viridian.fault;

/** Who may try again after a fault. */
public enum Retry {
    /** The daemon tries again by itself, with back-off: the cause heals without anybody acting. */
    AUTOMATIC,
    /** Trying again makes sense only after somebody has changed something. */
    AFTER_MENDING,
    /** Trying again cannot help. */
    NEVER
}
