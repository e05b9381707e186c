package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import java.util.Map;

/** What an operator asks for to have both sides written, and not any more. */
final class CanaryAsked {
    static final Map<String, String> STOP = Map.of("action", "stop");

    private CanaryAsked() {}

    static Map<String, String> start(String conflicts) {
        return Map.of("action", "start", "for", "10m", "conflicts", conflicts);
    }

    static Map<String, String> stop(String conflicts) {
        return Map.of("action", "stop", "conflicts", conflicts);
    }

    static void succeeds(Driver driver, Map<String, String> parameters) throws InterruptedException {
        Panel.Asked asked = driver.carryOut(Operation.Type.CANARY, parameters);
        assertThat(asked.succeeded()).as(asked.result().toString()).isTrue();
    }
}
