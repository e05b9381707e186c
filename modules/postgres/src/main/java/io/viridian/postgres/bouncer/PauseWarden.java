package io.viridian.postgres.bouncer;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The program of a process that outlives its daemon for a moment: it has a paused database of a bouncer resumed when
 * the daemon dies or stands still. Told on its standard input, a line each: address, database, milliseconds, and the
 * driver's properties up to an empty line. It says {@code ready}. Told {@code hold} it resumes when the milliseconds
 * are over or the input ends, unless it is told {@code done} before; that may be repeated. It ends with its input, or
 * when nothing was asked of it for a minute.
 */
public final class PauseWarden {
    static final String READY = "ready";
    static final String HOLD = "hold";
    static final String DONE = "done";

    private static final String GONE = "gone";
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    private final BouncerConsole console;
    private final String database;
    private final Duration holds;

    private PauseWarden(BouncerConsole console, String database, Duration holds) {
        this.console = console;
        this.database = database;
        this.holds = holds;
    }

    /** Runs until it is not needed any more. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String address = String.valueOf(input.readLine());
        String database = String.valueOf(input.readLine());
        Duration holds = Duration.ofMillis(Long.parseLong(String.valueOf(input.readLine())));
        Map<String, String> properties = new LinkedHashMap<>();
        for (String line = input.readLine(); line != null && !line.isEmpty(); line = input.readLine()) {
            int equals = line.indexOf('=');
            properties.put(line.substring(0, equals), line.substring(equals + 1));
        }
        try (BouncerConsole console = BouncerConsole.open(new BouncerAddress(address, properties), ANSWER)) {
            answer(READY);
            PauseWarden warden = new PauseWarden(console, database, holds);
            Thread.ofPlatform().daemon(true).name("input").start(() -> warden.listen(input));
            warden.watch();
        }
    }

    /** Standard output is a pipe to the daemon here. */
    private static void answer(String word) throws IOException {
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write((word + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void listen(BufferedReader input) {
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                orders.add(line);
            }
            orders.add(GONE);
        } catch (IOException broken) {
            // A broken pipe is the same news.
            orders.add(GONE);
        }
    }

    private void watch() throws InterruptedException {
        String order = next(IDLE);
        while (order != null && !order.equals(GONE)) {
            order = order.equals(HOLD) ? held() : next(IDLE);
        }
    }

    /** Answers what was said, and resumes if that is not the end of the pause. */
    private String held() throws InterruptedException {
        String said = next(holds);
        if (!DONE.equals(said)) {
            console.say("RESUME", database);
        }
        return said == null ? DONE : said;
    }

    private @Nullable String next(Duration patience) throws InterruptedException {
        return orders.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
