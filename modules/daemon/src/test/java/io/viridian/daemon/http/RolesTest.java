package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viridian.daemon.config.Role;
import io.viridian.time.Clock;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolesTest {
    private final InMemoryControl control = new InMemoryControl();
    private final OperationAnswers operations =
            new OperationAnswers(control, LiveServer.settings(Path.of("unused"), 0), Clock.system());

    @Test
    void refusesWhatTheRoleBehindTheTokenMayNotDo() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> operations.submit(call(Role.APPROVER, "abort")))
                .satisfies(refused -> {
                    assertThat(refused.problem().status()).isEqualTo(403);
                    assertThat(refused.problem().detail()).contains("responder", "ana", "approver");
                });
        assertThat(control.operations(1)).isEmpty();
    }

    @Test
    void acceptsTheNeededRoleAndThoseAboveIt() throws InterruptedException {
        assertThat(operations.submit(call(Role.RESPONDER, "abort")).status()).isEqualTo(202);
        assertThat(operations.submit(call(Role.OPERATOR, "verify")).status()).isEqualTo(202);
        assertThat(operations.submit(call(Role.ADMIN, "finalize")).status()).isEqualTo(202);
        assertThat(control.operations(1).getFirst().by()).isEqualTo("ana");
    }

    private static Call call(Role role, String type) {
        return new Call(
                Map.of("m", Samples.MIGRATION),
                Map.of(),
                Map.of("if-match", "*"),
                "{\"type\": \"%s\"}".formatted(type),
                Optional.of(new Caller("ana", role)),
                () -> false);
    }
}
