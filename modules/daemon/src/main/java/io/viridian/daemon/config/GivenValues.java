package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gathers what file, environment and flags say about which key, and refuses what is no key. */
final class GivenValues {
    /** Variables about the process and its tests, not about the migration; read elsewhere. */
    static final List<String> PROCESS_VARIABLES = List.of(
            "VIRIDIAN_CRASH_AT", "VIRIDIAN_FREEZE_AT", "VIRIDIAN_HOME", "VIRIDIAN_JAVA_OPTS", "VIRIDIAN_LOG_LEVEL");

    private static final String VARIABLE_PREFIX = "VIRIDIAN_";
    private static final String TEST_PREFIX = "VIRIDIAN_TEST_";

    private final Problems problems;
    private final Map<String, GivenValue> values = new LinkedHashMap<>();
    private final Map<String, List<GivenElement>> elements = new LinkedHashMap<>();
    private boolean readable = true;

    private GivenValues(Problems problems) {
        this.problems = problems;
    }

    static GivenValues gather(ConfigurationSources sources, Problems problems) {
        GivenValues given = new GivenValues(problems);
        sources.file().ifPresent(file -> given.readFile(file, sources.workingDirectory()));
        given.readEnvironment(sources.environment());
        given.readFlags(sources.flags());
        return given;
    }

    /** False when there is a file that could not be read: then nobody knows what is missing. */
    boolean readable() {
        return readable;
    }

    Optional<GivenValue> find(String path) {
        return Optional.ofNullable(values.get(path));
    }

    List<GivenElement> elements(String list) {
        return elements.getOrDefault(list, List.of());
    }

    List<GivenValue> all() {
        return List.copyOf(values.values());
    }

    /** Refusals show the file as the operator named it. */
    private void readFile(Path file, Path workingDirectory) {
        Optional<YamlNode.Mapping> top = YamlFile.read(workingDirectory.resolve(file), file, problems);
        readable = top.isPresent();
        top.ifPresent(mapping -> readSection(file, "", mapping));
    }

    private void readSection(Path file, String section, YamlNode.Mapping mapping) {
        for (YamlNode.Entry entry : mapping.entries()) {
            String path = section.isEmpty() ? entry.key() : section + "." + entry.key();
            if (entry.key().contains(".") || entry.key().contains("[")) {
                // Two spellings of one key would be two values for it.
                problems.add(Problem.at(new Origin.InFile(file, entry.line()), path)
                        .rule("is not known; sections are nested, with one name per line"));
            } else {
                readEntry(file, path, entry);
            }
        }
    }

    private void readEntry(Path file, String path, YamlNode.Entry entry) {
        Origin origin = new Origin.InFile(file, entry.line());
        Optional<ConfigurationKey<?>> key = ConfigurationKeys.find(path);
        if (key.isPresent()) {
            values.put(path, new GivenValue(path, key.get(), entry.value(), origin));
        } else if (!ConfigurationKeys.variants(path).isEmpty()) {
            readElements(file, path, entry.value(), origin);
        } else if (ConfigurationKeys.isSection(path)) {
            readSubsection(file, path, entry.value(), origin);
        } else {
            problems.add(unknown(origin, path));
        }
    }

    private void readSubsection(Path file, String path, YamlNode value, Origin origin) {
        if (value instanceof YamlNode.Mapping mapping) {
            readSection(file, path, mapping);
        } else if (!(value instanceof YamlNode.Scalar scalar && scalar.absent())) {
            List<String> names = ConfigurationKeys.children(path);
            problems.add(Problem.at(origin, path)
                    .rule("is a section" + (names.isEmpty() ? "" : " with the keys " + String.join(", ", names))
                            + ", but " + value.kind() + " is given"));
        }
    }

    private void readElements(Path file, String path, YamlNode value, Origin origin) {
        if (!(value instanceof YamlNode.Sequence sequence)) {
            if (!(value instanceof YamlNode.Scalar scalar && scalar.absent())) {
                problems.add(Problem.at(origin, path).rule("must be a list, but " + value.kind() + " is given"));
            }
            return;
        }
        for (int index = 0; index < sequence.elements().size(); index++) {
            readElement(file, path, index, sequence.elements().get(index));
        }
    }

