package io.viridian.model.canary;

import java.util.List;

/**
 * How much is explored at once.
 *
 * @param name heads reports
 * @param outside how often what may happen
 */
public record CanaryScope(String name, Outside outside) {
    /** What the protocol is checked on. */
    public static final List<CanaryScope> ALL = List.of(
            new CanaryScope("four writes", Outside.with(4, 0)),
            new CanaryScope("three writes, two mishaps", Outside.with(3, 2)));

    /** What has to come from outside to show a mistake; no more is allowed, so that the trace shows it alone. */
    static CanaryScope of(CanaryMutation mistake) {
        return switch (mistake) {
            case TAG_FORGOTTEN -> new CanaryScope(mistake.name(), Outside.with(1, 0));
            case SETTLED_WITHOUT_A_TAG, LAST_TO_ARRIVE_WINS, LOOKED_BEFORE_IT_WROTE ->
                new CanaryScope(mistake.name(), Outside.with(2, 0));
            case READ_SO_FAR -> new CanaryScope(mistake.name(), Outside.with(3, 0));
            case LOCKED_WHERE_IT_GOES, MARKED_BEFORE_THE_LOCKS -> new CanaryScope(mistake.name(), Outside.with(4, 0));
            case KEPT_BEFORE_IT_IS_EQUAL, SETTLED_FROM_MEMORY, ASKED_AT_ONCE, LOST_ANSWER_MEANS_NO ->
                new CanaryScope(mistake.name(), Outside.with(3, 1));
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
