package io.viridian.tidy.gate;

import io.viridian.tidy.source.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A reactor in a folder of its own, under the parent POM of this checkout: a module per violation, one without, and a
 * stand-in for a banned dependency, so that nothing has to be fetched. Built once, offline, going on after failures.
 */
final class ThrowAwayBuild {
    /** Generous: the build takes some ten seconds on two cores. */
    private static final long MINUTES_MAX = 3;

    private final Checkout checkout;
    private final Path folder;

    ThrowAwayBuild(Checkout checkout, Path folder) {
        this.checkout = checkout;
        this.folder = folder;
    }

    MavenLog run() throws IOException, InterruptedException {
        writeReactor();
        Path log = folder.resolve("maven.log");
        Process maven = command()
                .directory(folder.resolve("gates").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!maven.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
            maven.destroyForcibly();
            throw new IllegalStateException("Maven did not end in time:\n" + Files.readString(log));
        }
        return new MavenLog(log, Files.readString(log));
    }

    private static ProcessBuilder command() {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(property("maven.home"), "bin", "mvn").toString(),
                "--batch-mode",
                "--offline",
                "--fail-at-end",
                "-Dstyle.color=never",
                "-Dmaven.repo.local=" + property("tidy.localRepository"),
                "compile");
        command.environment().put("JAVA_HOME", property("java.home"));
        // Options given to the build around this one (-Dquick above all) must not reach this one.
        command.environment().keySet().removeAll(List.of("MAVEN_ARGS", "MAVEN_OPTS"));
        return command;
    }

    private void writeReactor() throws IOException {
        write("pom.xml", checkout.read("pom.xml"));
        write(".mvn/jvm.config", checkout.read(".mvn/jvm.config"));
        List<String> modules = Stream.concat(
                        Stream.of("stand-in", Violation.CONTROL),
                        Violation.ALL.stream().map(Violation::gate))
                .toList();
        write("gates/pom.xml", """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>gates</groupId>
                  <artifactId>gates</artifactId>
                  <version>0</version>
                  <packaging>pom</packaging>
                  <modules><module>%s</module></modules>
                </project>
                """.formatted(String.join("</module><module>", modules)));
        write("gates/stand-in/pom.xml", """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>0</version>
                  <packaging>pom</packaging>
                </project>
                """.formatted(Violation.BANNED_GROUP, Violation.BANNED_ARTIFACT));
        writeModule(new Violation(Violation.CONTROL, "", "", ""));
        for (Violation violation : Violation.ALL) {
            writeModule(violation);
        }
    }

    private void writeModule(Violation violation) throws IOException {
        String home = "gates/" + violation.gate();
        write(home + "/pom.xml", """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <parent>
                    <groupId>io.viridian</groupId>
                    <artifactId>viridian</artifactId>
                    <version>0.1.0-SNAPSHOT</version>
                    <relativePath>../../pom.xml</relativePath>
                  </parent>
                  <artifactId>gate-%s</artifactId>
                  <name>gate-%1$s</name>
                  %s
                </project>
                """.formatted(violation.gate(), violation.dependency()));
        write(home + "/src/main/java/mini/package-info.java", """
                @NullMarked
                package mini;

                import org.jspecify.annotations.NullMarked;
                """);
        String type = violation.body().isEmpty() ? "class Mini {}\n" : "class Mini {\n" + violation.body() + "}\n";
        write(home + "/src/main/java/mini/Mini.java", "package mini;\n\n" + type);
    }

    private void write(String relative, String text) throws IOException {
        Path file = folder.resolve(relative);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private static String property(String name) {
        return Objects.requireNonNull(
                System.getProperty(name), () -> name + " is set by Maven; run this test from there");
    }
}