    private void readElement(Path file, String list, int index, YamlNode element) {
        String path = list + "[" + index + "]";
        Origin origin = new Origin.InFile(file, element.line());
        List<String> variants = ConfigurationKeys.variants(list);
        if (!(element instanceof YamlNode.Mapping mapping) || mapping.entries().size() != 1) {
            problems.add(Problem.at(origin, path).rule("must be one section named " + String.join(", ", variants)));
            return;
        }
        YamlNode.Entry entry = mapping.entries().getFirst();
        if (!variants.contains(entry.key())) {
            problems.add(Problem.at(origin, path + "." + entry.key())
                    .rule("is not known" + nearestAmong(variants, entry.key()) + "; there are "
                            + String.join(", ", variants)));
            return;
        }
        String inside = path + "." + entry.key();
        elements.computeIfAbsent(list, _ -> new ArrayList<>()).add(new GivenElement(inside, entry.key(), origin));
        readSubsection(file, inside, entry.value(), origin);
    }

    private static String nearestAmong(List<String> names, String given) {
        return NearestKey.among(names, given)
                .map(name -> "; the nearest is '" + name + "'")
                .orElse("");
    }

    private void readEnvironment(Map<String, String> environment) {
        Map<String, ConfigurationKey<?>> keys = ConfigurationKeys.list().stream()
                .filter(key -> !key.insideList())
                .collect(Collectors.toMap(ConfigurationKey::variable, key -> key));
        environment.keySet().stream()
                .filter(name -> name.startsWith(VARIABLE_PREFIX))
                .filter(name -> !PROCESS_VARIABLES.contains(name) && !name.startsWith(TEST_PREFIX))
                .sorted()
                .forEach(name -> readVariable(keys, name, environment.getOrDefault(name, "")));
    }

    private void readVariable(Map<String, ConfigurationKey<?>> keys, String name, String text) {
        Origin origin = new Origin.Environment(name);
        Optional<String> list = ConfigurationKeys.lists().stream()
                .filter(path -> ConfigurationKey.variable(path).equals(name))
                .findFirst();
        ConfigurationKey<?> key = keys.get(name);
        if (key != null) {
            put(key, text, origin);
        } else if (list.isPresent()) {
            problems.add(onlyInTheFile(origin, list.get()));
        } else {
            problems.add(Problem.at(origin, "").rule("no key is called so" + nearestVariable(keys, name)));
        }
    }

    private static String nearestVariable(Map<String, ConfigurationKey<?>> keys, String name) {
        return NearestKey.among(keys.keySet(), name)
                .map(nearest -> "; the nearest is " + nearest)
                .orElse("");
    }

    private void readFlags(Map<String, String> flags) {
        flags.forEach((path, text) -> {
            Origin origin = new Origin.Flag();
            Optional<ConfigurationKey<?>> key = ConfigurationKeys.find(path).filter(known -> !known.insideList());
            key.ifPresentOrElse(
                    known -> put(known, text, origin),
                    () -> problems.add(
                            ConfigurationKeys.variants(path).isEmpty()
                                    ? unknown(origin, path)
                                    : onlyInTheFile(origin, path)));
        });
    }

    private void put(ConfigurationKey<?> key, String text, Origin origin) {
        values.put(key.path(), new GivenValue(key.path(), key, new YamlNode.Scalar(text, false, 0), origin));
    }

    private static Problem onlyInTheFile(Origin origin, String path) {
        return Problem.at(origin, path).rule("can be set only in the file");
    }

    private static Problem unknown(Origin origin, String path) {
        return Problem.at(origin, path)
                .rule("is not known"
                        + ConfigurationKeys.nearest(path)
                                .map(nearest -> "; the nearest key is " + nearest)
                                .orElse(""));
    }
}
