package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.control.MigrationEvent;
import io.viridian.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackNewsTest {
    private final Happenings happenings = new Happenings(Clock.system());
    private final RollbackNews news = new RollbackNews(happenings);

    @Test
    void tellsWhetherARollbackLosesSomethingAndNotEachRowThatItWould() {
        List.of("lossless", "lossy(1)", "lossy(2)", "lossy(7)", "lossless", "impossible(the slot is gone)")
                .forEach(news::look);

        assertThat(happenings.since(0, 10))
                .extracting(MigrationEvent::type, MigrationEvent::text)
                .containsExactly(
                        tuple("rollback.lossy", "a rollback would be lossy(1)"),
                        tuple("rollback.lossless", "a rollback would be lossless"),
                        tuple("rollback.impossible", "a rollback would be impossible(the slot is gone)"));
    }
}
