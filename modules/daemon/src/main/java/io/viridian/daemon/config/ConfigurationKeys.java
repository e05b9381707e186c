package io.viridian.daemon.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every key there is, in the order of the file. Parsing, refusals, {@code config show}, the reference page, the example
 * file and the JSON Schema all read this list, so a key added here is added everywhere.
 */
public final class ConfigurationKeys {
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final List<ConfigurationKey<?>> ALL = all();
    private static final Map<String, ConfigurationKey<?>> BY_PATH = byPath();
    private static final Set<String> SECTIONS = sections();

    /** Lists whose elements are sections with one name each, and the names they may have. */
    private static final Map<String, List<String>> VARIANTS = Map.of(
            TrafficKeys.LIST, List.of("pgbouncer", "haproxy", "file", "exec", "webhook", "dns", "clients"),
            HookKeys.LIST, List.of("exec", "http"),
            NotifyKeys.LIST, List.of("webhook"));

    private ConfigurationKeys() {}

    /** All keys, those inside lists with {@code []} for the number. */
    public static List<ConfigurationKey<?>> list() {
        return ALL;
    }

    static Optional<ConfigurationKey<?>> find(String path) {
        return Optional.ofNullable(BY_PATH.get(pattern(path)));
    }

    /** All keys inside a section. */
    static List<ConfigurationKey<?>> below(String section) {
        return ALL.stream()
                .filter(key -> key.path().startsWith(pattern(section) + "."))
                .toList();
    }

    static boolean isSection(String path) {
        return SECTIONS.contains(pattern(path));
    }

    /** Lists of sections. */
    static Set<String> lists() {
        return VARIANTS.keySet();
    }

    /** The names an element of this list may have; empty when the path is no list of sections. */
    static List<String> variants(String path) {
        return VARIANTS.getOrDefault(pattern(path), List.of());
    }

    /** The names that may stand directly below a section. */
    static List<String> children(String section) {
        String prefix = section.isEmpty() ? "" : pattern(section) + ".";
        Collection<String> names = new LinkedHashSet<>();
        for (ConfigurationKey<?> key : ALL) {
            if (key.path().startsWith(prefix)) {
                names.add(key.path().substring(prefix.length()).split("[.\\[]", 2)[0]);
            }
        }
        return List.copyOf(names);
    }

    /** The known path that was most likely meant: a sibling, the same name elsewhere, or the nearest of all. */
    static Optional<String> nearest(String path) {
        String given = pattern(path);
        int dot = given.lastIndexOf('.');
        String section = given.substring(0, Math.max(dot, 0));
        String name = given.substring(dot + 1);
        Optional<String> sibling = NearestKey.among(children(section), name);
        if (sibling.isPresent()) {
            return sibling.map(found -> section.isEmpty() ? found : section + "." + found);
        }
        Optional<String> elsewhere = BY_PATH.keySet().stream()
                .filter(known -> known.endsWith("." + name))
                .findFirst();
        return elsewhere.or(() -> NearestKey.among(BY_PATH.keySet(), given));
    }

    static String pattern(String path) {
        return INDEX.matcher(path).replaceAll("[]");
    }

    private static List<ConfigurationKey<?>> all() {
        return Stream.of(
                        List.of(MigrationKeys.MIGRATION),
                        ConnectionKeys.BLUE.all(),
                        ConnectionKeys.GREEN.all(),
                        ConnectionKeys.JOURNAL.all(),
                        TableKeys.ALL,
                        SchemaKeys.ALL,
                        List.of(MigrationKeys.MAPPING),
                        CaptureKeys.ALL,
                        BackfillKeys.ALL,
                        ApplyKeys.ALL,
                        VerifyKeys.ALL,
                        ProtectBlueKeys.ALL,
                        ProtectGreenKeys.ALL,
                        CutoverKeys.ALL,
                        TrafficKeys.ALL,
                        HookKeys.ALL,
                        HealthKeys.ALL,
                        ReverseKeys.ALL,
                        LegacyKeys.ALL,
                        HttpKeys.ALL,
                        NotifyKeys.ALL,
                        List.of(MigrationKeys.STATE_DIR))
                .<ConfigurationKey<?>>flatMap(List::stream)
                .toList();
    }

    private static Map<String, ConfigurationKey<?>> byPath() {
        Map<String, ConfigurationKey<?>> keys = new LinkedHashMap<>();
        ALL.forEach(key -> keys.put(key.path(), key));
        return keys;
    }

    private static Set<String> sections() {
        Set<String> sections = new LinkedHashSet<>();
        sections.add("cutover.traffic[].clients");
        for (ConfigurationKey<?> key : ALL) {
            List<String> names = new ArrayList<>(List.of(key.path().split("\\.", -1)));
            while (names.size() > 1) {
                names.removeLast();
                sections.add(String.join(".", names));
            }
        }
        return sections;
    }
}
