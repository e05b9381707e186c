package io.viridian.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * libpq's password file: lines of {@code host:port:database:user:password}, where {@code *} matches anything and a
 * backslash takes a colon literally (https://www.postgresql.org/docs/18/libpq-pgpass.html). The first match counts.
 */
final class PasswordFile {
    private static final int FIELDS = 5;

    private final Path file;
    private final List<String> lines;

    private PasswordFile(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** @throws IllegalArgumentException when the file cannot be read */
    static PasswordFile read(Path file) {
        try {
            return new PasswordFile(file, Files.readAllLines(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the password file " + file + " cannot be read", unreadable);
        }
    }

    /**
     * The password for the connection.
     *
     * @throws IllegalArgumentException when there is one but the file is open to others, which libpq refuses as well,
     *     or when the hosts have different ones
     */
    Optional<Secret> find(ConnectionUrl url) {
        List<Secret> found = url.hosts().stream()
                .flatMap(host -> find(host, url).stream())
                .distinct()
                .toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    "the password file " + file + " has different passwords for the hosts of one URL");
        }
        if (!found.isEmpty() && PrivateFile.openToOthers(file)) {
            throw new IllegalArgumentException(
                    "the password file " + file + " can be read by others; run chmod 600 " + file);
        }
        return found.stream().findFirst();
    }

    private Optional<Secret> find(HostPort host, ConnectionUrl url) {
        List<String> wanted = List.of(host.host(), Integer.toString(host.port()), url.database(), url.user());
        for (String line : lines) {
            List<String> fields = fields(line);
            if (!line.startsWith("#") && fields.size() >= FIELDS && matches(fields, wanted)) {
                return Optional.of(new Secret(fields.get(FIELDS - 1)));
            }
        }
        return Optional.empty();
    }

    private static boolean matches(List<String> fields, List<String> wanted) {
        for (int index = 0; index < wanted.size(); index++) {
            if (!fields.get(index).equals("*") && !fields.get(index).equals(wanted.get(index))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean literal = false;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (!literal && c == '\\') {
                literal = true;
            } else if (!literal && c == ':') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
                literal = false;
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
