package io.viridian.schema.green;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.postgres.ServerErrors;
import io.viridian.postgres.Session;
import java.nio.file.Files;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.analytics.configuration.AnalyticsArgs;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.logging.core.NoOpLogService;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;

/**
 * Liquibase's update with the user's own changelog. Its history tables lie where the user's own Liquibase expects them.
 * Everything happens in the caller's transaction, so a change set that must run outside one is refused.
 */
final class UserChangelog {
    private static final String NOT_IN_A_TRANSACTION = "25001";

    private UserChangelog() {}

    static void update(Session session, SchemaOrigin.Changelog changelog) {
        if (!Files.isReadable(changelog.directory().resolve(changelog.file()))) {
            throw failed(changelog, "it cannot be read in " + changelog.directory(), "")
                    .asException();
        }
        try {
            // Liquibase speaks to standard output and to a server of its makers unless told not to.
            Map<String, Object> quietly = Map.of(
                    Scope.Attr.resourceAccessor.name(),
                    new DirectoryResourceAccessor(changelog.directory()),
                    Scope.Attr.logService.name(),
                    new NoOpLogService(),
                    Scope.Attr.ui.name(),
                    new LoggerUIService(),
                    AnalyticsArgs.ENABLED.getKey(),
                    false);
            session.lend(connection -> Scope.child(quietly, () -> update(connection, changelog.file())));
        } catch (Exception failure) {
            throw fault(session, changelog, failure);
        }
    }

    private static void update(Connection connection, String file) throws LiquibaseException {
        Database target =
                DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        new CommandScope(UpdateCommandStep.COMMAND_NAME)
                .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, target)
                .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, file)
                .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY, UpdateSummaryEnum.OFF)
                .execute();
    }

    private static FaultException fault(Session session, SchemaOrigin.Changelog changelog, Exception failure) {
        Optional<Fault> told = ServerErrors.told(session.side(), "update from " + changelog.file(), failure);
        if (told.isPresent() && told.get().code() != FaultCode.GREEN_FAILED) {
            return told.get().asException(failure);
        }
        String sqlState = told.map(Fault::sqlState).orElse("");
        String hint = sqlState.equals(NOT_IN_A_TRANSACTION)
                ? "; the whole changelog is one transaction, so that a crash leaves nothing half done: build the index"
                        + " without CONCURRENTLY, for green is empty, and leave out runInTransaction: false"
                : "";
        return failed(changelog, message(failure) + hint, sqlState).asException(failure);
    }

    /** Liquibase wraps its failures in each other; the innermost of its own names change set and statement. */
    private static String message(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        while (cause instanceof LiquibaseException inner && inner.getMessage() != null) {
            if (!message.contains(inner.getMessage())) {
                message = message + ": " + inner.getMessage();
            }
            cause = inner.getCause();
        }
        return message.strip().replaceAll("\\s+", " ");
    }

    private static Fault failed(SchemaOrigin.Changelog changelog, String detail, String sqlState) {
        return new Fault(
                FaultCode.SCHEMA_FAILED,
                "the changelog " + changelog.file() + " cannot be applied to green: " + detail,
                changelog.file(),
                sqlState);
    }
}
