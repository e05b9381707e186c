package io.viridian.daemon.config;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Adds tokens to the file of tokens and takes them away, and leaves the rest of the file, comments included, as it is.
 * A daemon that reads it meanwhile sees the old file or the new one.
 */
public final class TokensFileEdit {
    private final Path file;

    /** Prepares to change that file; touches nothing yet. */
    public TokensFileEdit(Path file) {
        this.file = file;
    }

    /** Adds a token; makes the file when there is none. */
    public void add(TokenEntry entry) {
        List<TokenEntry> before = Files.exists(file) ? TokensFile.read(file) : List.of();
        if (before.stream().anyMatch(one -> one.name().equals(entry.name()))) {
            throw refusal("%s has a token of %s already; revoke that one first, or give another name"
                    .formatted(file, entry.name()));
        }
        String text = Files.exists(file) ? text() : "";
        List<TokenEntry> wanted = new ArrayList<>(before);
        wanted.add(entry);
        write(text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + entry.yaml(), wanted);
    }

    /** Takes the token of that name away. */
    public void remove(String name) {
        List<TokensFile.Placed> before = TokensFile.placed(file);
        int index = before.stream().map(one -> one.entry().name()).toList().indexOf(name);
        if (index < 0) {
            throw refusal("%s has no token of %s; it has %s"
                    .formatted(
                            file,
                            name,
                            before.stream().map(one -> one.entry().name()).toList()));
        }
        List<String> lines = new ArrayList<>(text().lines().toList());
        int from = before.get(index).line() - 1;
        int to = index + 1 < before.size() ? before.get(index + 1).line() - 1 : lines.size();
        while (to > from + 1 && aside(lines.get(to - 1))) {
            to--;
        }
        lines.subList(from, to).clear();
        write(
                String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"),
                before.stream()
                        .map(TokensFile.Placed::entry)
                        .filter(one -> !one.name().equals(name))
                        .toList());
    }

    /** Comments and empty lines before the next token belong to that one. */
    private static boolean aside(String line) {
        return line.isBlank() || line.strip().startsWith("#");
    }

    private String text() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw refusal("%s cannot be read: %s".formatted(file, e));
        }
    }

    /** Writes beside it, reads that as the daemon will, and puts it in place only when it says what was wanted. */
    private void write(String text, List<TokenEntry> wanted) {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        Path fresh = directory.resolve(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, text, StandardOpenOption.WRITE);
            if (!says(fresh, wanted)) {
                Files.delete(fresh);
                throw refusal(
                        "%s is written in a way that cannot be changed from here; change it by hand".formatted(file));
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw refusal("%s cannot be written: %s".formatted(file, e));
        }
    }

    private static boolean says(Path fresh, List<TokenEntry> wanted) {
        try {
            return TokensFile.read(fresh).equals(wanted);
        } catch (ConfigurationException _) {
            return false;
        }
    }

    private RuntimeException refusal(String why) {
        return Fault.about(FaultCode.USAGE, file.toString(), why).asException();
    }
}
