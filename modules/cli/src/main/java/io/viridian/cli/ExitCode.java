package io.viridian.cli;

import java.util.Arrays;
import java.util.Optional;

/** What the program answers to the shell. The numbers are the contract's and never change. */
enum ExitCode {
    OK(0, "done"),
    BUG(1, "a bug of Viridian"),
    USAGE(2, "usage or configuration"),
    REFUSED(3, "a gate or a pre-flight check refused"),
    CONFLICT(4, "in conflict with another operation"),
    NOT_ALLOWED(5, "not allowed"),
    BLUE(6, "blue failed"),
    GREEN(7, "green failed"),
    TRAFFIC(8, "leading the traffic failed"),
    TIMED_OUT(9, "timed out, the daemon not answering included"),
    UNKNOWN(10, "the outcome is not known"),
    UNDONE(11, "undone automatically"),
    MISMATCH(12, "verification found a mismatch"),
    INTERRUPTED(130, "interrupted");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    static Optional<ExitCode> of(int number) {
        return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
    }
}
