package io.viridian.tidy.mutant;

import io.viridian.tidy.source.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A deliberate bug: a unified diff under a header that says what the bug is, and which test must notice it. */
record Mutant(String name, String text) {
    static final String FOLDER = "modules/tidy/mutants";

    private static final String SUFFIX = ".patch";
    private static final String FILE = "--- a/";

    /** A place that the diff changes: where, and the lines as they are before. */
    record Hunk(String file, String before) {}

    static List<Mutant> in(Checkout checkout) {
        try (Stream<Path> files = Files.list(checkout.root().resolve(FOLDER))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .sorted()
                    .map(file -> new Mutant(
                            file.substring(0, file.length() - SUFFIX.length()), checkout.read(FOLDER + "/" + file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the header says under a name; empty when it does not. */
    String header(String title) {
        return text.lines()
                .takeWhile(line -> !line.startsWith(FILE))
                .filter(line -> line.startsWith(title + ": "))
                .map(line -> line.substring(title.length() + 2))
                .findFirst()
                .orElse("");
    }

    List<Hunk> hunks() {
        List<Hunk> hunks = new ArrayList<>();
        String file = "";
        StringBuilder before = new StringBuilder();
        for (String line : text.lines().toList()) {
            boolean boundary = line.startsWith(FILE) || line.startsWith("@@");
            if (boundary && !before.isEmpty()) {
                hunks.add(new Hunk(file, before.toString()));
                before.setLength(0);
            }
            if (line.startsWith(FILE)) {
                file = line.substring(FILE.length());
            } else if (!file.isEmpty() && (line.startsWith(" ") || line.startsWith("-"))) {
                before.append(line.substring(1)).append('\n');
            }
        }
        hunks.add(new Hunk(file, before.toString()));
        return hunks;
    }
}
