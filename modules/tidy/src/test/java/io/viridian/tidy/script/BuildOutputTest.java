package io.viridian.tidy.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildOutputTest {
    private static final String MAVEN = """
            [INFO] Scanning for projects...
            [INFO] Building Viridian core 0.1.0-SNAPSHOT                              [2/3]
            [INFO] Running io.viridian.position.LsnTest
            [INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.106 s -- in io.viridian.position.LsnTest
            [INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0
            [WARNING] /modules/core/src/main/java/io/viridian/position/Lsn.java:[3,1] [rawtypes] found raw type: List
            [INFO] Building Viridian postgres 0.1.0-SNAPSHOT                          [3/3]
            [INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 12.5 s -- in io.viridian.postgres.CopyIT
            [WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 2, Time elapsed: 0.1 s -- in io.viridian.postgres.PoolIT
            [ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1.2 s <<< FAILURE! -- in io.viridian.postgres.SlotTest
            [ERROR] io.viridian.postgres.SlotTest.dropsWhatItMade -- Time elapsed: 0.1 s <<< FAILURE!
            java.lang.AssertionError: a slot is left
            	at org.junit.platform.Launcher.run(Launcher.java:1)
            	at io.viridian.postgres.SlotTest.dropsWhatItMade(SlotTest.java:20)

            [ERROR] Tests run: 9, Failures: 1, Errors: 1, Skipped: 2
            [ERROR] Failed to execute goal surefire:test on project viridian-postgres: There are test failures. -> [Help 1]
            [ERROR] -> [Help 1]
            [ERROR]
            [ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoFailureException
            """;

    @TempDir
    Path folder;

    @Test
    void passesOnWhatTheMachineLacks() throws Exception {
        String advice =
                "Viridian needs JDK 25 or newer, and there is none here. Looked at:\n  /opt/*\n\nInstall one.\n";
        assertThat(awk("scripts/build-progress.awk", advice).said()).isEqualTo(advice);
    }

    @Test
    void addsUpTheTestsOfAllModulesInSurefiresOwnWords() throws Exception {
        assertThat(awk("scripts/count-tests.awk", MAVEN))
                .isEqualTo(new Script.Outcome(0, "Tests run: 16, Failures: 1, Errors: 1, Skipped: 2\n"));
    }

    @Test
    void showsModulesSlowClassesSkipsAndWhatWentWrong() throws Exception {
        assertThat(awk("scripts/build-progress.awk", MAVEN).said()).isEqualTo("""
                ==> [2/3] Viridian core
                [WARNING] /modules/core/src/main/java/io/viridian/position/Lsn.java:[3,1] [rawtypes] found raw type: List
                ==> [3/3] Viridian postgres
                    io.viridian.postgres.CopyIT: 12.5 s
                    Skipped: 2 in io.viridian.postgres.PoolIT
                [ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1.2 s <<< FAILURE! -- in io.viridian.postgres.SlotTest
                [ERROR] io.viridian.postgres.SlotTest.dropsWhatItMade -- Time elapsed: 0.1 s <<< FAILURE!
                    java.lang.AssertionError: a slot is left
                    	at io.viridian.postgres.SlotTest.dropsWhatItMade(SlotTest.java:20)
                   \s
                [ERROR] Tests run: 9, Failures: 1, Errors: 1, Skipped: 2
                [ERROR] Failed to execute goal surefire:test on project viridian-postgres: There are test failures. -> [Help 1]
                """);
    }

    private Script.Outcome awk(String program, String output) throws IOException, InterruptedException {
        Path log = Script.write(folder.resolve("maven.log"), output);
        return Script.run(folder, Map.of(), "awk", "-f", program, log.toString());
    }
}
