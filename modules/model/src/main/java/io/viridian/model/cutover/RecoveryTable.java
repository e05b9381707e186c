package io.viridian.model.cutover;

import io.viridian.model.Side;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.State;

/** The recovery table of the daemon ({@code OwnershipRows}): what the two ownership rows say together. */
public enum RecoveryTable {
    /** No transfer is recorded. */
    BLUE_OWNS("blue owns and never handed over"),
    /** Between commit point and opening. */
    OPEN_BLUE("nobody is open, blue is to be opened"),
    OPEN_GREEN("nobody is open, green is to be opened"),
    BLUE_OWNS_AGAIN("blue owns, after green has handed over"),
    GREEN_OWNS("green owns, after blue has handed over"),
    IMPOSSIBLE("a contradiction");

    private final String words;

    RecoveryTable(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /** What these rows say. */
    public static RecoveryTable of(CutoverState state) {
        Ownership blue = state.blue().row();
        Ownership green = state.green().row();
        if (blue.open() && green.open()) {
            return IMPOSSIBLE;
        }
        if (blue.open()) {
            boolean never = green.state() == State.CLOSED;
            return green.epoch() > blue.epoch() ? IMPOSSIBLE : never ? BLUE_OWNS : BLUE_OWNS_AGAIN;
        }
        if (green.open()) {
            boolean handedOver = blue.state() == State.TRANSFERRED && blue.epoch() <= green.epoch();
            return handedOver ? GREEN_OWNS : IMPOSSIBLE;
        }
        return nobodyOpen(blue, green);
    }

    private static RecoveryTable nobodyOpen(Ownership blue, Ownership green) {
        if (blue.epoch() == green.epoch()) {
            return IMPOSSIBLE;
        }
        Ownership later = blue.epoch() > green.epoch() ? blue : green;
        if (later.state() != State.TRANSFERRED) {
            return IMPOSSIBLE;
        }
        return later.equals(blue) ? OPEN_GREEN : OPEN_BLUE;
    }

    /** Whether exactly one side is open, and it is this one. */
    boolean isOwnedBy(Side side) {
        return switch (this) {
            case BLUE_OWNS, BLUE_OWNS_AGAIN -> side == Side.BLUE;
            case GREEN_OWNS -> side == Side.GREEN;
            case OPEN_BLUE, OPEN_GREEN, IMPOSSIBLE -> false;
        };
    }
}
