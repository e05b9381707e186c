package io.viridian.daemon.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code http.tokens-file}: a list of who may call, each with name, role, SHA-256 and perhaps an end. */
public final class TokensFile {
    private static final String NAME = "name";
    private static final String ROLE = "role";
    private static final String DIGEST = "sha-256";
    private static final String EXPIRES = "expires";

    /** Every request is compared with all of them. */
    private static final int MOST = 1_000;

    private final Path file;
    private final Problems problems;
    private final MappingFile yaml;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, Integer> digests = new HashMap<>();

    private TokensFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.yaml = new MappingFile(file, problems);
    }

    /** One of them, and where it begins. */
    record Placed(TokenEntry entry, int line) {}

    /**
     * All of them, in the order of the file.
     *
     * @throws ConfigurationException with everything that is wrong with the file
     */
    public static List<TokenEntry> read(Path file) {
        return placed(file).stream().map(Placed::entry).toList();
    }

    static List<Placed> placed(Path file) {
        Problems problems = new Problems();
        List<Placed> entries = new TokensFile(file, problems).entries();
        if (!problems.all().isEmpty()) {
            throw problems.all().asException();
        }
        return entries;
    }

    private List<Placed> entries() {
        if (Files.isRegularFile(file) && PrivateFile.openToOthers(file)) {
            yaml.refuse("", 0, "others can read or write it, and so learn or say who may call; run chmod 600 " + file);
        }
        List<YamlNode> elements = YamlFile.list(file, file, problems)
                .map(YamlNode.Sequence::elements)
                .orElse(List.of());
        if (elements.size() > MOST) {
            yaml.refuse("", 0, "it has %d tokens, more than %d".formatted(elements.size(), MOST));
        }
        List<Placed> entries = new ArrayList<>();
        for (int index = 0; index < elements.size(); index++) {
            entry("[" + index + "]", elements.get(index)).ifPresent(entries::add);
        }
        return entries;
    }

    private Optional<Placed> entry(String path, YamlNode node) {
        Map<String, String> given = new HashMap<>();
        boolean known = yaml.eachKnown(
                node,
                path,
                Map.of(
                        NAME, entry -> keep(given, path, entry),
                        ROLE, entry -> keep(given, path, entry),
                        DIGEST, entry -> keep(given, path, entry),
                        EXPIRES, entry -> keep(given, path, entry)));
        for (String needed : List.of(NAME, ROLE, DIGEST)) {
            if (known && MappingFile.lacks(node, needed)) {
                yaml.refuse(path + "." + needed, node.line(), "is missing");
            }
        }
        int line = node.line();
        Optional<String> name = parsed(given, path, NAME, line, TokenEntry::demandName);
        Optional<Role> role = parsed(given, path, ROLE, line, Role::parse);
        Optional<String> digest = parsed(given, path, DIGEST, line, TokenEntry::demandDigest);
        Optional<Instant> expires = parsed(given, path, EXPIRES, line, TokensFile::instant);
        name.ifPresent(text -> demandNew(names, text, path + "." + NAME, line));
        digest.ifPresent(text -> demandNew(digests, text, path + "." + DIGEST, line));
        boolean whole = name.isPresent()
                && role.isPresent()
                && digest.isPresent()
                && expires.isPresent() == given.containsKey(EXPIRES);
        return whole
                ? Optional.of(new Placed(new TokenEntry(name.get(), role.get(), digest.get(), expires), line))
                : Optional.empty();
    }

    private void keep(Map<String, String> given, String path, YamlNode.Entry entry) {
        yaml.text(entry, path + "." + entry.key()).ifPresent(text -> given.put(entry.key(), text));
    }

    private <T> Optional<T> parsed(
            Map<String, String> given, String path, String key, int line, Function<String, T> parser) {
        return Optional.ofNullable(given.get(key)).flatMap(text -> yaml.parsed(text, path + "." + key, line, parser));
    }

    private void demandNew(Map<String, Integer> seen, String text, String path, int line) {
        Integer first = seen.putIfAbsent(text, line);
        if (first != null) {
            yaml.refuse(path, line, "is that of the token on line " + first + "; each has its own");
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a moment: it must be like 2026-12-01T02:00:00Z", e);
        }
    }
}
