package io.viridian.model.cutover;

import io.viridian.model.Side;

/**
 * The journal and the lease, which lie in one database that is not modelled further: what was written stays.
 *
 * @param entry number of the last entry; its primary key makes one of two writers fail
 * @param state what the last entry says
 * @param lease epoch of the last daemon that took over
 */
record Journal(int entry, State state, int lease) {
    static final Journal FIRST_DAY = new Journal(1, State.resting(Side.BLUE), 1);

    /**
     * A state of the migration, as far as switches go.
     *
     * @param owner the side that owned the writes when it was written; the source of a switch
     * @param step NONE when no switch is going on
     * @param attempt of the switch
     * @param fromEpoch the ownership epoch it began in
     */
    record State(Side owner, Step step, int attempt, int fromEpoch) {
        static State resting(Side owner) {
            return new State(owner, Step.NONE, 0, 0);
        }

        State atRoute() {
            return new State(owner, Step.ROUTE, attempt, fromEpoch);
        }

        boolean isSwitching() {
            return step != Step.NONE;
        }

        int toEpoch() {
            return fromEpoch + 1;
        }

        @Override
        public String toString() {
            return switch (step) {
                case NONE -> owner + " owns";
                case FENCE -> "attempt " + attempt + " from " + owner;
                case ROUTE -> "attempt " + attempt + " from " + owner + " routes";
            };
        }
    }

    /** What the journal tells of a switch: nothing between its intent and the opening. */
    enum Step {
        NONE,
        FENCE,
        ROUTE
    }

    Journal append(State next) {
        return new Journal(entry + 1, next, lease);
    }

    Journal leased() {
        return new Journal(entry, state, lease + 1);
    }

    @Override
    public String toString() {
        return entry + ": " + state;
    }
}
