package io.viridian.model.merge;

/**
 * Everything there is at one moment of a backfill under load.
 *
 * @param history what the applications do
 * @param blue the source
 * @param confirmed the slot's confirmed position: a restarted daemon is streamed everything from here on
 * @param daemon its memory
 * @param green the target
 * @param outside what the world still has in store
 */
public record MergeState(History history, Blue blue, int confirmed, Daemon daemon, Green green, Outside outside) {
    /**
     * Mishaps to come, and the daemon that one of them has left behind.
     *
     * @param mishaps how many times a chunk attempt may still fail or the daemon die
     * @param zombie a replaced daemon
     */
    record Outside(int mishaps, Zombie zombie) {
        /** Nothing will go wrong any more, and nobody is left from when it did. */
        boolean isQuiet() {
            return mishaps == 0 && zombie.equals(Zombie.NONE);
        }
    }

    /** The confirmed position once no restart can come any more: what makes no difference shall not make states. */
    private static final int NOBODY_ASKS = -1;

    static MergeState firstDay(History history, int mishaps) {
        return new MergeState(
                history, Blue.FIRST_DAY, 0, Daemon.startedAt(0, 0), Green.EMPTY, new Outside(mishaps, Zombie.NONE));
    }

    MergeState with(Blue changed) {
        return new MergeState(history, changed, confirmed, daemon, green, outside);
    }

    MergeState with(Daemon changed) {
        return new MergeState(history, blue, confirmed, changed, green, outside);
    }

    MergeState with(Daemon changed, Green written) {
        return new MergeState(history, blue, confirmed, changed, written, outside);
    }

    MergeState with(Outside changed) {
        return new MergeState(history, blue, changed.mishaps() == 0 ? NOBODY_ASKS : confirmed, daemon, green, changed);
    }

    MergeState confirmedTo(int position) {
        return new MergeState(history, blue, position, daemon, green, outside);
    }

    @Override
    public String toString() {
        return "log " + blue.log() + " visible " + History.names(blue.visible()) + slot() + " | " + daemon + " | "
                + green;
    }

    private String slot() {
        return confirmed == NOBODY_ASKS ? "" : " slot " + confirmed;
    }
}
