package io.viridian.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * When a test or its preparation fails, copies the logs of all servers it could have used to
 * {@code target/postgres-logs/<class>.<method>/}: those that run, and those closed since the test began.
 */
public final class KeepServerLogs
        implements BeforeEachCallback, AfterTestExecutionCallback, LifecycleMethodExecutionExceptionHandler {

    private final Path target;

    public KeepServerLogs() {
        this(Path.of("target", "postgres-logs"));
    }

    KeepServerLogs(Path target) {
        this.target = target;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ClosedLogs.forget();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isPresent()) {
            keep(context);
        }
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context);
        throw failure;
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context);
        throw failure;
    }

    private void keep(ExtensionContext context) throws IOException {
        String test = context.getRequiredTestClass().getName()
                + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
        Path directory = Files.createDirectories(target.resolve(test));
        for (PostgresServer server : RunningServers.all()) {
            String name = "%s-%d-port-%d.log"
                    .formatted(server.role(), server.majorVersion(), server.port())
                    .toLowerCase(Locale.ROOT);
            Files.copy(server.logFile(), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        for (Path log : ClosedLogs.all()) {
            Files.copy(log, directory.resolve(log.getFileName() + ".log"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
