package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every side whose changes are streamed lets its log be decoded by {@code pgoutput}, which both engines use. Since the
 * minor releases of August 2026 (14.24, 15.19, 16.15, 17.11, 18.6) a server decodes only by the libraries that
 * {@code output_plugin_libraries} names, whoever asks (manual 14-18, section 20.6.1).
 */
final class OutputPluginCheck implements Check {
    private static final String PLUGIN = "pgoutput";
    private static final String SETTING = "output_plugin_libraries";

    @Override
    public String id() {
        return "output-plugin";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : context.sources()) {
            Optional<String> trusted = context.on(side)
                    .query(session ->
                            session.one("select current_setting(?, true)", row -> row.optionalText(1), SETTING));
            if (trusted.filter(libraries -> !names(libraries)).isPresent()) {
                findings.add(Finding.refused(
                        side.text() + ".output-plugin",
                        SETTING,
                        SETTING + " on " + side.text() + " is '" + trusted.get() + "' and does not name " + PLUGIN
                                + ", which reads the log for us",
                        "alter system set " + SETTING + " = "
                                + (trusted.get().isBlank() ? "" : trusted.get() + ", ") + PLUGIN
                                + "; select pg_reload_conf();"));
            }
        }
        return findings;
    }

    private static boolean names(String libraries) {
        return Arrays.stream(libraries.split(","))
                .map(library -> library.strip().replace("\"", ""))
                .anyMatch(PLUGIN::equals);
    }
}
