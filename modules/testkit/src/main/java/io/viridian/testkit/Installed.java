package io.viridian.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of the machine that tests need; {@code .ci/packages} says which packages bring them. */
public final class Installed {
    private Installed() {}

    /**
     * A missing program is a named skip for a user.
     *
     * @throws IllegalStateException when it is missing in CI, where nobody reads skips
     */
    public static void require(String program) {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(program + " is not installed");
        }
        assumeTrue(there, "skipped: " + program + " is not installed");
    }
}
