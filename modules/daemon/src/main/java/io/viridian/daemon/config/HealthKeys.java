package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Keys of the section health. */
final class HealthKeys {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    /** More in a row than that is nobody's patience. */
    private static final int MOST_FAILURES = 100;

    private static final Presence.Defaulted<Duration> DEFAULT_EVERY =
            new Presence.Defaulted<>(Duration.ofSeconds(10), "Most Prometheus servers have something new as often.");
    private static final Presence.Defaulted<Duration> DEFAULT_WINDOW = new Presence.Defaulted<>(
            Duration.ofMinutes(10), "Pools are full and caches warm by then; later failures have other causes.");
    private static final Presence.Defaulted<Duration> DEFAULT_TIMEOUT =
            new Presence.Defaulted<>(Duration.ofSeconds(5), "What takes longer says nothing about now.");
    private static final Presence.Defaulted<Integer> DEFAULT_FAILURES =
            new Presence.Defaulted<>(3, "One bad answer is a hiccup of the switch, three in a row are not.");
    private static final Presence.Defaulted<OnFailing> DEFAULT_ON_FAILING =
            new Presence.Defaulted<>(OnFailing.TELL, "Going back is a switch too, and a person's decision.");

    static final ConfigurationKey<URI> PROMETHEUS_URL = ConfigurationKey.optional(
            "health.prometheus.url",
            KeyTypes.webUrl(),
            "Prometheus is not asked",
            "The Prometheus that is asked after a cutover.",
            "http://prometheus:9090");
    static final ConfigurationKey<String> PROMETHEUS_QUERY = ConfigurationKey.optional(
            "health.prometheus.query",
            KeyTypes.text(),
            "Prometheus is not asked",
            "The instant query.",
            "sum(rate(shop_errors_total[1m])) / sum(rate(shop_requests_total[1m]))");
    static final ConfigurationKey<Threshold> PROMETHEUS_HEALTHY = ConfigurationKey.optional(
            "health.prometheus.healthy",
            ScalarType.of(
                    "a comparison with a number, by < <= > >= == or !=",
                    Threshold::parse,
                    Map.of("type", "string", "pattern", "^(<=|>=|==|!=|<|>) ?[-+0-9.eE]+$")),
            "Prometheus is not asked",
            "What every value of the answer is while the application is healthy.",
            "\"< 0.01\"");
    static final ConfigurationKey<List<String>> COMMAND = ConfigurationKey.optional(
            "health.exec.command",
            KeyTypes.listOf(KeyTypes.text()),
            "no command is asked",
            "The program that is asked: 0 is healthy, 75 does not know, every other exit code is failing.",
            "[\"./healthy.sh\"]");
    static final ConfigurationKey<URI> URL = ConfigurationKey.optional(
            "health.http.url",
            KeyTypes.webUrl(),
            "no request is sent",
            "Where it is asked: 2xx is healthy.",
            "https://shop.example.org/health");
    static final ConfigurationKey<Path> SECRET_FILE = ConfigurationKey.optional(
            "health.http.secret-file",
            KeyTypes.path(),
            "the request is not signed",
            "The file with the key that signs the request.",
            "/run/secrets/health");
    static final ConfigurationKey<String> EXPECT = ConfigurationKey.optional(
            "health.http.expect", KeyTypes.text(), "any answer", "What must be in the answer.", "UP");
    static final ConfigurationKey<Duration> EVERY = ConfigurationKey.defaulted(
            "health.every", KeyTypes.duration(SHORTEST, LONGEST), DEFAULT_EVERY, "How often it is asked.", "30s");
    static final ConfigurationKey<Duration> WINDOW = ConfigurationKey.defaulted(
            "health.window",
            KeyTypes.duration(SHORTEST, LONGEST),
            DEFAULT_WINDOW,
            "For how long after a cutover it is asked.",
            "30m");
    static final ConfigurationKey<Duration> TIMEOUT = ConfigurationKey.defaulted(
            "health.timeout",
            KeyTypes.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            DEFAULT_TIMEOUT,
            "How long an answer may take; a later one is none, and says nothing.",
            "2s");
    static final ConfigurationKey<Integer> FAILURES = ConfigurationKey.defaulted(
            "health.failures",
            KeyTypes.count(1, MOST_FAILURES),
            DEFAULT_FAILURES,
            "How many failing answers in a row it takes; those that say nothing neither count nor begin anew.",
            "5");
    static final ConfigurationKey<OnFailing> ON_FAILING = ConfigurationKey.defaulted(
            "health.on-failing",
            KeyTypes.choice(OnFailing.class),
            DEFAULT_ON_FAILING,
            "What happens then: it is told, or the writes are led back, as long as that loses nothing and its gates pass.",
            "rollback");

    static final List<ConfigurationKey<?>> PROMETHEUS = List.of(PROMETHEUS_URL, PROMETHEUS_QUERY, PROMETHEUS_HEALTHY);
    static final List<ConfigurationKey<?>> HTTP = List.of(URL, SECRET_FILE, EXPECT);

    static final List<ConfigurationKey<?>> ALL = List.of(
            PROMETHEUS_URL,
            PROMETHEUS_QUERY,
            PROMETHEUS_HEALTHY,
            COMMAND,
            URL,
            SECRET_FILE,
            EXPECT,
            EVERY,
            WINDOW,
            TIMEOUT,
            FAILURES,
            ON_FAILING);

    private HealthKeys() {}
}
