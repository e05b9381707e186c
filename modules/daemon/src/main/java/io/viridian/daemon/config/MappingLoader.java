package io.viridian.daemon.config;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.SequenceName;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code mapping.yaml}. Names are meant as in SQL: unquoted ones fold to lower case, quoted ones keep theirs.
 * Whether tables and columns exist is for the planner, whether expressions mean something for PostgreSQL.
 */
public final class MappingLoader {
    private final MappingFile file;
    private final List<MappingSpec.Target> targets = new ArrayList<>();
    private final Set<TableName> tables = new HashSet<>();
    private final Map<SequenceName, List<SequenceName>> sequences = new LinkedHashMap<>();
    private final List<TablePattern> asIs = new ArrayList<>();
    private final List<TablePattern> ignore = new ArrayList<>();

    private MappingLoader(MappingFile file) {
        this.file = file;
    }

    /**
     * Reads the file; where there is none, {@link MappingSpec#everythingAsItIs()} is meant instead.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public static MappingSpec load(Path path) {
        Problems problems = new Problems();
        MappingSpec spec = new MappingLoader(new MappingFile(path, problems)).read();
        ConfigurationProblems found = problems.all();
        if (!found.isEmpty()) {
            throw found.asException();
        }
        return spec;
    }

    private MappingSpec read() {
        file.eachKnown(
                file.top(),
                "",
                Map.of(
                        "targets", entry -> file.eachNamed(entry, "targets", this::target),
                        "sequences", entry -> file.eachNamed(entry, "sequences", this::sequence),
                        "as-is", entry -> asIs.addAll(patterns(entry, "as-is")),
                        "ignore", entry -> ignore.addAll(patterns(entry, "ignore"))));
        return new MappingSpec(targets, sequences, asIs, ignore);
    }

    private void target(String path, YamlNode.Entry entry) {
        Optional<TableName> name = file.parsed(entry.key(), path, entry.line(), TableName::parse);
        if (name.isPresent() && !tables.add(name.get())) {
            file.refuse(path, entry.line(), "names the table " + name.get() + " a second time");
        }
        List<MappingSpec.Rule> rules = new ArrayList<>();
        List<MappingSpec.Derive> derive = new ArrayList<>();
        boolean known = file.eachKnown(
                entry.value(),
                path,
                Map.of(
                        "rules", given -> rules.addAll(rules(path + ".rules", given)),
                        "derive",
                                given -> new DeriveReader(file, path + ".derive")
                                        .read(given.value())
                                        .ifPresent(derive::add)));
        if (known && MappingFile.lacks(entry.value(), "rules") && MappingFile.lacks(entry.value(), "derive")) {
            file.refuse(path, entry.line(), "has no rules; say from which blue table its rows come");
        }
        if (known && !MappingFile.lacks(entry.value(), "rules") && !MappingFile.lacks(entry.value(), "derive")) {
            file.refuse(path, entry.line(), "has rules and derive; a table is filled by one or the other");
        }
        name.ifPresent(table ->
                targets.add(new MappingSpec.Target(table, rules, derive.stream().findFirst())));
    }

    private List<MappingSpec.Rule> rules(String path, YamlNode.Entry entry) {
        List<MappingSpec.Rule> rules = new ArrayList<>();
        if (!(entry.value() instanceof YamlNode.Sequence given)
                || given.elements().isEmpty()) {
            file.refuse(path, entry.line(), "must be a list with at least one rule, each beginning with - from:");
            return rules;
        }
        for (int index = 0; index < given.elements().size(); index++) {
            new RuleReader(file, path + "[" + index + "]")
                    .read(given.elements().get(index))
                    .ifPresent(rules::add);
        }
        return rules;
    }

    private void sequence(String path, YamlNode.Entry entry) {
        Optional<SequenceName> green = file.parsed(entry.key(), path, entry.line(), SequenceName::parse);
        List<SequenceName> blue = continued(path, entry);
        if (green.isPresent() && !blue.isEmpty() && sequences.put(green.get(), blue) != null) {
            file.refuse(path, entry.line(), "names the sequence " + green.get() + " a second time");
        }
    }

    private List<SequenceName> continued(String path, YamlNode.Entry entry) {
        List<YamlNode> given = entry.value() instanceof YamlNode.Sequence several
                        && !several.elements().isEmpty()
                ? several.elements()
                : List.of(entry.value());
        List<SequenceName> names = new ArrayList<>();
        for (YamlNode element : given) {
            if (element instanceof YamlNode.Scalar scalar && !scalar.absent()) {
                file.parsed(scalar.text(), path, scalar.line(), SequenceName::parse)
                        .filter(name -> !names.contains(name))
                        .ifPresent(names::add);
            } else {
                file.refuse(path, element.line(), "must be the name of a sequence, or a list of names");
            }
        }
        return names;
    }

    private List<TablePattern> patterns(YamlNode.Entry entry, String path) {
        List<YamlNode> given =
                entry.value() instanceof YamlNode.Sequence sequence ? sequence.elements() : List.of(entry.value());
        List<TablePattern> patterns = new ArrayList<>();
        for (YamlNode element : given) {
            if (element instanceof YamlNode.Scalar scalar && !scalar.absent()) {
                file.parsed(scalar.text(), path, scalar.line(), TablePattern::parse)
                        .ifPresent(patterns::add);
            } else {
                file.refuse(path, element.line(), "must be a list of schema.table, schema.* or *");
            }
        }
        return patterns;
    }
}
