package io.viridian.daemon.http;

import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationView;
import io.viridian.migration.Gate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The state on one plain page, for whoever opens the address in a browser. No script, nothing fetched. */
final class StatusPage {
    private static final String STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;"
            + "padding:0 1em}th{text-align:left;padding-right:2em;vertical-align:top}code{font-size:90%}";

    private final MigrationControl control;
    private final HttpSettings settings;

    StatusPage(MigrationControl control, HttpSettings settings) {
        this.control = control;
        this.settings = settings;
    }

    Reply show(Call call) {
        String policy = "default-src 'none'; style-src 'sha256-%s'; frame-ancestors 'none'; base-uri 'none'"
                .formatted(sha256(STYLE));
        return new Reply(
                200, "text/html; charset=utf-8", page(control.view()), Map.of("Content-Security-Policy", policy));
    }

    private String page(MigrationView view) {
        String name = escaped(view.migration());
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta http-equiv=\"refresh\" content=\"5\"><title>")
                .append(name)
                .append(' ')
                .append(escaped(view.state()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>")
                .append(name)
                .append(": ")
                .append(escaped(view.state()))
                .append("</h1><table>");
        row(page, "Step", view.step());
        row(page, "Writes on", view.owner());
        row(page, "Lag", lag(view.lag()));
        row(
                page,
                "Backfill",
                view.backfill().tablesDone() + " of " + view.backfill().tables() + " tables");
        row(page, "Verification", view.verification());
        row(page, "Gates", gates());
        view.health().ifPresent(health -> row(page, "Health", health.verdict() + ": " + health.value()));
        row(page, "Rollback", view.rollback());
        view.fault().ifPresent(fault -> row(page, "Fault", fault.code() + ": " + fault.detail()));
        page.append("</table><h2>Next</h2><ul>");
        view.next().forEach(line -> page.append("<li>").append(escaped(line)).append("</li>"));
        return page.append("</ul><p>Viridian ")
                .append(escaped(settings.version()))
                .append(". <code>viridian watch</code> follows this; <a href=\"/openapi.yaml\">the API</a>.</p>")
                .append("</body></html>\n")
                .toString();
    }

    private String gates() {
        long passing = control.gates().stream().filter(Gate::passing).count();
        long overridden = control.gates().stream()
                .filter(gate -> !gate.passing() && gate.letsPass())
                .count();
        return passing + " of " + control.gates().size() + " passing"
                + (overridden == 0 ? "" : ", " + overridden + " overridden");
    }

    private static String lag(MigrationView.LagView lag) {
        return lag.seconds().map(seconds -> "%.1f s".formatted(seconds)).orElse("not known") + " / "
                + lag.bytes().map(bytes -> bytes + " bytes").orElse("not known");
    }

    private static void row(StringBuilder page, String name, String value) {
        if (!value.isEmpty()) {
            page.append("<tr><th>")
                    .append(name)
                    .append("</th><td>")
                    .append(escaped(value))
                    .append("</td></tr>");
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
