package io.viridian.daemon.config;

import java.util.List;

/** Keys of the section capture. */
final class CaptureKeys {

    private static final Presence.Defaulted<CaptureEngine> DEFAULT_ENGINE = new Presence.Defaulted<>(
            CaptureEngine.PGOUTPUT, "It carries every type and is several times faster than debezium.");

    static final ConfigurationKey<CaptureEngine> ENGINE = ConfigurationKey.defaulted(
            "capture.engine",
            KeyTypes.choice(CaptureEngine.class),
            DEFAULT_ENGINE,
            "What reads the changes of both sides. May be changed with a restart of the daemon.",
            "debezium");

    static final List<ConfigurationKey<?>> ALL = List.of(ENGINE);

    private CaptureKeys() {}
}
