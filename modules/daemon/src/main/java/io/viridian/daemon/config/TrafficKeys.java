package io.viridian.daemon.config;

import io.viridian.cutover.traffic.DnsType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Keys of the elements of cutover.traffic. */
final class TrafficKeys {

    static final String LIST = "cutover.traffic";

    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(10);

    private static final Presence.Defaulted<Duration> DEFAULT_TIMEOUT = new Presence.Defaulted<>(
            Duration.ofSeconds(5), "Ownership has moved by then, so waiting longer only hides that nobody was told.");
    private static final Presence.Defaulted<List<String>> DEFAULT_THEN =
            new Presence.Defaulted<>(List.of(), "Many programs watch the file themselves.");

    private static final Presence.Defaulted<Duration> DEFAULT_TTL = new Presence.Defaulted<>(
            Duration.ofSeconds(5), "For as long clients may be led to the closed side, where they are refused.");

    static final ConfigurationKey<ConnectionUrl> PGBOUNCER_ADMIN_URL = ConfigurationKey.required(
            "cutover.traffic[].pgbouncer.admin-url",
            KeyTypes.connectionUrl(),
            "PgBouncer's admin console.",
            "postgresql://viridian@pooler:6432/pgbouncer");
    static final ConfigurationKey<Path> PGBOUNCER_CONFIG_FILE = ConfigurationKey.required(
            "cutover.traffic[].pgbouncer.config-file",
            KeyTypes.path(),
            "The file that holds the database entry.",
            "/etc/pgbouncer/pgbouncer.ini");
    static final ConfigurationKey<String> PGBOUNCER_DATABASE = ConfigurationKey.required(
            "cutover.traffic[].pgbouncer.database", KeyTypes.text(), "The database entry that clients use.", "shop");
    static final ConfigurationKey<HostPort> PGBOUNCER_BLUE = ConfigurationKey.optional(
            "cutover.traffic[].pgbouncer.blue",
            KeyTypes.hostPort(),
            "the first host of `blue.url`",
            "Where the bouncer finds blue, when its way is another than the daemon's.",
            "10.0.0.7:5432");
    static final ConfigurationKey<HostPort> PGBOUNCER_GREEN = ConfigurationKey.optional(
            "cutover.traffic[].pgbouncer.green",
            KeyTypes.hostPort(),
            "the first host of `green.url`",
            "Where the bouncer finds green, when its way is another than the daemon's.",
            "10.0.0.8:5432");
    static final ConfigurationKey<Path> HAPROXY_SOCKET = ConfigurationKey.required(
            "cutover.traffic[].haproxy.socket",
            KeyTypes.path(),
            "HAProxy's runtime socket, of level admin.",
            "/run/haproxy.sock");
    static final ConfigurationKey<String> HAPROXY_BACKEND = ConfigurationKey.required(
            "cutover.traffic[].haproxy.backend",
            KeyTypes.text(),
            "The backend whose servers `blue` and `green` are switched.",
            "shop");
    static final ConfigurationKey<Path> FILE_PATH = ConfigurationKey.required(
            "cutover.traffic[].file.path", KeyTypes.path(), "The file to write.", "/etc/shop/db.env");
    static final ConfigurationKey<String> FILE_TEMPLATE = ConfigurationKey.required(
            "cutover.traffic[].file.template",
            KeyTypes.template(),
            "The file's content, with placeholders for the open side.",
            "\"DATABASE_URL={{url}}\"");
    static final ConfigurationKey<List<String>> FILE_THEN = ConfigurationKey.defaulted(
            "cutover.traffic[].file.then",
            KeyTypes.listOf(KeyTypes.text()),
            DEFAULT_THEN,
            "The command that is run when the file is written.",
            "[\"systemctl\", \"reload\", \"shop\"]");
    static final ConfigurationKey<List<String>> EXEC_COMMAND = ConfigurationKey.required(
            "cutover.traffic[].exec.command",
            KeyTypes.listOf(KeyTypes.text()),
            "The program with its arguments.",
            "[\"./switch.sh\"]");
    static final ConfigurationKey<Duration> EXEC_TIMEOUT = ConfigurationKey.defaulted(
            "cutover.traffic[].exec.timeout",
            KeyTypes.duration(Duration.ofMillis(10), LONGEST_COMMAND),
            DEFAULT_TIMEOUT,
            "How long the program may take before it counts as failed.",
            "10s");
    static final ConfigurationKey<URI> WEBHOOK_URL = ConfigurationKey.required(
            "cutover.traffic[].webhook.url",
            KeyTypes.webUrl(),
            "Where the request goes.",
            "https://deploy.example.org/hooks/database");
    static final ConfigurationKey<Path> WEBHOOK_SECRET_FILE = ConfigurationKey.required(
            "cutover.traffic[].webhook.secret-file",
            KeyTypes.path(),
            "The file with the key that signs the request.",
            "/run/secrets/webhook");

