package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code viridian run} as a process of its own, with the class path of the packaged program where there is one. */
final class DaemonProcess implements Daemon {
    static final int KILLED = 137;
    static final int HELD_BY_ANOTHER = 4;
    static final int USAGE = 2;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Of one that leads or stands by. */
    private static final Pattern ADDRESS = Pattern.compile("(?m)^viridian .* on (http://\\S+?)/?$");

    private static final Pattern LEADS_AT = Pattern.compile("(?m)^viridian \\S+: migration \\S+ on (http://\\S+?)/?$");

    private static final Pattern TOKEN = Pattern.compile("(?m)^admin token: (\\S+)$");

    /** A small heap and a quick start. */
    static final List<String> SMALL = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Rig rig;
    private final List<String> options;
    private final Deque<Map.Entry<String, String>> fates = new ArrayDeque<>();
    private final List<Path> logs = new ArrayList<>();
    private final List<Integer> exits = new ArrayList<>();
    private boolean standby;
    private Optional<Path> stateDirectory = Optional.empty();
    private @Nullable Process process;
    private @Nullable HttpPanel panel;

    DaemonProcess(Rig rig) {
        this(rig, SMALL);
    }

    DaemonProcess(Rig rig, List<String> options) {
        this.rig = rig;
        this.options = List.copyOf(options);
    }

    /** One of the next lives ends there: each life takes one of those that were asked for, in that order. */
    DaemonProcess dyingAt(CrashPoint point, int times) {
        fates.add(Map.entry("VIRIDIAN_CRASH_AT", point + ":" + times));
        return this;
    }

    /** As {@link #dyingAt}, but it stands still there until it gets the signal CONT. */
    DaemonProcess freezingAt(CrashPoint point) {
        fates.add(Map.entry("VIRIDIAN_FREEZE_AT", point.name()));
        return this;
    }

    /** The next life waits while another daemon leads. */
    DaemonProcess standingBy() {
        standby = true;
        return this;
    }

    /** As on another machine: what it keeps on disk is not where the others keep it. */
    DaemonProcess keepingItsStateIn(Path directory) {
        stateDirectory = Optional.of(directory);
        return this;
    }

    /** Whether the process stands still (manual page proc(5), state T). */
    boolean frozen() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void start() throws InterruptedException {
        launch();
        Await.until("the daemon answers or has ended", PATIENCE, () -> !alive() || answers());
    }

    /** Goes on as soon as it leads: one that stood by has taken over. */
    void awaitLead() throws InterruptedException {
        Await.until("the daemon leads", PATIENCE, () -> {
            assertThat(alive()).as(said()).isTrue();
            return answers();
        });
    }

    /** Returns at once. */
    void launch() {
        buryIfDead();
        Path log = rig.directory.resolve("daemon-%d-%d.log".formatted(System.identityHashCode(this), logs.size()));
        logs.add(log);
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().put("VIRIDIAN_CUTOVER_STABLE_FOR", "0ms");
        stateDirectory.ifPresent(state -> builder.environment().put("VIRIDIAN_STATE_DIR", state.toString()));
        Optional.ofNullable(fates.poll())
                .ifPresent(fate -> builder.environment().put(fate.getKey(), fate.getValue()));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            process = builder.start();
            panel = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        List<String> command = program(options);
        command.addAll(List.of("run", "-c", rig.file().toString()));
        if (standby) {
            command.add("--standby");
        }
        return command;
    }

    /** The program without a verb, in a JVM with these options. */
    static List<String> program(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", classPath(), "io.viridian.cli.Main"));
        return command;
    }

    /** The packaged program, unless this build has not packaged it: then what is there is an older one. */
    private static String classPath() {
        String tests = System.getProperty("java.class.path", "");
        Optional<Path> jar = Arrays.stream(tests.split(File.pathSeparator, -1))
                .filter(entry -> entry.matches(".*viridian-cli[^/]*\\.jar"))
                .map(Path::of)
                .findFirst();
        return jar.map(Path::getParent)
                .filter(lib -> lib.endsWith(Path.of("app", "lib")))
                .map(lib -> lib + File.separator + "*")
                .orElseGet(() -> Arrays.stream(tests.split(File.pathSeparator, -1))
                        .filter(entry -> !entry.contains("test-classes"))
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    private boolean answers() {
        String said = said();
        Matcher address = LEADS_AT.matcher(said);
        Matcher token = TOKEN.matcher(said);
        if (!address.find() || !token.find()) {
            return false;
        }
        panel = new HttpPanel(address.group(1), rig.migration, Path.of(token.group(1)));
        return true;
    }

    /** What it answers to anybody, wherever it listens now. */
    HttpResponse<String> probe(String path) throws IOException, InterruptedException {
        String address =
                ADDRESS.matcher(said()).results().map(result -> result.group(1)).reduce("", (_, later) -> later);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Override
    public boolean alive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    @Override
    public Optional<String> gaveUp() {
        Process current = process;
        if (current == null || current.isAlive() || current.exitValue() == KILLED) {
            return Optional.empty();
        }
        return Optional.of("exit code %d: %s".formatted(current.exitValue(), said()));
    }

    @Override
    public HttpPanel panel() {
        HttpPanel current = panel;
        if (current == null) {
            throw new IllegalStateException("the daemon does not answer yet: " + said());
        }
        return current;
    }

    /** What the current life has logged and said. */
    String said() {
        try {
            return logs.isEmpty() ? "" : Files.readString(logs.getLast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("the daemon is not started");
        }
        return current.pid();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        end(Process::destroyForcibly);
    }

    /** As {@code kill -STOP} and {@code -CONT}. */
    void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-s", name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of the process. */
    int awaitEnd() throws InterruptedException {
        Process current = process;
        if (current == null || !current.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the daemon does not end: " + said());
        }
        return current.exitValue();
    }

    /** The exit codes of the lives that are over. */
    List<Integer> exits() {
        buryIfDead();
        return List.copyOf(exits);
    }

    private void buryIfDead() {
        Process current = process;
        if (current != null && !current.isAlive()) {
            exits.add(current.exitValue());
            process = null;
        }
    }

    private void end(java.util.function.Consumer<Process> how) throws InterruptedException {
        Process current = process;
        if (current != null) {
            how.accept(current);
            awaitEnd();
            buryIfDead();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        end(Process::destroy);
    }

    @Override
    public void close() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
        }
    }
}
