package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.control.MigrationView.LagView;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LagHistoryTest {
    private final InMemoryControl control = new InMemoryControl();
    private final LagHistory history = new LagHistory(control, Clock.system());

    @Test
    void keepsHalfAnHourAndForgetsTheOldest() {
        control.show(Samples.halted());
        history.sample();
        control.show(Samples.ready());
        for (int more = 1; more < LagHistory.MOST; more++) {
            history.sample();
        }
        assertThat(LagHistory.EVERY.multipliedBy(LagHistory.MOST)).hasMinutes(30);
        assertThat(history.newest(LagHistory.MOST + 1)).hasSize(LagHistory.MOST);
        assertThat(history.newest(LagHistory.MOST + 1).getFirst().reverse().bytes())
                .contains(10L);

        history.sample();

        assertThat(history.newest(LagHistory.MOST + 1)).hasSize(LagHistory.MOST);
        assertThat(history.newest(LagHistory.MOST + 1).getFirst().reverse().bytes())
                .isEmpty();
        assertThat(history.newest(2)).hasSize(2);
    }

    @Test
    void keepsThatNothingWasKnownWhileTheControlDoesNotAnswer() {
        control.fallSilent(Fault.of(FaultCode.HELD_BY_ANOTHER, "b holds it").asException());

        history.sample();

        assertThat(history.newest(1))
                .singleElement()
                .satisfies(sample ->
                        assertThat(sample.forward()).isEqualTo(new LagView(Optional.empty(), Optional.empty())));
    }

    @Test
    void isThereForWhoeverOpensThePage(@TempDir Path state) throws Exception {
        ApiDescription description = ApiDescription.read();
        try (LiveServer server = LiveServer.of(control, state)) {
            assertThat(new Waiter()
                            .awaitUntil(
                                    () -> !samples(server).isEmpty(),
                                    Deadline.after(Clock.system(), LiveServer.PATIENCE)))
                    .isTrue();

            JsonNode lag = server.read("/lag");

            description.assertValid("LagHistory", lag);
            assertThat(lag.at("/samples/0/seconds").asDouble()).isEqualTo(0.25);
            assertThat(lag.at("/samples/0/reverse/seconds").isNull()).isTrue();
            description.assertProblem(
                    server.get("/v1/migrations/shop-v2/lag?limit=901"), 400, "malformed-request", "USAGE");
        }
    }

    private static JsonNode samples(LiveServer server) {
        try {
            return server.read("/lag").path("samples");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
