package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** The ways in which {@code mapping.yaml} is walked and refused. */
final class MappingFile {
    private final Path file;
    private final Problems problems;

    MappingFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The whole file; nothing when it cannot be read, which has then been told. */
    YamlNode top() {
        return YamlFile.read(file, file, problems).orElseGet(() -> new YamlNode.Mapping(List.of(), 0));
    }

    /** Hands each entry of a section to whoever reads that key; answers whether it was a section. */
    boolean eachKnown(YamlNode node, String path, Map<String, Consumer<YamlNode.Entry>> readers) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            refuse(path, node.line(), "must be a section with " + words(readers.keySet()) + ", not " + node.kind());
            return false;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            Consumer<YamlNode.Entry> reader = readers.get(entry.key());
            if (reader == null) {
                String nearest = NearestKey.among(readers.keySet(), entry.key())
                        .map(name -> "; the nearest is '" + name + "'")
                        .orElse("");
                String at = path.isEmpty() ? entry.key() : path + "." + entry.key();
                refuse(at, entry.line(), "is not known" + nearest + "; there are " + words(readers.keySet()));
            } else {
                reader.accept(entry);
            }
        }
        return true;
    }

    /** Hands on each entry of a section whose keys are names of the user's, with its path. */
    void eachNamed(YamlNode.Entry section, String path, BiConsumer<String, YamlNode.Entry> reader) {
        if (section.value() instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> reader.accept(path + "." + entry.key(), entry));
        } else {
            refuse(
                    path,
                    section.line(),
                    "must be a section, not " + section.value().kind());
        }
    }

    /** A scalar of any kind as its text: {@code true} and {@code 1} are expressions as well. */
    Optional<String> text(YamlNode.Entry entry, String path) {
        if (entry.value() instanceof YamlNode.Scalar scalar
                && (!scalar.absent() || scalar.text().equals("null"))
                && !scalar.text().isBlank()) {
            return Optional.of(scalar.text().strip());
        }
        refuse(path, entry.line(), "must be a text, not " + entry.value().kind());
        return Optional.empty();
    }

    /** Reads a text, and tells why it is refused. */
    <T> Optional<T> parsed(String text, String path, int line, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException refused) {
            refuse(path, line, "is " + refused.getMessage());
            return Optional.empty();
        }
    }

    void refuse(String path, int line, String rule) {
        problems.add(Problem.at(new Origin.InFile(file, line), path).rule(rule));
    }

    void notYet(String path, int line, String instead) {
        problems.add(Problem.at(new Origin.InFile(file, line), path).notYet(instead));
    }

    static Optional<YamlNode.Entry> entry(YamlNode node, String key) {
        return node instanceof YamlNode.Mapping mapping
                ? mapping.entries().stream()
                        .filter(entry -> entry.key().equals(key))
                        .findFirst()
                : Optional.empty();
    }

    static boolean lacks(YamlNode node, String key) {
        return entry(node, key).isEmpty();
    }

    private static String words(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}