    static final ConfigurationKey<HostPort> DNS_SERVER = ConfigurationKey.required(
            "cutover.traffic[].dns.server",
            KeyTypes.hostPort(),
            "The primary of the zone, which takes updates (RFC 2136) over TCP.",
            "ns1.example.org:53");
    static final ConfigurationKey<String> DNS_ZONE = ConfigurationKey.required(
            "cutover.traffic[].dns.zone", KeyTypes.domainName(), "The zone that the name belongs to.", "example.org");
    static final ConfigurationKey<String> DNS_NAME = ConfigurationKey.required(
            "cutover.traffic[].dns.name",
            KeyTypes.domainName(),
            "The whole name that clients use.",
            "shop-db.example.org");
    static final ConfigurationKey<DnsType> DNS_TYPE = ConfigurationKey.required(
            "cutover.traffic[].dns.type", KeyTypes.dnsType(), "The type of the record that is replaced.", "CNAME");
    static final ConfigurationKey<String> DNS_BLUE = ConfigurationKey.required(
            "cutover.traffic[].dns.blue",
            KeyTypes.text(),
            "What the name holds while blue owns the writes: a whole host name, or an address.",
            "blue-db.example.org.");
    static final ConfigurationKey<String> DNS_GREEN = ConfigurationKey.required(
            "cutover.traffic[].dns.green",
            KeyTypes.text(),
            "What the name holds while green owns the writes.",
            "green-db.example.org.");
    static final ConfigurationKey<Duration> DNS_TTL = ConfigurationKey.defaulted(
            "cutover.traffic[].dns.ttl",
            KeyTypes.duration(Duration.ZERO, Duration.ofHours(1)),
            DEFAULT_TTL,
            "How long resolvers and clients may remember the record; in whole seconds.",
            "30s");
    static final ConfigurationKey<Path> DNS_KEY_FILE = ConfigurationKey.required(
            "cutover.traffic[].dns.key-file",
            KeyTypes.path(),
            "The file with the key that signs the messages (TSIG), as `tsig-keygen` writes it or as `NAME:SECRET`.",
            "/run/secrets/tsig");

    static final List<ConfigurationKey<?>> ALL = List.of(
            PGBOUNCER_ADMIN_URL,
            PGBOUNCER_CONFIG_FILE,
            PGBOUNCER_DATABASE,
            PGBOUNCER_BLUE,
            PGBOUNCER_GREEN,
            HAPROXY_SOCKET,
            HAPROXY_BACKEND,
            FILE_PATH,
            FILE_TEMPLATE,
            FILE_THEN,
            EXEC_COMMAND,
            EXEC_TIMEOUT,
            WEBHOOK_URL,
            WEBHOOK_SECRET_FILE,
            DNS_SERVER,
            DNS_ZONE,
            DNS_NAME,
            DNS_TYPE,
            DNS_BLUE,
            DNS_GREEN,
            DNS_TTL,
            DNS_KEY_FILE);

    private TrafficKeys() {}
}
