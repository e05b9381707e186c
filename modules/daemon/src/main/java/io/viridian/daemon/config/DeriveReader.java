package io.viridian.daemon.config;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the query of a derived target. Used once. */
final class DeriveReader {
    private final MappingFile file;
    private final String path;
    private final List<String> key = new ArrayList<>();
    private Optional<String> query = Optional.empty();
    private final Map<TableName, String> affected = new HashMap<>();
    private final List<MappingSpec.Back> inverse = new ArrayList<>();

    DeriveReader(MappingFile file, String path) {
        this.file = file;
        this.path = path;
    }

    /** Empty when something is wrong, which has then been told. */
    Optional<MappingSpec.Derive> read(YamlNode node) {
        boolean known = file.eachKnown(
                node,
                path,
                Map.of(
                        "key", this::key,
                        "query", entry -> query = file.text(entry, path + ".query"),
                        "affected", entry -> file.eachNamed(entry, path + ".affected", this::affected),
                        "inverse", entry -> file.eachNamed(entry, path + ".inverse", this::inverse)));
        if (!known) {
            return Optional.empty();
        }
        if (MappingFile.lacks(node, "key")) {
            file.refuse(path, node.line(), "has no key; list the columns that name a row, like key: [order_id]");
        }
        if (MappingFile.lacks(node, "query")) {
            file.refuse(path, node.line(), "has no query; write what fills the table, like query: select …");
        }
        return query.filter(_ -> !key.isEmpty()).map(sql -> new MappingSpec.Derive(key, sql, affected, inverse));
    }

    private void key(YamlNode.Entry entry) {
        List<YamlNode> given =
                entry.value() instanceof YamlNode.Sequence sequence ? sequence.elements() : List.of(entry.value());
        for (YamlNode element : given) {
            if (element instanceof YamlNode.Scalar scalar && !scalar.absent()) {
                file.parsed(scalar.text(), path + ".key", scalar.line(), RuleReader::identifier)
                        .ifPresent(key::add);
            } else {
                file.refuse(path + ".key", element.line(), "must be a list of columns");
            }
        }
    }

    private void inverse(String at, YamlNode.Entry entry) {
        Optional<TableName> table = file.parsed(entry.key(), at, entry.line(), TableName::parse);
        List<String> where = new ArrayList<>();
        List<MappingSpec.Assignment> columns = new ArrayList<>();
        boolean known = file.eachKnown(
                entry.value(),
                at,
                Map.of(
                        "where", one -> file.text(one, at + ".where").ifPresent(where::add),
                        "columns", one -> new AssignmentReader(file).read(one, at + ".columns", columns)));
        if (!known || table.isEmpty()) {
            return;
        }
        if (columns.isEmpty()) {
            file.refuse(at, entry.line(), "has no columns; say what each column is on the way back, like id: t.id");
        } else if (inverse.stream().anyMatch(one -> one.into().equals(table.get()))) {
            file.refuse(at, entry.line(), "names the table " + table.get() + " a second time");
        } else {
            inverse.add(new MappingSpec.Back(table.get(), where.stream().findFirst(), columns));
        }
    }

    private void affected(String at, YamlNode.Entry entry) {
        Optional<TableName> table = file.parsed(entry.key(), at, entry.line(), TableName::parse);
        Optional<String> sql = file.text(entry, at);
        if (table.isPresent() && sql.isPresent() && affected.put(table.get(), sql.get()) != null) {
            file.refuse(at, entry.line(), "names the table " + table.get() + " a second time");
        }
    }
}
