package io.viridian.schema.green;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.postgres.Endpoint;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The installed {@code pg_dump} (manual 14-18, chapter "PostgreSQL Client Applications"). It refuses servers newer than
 * itself, and what it writes is meant for servers of its own version or newer; so of several the one nearest to green's
 * version is taken, as long as it is not older than blue.
 *
 * @param version the major version
 */
public record PgDump(Path program, int version) {
    /** Where packages put the programs, beside the PATH: Debian and the PGDG packages for Red Hat. */
    private static final List<Path> INSTALLATIONS = List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr"));

    private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d+).*", Pattern.DOTALL);

    /** Asking a program for its version reads nothing but the program. */
    private static final Duration VERSION_LIMIT = Duration.ofSeconds(20);

    /** A catalog of a hundred thousand tables takes minutes; longer than this, something hangs. */
    private static final Duration DUMP_LIMIT = Duration.ofMinutes(30);

    /** The directories that are searched in production: those of the PATH, then where packages install. */
    public static List<Path> places(String path) {
        Set<Path> places = new LinkedHashSet<>();
        for (String directory : path.split(File.pathSeparator)) {
            if (!directory.isEmpty()) {
                places.add(Path.of(directory));
            }
        }
        INSTALLATIONS.forEach(installation -> places.addAll(versionsUnder(installation)));
        return List.copyOf(places);
    }

    /**
     * Finds a program that can read blue.
     *
     * @throws FaultException with SCHEMA_FAILED when there is none or it is too old; says what was found where
     */
    public static PgDump find(List<Path> places, int blueVersion, int greenVersion) throws InterruptedException {
        List<PgDump> found = new ArrayList<>();
        for (Path place : places) {
            Path program = place.resolve("pg_dump");
            if (Files.isExecutable(program)) {
                versionOf(program).ifPresent(version -> found.add(new PgDump(program, version)));
            }
        }
        return found.stream()
                .filter(candidate -> candidate.version >= blueVersion)
                .min(Comparator.comparingInt(candidate -> candidate.distanceTo(greenVersion)))
                .orElseThrow(() -> missing(places, found, blueVersion));
    }

    /** Older than green is better than newer by the same number, for the dump is read by green. */
    private int distanceTo(int greenVersion) {
        return version <= greenVersion ? 2 * (greenVersion - version) : 2 * (version - greenVersion) + 1;
    }

    /** The schema of a whole database but for ours, as a script. */
    String schemaOf(Endpoint blue) throws InterruptedException {
        List<String> command = List.of(
                program.toString(),
                "--schema-only",
                "--no-owner",
                "--no-privileges",
                "--no-publications",
                "--no-subscriptions",
                "--no-tablespaces",
                "--exclude-schema=viridian",
                "--encoding=UTF8",
                "--no-password",
                // It locks every table against DDL for a moment, and must not stand in line behind DDL for long.
                "--lock-wait-timeout=30s");
        Output output = run(command, LibpqEnvironment.of(blue), DUMP_LIMIT);
        if (output.exitCode() != 0) {
            throw failed(program + " of " + blue + " failed: " + output.errors().strip());
        }
        return output.text();
    }

    private static Optional<Integer> versionOf(Path program) throws InterruptedException {
        Output output = run(List.of(program.toString(), "--version"), Map.of(), VERSION_LIMIT);
        Matcher matcher = VERSION.matcher(output.text());
        return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    private record Output(int exitCode, String text, String errors) {}

    private static Output run(List<String> command, Map<String, String> environment, Duration limit)
            throws InterruptedException {
        try {
            Path text = Files.createTempFile("viridian-dump", ".sql");
            Path errors = Files.createTempFile("viridian-dump", ".err");
            try {
                int exitCode = run(command, environment, limit, text, errors);
                return new Output(
                        exitCode,
                        Files.readString(text, StandardCharsets.UTF_8),
                        new String(Files.readAllBytes(errors), StandardCharsets.UTF_8));
            } finally {
                Files.delete(text);
                Files.delete(errors);
            }
        } catch (IOException failure) {
            throw failed(command.getFirst() + " cannot be run: " + failure.getMessage());
        }
    }

    private static int run(
            List<String> command, Map<String, String> environment, Duration limit, Path text, Path errors)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(text.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw failed(command.getFirst() + " did not end within " + limit.toSeconds() + " seconds");
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static FaultException missing(List<Path> places, List<PgDump> found, int needed) {
        String what = found.isEmpty()
                ? "no pg_dump was found"
                : "every pg_dump found is older than blue: "
                        + found.stream()
                                .map(one -> one.program + " is version " + one.version)
                                .toList();
        return failed(what + "; blue runs PostgreSQL " + needed + ", which pg_dump " + needed
                + " or newer can read (Debian package postgresql-client-" + needed + "); looked in " + places);
    }

    private static FaultException failed(String detail) {
        return Fault.about(FaultCode.SCHEMA_FAILED, "pg_dump", detail).asException();
    }

    /** {@code /usr/lib/postgresql/17/bin}, {@code /usr/pgsql-17/bin}. */
    private static List<Path> versionsUnder(Path installation) {
        List<Path> directories = new ArrayList<>();
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(installation, "{[0-9]*,pgsql-*}")) {
            versions.forEach(version -> directories.add(version.resolve("bin")));
        } catch (IOException notThere) {
            return List.of();
        }
        return directories;
    }
}
