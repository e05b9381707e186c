package io.viridian.daemon.engine;

import io.viridian.daemon.config.Settings;
import io.viridian.plan.Finding;
import io.viridian.plan.Planned;
import java.util.List;

/** The pre-flight checks, with what they need from the settings. Changes nothing. */
public final class Checks {
    private Checks() {}

    public static List<Finding> run(EngineParts parts, Planned planned) {
        return planned.findings();
    }

    public static String grants(Settings settings) {
        return settings.migration();
    }
}
