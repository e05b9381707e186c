package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.time.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrafficTest {
    private static final Backoff THREE_TIMES = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), 3);

    private final List<String> calls = new ArrayList<>();

    private final class Scripted implements TrafficSwitcher {
        private final String name;
        private int failures;
        private int unobserved;

        Scripted(String name, int failures, int unobserved) {
            this.name = name;
            this.failures = failures;
            this.unobserved = unobserved;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void perform(Side to) {
            calls.add(name + " to " + to.text());
            if (failures-- > 0) {
                throw Fault.about(FaultCode.TRAFFIC_FAILED, name, name + " is out of order")
                        .asException();
            }
        }

        @Override
        public boolean probe(Side to) {
            return unobserved-- <= 0;
        }
    }

    @Test
    void switchersWorkInTheOrderOfTheConfiguration() throws InterruptedException {
        new Traffic(List.of(new Scripted("one", 0, 0), new Scripted("two", 0, 0)), List.of(), THREE_TIMES)
                .perform(Side.GREEN);
        assertThat(calls).containsExactly("one to green", "two to green");
    }

    @Test
    void aSwitcherIsRepeatedUntilItIsObserved() throws InterruptedException {
        new Traffic(List.of(new Scripted("one", 1, 1)), List.of(), THREE_TIMES).perform(Side.GREEN);
        assertThat(calls).hasSize(3);
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersFromWorkingAndEveryFailureIsTold() {
        Traffic traffic = new Traffic(
                List.of(new Scripted("one", 9, 0), new Scripted("two", 0, 0), new Scripted("three", 0, 9)),
                List.of(),
                THREE_TIMES);
        assertThatThrownBy(() -> traffic.perform(Side.BLUE)).isInstanceOfSatisfying(FaultException.class, fault -> {
            assertThat(fault.code()).isEqualTo(FaultCode.TRAFFIC_FAILED);
            assertThat(fault.getMessage())
                    .contains("one is out of order")
                    .contains("three did its work, but does not lead to blue");
        });
        assertThat(calls).containsSubsequence("one to blue", "two to blue", "three to blue");
    }

    @Test
    void whoeverLeadsNoMoreLeadsNobodyAnywhere() {
        Traffic traffic = new Traffic(List.of(new Scripted("one", 0, 0)), List.of(), THREE_TIMES).onlyWhile(() -> {
            throw Fault.of(FaultCode.HELD_BY_ANOTHER, "another daemon has taken over")
                    .asException();
        });
        assertThatThrownBy(() -> traffic.perform(Side.GREEN)).hasMessageContaining("another daemon has taken over");
        assertThat(calls).isEmpty();
    }

    @Test
    void whatLeadsElsewhereIsNamedWithoutBeingTouched() throws InterruptedException {
        Traffic traffic =
                new Traffic(List.of(new Scripted("one", 0, 0), new Scripted("two", 0, 1)), List.of(), THREE_TIMES);
        assertThat(traffic.elsewhere(Side.BLUE)).containsExactly("two");
        assertThat(calls).isEmpty();
    }
}
