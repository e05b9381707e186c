package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever keeps a switch waiting and does nothing may be ended, if somebody has said so of that name. */
@Timeout(60)
final class IdleWritersTest {
    private Pair pair;
    private SwitchRig rig;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
        rig = pair.rig();
        rig.mayBeEnded = List.of("nightly report");
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private static void assertTimesOut(ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        FaultException.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.LOCK_TIMEOUT));
    }

    /** Its client went away in the middle of its transaction; whoever answers for it has said that it may be ended. */
    @Test
    void anIdleWriterWhoseNameWasGivenIsEndedInsteadOfTheSwitch() throws Exception {
        try (Connection idle = pair.application(Side.BLUE);
                Statement statement = idle.createStatement()) {
            statement.execute("set application_name = 'nightly report'");
            idle.setAutoCommit(false);
            statement.execute("insert into public.accounts values (66, -1)");
            String pid =
                    pair.ask(Side.BLUE, "select pid from pg_stat_activity where application_name = 'nightly report'");
            assertTimesOut(() -> rig.switchover().rehearse(Direction.FORWARD, rig.attempt(Direction.FORWARD)));
            assertThat(rig.ended).isEmpty();
            rig.complete(Direction.FORWARD);
            assertThat(rig.ended)
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("ended process " + pid + " (nightly report), idle in its transaction since ");
            assertThatThrownBy(idle::commit).isInstanceOf(SQLException.class);
        }
        assertThat(pair.ask(Side.BLUE, "select count(*) from public.accounts where balance = -1"))
                .isEqualTo("0");
    }

    /** Only the named ones, and only while they do nothing. */
    @Test
    void aWriterThatWorksOrIsNotNamedIsLeftAlone() throws Exception {
        try (Connection other = pair.application(Side.BLUE);
                Statement statement = other.createStatement()) {
            statement.execute("set application_name = 'nightly report 2'");
            other.setAutoCommit(false);
            statement.execute("insert into public.accounts values (77, 7)");
            assertTimesOut(() -> rig.complete(Direction.FORWARD));
            statement.execute("set application_name = 'nightly report'");
            CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(
                    () -> {
                        try (Statement slow = other.createStatement()) {
                            return slow.execute("select pg_sleep(3)");
                        } catch (SQLException ended) {
                            throw new IllegalStateException(ended);
                        }
                    },
                    Thread::startVirtualThread);
            Await.until(
                    "it works",
                    Duration.ofSeconds(10),
                    () -> pair.ask(
                                    Side.BLUE,
                                    "select count(*) from pg_stat_activity where state = 'active' and application_name = 'nightly report'")
                            .equals("1"));
            assertTimesOut(() -> rig.complete(Direction.FORWARD));
            assertThat(works.get(10, TimeUnit.SECONDS)).isTrue();
            other.commit();
        }
        assertThat(rig.ended).isEmpty();
        assertThat(pair.ask(Side.BLUE, "select count(*) from public.accounts where balance = 7"))
                .isEqualTo("1");
    }
}
