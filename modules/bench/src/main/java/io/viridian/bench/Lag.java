package io.viridian.bench;

import org.jspecify.annotations.Nullable;

/**
 * How far green was behind under steady writers, in milliseconds.
 *
 * @param way its id
 * @param words for people
 * @param asked transactions a second that the writers tried to make
 * @param perSecond transactions a second that the writers really made
 * @param endToEnd from before a marker row was written on blue until it was seen on green
 * @param shown by the follower's own word, which for Viridian is the age of the newest heartbeat on green;
 *     null when it does not say
 */
record Lag(
        String way,
        String words,
        int asked,
        double perSecond,
        Percentiles endToEnd,
        @Nullable Percentiles shown) {}
