package io.viridian.schema.green;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the schema onto green, once. All of it is one transaction together with the note that it happened, so a crash
 * leaves the whole schema or none of it, and asking again is safe after any failure. Needs the control schema on green.
 */
public final class GreenSchema {
    private static final Logger LOG = LoggerFactory.getLogger(GreenSchema.class);

    /** Enough of a statement to recognise it. */
    private static final int STATEMENT_SHOWN = 120;

    private static final String VERSION = "select current_setting('server_version_num')::int / 10000";

    private static final String OUT_OF_LOCKS = "53200";

    private final Database blue;
    private final Database green;
    private final String migration;
    private final List<Path> programs;

    /**
     * The schema of one migration.
     *
     * @param programs directories in which {@code pg_dump} is looked for, see {@link PgDump#places}
     */
    public GreenSchema(Database blue, Database green, String migration, List<Path> programs) {
        this.blue = blue;
        this.green = green;
        this.migration = migration;
        this.programs = List.copyOf(programs);
    }

    /**
     * Applies the schema unless that was done before.
     *
     * @throws FaultException with SCHEMA_FAILED when green refuses it or {@code pg_dump} cannot be used, with
     *     PLAN_CHANGED when it was applied from somewhere else before
     */
    public void apply(SchemaOrigin origin) throws InterruptedException {
        try (Session session = green.open("schema")) {
            session.begin();
            if (!Preparation.claim(session, migration, origin)) {
                return;
            }
            switch (origin) {
                case SchemaOrigin.Blue _ -> copyFromBlue(session);
                case SchemaOrigin.Changelog changelog -> UserChangelog.update(session, changelog);
                case SchemaOrigin.None _ -> LOG.debug("Green's schema is taken as it is.");
            }
            session.commit();
        }
        LOG.info("Green's schema is in place (from {}).", origin.text());
    }

    private void copyFromBlue(Session session) throws InterruptedException {
        int blueVersion = blue.query(GreenSchema::version);
        PgDump program = PgDump.find(programs, blueVersion, version(session));
        LOG.info("Copying blue's schema with {} (version {}).", program.program(), program.version());
        for (String statement : DumpedSchema.statements(program.schemaOf(blue.endpoint()))) {
            execute(session, statement);
        }
    }

    private static int version(Session session) {
        return (int) session.<Long>one(VERSION, row -> row.number(1)).longValue();
    }

    private static void execute(Session session, String statement) {
        try {
            session.execute(statement);
        } catch (FaultException failure) {
            Fault fault = failure.fault();
            if (fault.code() != FaultCode.GREEN_FAILED) {
                throw failure;
            }
            String firstLine = statement.lines().findFirst().orElse("");
            String shown = firstLine.length() > STATEMENT_SHOWN ? firstLine.substring(0, STATEMENT_SHOWN) : firstLine;
            String hint = fault.sqlState().equals(OUT_OF_LOCKS)
                    ? "; the whole schema is one transaction: raise max_locks_per_transaction on green"
                    : "";
            throw new FaultException(
                    new Fault(
                            FaultCode.SCHEMA_FAILED,
                            "blue's schema does not go onto green at '" + shown + "': " + fault.detail() + hint,
                            fault.object(),
                            fault.sqlState()),
                    failure);
        }
    }
}
