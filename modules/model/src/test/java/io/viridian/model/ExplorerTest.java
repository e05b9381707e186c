package io.viridian.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ExplorerTest {
    private static final int ENOUGH = 100_000;

    @Test
    void visitsEveryStateOnceAndCountsTheEnds() {
        Model<Integer> squares = model(
                List.of(action("right", at -> at % 100 < 9, 1), action("up", at -> at / 100 < 9, 100)), state -> true);

        assertThat(Explorer.explore(squares, ENOUGH)).isEqualTo(new Verdict.Holds<>(100, 180, 18, 1));
    }

    @Test
    void answersOneOfTheShortestWaysToABrokenInvariant() {
        Model<Integer> counting = model(
                List.of(action("one", at -> at < 20, 1), action("five", at -> at < 20, 5)),
                List.of(new Invariant<>("never eleven", at -> at != 11)));

        Verdict.Violated<Integer> broken = violation(counting);

        assertThat(broken.property()).isEqualTo("never eleven");
        assertThat(broken.trace().actions()).containsExactlyInAnyOrder("one", "five", "five");
        assertThat(broken.trace().end()).isEqualTo(11);
    }

    @Test
    void judgesTheFirstStateToo() {
        Model<Integer> wrongFromTheStart = model(List.of(), List.of(new Invariant<>("not zero", at -> at != 0)));

        assertThat(violation(wrongFromTheStart).trace().steps()).isEmpty();
    }

    @Test
    void reportsAnEndThatIsNotAccepted() {
        Model<Integer> tooShort = model(List.of(action("one", at -> at < 3, 1)), at -> at == 4);

        assertThat(violation(tooShort).property()).isEqualTo(Explorer.NO_DEADLOCK);
        assertThat(violation(tooShort).trace().end()).isEqualTo(3);
    }

    @Test
    void aStepThatChangesNothingHidesNoDeadlock() {
        Model<Integer> polling = model(List.of(action("poll", at -> true, 0)), at -> false);

        assertThat(violation(polling).property()).isEqualTo(Explorer.NO_DEADLOCK);
    }

    @Test
    void reportsACircleThatLeadsToNoEnd() {
        Action<Integer> fallIntoTheCircle = action("fall", at -> at == 0, 10);
        Action<Integer> turn = new Action<>("turn", at -> at >= 10 ? List.of(10 + (at - 9) % 3) : List.of());
        Model<Integer> circle =
                model(List.of(action("finish", at -> at == 0, 1), fallIntoTheCircle, turn), at -> at == 1);

        assertThat(violation(circle).property()).isEqualTo(Explorer.NO_TRAP);
        assertThat(violation(circle).trace().actions()).containsExactly("fall");
    }

    @Test
    void aCircleWithAWayOutIsNoTrap() {
        Action<Integer> turn = new Action<>("turn", at -> at < 3 ? List.of((at + 1) % 3) : List.of());
        Model<Integer> circle = model(List.of(turn, action("leave", at -> at == 2, 1)), at -> at == 3);

        assertThat(Explorer.explore(circle, ENOUGH)).isEqualTo(new Verdict.Holds<>(4, 4, 3, 1));
    }

    @Test
    void moreStatesThanAllowedAreAnErrorAndNoVerdict() {
        Model<Integer> endless = model(List.of(action("one", at -> true, 1)), at -> true);

        assertThatThrownBy(() -> Explorer.explore(endless, 1_000))
                .isInstanceOf(StateLimitExceeded.class)
                .hasMessageContaining("more than 1,000 states");
    }

    @Test
    void exactlyAsManyStatesAsAllowedAreFine() {
        Model<Integer> ten = model(List.of(action("one", at -> at < 9, 1)), at -> true);

        assertThat(Explorer.explore(ten, 10).states()).isEqualTo(10);
    }

    @Test
    void severalFirstStatesAreExploredTogether() {
        Model<Integer> two =
                new Model<>("two", List.of(0, 5, 0), List.of(action("one", at -> at < 6, 1)), List.of(), at -> true);

        assertThat(Explorer.explore(two, ENOUGH)).isEqualTo(new Verdict.Holds<>(7, 6, 4, 1));
    }

    @Test
    void theTracePrintsOneStepALine() {
        Model<Integer> counting = model(
                List.of(action("one", at -> at < 20, 1), action("fifty", at -> at < 20, 50)),
                List.of(new Invariant<>("below fifty", at -> at < 51)));

        assertThat(violation(counting).trace()).hasToString("""
                 0. start  0
                 1. one    1
                 2. fifty  51
                """);
        assertThat(violation(counting).trace().summary()).isEqualTo("one → fifty");
    }

    @Test
    void aModelCanBeJudgedByFewerInvariantsButNotByUnknownOnes() {
        Model<Integer> counting = model(
                List.of(action("one", at -> at < 3, 1)),
                List.of(new Invariant<>("below two", at -> at < 2), new Invariant<>("below three", at -> at < 3)));

        assertThat(violation(counting.judgedBy("below three")).property()).isEqualTo("below three");
        assertThatThrownBy(() -> counting.judgedBy("below nine")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalHashesDoNotMakeStatesEqual() {
        Action<Clash> next =
                new Action<>("next", at -> at.value < 5_000 ? List.of(new Clash(at.value + 1)) : List.of());
        Model<Clash> clashes = new Model<>("clashes", List.of(new Clash(0)), List.of(next), List.of(), at -> true);

        assertThat(Explorer.explore(clashes, ENOUGH).states()).isEqualTo(5_001);
    }

    /** Hundreds of values share a hash. */
    private record Clash(int value) {
        @Override
        public int hashCode() {
            return value % 11;
        }
    }

    private static Action<Integer> action(String name, Predicate<Integer> enabled, int distance) {
        return new Action<>(name, at -> enabled.test(at) ? List.of(at + distance) : List.of());
    }

    private static Model<Integer> model(List<Action<Integer>> actions, Predicate<Integer> accepted) {
        return new Model<>("numbers", List.of(0), actions, List.of(), accepted);
    }

    private static Model<Integer> model(List<Action<Integer>> actions, List<Invariant<Integer>> invariants) {
        return new Model<>("numbers", List.of(0), actions, invariants, at -> true);
    }

    private static Verdict.Violated<Integer> violation(Model<Integer> model) {
        return CounterExample.of(model, ENOUGH);
    }
}
