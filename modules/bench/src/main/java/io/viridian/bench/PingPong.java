package io.viridian.bench;

import java.util.List;

/**
 * What clients behind a pooler saw of many switches there and back.
 *
 * @param command that measured it
 * @param measured on which day, UTC
 * @param postgres versions of blue and green
 * @param rounds there and back
 * @param rate operations a second that the clients were to make
 * @param undone attempts that a gate refused or that were undone, all of whose time is within the pauses
 * @param relieved how often the clients went at half their rate until the gates were open
 * @param acknowledged operations of the ledger
 * @param lost of them, missing on the side that owns the writes at the end
 * @param doubled operations found more than once
 * @param invented entries that nobody was promised
 * @param refused operations that a client had to make again
 * @param unknown operations whose commit got no answer
 * @param violations rows that are not as their last writer left them
 */
record PingPong(
        String command,
        String measured,
        Machine machine,
        String postgres,
        int rounds,
        int rate,
        int undone,
        int relieved,
        List<Direction> pauses,
        long acknowledged,
        long lost,
        long doubled,
        long invented,
        long refused,
        long unknown,
        long violations) {
    /**
     * All switches of one direction.
     *
     * @param operation cutover or rollback
     * @param perSecond operations a second that the clients made before the switches, the median
     * @param pauses of every client at every switch, in milliseconds
     */
    record Direction(String operation, int switches, double perSecond, Percentiles pauses) {}

    PingPong {
        pauses = List.copyOf(pauses);
    }

    /** Whether every client was served and every promise kept. */
    boolean flawless() {
        return lost == 0 && doubled == 0 && invented == 0 && refused == 0 && unknown == 0 && violations == 0;
    }
}
