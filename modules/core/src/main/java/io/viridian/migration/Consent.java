package io.viridian.migration;

import java.time.Instant;
import java.util.Locale;

/**
 * What a person has put their name to, or taken back. Written once, never changed; the last word about a subject holds,
 * for the switch that was then to come: another owner of the writes or another plan voids it.
 *
 * @param number counts from 1
 * @param subject the gate; {@code approval} for an approval, of which each person has one of their own
 * @param given false when it was taken back
 * @param until when it ends by itself
 * @param epoch of the ownership when it was given
 * @param operation that asked for it
 */
public record Consent(
        long number,
        Kind kind,
        String subject,
        boolean given,
        String reason,
        String by,
        Instant at,
        Instant until,
        String planHash,
        long epoch,
        String operation) {
    /** What there is to consent to. */
    public enum Kind {
        /** That a switch may go ahead although a gate does not pass. */
        OVERRIDE,
        /** That somebody else may switch. */
        APPROVAL;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it holds for a switch from this epoch on, under this plan, now. */
    public boolean holds(long ownedSince, String plan, Instant now) {
        return given && epoch == ownedSince && planHash.equals(plan) && now.isBefore(until);
    }

    /** In a sentence, for events and reports. */
    public String words() {
        String what = kind == Kind.OVERRIDE ? "gate " + subject + " is " : "the cutover is ";
        String done = kind == Kind.OVERRIDE ? "overridden" : "approved";
        return what + (given ? done : "no longer " + done) + " by " + by + (given ? " until " + until : "") + ": "
                + reason;
    }

    /** What events call it. */
    public String event() {
        return kind == Kind.OVERRIDE
                ? given ? "gate.overridden" : "gate.override-withdrawn"
                : given ? "approval.given" : "approval.withdrawn";
    }
}
