package io.viridian.daemon.http;

import static io.viridian.daemon.http.Endpoint.changing;
import static io.viridian.daemon.http.Endpoint.open;
import static io.viridian.daemon.http.Endpoint.reading;

import java.util.List;

/** Every path there is, except the event stream. {@code openapi.yaml} says the same; a test compares. */
final class Api {
    static final String LIVENESS = "/livez";
    static final String MIGRATION = "/v1/migrations/{m}";
    static final String STREAM = MIGRATION + "/stream";

    /** HAProxy asks with OPTIONS unless told otherwise. */
    private static final List<String> PROBING = List.of("GET", "HEAD", "OPTIONS");

    private Api() {}

    static List<Endpoint> endpoints(HttpSettings settings, Parts parts) {
        return List.of(
                        open(LIVENESS, ProbeAnswers::live),
                        open("/readyz", parts.probes()::ready),
                        open("/metrics", parts.probes()::metrics),
                        open("/openapi.yaml", parts.probes()::description),
                        open("/", parts.page()::index),
                        open(PageAnswers.PATH, parts.page()::file),
                        reading("/v1/caller", parts.migrations()::caller),
                        reading("/v1/migrations", parts.migrations()::list),
                        reading(MIGRATION, parts.migrations()::status),
                        reading(MIGRATION + "/lag", parts.migrations()::lag),
                        reading(MIGRATION + "/tables", parts.migrations()::tables),
                        reading(MIGRATION + "/gates", parts.migrations()::gates),
                        reading(MIGRATION + "/events", parts.migrations()::events),
                        reading(MIGRATION + "/conflicts", parts.migrations()::conflicts),
                        reading(MIGRATION + "/verification", parts.migrations()::verification),
                        reading(MIGRATION + "/certificate", parts.migrations()::certificate),
                        reading(MIGRATION + "/plan/{what}", parts.migrations()::plan),
                        reading(MIGRATION + "/operations", parts.operations()::list),
                        changing(MIGRATION + "/operations", parts.operations()::submit),
                        reading(MIGRATION + "/operations/{id}", parts.operations()::find),
                        new Endpoint(PROBING, "/route/{m}/write/{side}", Endpoint.Access.OPEN, parts.probes()::route))
                .stream()
                .map(endpoint -> endpoint.path().contains("{m}") ? ours(settings.migration(), endpoint) : endpoint)
                .toList();
    }

    /** Refuses a migration that is not the one this daemon runs. */
    static void demandOurs(String migration, String asked) {
        if (!asked.equals(migration)) {
            throw new ProblemException(ProblemKind.UNKNOWN_MIGRATION.about(
                    asked, "this daemon runs %s, not %s".formatted(migration, asked)));
        }
    }

    private static Endpoint ours(String migration, Endpoint endpoint) {
        return new Endpoint(endpoint.methods(), endpoint.path(), endpoint.access(), call -> {
            demandOurs(migration, call.part("m"));
            return endpoint.answer().to(call);
        });
    }

    /** Those who answer. */
    record Parts(ProbeAnswers probes, PageAnswers page, MigrationAnswers migrations, OperationAnswers operations) {}
}
