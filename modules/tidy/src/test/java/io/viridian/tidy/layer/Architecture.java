package io.viridian.tidy.layer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layers, and one home for each library. Think hard before changing this file: what is not allowed here is
 * refused. Arrows point to core; siblings never see each other, they talk through core's ports and through the journal;
 * the daemon wires and decides nothing.
 */
final class Architecture {
    static final String OURS = "io.viridian";

    static final List<Layer> LAYERS = List.of(
            layer(
                    "core",
                    ours("position", "time", "fault", "plan", "migration", "feed", "proof", "traffic", "control"),
                    sees()),
            layer("model", ours("model"), sees()),
            layer("postgres", ours("postgres"), sees("core")),
            layer("journal", ours("journal"), sees("core", "postgres")),
            layer("schema", ours("schema"), sees("core", "postgres")),
            layer("replication", ours("replication"), sees("core", "postgres")),
            layer("debezium", ours("debezium"), sees("core", "postgres")),
            layer("verification", ours("verification"), sees("core", "postgres")),
            layer("cutover", ours("cutover"), sees("core", "postgres")),
            layer("daemon", ours("daemon"), everyProductLayerBelowTheDaemon()),
            layer("cli", ours("cli"), sees("core", "daemon")),
            layer("testkit", ours("testkit"), sees("core", "postgres", "journal")),
            layer("demo", ours("demo"), everything()),
            layer("system-tests", ours("system"), everything()),
            layer("bench", ours("bench"), everything()));

    static final List<Library> LIBRARIES = List.of(
            library("PostgreSQL's driver", List.of("org.postgresql"), homes("postgres", "testkit", "bench")),
            library("HikariCP", List.of("com.zaxxer"), homes("postgres", "testkit")),
            library(
                    "JDBC",
                    List.of("java.sql", "javax.sql"),
                    homes("postgres", "verification", "testkit", "system-tests", "bench", "demo")),
            library("The JVM's own diagnostics", List.of("com.sun.management"), homes("testkit", "bench")),
            library("dnsjava", List.of("org.xbill"), homes("cutover", "testkit")),
            library("Debezium", List.of("io.debezium", "org.apache.kafka"), homes("debezium")),
            library("Vert.x", List.of("io.vertx", "io.netty"), homes("daemon")),
            library("Micrometer", List.of("io.micrometer", "io.prometheus"), homes("daemon")),
            library("Logback", List.of("ch.qos.logback"), homes("daemon")),
            library("Liquibase", List.of("liquibase"), homes("journal", "schema")),
            library("Jackson", List.of("com.fasterxml.jackson"), homes("journal", "daemon", "cli", "demo", "bench")),
            library("SnakeYAML", List.of("org.snakeyaml"), homes("daemon")),
            library("JSON Schema", List.of("com.github.victools", "com.networknt"), homes("daemon")),
            library("picocli", List.of("picocli"), homes("cli")),
            library("JLine", List.of("org.jline"), homes("cli")),
            library("JUnit", List.of("org.junit", "org.opentest4j", "org.assertj", "net.jqwik"), homes("testkit")),
            library("Testcontainers", List.of("org.testcontainers", "com.github.dockerjava"), homes("testkit")),
            library("Commons Compress", List.of("org.apache.commons.compress", "org.tukaani.xz"), homes("testkit")));

    /** Single types that a layer may name though their library lives elsewhere. */
    private static final Map<String, List<String>> LENT_TYPES = Map.of(
            // Liquibase and Debezium work on connections; the layer postgres opens them and lends them out for that
            // alone.
            "java.sql.Connection", homes("journal", "schema", "debezium"),
            // Debezium hands over what the driver has made of a value, and the driver's refusals.
            "java.sql.Array", homes("debezium"),
            "java.sql.SQLException", homes("debezium"),
            "org.postgresql.util.PGobject", homes("debezium"));

    /** What everybody may use. JDBC is part of the JDK but has a home above, which is asked first. */
    static final List<String> FREE = List.of("java", "javax", "jdk", "org.jspecify", "org.slf4j");

    private Architecture() {}

    static Optional<Layer> layerOf(String packageName) {
        return LAYERS.stream().filter(layer -> layer.claims(packageName)).findFirst();
    }

    /** Whether a class of this layer may depend on that type. */
    static boolean allows(Layer layer, String target, String targetPackage) {
        return LENT_TYPES.getOrDefault(target, List.of()).contains(layer.name()) || allowsPackage(layer, targetPackage);
    }

    private static boolean allowsPackage(Layer layer, String target) {
        if (Packages.holds(OURS, target)) {
            return layerOf(target)
                    .filter(other -> other.equals(layer) || layer.sees().contains(other.name()))
                    .isPresent();
        }
        return LIBRARIES.stream()
                .filter(library -> library.holds(target))
                .findFirst()
                .map(library -> library.homes().contains(layer.name()))
                .orElseGet(() -> Packages.anyHolds(FREE, target));
    }

    private static Layer layer(String name, List<String> packages, List<String> sees) {
        return new Layer(name, packages, sees);
    }

    private static Library library(String name, List<String> packages, List<String> homes) {
        return new Library(name, packages, homes);
    }

    private static List<String> ours(String... packages) {
        return Stream.of(packages).map(name -> OURS + "." + name).toList();
    }

    private static List<String> sees(String... layers) {
        return List.of(layers);
    }

    private static List<String> homes(String... layers) {
        return List.of(layers);
    }

    private static List<String> everyProductLayerBelowTheDaemon() {
        return sees("core", "postgres", "journal", "schema", "replication", "debezium", "verification", "cutover");
    }

    private static List<String> everything() {
        return Stream.concat(everyProductLayerBelowTheDaemon().stream(), Stream.of("daemon", "cli", "testkit"))
                .toList();
    }
}
