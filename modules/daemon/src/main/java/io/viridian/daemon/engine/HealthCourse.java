package io.viridian.daemon.engine;

import io.viridian.cutover.hook.HookVerdict;
import java.time.Instant;

/**
 * How the application has done since the switch, answer by answer. An answer that says nothing neither counts as
 * failing nor begins the count anew.
 *
 * @param verdict the last answer: passing, failing or inconclusive
 * @param said in the words of whoever was asked
 * @param failures failing answers since the last passing one
 * @param inconclusive answers that said nothing, all of them
 */
record HealthCourse(String verdict, String said, Instant since, int failures, int inconclusive) {
    static HealthCourse begun(Instant now) {
        return new HealthCourse("inconclusive", "not asked yet", now, 0, 0);
    }

    HealthCourse after(HookVerdict answer, Instant now) {
        return switch (answer.outcome()) {
            case PASSED -> next("passing", answer, now, 0, inconclusive);
            case REFUSED -> next("failing", answer, now, failures + 1, inconclusive);
            case UNKNOWN -> next("inconclusive", answer, now, failures, inconclusive + 1);
        };
    }

    private HealthCourse next(String word, HookVerdict answer, Instant now, int failing, int nothing) {
        return new HealthCourse(word, answer.said(), word.equals(verdict) ? since : now, failing, nothing);
    }

    boolean failing() {
        return verdict.equals("failing");
    }
}
