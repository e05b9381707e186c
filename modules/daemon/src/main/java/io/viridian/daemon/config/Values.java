package io.viridian.daemon.config;

import io.viridian.fault.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Every given value read by its key's type. What cannot be read is a problem, and its section is not built. */
final class Values {
    private final ConfigurationSources sources;
    private final References references;
    private final GivenValues given;
    private final Problems problems;
    private final Map<String, Object> read = new HashMap<>();
    private final Set<String> failed = new HashSet<>();

    Values(ConfigurationSources sources, GivenValues given, Problems problems) {
        this.sources = sources;
        this.references = new References(sources.environment());
        this.given = given;
        this.problems = problems;
        given.all().forEach(value -> read(value, value.key()));
    }

    /** The value given, or the default; the key must have one or the other. */
    <T> T get(ConfigurationKey<T> key) {
        return get(key, key.path());
    }

    <T> T get(ConfigurationKey<T> key, String path) {
        return find(key, path).orElseThrow(() -> Invariant.broken(path + " has no value"));
    }

    <T> Optional<T> find(ConfigurationKey<T> key) {
        return find(key, key.path());
    }

    @SuppressWarnings("unchecked")
    <T> Optional<T> find(ConfigurationKey<T> key, String path) {
        Optional<T> value = Optional.ofNullable((T) read.get(path));
        return value.isPresent() || !(key.presence() instanceof Presence.Defaulted<T> defaulted)
                ? value
                : Optional.of(defaulted.value());
    }

    boolean isGiven(ConfigurationKey<?> key) {
        return given.find(key.path()).isPresent();
    }

    /** Whether a file or a flag, which others can read, holds the value itself instead of a reference. */
    boolean writtenOut(ConfigurationKey<?> key) {
        return given.find(key.path())
                .filter(value -> !(value.origin() instanceof Origin.Environment))
                .filter(value -> !(value.node() instanceof YamlNode.Scalar scalar && References.isWhole(scalar.text())))
                .isPresent();
    }

    Origin origin(String path) {
        return given.find(path).map(GivenValue::origin).orElse(fileAsAWhole());
    }

    /** Whether everything in the section could be read; elements of a list inside it are sections of their own. */
    boolean sound(String section) {
        return failed.stream()
                .filter(path -> path.startsWith(section + "."))
                .noneMatch(path -> path.indexOf('[', section.length()) < 0);
    }

    boolean allSound() {
        return failed.isEmpty();
    }

    /** Builds a section if all its values are sound, and tells what its record refuses. */
    <T> Optional<T> section(String path, Supplier<T> build) {
        if (!sound(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(build.get());
        } catch (InvalidSettings refused) {
            for (InvalidSettings.Violation violation : refused.violations()) {
                String pattern = violation.key().path();
                String inside =
                        pattern.substring(ConfigurationKeys.pattern(path).length());
                refuse(violation.key(), path + inside, violation.rule());
            }
            return Optional.empty();
        }
    }

    /** Tells that a required key is missing; answers whether it was there. */
    boolean present(ConfigurationKey<?> key, String path, Origin near) {
        if (given.find(path).isPresent()) {
            return true;
        }
        problems.add(Problem.at(near, path).rule("is missing").example(key.example()));
        failed.add(path);
        return false;
    }

    Origin fileAsAWhole() {
        return sources.file().<Origin>map(file -> new Origin.InFile(file, 0)).orElseGet(Origin.Default::new);
    }

    void refuse(ConfigurationKey<?> key, String path, String rule) {
        Problem problem = Problem.at(origin(path), path).rule(rule);
        Optional<String> text = given.find(path).map(value -> shown(value));
        problems.add(text.map(problem::given).orElse(problem).example(key.example()));
        failed.add(path);
    }

    /** A given value as text, secrets masked and references left as they were written. */
    static String shown(GivenValue value) {
        return switch (value.node()) {
            case YamlNode.Scalar scalar -> mask(value.key().type(), scalar.text());
            case YamlNode.Sequence sequence ->
                sequence.elements().stream()
                        .map(element -> element instanceof YamlNode.Scalar scalar
                                ? mask(value.key().type(), scalar.text())
                                : "…")
                        .toList()
                        .toString();
            case YamlNode.Mapping _ -> "{…}";
        };
    }

    private static String mask(KeyType<?> type, String text) {
        if (References.isWhole(text)) {
            return text;
        }
        return switch (type) {
            case ScalarType<?> scalar -> scalar.mask().apply(text);
            case ListType<?> list -> list.element().mask().apply(text);
        };
    }

    private <T> void read(GivenValue value, ConfigurationKey<T> key) {
        try {
            T parsed = parse(key.type(), value);
            read.put(value.path(), parsed);
            key.notYet()
                    .filter(notYet -> notYet.applies().test(parsed))
                    .ifPresent(notYet -> problems.add(Problem.at(value.origin(), value.path())
                            .given(shown(value))
                            .notYet(notYet.instead())));
        } catch (IllegalArgumentException refused) {
            refuse(key, value.path(), because(refused) + "must be " + key.type().rule());
        }
    }

    /** The cast holds because a list type is a type of lists of its element. */
    @SuppressWarnings("unchecked")
    private <T> T parse(KeyType<T> type, GivenValue value) {
        return switch (type) {
            case ScalarType<T> scalar -> scalar(scalar, value, value.node());
            case ListType<?> list -> (T) list(list, value);
        };
    }

    private static String because(IllegalArgumentException refused) {
        String reason = refused.getMessage();
        return reason == null ? "" : "is refused (" + reason + "): it ";
    }

    private <E> List<E> list(ListType<E> type, GivenValue value) {
        List<E> elements = new ArrayList<>();
        elements(value).forEach(element -> elements.add(scalar(type.element(), value, element)));
        return elements;
    }

    private static List<YamlNode> elements(GivenValue value) {
        if (value.node() instanceof YamlNode.Sequence sequence) {
            return sequence.elements();
        }
        if (value.node() instanceof YamlNode.Scalar scalar && !(value.origin() instanceof Origin.InFile)) {
            return Arrays.stream(scalar.text().split(",", -1))
                    .filter(_ -> !scalar.text().isBlank())
                    .<YamlNode>map(part -> new YamlNode.Scalar(part.strip(), false, 0))
                    .toList();
        }
        throw new IllegalArgumentException(value.node().kind() + " is given");
    }

    private <T> T scalar(ScalarType<T> type, GivenValue value, YamlNode node) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.absent()) {
            throw new IllegalArgumentException(node.kind() + " is given");
        }
        Place place = sources.place(value.origin());
        return type.parse(references.resolve(scalar.text(), place, type.embedding()), place);
    }
}
