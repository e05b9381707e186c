package io.viridian.postgres.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.position.Lsn;
import org.junit.jupiter.api.Test;

final class ServerLogTest {
    private static final String HISTORY = """
            1\t0/3000158\tno recovery target specified

            2\t1/A8\tbefore 2026-11-27 03:00:00+00
            """;

    @Test
    void theHistoryTellsWhereATimelineEnded() {
        assertThat(ServerLog.ended(HISTORY, 1)).contains(Lsn.parse("0/3000158"));
        assertThat(ServerLog.ended(HISTORY, 2)).contains(Lsn.parse("1/A8"));
        assertThat(ServerLog.ended(HISTORY, 3)).isEmpty();
        assertThat(ServerLog.ended("", 1)).isEmpty();
    }

    @Test
    void isReadAsItWasWritten() {
        ServerLog log = new ServerLog("7401234567890123456", 12);
        assertThat(ServerLog.parse(log.text())).isEqualTo(log);
        assertThatThrownBy(() -> ServerLog.parse("7401234567890123456")).isInstanceOf(IllegalArgumentException.class);
    }
}
