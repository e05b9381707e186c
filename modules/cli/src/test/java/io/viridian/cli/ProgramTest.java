package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cli.Shell.Run;
import io.viridian.daemon.LocalCommands;
import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramTest {
    private Shell shell;

    @BeforeEach
    void start(@TempDir Path directory) {
        shell = new Shell(directory);
    }

    @Test
    void wantsAVerb() {
        Run run = shell.run();

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("a verb is missing", "`viridian --help`");
    }

    @Test
    void suggestsTheVerbThatWasMeant() {
        Run run = shell.run("cutovre");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("cutovre", "did you mean", "cutover");
    }

    @Test
    void refusesAnOptionThatTheVerbDoesNotHave() {
        Run run = shell.run("status", "--force");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--force", "`viridian status --help`");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void refusesAFormThatThereIsNot() {
        assertThat(shell.run("status", "-o", "yaml").exit()).isEqualTo(2);
    }

    @Test
    void helpsOnStandardOutput() {
        Run run = shell.run("cutover", "--help");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("Usage: viridian cutover");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(FaultCode.class)
    void exitsWithTheNumberOfEveryFault(FaultCode code) {
        Run run = failing(() -> {
            throw Fault.about(code, "public.items", "it went wrong").asException();
        });

        assertThat(run.exit()).isEqualTo(code.exitCode());
        assertThat(run.err())
                .isEqualTo("viridian: %s: it went wrong (public.items)\n  fix: %s\n".formatted(code, code.remedy()));
    }

    @Test
    void saysWhenItDoesNotKnow() {
        assertThat(failing(() -> {
                            throw new Ambiguity("the answer was lost", new IllegalStateException("reset"));
                        })
                        .exit())
                .isEqualTo(10);
    }

    @Test
    void saysWhenItWasInterrupted() {
        assertThat(failing(() -> {
                            throw new InterruptedException("stop");
                        })
                        .exit())
                .isEqualTo(130);
    }

    @Test
    void callsABugABug() {
        Run run = failing(() -> {
            throw new IllegalStateException("no turn after Final");
        });

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("no turn after Final", "ProgramTest", "Please report");
    }

    /** What a local verb does. */
    @FunctionalInterface
    private interface Work {
        void perform() throws InterruptedException;
    }

    private Run failing(Work deed) {
        return shell.with(new Failing(deed)).run("run");
    }

    /** Does one deed, whichever verb is called. */
    private record Failing(Work deed) implements LocalCommands {
        @Override
        public int run(Invocation invocation, boolean standby) throws InterruptedException {
            deed.perform();
            return 0;
        }

        @Override
        public int leading(Invocation invocation, Deed unused) throws InterruptedException {
            return run(invocation, false);
        }

        @Override
        public int check(Invocation invocation, boolean grants) throws InterruptedException {
            return run(invocation, false);
        }

        @Override
        public int plan(Invocation invocation, String what) throws InterruptedException {
            return run(invocation, false);
        }

        @Override
        public int init(Invocation invocation, Path directory, boolean overwrite) throws InterruptedException {
            return run(invocation, false);
        }

        @Override
        public int compatibility(Invocation invocation, Duration quiet) throws InterruptedException {
            return run(invocation, false);
        }
    }
}
