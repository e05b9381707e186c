package io.viridian.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Pins a plan: a digest over the mapping and the shape of blue's tables. Green's shape is left out, because preparation
 * creates it; sizes and object ids are left out, because they change by themselves.
 */
final class PlanHash {
    /** Raised when the engine would evaluate the same mapping differently, so that an older plan is not resumed. */
    private static final int ENGINE_VERSION = 1;

    private PlanHash() {}

    static String of(PlanRequest request, List<Route> forward, List<Derivation> derived) {
        StringBuilder text = new StringBuilder("engine " + ENGINE_VERSION + "\n" + request.migration() + '\n');
        text.append(request.reverse() ? "reversible" : "one way").append('\n');
        for (Route route : forward) {
            text.append(route.source())
                    .append(' ')
                    .append(route.alias())
                    .append(" where ")
                    .append(route.filter())
                    .append(route.lateral())
                    .append('\n');
            route.sourceColumns()
                    .forEach(column -> text.append("  ")
                            .append(column.name())
                            .append(' ')
                            .append(column.type())
                            .append('\n'));
            text.append("  ")
                    .append(route.identity())
                    .append(" -> ")
                    .append(route.target())
                    .append('\n');
            route.columns()
                    .forEach(column -> text.append("  ")
                            .append(column.name())
                            .append(" = ")
                            .append(column.expression())
                            .append('\n'));
        }
        derived.forEach(one -> text.append(one.target())
                .append(one.into().key())
                .append(" <- ")
                .append(one.query())
                .append(one.mirrors())
                .append('\n'));
        request.mapping().targets().forEach(target -> {
            target.rules().forEach(rule -> text.append(rule.inverse()).append('\n'));
            target.rules()
                    .forEach(rule ->
                            rule.owns().ifPresent(owns -> text.append(owns).append('\n')));
            target.derive()
                    .filter(derive -> !derive.inverse().isEmpty())
                    .ifPresent(derive -> text.append(derive.inverse()).append('\n'));
        });
        request.mapping().sequences().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(blue -> entry.getKey() + " <- " + blue))
                .sorted()
                .forEach(line -> text.append(line).append('\n'));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
