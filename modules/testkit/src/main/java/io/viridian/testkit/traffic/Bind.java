package io.viridian.testkit.traffic;

import io.viridian.testkit.Installed;
import io.viridian.testkit.server.FreePort;
import io.viridian.testkit.server.Unprivileged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * A real name server, BIND, that is the primary of the zone {@code example.org} and takes updates of names under it
 * that are signed with its key; {@code fixed.example.org} nobody may change.
 */
public final class Bind implements AutoCloseable {
    public static final String ZONE = "example.org";

    /** The key, as its file holds it. */
    public static final String KEY =
            "key \"viridian\" { algorithm hmac-sha256; secret \"dmlyaWRpYW4tdmlyaWRpYW4tdmlyaWRpYW4tdmlyaQ==\"; };";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int port;
    private final Path directory;
    private final List<String> command;
    private Program program;

    private Bind(int port, Path directory, List<String> command) throws InterruptedException {
        this.port = port;
        this.directory = directory;
        this.command = command;
        this.program = run();
    }

    /** A missing one is a named skip for a user, and a failure in CI. */
    public static void require() {
        Installed.require("named");
    }

    /** Starts it. */
    public static Bind start(Path directory) throws IOException, InterruptedException {
        int port = FreePort.find();
        Path configuration = directory.resolve("named.conf");
        Files.writeString(directory.resolve("zone"), """
                $TTL 60
                @      SOA ns hostmaster 1 3600 600 86400 60
                @      NS  ns
                ns     A   127.0.0.1
                both   A   192.0.2.7
                """);
        Files.writeString(configuration, """
                options {
                    directory "%1$s";
                    managed-keys-directory "%1$s";
                    listen-on port %2$d { 127.0.0.1; };
                    listen-on-v6 { none; };
                    pid-file none;
                    session-keyfile none;
                    recursion no;
                    dnssec-validation no;
                    notify no;
                };
                controls { };
                %3$s
                zone "%4$s" {
                    type primary;
                    file "zone";
                    update-policy { deny viridian name fixed.%4$s; grant viridian zonesub ANY; };
                };
                """.formatted(directory, port, KEY, ZONE));
        List<String> command = new ArrayList<>(Unprivileged.commandPrefix());
        command.addAll(List.of("named", "-g", "-4", "-n", "1", "-c", configuration.toString()));
        return new Bind(port, directory, command);
    }

    private Program run() throws InterruptedException {
        return Program.start(command, directory.resolve("named.log"), port);
    }

    public int port() {
        return port;
    }

    /** What the name holds of that type, asked as anybody asks: over UDP and without a key. */
    public List<String> records(String name, String type) throws IOException {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        resolver.setTimeout(PATIENCE);
        Message answer = resolver.send(
                Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), Type.value(type), DClass.IN)));
        return answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .sorted()
                .toList();
    }

    /** Ends it and starts it again, as it is. */
    public void restart() throws InterruptedException {
        close();
        program = run();
    }

    @Override
    public void close() {
        program.close();
    }
}
