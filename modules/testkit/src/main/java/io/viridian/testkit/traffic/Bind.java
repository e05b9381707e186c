package io.viridian.testkit.traffic;

import io.viridian.testkit.Installed;
import io.viridian.testkit.server.FreePort;
import io.viridian.testkit.server.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * A real name server, BIND, that is the primary of the zone {@code example.org} and takes updates of names under it
 * that are signed with its key; {@code fixed.example.org} nobody may change.
 */
public final class Bind implements AutoCloseable {
    public static final String ZONE = "example.org";

    /** The key, as its file holds it. */
    public static final String KEY =
            "key \"viridian\" { algorithm hmac-sha256; secret \"dmlyaWRpYW4tdmlyaWRpYW4tdmlyaWRpYW4tdmlyaQ==\"; };";

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

    /** What the name holds of that type, asked by the JDK's own client. */
    public List<String> records(String name, String type) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("java.naming.provider.url", "dns://127.0.0.1:" + port);
        InitialDirContext context = new InitialDirContext(environment);
        try {
            Attribute found = context.getAttributes(name, new String[] {type}).get(type);
            return found == null
                    ? List.of()
                    : Collections.list(found.getAll()).stream()
                            .map(Object::toString)
                            .sorted()
                            .toList();
        } catch (NameNotFoundException _) {
            return List.of();
        } finally {
            context.close();
        }
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
