package io.viridian.journal;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.postgres.Database;
import io.viridian.postgres.ServerErrors;
import io.viridian.postgres.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.analytics.configuration.AnalyticsArgs;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.logging.core.NoOpLogService;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schema {@code viridian}: the only objects of ours that tables of the user never see. Versioned by a changelog inside
 * the jar, additive: a newer daemon adds, an older one finds all it knows.
 */
public final class ControlSchema {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSchema.class);

    private static final String SCHEMA = "viridian";

    private static final String DIRECTORY = "io/viridian/journal/control/";

    private static final Pattern CHANGESET = Pattern.compile("--changeset viridian:(\\S+)");

    /** Any number that nobody else uses: two daemons that install at once take turns. */
    private static final String ONE_AT_A_TIME = "select pg_advisory_xact_lock(7453010553902231)";

    private ControlSchema() {}

    /** What a database is to the migration; one database can be several. */
    public enum Role {
        BLUE,
        GREEN,
        JOURNAL;

        private List<String> changelogs() {
            return switch (this) {
                case BLUE -> List.of("sides.sql", "blue.sql");
                case GREEN -> List.of("sides.sql", "green.sql");
                case JOURNAL -> List.of("journal.sql");
            };
        }
    }

    /** Creates or completes what the role needs. One transaction: a crash leaves all of it or nothing. */
    public static void install(Database database, Role role) {
        try (Session session = database.open("control schema")) {
            session.transaction(() -> {
                session.list(ONE_AT_A_TIME, _ -> true);
                session.execute("create schema if not exists " + SCHEMA);
                role.changelogs().forEach(changelog -> update(session, DIRECTORY + changelog));
            });
        }
        LOG.debug("Control schema for {} is complete on {}.", role, database.endpoint());
    }

    /**
     * Completes what an older version installed; looks first, because Liquibase takes its time to find nothing to do.
     */
    public static void upgrade(Database database, Role role) {
        Set<String> there = Set.copyOf(database.query(
                session -> session.list("select id from viridian.databasechangelog", row -> row.text(1))));
        if (!there.containsAll(changesets(role))) {
            install(database, role);
        }
    }

    private static List<String> changesets(Role role) {
        List<String> ids = new ArrayList<>();
        for (String changelog : role.changelogs()) {
            Matcher changeset = CHANGESET.matcher(text(DIRECTORY + changelog));
            while (changeset.find()) {
                ids.add(changeset.group(1));
            }
        }
        return ids;
    }

    private static String text(String resource) {
        try (InputStream stream = ControlSchema.class.getClassLoader().getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Whether anything of ours is in the session's database. */
    public static boolean present(Session session) {
        return session.one("select to_regnamespace('viridian') is not null", row -> row.truth(1));
    }

    /** Removes the schema with everything in it, guard functions and the triggers that call them included. */
    public static void remove(Session session) {
        session.execute("drop schema if exists " + SCHEMA + " cascade");
    }

    /** One at a time in this process: Liquibase keeps its state where threads inherit it from each other. */
    private static synchronized void update(Session session, String changelog) {
        // Liquibase speaks to standard output and to a server of its makers unless told not to.
        Map<String, Object> quietly = Map.of(
                Scope.Attr.resourceAccessor.name(),
                        new ClassLoaderResourceAccessor(ControlSchema.class.getClassLoader()),
                Scope.Attr.logService.name(), new NoOpLogService(),
                Scope.Attr.ui.name(), new LoggerUIService(),
                AnalyticsArgs.ENABLED.getKey(), false);
        try {
            session.lend(connection -> Scope.child(quietly, () -> update(connection, changelog)));
        } catch (Exception failure) {
            throw fault(session, changelog, failure);
        }
    }

    private static void update(Connection connection, String changelog) throws LiquibaseException {
        liquibase.database.Database target =
                DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        target.setDefaultSchemaName(SCHEMA);
        target.setLiquibaseSchemaName(SCHEMA);
        new CommandScope(UpdateCommandStep.COMMAND_NAME)
                .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, target)
                .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, changelog)
                .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY, UpdateSummaryEnum.OFF)
                .execute();
    }

    private static FaultException fault(Session session, String changelog, Exception failure) {
        Fault fault = ServerErrors.told(session.side(), "install " + changelog, failure)
                .orElseGet(() -> Fault.about(FaultCode.SCHEMA_FAILED, changelog, String.valueOf(failure.getMessage())));
        return fault.asException(failure);
    }
}
