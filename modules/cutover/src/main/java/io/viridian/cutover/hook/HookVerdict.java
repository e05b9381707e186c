package io.viridian.cutover.hook;

/**
 * What came of asking.
 *
 * @param said in the words of whoever was asked, or why nobody answered; bounded
 */
public record HookVerdict(Outcome outcome, String said) {
    private static final int SHOWN_MAX = 300;

    /** Yes, no, or nobody knows. */
    public enum Outcome {
        PASSED,
        REFUSED,
        UNKNOWN
    }

    public HookVerdict {
        String line = said.strip().replaceAll("\\s+", " ");
        said = line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "…";
    }

    public static HookVerdict passed(String said) {
        return new HookVerdict(Outcome.PASSED, said);
    }

    public static HookVerdict refused(String said) {
        return new HookVerdict(Outcome.REFUSED, said);
    }

    public static HookVerdict unknown(String why) {
        return new HookVerdict(Outcome.UNKNOWN, why);
    }

    public boolean passing() {
        return outcome == Outcome.PASSED;
    }
}
