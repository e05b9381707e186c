package io.viridian.daemon.config;

import io.viridian.cutover.traffic.DnsEntry;
import io.viridian.cutover.traffic.DnsType;
import io.viridian.plan.Side;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One way to lead clients to the open side. */
public sealed interface TrafficSettings {
    /** Clients with several hosts in their URL find the open side: the closed one refuses read-write sessions. */
    record Clients() implements TrafficSettings {}

    /**
     * A file is written anew and a command tells its readers.
     *
     * @param template the file's content; {@code {{url}}} and the other placeholders stand for the open side
     * @param then run after writing; may be empty
     */
    record FileSwitch(Path path, String template, List<String> then) implements TrafficSettings {
        public FileSwitch {
            then = List.copyOf(then);
            new SettingRules().limit(TrafficKeys.FILE_TEMPLATE, template).orThrow();
        }
    }

    /** A command of the operator's, run with {@code perform}, {@code probe} or {@code undo} and the side. */
    record Exec(List<String> command, Duration timeout) implements TrafficSettings {
        public Exec {
            command = List.copyOf(command);
            new SettingRules()
                    .require(!command.isEmpty(), TrafficKeys.EXEC_COMMAND, "must name the program")
                    .limit(TrafficKeys.EXEC_TIMEOUT, timeout)
                    .orThrow();
        }
    }

    /**
     * PgBouncer's database entry is rewritten between PAUSE and RESUME.
     *
     * @param blue where the bouncer finds blue; empty when that is where the daemon finds it
     * @param green as {@code blue}
     */
    record PgBouncer(
            ConnectionSettings admin,
            Path configFile,
            String database,
            Optional<HostPort> blue,
            Optional<HostPort> green)
            implements TrafficSettings {
        /** Where the bouncer finds a side, if that was said. */
        public Optional<HostPort> found(Side side) {
            return side == Side.BLUE ? blue : green;
        }
    }

    /** Servers of an HAProxy backend are enabled and disabled through its socket. */
    record HaProxy(Path socket, String backend) implements TrafficSettings {}

    /** A signed HTTP request. */
    record Webhook(URI url, Path secretFile) implements TrafficSettings {
        /** The path of a web hook is often its password. */
        @Override
        public String toString() {
            return "Webhook[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", secretFile="
                    + secretFile + "]";
        }
    }

    /**
     * A record of a name server's zone is replaced.
     *
     * @param ttl in whole seconds
     * @param keyFile signs the messages
     */
    record Dns(
            HostPort server,
            String zone,
            String name,
            DnsType type,
            String blue,
            String green,
            Duration ttl,
            Path keyFile)
            implements TrafficSettings {
        public Dns {
            new SettingRules()
                    .limit(TrafficKeys.DNS_TTL, ttl)
                    .require(DnsEntry.within(name, zone), TrafficKeys.DNS_NAME, "must belong to the zone " + zone)
                    .require(
                            type != DnsType.CNAME || !DnsEntry.same(name, zone),
                            TrafficKeys.DNS_NAME,
                            "must not be the zone itself, which cannot be a CNAME")
                    .require(type.accepts(blue), TrafficKeys.DNS_BLUE, "must be " + type.rule())
                    .require(type.accepts(green), TrafficKeys.DNS_GREEN, "must be " + type.rule())
                    .require(!blue.equals(green), TrafficKeys.DNS_GREEN, "must differ from what stands for blue")
                    .orThrow();
        }

        /** For the switcher. */
        public DnsEntry entry() {
            return new DnsEntry(zone, name, type, blue, green, ttl);
        }
    }
}
