package io.viridian.daemon.config;

import io.viridian.plan.MappingSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads columns with the expressions that feed them. */
final class AssignmentReader {
    private final MappingFile file;

    AssignmentReader(MappingFile file) {
        this.file = file;
    }

    /** Adds them in the author's order; what is wrong with one is told. */
    void read(YamlNode.Entry section, String at, List<MappingSpec.Assignment> into) {
        Set<String> seen = new HashSet<>();
        file.eachNamed(section, at, (path, entry) -> {
            Optional<String> column = file.parsed(entry.key(), path, entry.line(), RuleReader::identifier);
            Optional<String> expression = file.text(entry, path);
            if (column.isPresent() && !seen.add(column.get())) {
                file.refuse(path, entry.line(), "names the column " + column.get() + " a second time");
            } else if (column.isPresent() && expression.isPresent()) {
                into.add(new MappingSpec.Assignment(column.get(), expression.get()));
            }
        });
    }
}
