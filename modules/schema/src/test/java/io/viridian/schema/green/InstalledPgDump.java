package io.viridian.schema.green;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The pg_dump of the machine: a missing one is a named skip for a user, and a failure in CI. */
final class InstalledPgDump {
    static final List<Path> PLACES =
            PgDump.places(Optional.ofNullable(System.getenv("PATH")).orElse(""));

    private InstalledPgDump() {}

    static void require(int blueVersion) throws InterruptedException {
        try {
            PgDump.find(PLACES, blueVersion, blueVersion);
        } catch (RuntimeException missing) {
            assumeTrue("true".equals(System.getenv("CI")), "skipped: " + missing.getMessage());
            throw missing;
        }
    }
}
