package io.viridian.daemon.config;

import java.util.List;

/** Keys of the section capture. */
final class CaptureKeys {

    private static final Presence.Defaulted<CaptureEngine> DEFAULT_ENGINE = new Presence.Defaulted<>(
            CaptureEngine.PGOUTPUT, "It is PostgreSQL's own and needs nothing beside the server.");

    static final ConfigurationKey<CaptureEngine> ENGINE = ConfigurationKey.defaulted(
                    "capture.engine",
                    KeyTypes.choice(CaptureEngine.class),
                    DEFAULT_ENGINE,
                    "What reads blue's changes.",
                    "debezium")
            .notYetFor(CaptureEngine.DEBEZIUM::equals, "use pgoutput");

    static final List<ConfigurationKey<?>> ALL = List.of(ENGINE);

    private CaptureKeys() {}
}
