package io.viridian.cutover.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where hooks are run around a switch, and what becomes of it when one fails. */
final class HookedSwitchoverTest {
    private static final SwitchAttempt ATTEMPT = new SwitchAttempt("7f", 1, "op-1");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> deeds = new ArrayList<>();
    private final List<Hook> hooks = new ArrayList<>();
    private HookVerdict verdict = HookVerdict.passed("fine");

    private void hook(String moment, Direction... directions) {
        hooks.add(new Hook(
                "smoke",
                HookMoment.parse(moment),
                Set.of(directions),
                (subject, _) -> {
                    deeds.add(subject.moment() + " " + subject.direction());
                    return verdict;
                },
                SECOND,
                SECOND));
    }

    private HookedSwitchover switchover() {
        return new HookedSwitchover(new NotedSwitchover(), hooks, new HookedSwitchover.Surroundings() {
            @Override
            public HookSubject subject(Hook hook, Direction direction, String attempt) {
                return new HookSubject(
                        "shop", hook.name(), hook.moment().text(), Hook.word(direction), attempt, "b", "g");
            }

            @Override
            public void tell(String event, String words) {
                deeds.add(event);
            }

            @Override
            public void makeReadyAgain(Direction direction) {
                deeds.add("made ready again");
            }
        });
    }

    private final class NotedSwitchover implements Switchover {
        @Override
        public void perform(Direction direction, SwitchStep step, SwitchAttempt attempt) {
            deeds.add(step.name());
        }

        @Override
        public void undo(Direction direction, SwitchAttempt attempt) {
            deeds.add("undo");
        }

        @Override
        public Decision resolve(Direction direction, SwitchAttempt attempt) {
            return Decision.NOT_SWITCHED;
        }

        @Override
        public Duration writePause() {
            return Duration.ZERO;
        }

        @Override
        public Map<SwitchStep, Duration> durations() {
            return Map.of();
        }
    }

    @Test
    void beforeTheFenceTheyAreRunWhileNobodyWaitsAndAllIsMadeReadyAgain() throws InterruptedException {
        hook("before FENCE", Direction.FORWARD);

        switchover().perform(Direction.FORWARD, SwitchStep.FENCE, ATTEMPT);

        assertThat(deeds).containsExactly("before FENCE cutover", "hook.passed", "made ready again", "FENCE");
    }

    @ParameterizedTest
    @EnumSource(names = {"FENCE", "DRAIN", "VERIFY", "SEQUENCES", "REVERSE", "COMMIT"})
    void upToTheCommitPointOneThatFailsBeforeAStepKeepsItFromHappening(SwitchStep step) {
        hook("before " + step, Direction.FORWARD);
        verdict = HookVerdict.unknown("did not end within 1000 ms");

        assertThatThrownBy(() -> switchover().perform(Direction.FORWARD, step, ATTEMPT))
                .isInstanceOfSatisfying(FaultException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(FaultCode.GATE_REFUSED);
                    assertThat(refused.fault().object()).isEqualTo("hook.smoke");
                })
                .hasMessageContaining("did not end within");
        assertThat(deeds).containsExactly("before " + step + " cutover", "hook.failed");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "ROUTE"})
    void behindTheCommitPointOneThatFailsIsOnlyToldOf(SwitchStep step) throws InterruptedException {
        hook("before " + step, Direction.FORWARD);
        verdict = HookVerdict.refused("no");

        switchover().perform(Direction.FORWARD, step, ATTEMPT);

        assertThat(deeds).containsExactly("before " + step + " cutover", "hook.failed", step.name());
    }

    @ParameterizedTest
    @EnumSource(SwitchStep.class)
    void afterAStepOneThatFailsIsOnlyToldOf(SwitchStep step) throws InterruptedException {
        hook("after " + step, Direction.FORWARD);
        verdict = HookVerdict.refused("no");

        switchover().perform(Direction.FORWARD, step, ATTEMPT);

        assertThat(deeds).containsExactly(step.name(), "after " + step + " cutover", "hook.failed");
    }

    @Test
    void eachIsRunOnceInAnAttemptAndOnlyInItsDirections() throws InterruptedException {
        hook("before ROUTE", Direction.FORWARD);
        HookedSwitchover switchover = switchover();

        switchover.perform(Direction.FORWARD, SwitchStep.ROUTE, ATTEMPT);
        switchover.perform(Direction.FORWARD, SwitchStep.ROUTE, ATTEMPT);
        switchover.perform(Direction.REVERSE, SwitchStep.ROUTE, new SwitchAttempt("80", 2, "op-2"));
        switchover.perform(Direction.FORWARD, SwitchStep.ROUTE, new SwitchAttempt("81", 3, "op-3"));

        assertThat(deeds)
                .filteredOn(deed -> deed.startsWith("before"))
                .hasSize(2)
                .containsOnly("before ROUTE cutover");
    }

    @Test
    void writersWaitForThoseBetweenTheLocksAndTheRoute() {
        assertThat(List.of("gate", "before FENCE", "after ROUTE", "after-switch"))
                .noneMatch(moment -> HookMoment.parse(moment).whileWritersWait());
        assertThat(List.of("after FENCE", "before DRAIN", "before COMMIT", "before OPEN", "after OPEN", "before ROUTE"))
                .allMatch(moment -> HookMoment.parse(moment).whileWritersWait());
    }
}
