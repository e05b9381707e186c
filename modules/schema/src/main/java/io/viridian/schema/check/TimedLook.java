package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.Optional;
import java.util.function.Supplier;

/** One look at the rows of a table of blue that may cost no more than half a minute there. */
final class TimedLook {
    private static final String LIMITS = """
            set transaction isolation level repeatable read, read only;
            set local statement_timeout = '30s';
            set local lock_timeout = '2s'
            """;

    private static final String TIMED_OUT = "57014";

    private final Session session;
    private final String unknownId;

    /**
     * Looks by a session of blue.
     *
     * @param unknownId of the finding that says the time was up
     */
    TimedLook(Session session, String unknownId) {
        this.session = session;
        this.unknownId = unknownId;
    }

    /**
     * What the question finds, in a transaction of its own.
     *
     * @param unknown for when the time is up: what could not be looked at, and what comes of it
     * @throws FaultException when the question fails otherwise
     */
    Optional<Finding> at(TableName table, String unknown, Supplier<Optional<Finding>> question) {
        session.begin();
        try {
            session.execute(LIMITS);
            return question.get();
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(TIMED_OUT)) {
                throw failure;
            }
            return Optional.of(Finding.warning(unknownId, table.toString(), unknown, "see yourself that they cannot"));
        } finally {
            session.rollback();
        }
    }
}
