package io.viridian.cutover;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.Switchover.Decision;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the deciding commit happened, by reading the one row that it wrote. An older connection may still
 * be committing, so that connection is ended first and the row is read locked: whoever holds the row's lock afterwards
 * knows that nothing is on its way. When it did not happen, the attempt's claim is taken back, so that it never will.
 */
final class Resolution {
    private static final Logger LOG = LoggerFactory.getLogger(Resolution.class);

    /** Without an end: until the side answers nobody may conclude anything. */
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), Integer.MAX_VALUE);

    private static final Duration ONE_LOOK = Duration.ofSeconds(5);

    /** A standby that answers in the place of its primary, or a database still set to read only. */
    private static final String READ_ONLY = "25006";

    private static final String END_OLDER = """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name in (?, ?) and pid <> pg_backend_pid()
            """;

    private static final String LOCKED = "select state from viridian.ownership where migration = ? for update";

    private static final String TAKE_BACK =
            "update viridian.ownership set nonce = null where migration = ? and nonce = ? and state = 'OPEN'";

    private final Database source;
    private final String migration;
    private final Clock clock;
    private final Waiter waiter = new Waiter();

    Resolution(Database source, String migration, Clock clock) {
        this.source = source;
        this.migration = migration;
        this.clock = clock;
    }

    /** Waits until the side answers. */
    Decision resolve(SwitchAttempt attempt) throws InterruptedException {
        for (int look = 1; ; look++) {
            try {
                return lookOnce(attempt);
            } catch (FaultException failure) {
                boolean heals = failure.code().retry() == Retry.AUTOMATIC
                        || failure.fault().sqlState().equals(READ_ONLY);
                if (!heals) {
                    throw failure;
                }
                tell(failure, look);
            } catch (Ambiguity unknown) {
                tell(unknown, look);
            }
            waiter.await(BACKOFF.waitAfter(look));
        }
    }

    private void tell(RuntimeException failure, int look) {
        LOG.warn(
                "Whether {} handed over is not known yet ({}). Reads again in {} ms; until then nothing is done.",
                source.side().text(),
                failure.getMessage(),
                BACKOFF.waitAfter(look).toMillis());
    }

    /** One look, with an end. Also takes the claim of an attempt back that was given up. */
    Decision lookOnce(SwitchAttempt attempt) {
        try (Session session = source.open("resolve");
                Leash _ = Leash.on(session, Deadline.after(clock, ONE_LOOK), clock)) {
            session.list(
                    END_OLDER,
                    row -> true,
                    source.applicationName() + " " + Fence.PURPOSE,
                    source.applicationName() + " " + Fence.BESIDE);
            return session.transaction(() -> {
                session.execute("set local lock_timeout = '2s'; set local synchronous_commit = local");
                Ownership.State state = session.first(LOCKED, row -> Ownership.State.valueOf(row.text(1)), migration)
                        .orElseThrow(this::noRow);
                session.update(TAKE_BACK, migration, attempt.nonce());
                return state == Ownership.State.TRANSFERRED ? Decision.SWITCHED : Decision.NOT_SWITCHED;
            });
        }
    }

    private FaultException noRow() {
        return Fault.about(
                        FaultCode.OWNERSHIP_IMPOSSIBLE,
                        migration,
                        source.side().text() + " has no ownership row for " + migration)
                .asException();
    }
}
