package io.viridian.daemon.config;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one rule of a target. Used once. */
final class RuleReader {
    private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".]+)";
    private static final Pattern FROM =
            Pattern.compile("(" + NAME + "(?:\\." + NAME + ")?)(?:\\s+(?:[aA][sS]\\s+)?(" + NAME + "))?");

    private final MappingFile file;
    private final String path;
    private Optional<Source> source = Optional.empty();
    private Optional<String> where = Optional.empty();
    private Optional<String> expand = Optional.empty();
    private Optional<String> owns = Optional.empty();
    private final List<MappingSpec.Assignment> columns = new ArrayList<>();
    private final List<MappingSpec.Assignment> inverse = new ArrayList<>();

    /** The blue table and what the expressions call its row. */
    private record Source(TableName table, String alias) {}

    RuleReader(MappingFile file, String path) {
        this.file = file;
        this.path = path;
    }

    /** Empty when something is wrong, which has then been told. */
    Optional<MappingSpec.Rule> read(YamlNode node) {
        boolean known = file.eachKnown(
                node,
                path,
                Map.of(
                        "from", this::from,
                        "where", entry -> where = file.text(entry, path + ".where"),
                        "columns", entry -> assignments(entry, path + ".columns", columns),
                        "inverse", _ -> {},
                        "expand", entry -> expand = file.text(entry, path + ".expand"),
                        "owns", entry -> owns = file.text(entry, path + ".owns")));
        if (!known) {
            return Optional.empty();
        }
        if (MappingFile.lacks(node, "from")) {
            file.refuse(path, node.line(), "has no from; name the blue table, like from: public.items i");
        }
        if (hasNoColumns(node)) {
            file.refuse(path, node.line(), "has no columns; say what feeds each column, like id: i.id");
        }
        // Read last, because it must name the table that from names, wherever that stands.
        MappingFile.entry(node, "inverse").ifPresent(entry -> file.eachNamed(entry, path + ".inverse", this::inverse));
        return source.map(
                found -> new MappingSpec.Rule(found.table(), found.alias(), where, expand, columns, inverse, owns));
    }

    private static boolean hasNoColumns(YamlNode rule) {
        return MappingFile.entry(rule, "columns")
                .map(entry -> entry.value() instanceof YamlNode.Mapping mapping
                        && mapping.entries().isEmpty())
                .orElse(true);
    }

    private void from(YamlNode.Entry entry) {
        String at = path + ".from";
        source = file.text(entry, at).flatMap(text -> file.parsed(text, at, entry.line(), RuleReader::source));
    }

    private static Source source(String text) {
        Matcher matcher = FROM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a table with an alias: '" + text + "' (expected schema.table alias)");
        }
        TableName table = TableName.parse(matcher.group(1));
        String alias = matcher.group(2) == null ? table.name() : identifier(matcher.group(2));
        return new Source(table, alias);
    }

    private void inverse(String at, YamlNode.Entry entry) {
        Optional<TableName> table = file.parsed(entry.key(), at, entry.line(), TableName::parse);
        boolean foreign = table.isPresent()
                && source.isPresent()
                && !table.get().equals(source.get().table());
        if (foreign) {
            file.refuse(
                    at,
                    entry.line(),
                    "must name the rule's own table, " + source.get().table());
        }
        assignments(entry, at, inverse);
    }

    private void assignments(YamlNode.Entry section, String at, List<MappingSpec.Assignment> into) {
        new AssignmentReader(file).read(section, at, into);
    }

    /** One SQL name. The schema in front of it makes a second dot the mistake it is. */
    static String identifier(String text) {
        try {
            return TableName.parse("public." + text).name();
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("not a single name: '" + text + "'");
        }
    }
}
