package io.viridian.daemon.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.viridian.control.MigrationControl;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** For machines that look often: supervisors, scrapers, load balancers. */
final class ProbeAnswers {
    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
    private static final String DESCRIPTION = "openapi.yaml";

    private final MigrationControl control;
    private final Readiness readiness;
    private final PrometheusMeterRegistry registry;
    private final Runnable beforeScrape;

    ProbeAnswers(
            MigrationControl control, Readiness readiness, PrometheusMeterRegistry registry, Runnable beforeScrape) {
        this.control = control;
        this.readiness = readiness;
        this.registry = registry;
        this.beforeScrape = beforeScrape;
    }

    /** The process answers; nothing else is looked at, so that a database that is away does not restart the daemon. */
    static Reply live(Call call) {
        return Reply.text(200, "alive");
    }

    Reply ready(Call call) {
        Optional<String> missing = missing();
        return missing.map(reason -> Reply.of(ProblemKind.NOT_READY.with(reason)))
                .orElseGet(() -> Reply.text(200, "ready"));
    }

    Reply metrics(Call call) {
        beforeScrape.run();
        return new Reply(200, EXPOSITION, registry.scrape(EXPOSITION), Map.of());
    }

    Reply description(Call call) {
        try (InputStream stream = ProbeAnswers.class.getResourceAsStream(DESCRIPTION)) {
            if (stream == null) {
                throw new IllegalStateException(DESCRIPTION + " is not in the jar");
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return new Reply(200, "application/yaml", text, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + DESCRIPTION, e);
        }
    }

    /** 200 for the side that owns the writes, 503 for the other, so that a health check follows the owner. */
    Reply route(Call call) {
        String asked = call.part("side");
        Side side = Arrays.stream(Side.values())
                .filter(known -> known.text().equals(asked))
                .findFirst()
                .orElseThrow(() -> ProblemKind.UNKNOWN_PATH.refusal("the side is blue or green, not '" + asked + "'"));
        String owner = control.view().owner();
        return Reply.text(
                owner.equals(side.text()) ? 200 : 503,
                owner.equals("none") ? "nobody writes" : owner + " owns the writes");
    }

    private Optional<String> missing() {
        try {
            Optional<String> missing = readiness.missing();
            if (missing.isEmpty()) {
                control.view();
            }
            return missing;
        } catch (FaultException e) {
            return Optional.of(e.fault().sentence());
        }
    }
}
