package io.viridian.daemon.config;

import io.viridian.cutover.hook.HookMoment;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Keys of the elements of hooks: those that every kind has, and those of its own. */
record HookKeys(
        ConfigurationKey<String> name,
        ConfigurationKey<HookMoment> when,
        ConfigurationKey<HookDirections> on,
        ConfigurationKey<Duration> timeout,
        ConfigurationKey<Duration> every) {
    static final String LIST = "hooks";

    static final HookKeys EXEC = of("exec", "smoke");
    static final HookKeys HTTP = of("http", "deployed");

    static final ConfigurationKey<List<String>> COMMAND = ConfigurationKey.required(
            "hooks[].exec.command",
            KeyTypes.listOf(KeyTypes.text()),
            "The program with its arguments; 0 is yes, every other exit code no.",
            "[\"./smoke.sh\"]");
    static final ConfigurationKey<URI> URL = ConfigurationKey.required(
            "hooks[].http.url",
            KeyTypes.webUrl(),
            "Where the request goes; 2xx is yes, every other answer no.",
            "https://deploy.example.org/hooks/smoke");
    static final ConfigurationKey<Path> SECRET_FILE = ConfigurationKey.optional(
            "hooks[].http.secret-file",
            KeyTypes.path(),
            "the request is not signed",
            "The file with the key that signs the request.",
            "/run/secrets/hook");
    static final ConfigurationKey<String> EXPECT = ConfigurationKey.optional(
            "hooks[].http.expect", KeyTypes.text(), "any answer", "What must be in the answer.", "ready");

    static final List<ConfigurationKey<?>> ALL = Stream.of(
                    List.of(EXEC.name, EXEC.when, EXEC.on, COMMAND, EXEC.timeout, EXEC.every),
                    List.of(HTTP.name, HTTP.when, HTTP.on, URL, SECRET_FILE, EXPECT, HTTP.timeout, HTTP.every))
            .<ConfigurationKey<?>>flatMap(List::stream)
            .toList();

    private static HookKeys of(String kind, String called) {
        String prefix = "hooks[]." + kind + ".";
        return new HookKeys(
                ConfigurationKey.required(
                        prefix + "name",
                        KeyTypes.matching(
                                "a lower-case name of at most 40 letters, digits and dashes", "[a-z][a-z0-9-]{0,39}"),
                        "What it is called; its gate is hook.NAME.",
                        called),
                ConfigurationKey.required(
                        prefix + "when",
                        moment(),
                        "When it is run. Up to COMMIT one before a step undoes the switch if it fails; else a failure is told.",
                        "before FENCE"),
                ConfigurationKey.defaulted(
                        prefix + "on",
                        KeyTypes.choice(HookDirections.class),
                        new Presence.Defaulted<>(
                                HookDirections.CUTOVER, "Nothing of one's own should keep anybody from going back."),
                        "In which switches it is run; as a gate it is one of the cutover only.",
                        "both"),
                ConfigurationKey.required(
                        prefix + "timeout",
                        KeyTypes.duration(Duration.ofMillis(10), Duration.ofMinutes(10)),
                        "How long it may take before it is ended and counts as failed; while writers wait, a part of cutover.write-pause-budget.",
                        "5s"),
                ConfigurationKey.defaulted(
                        prefix + "every",
                        KeyTypes.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
                        new Presence.Defaulted<>(Duration.ofSeconds(30), "What it sees seldom changes within less."),
                        "How often a gate is asked.",
                        "1m"));
    }

    private static ScalarType<HookMoment> moment() {
        return ScalarType.of(
                        "gate, before STEP, after STEP or after-switch",
                        HookMoment::parse,
                        Map.of(
                                "type",
                                "string",
                                "pattern",
                                "^(gate|after-switch|(before|after) (FENCE|DRAIN|VERIFY|SEQUENCES|REVERSE|COMMIT|OPEN|ROUTE))$"))
                .printedBy(HookMoment::text);
    }
}
