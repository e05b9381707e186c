package io.viridian.testkit.server;

import io.viridian.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes of one embedded server, from one start to one stop.
 *
 * <p>A small shell stands between the JVM and the postmaster and reads a pipe that only the JVM holds. When the JVM is
 * gone, even by kill -9, the shell reads the end of the pipe, stops the server and deletes its files. (A signal on
 * parent death would not do: Linux sends it when the <em>thread</em> that forked ends.)
 */
final class Postmaster {

    /**
     * Arguments: the program, the data directory, the directory of the whole server. Its output is the server's log.
     */
    private static final String WATCH = """
            trap '' INT HUP
            exec 3<&0 </dev/null
            "$1" -D "$2" 3<&- &
            postmaster=$!
            {
              read -r _ <&3
              : >"$3/abandoned"
              kill -s QUIT $postmaster
              kill -s CONT $postmaster $(cat /proc/$postmaster/task/$postmaster/children)
            } 2>/dev/null &
            watchdog=$!
            exec 3<&-
            wait $postmaster
            status=$?
            kill -s KILL $watchdog 2>/dev/null
            if [ -e "$3/abandoned" ]; then rm -rf -- "$3"; fi
            exit $status
            """;

    /** The eighth line of postmaster.pid; see src/include/utils/pidfile.h, the same in 14 to 18. */
    private static final int STATUS_LINE = 7;

    private static final int LOG_TAIL_LINES = 30;

    private final Process shell;
    private final ProcessHandle process;

    private Postmaster(Process shell, ProcessHandle process) {
        this.shell = shell;
        this.process = process;
    }

    /**
     * Starts and returns when connections are accepted.
     *
     * @param prefix goes in front of the command; leaves the process that it is given in its place
     */
    static Postmaster start(List<String> prefix, Path program, Path serverDirectory) {
        List<String> command = new ArrayList<>(prefix);
        Path dataDirectory = dataDirectory(serverDirectory);
        Path logFile = logFile(serverDirectory);
        command.addAll(List.of("/bin/sh", "-c", WATCH, "viridian-postgres"));
        command.addAll(List.of(program.toString(), dataDirectory.toString(), serverDirectory.toString()));
        try {
            Process shell = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(logFile.toFile()))
                    .start();
            Await.until(
                    "the server is ready or gone",
                    PostgresServer.PATIENCE,
                    () -> !shell.isAlive() || ready(shell, dataDirectory).isPresent());
            return ready(shell, dataDirectory)
                    .map(process -> new Postmaster(shell, process))
                    .orElseThrow(() -> new ServerException("the server ended at once:\n" + tail(logFile)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw ServerException.interrupted("starting a server", e);
        }
    }

    static Path dataDirectory(Path serverDirectory) {
        return serverDirectory.resolve("data");
    }

    static Path logFile(Path serverDirectory) {
        return serverDirectory.resolve("postgres.log");
    }

    boolean running() {
        return process.isAlive();
    }

    /** Sends the signal to the postmaster, lets everything run that is frozen, and waits for the end. */
    void stop(String signal) {
        signal(signal, List.of(process));
        thaw();
        try {
            if (!shell.waitFor(PostgresServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new ServerException("the server did not stop on SIG" + signal);
            }
        } catch (InterruptedException e) {
            throw ServerException.interrupted("stopping a server", e);
        }
    }

    /** The postmaster first, so that it cannot start a process behind our back. */
    void freeze() {
        signal("STOP", List.of(process));
        signal("STOP", children());
    }

    void thaw() {
        List<ProcessHandle> all = new ArrayList<>(children());
        all.add(process);
        signal("CONT", all);
    }

    private List<ProcessHandle> children() {
        try (Stream<ProcessHandle> children = process.descendants()) {
            return children.toList();
        }
    }

    /** Through a shell, because Java can neither stop nor continue a process. One that has just ended is no error. */
    private static void signal(String signal, List<ProcessHandle> processes) {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\"", "kill", signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw ServerException.interrupted("sending SIG" + signal, e);
        }
    }

    /**
     * The postmaster, once it says so itself; a file of an earlier run names a process that is not our shell's child.
     */
    private static Optional<ProcessHandle> ready(Process shell, Path dataDirectory) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        if (lines.size() <= STATUS_LINE || !lines.get(STATUS_LINE).strip().equals("ready")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.parent().map(ProcessHandle::pid).equals(Optional.of(shell.pid())));
    }

    private static String tail(Path logFile) {
        try {
            List<String> lines = Files.readAllLines(logFile, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }
}
