package io.viridian.verification;

import io.viridian.plan.Derivation;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The two images of a derived target: what its query makes of the source's tables, and what the target holds. */
final class DerivedImages implements KeyedImages {
    private final Derivation derivation;
    private final ServerFacts source;
    private final ServerFacts target;
    private final List<Image.Column> columns = new ArrayList<>();

    DerivedImages(Derivation derivation, ServerFacts source, ServerFacts target) {
        this.derivation = derivation;
        this.source = source;
        this.target = target;
        for (TargetColumn column : derivation.columns()) {
            columns.add(new Image.Column(columns.size(), column.name(), column.type()));
        }
    }

    Image source() {
        return image("select " + sourceList() + " from (" + derivation.query() + "\n) as q");
    }

    Image target() {
        return image("select " + targetList() + " from " + target.relation(derivation.target()) + " as t");
    }

    /** Only the rows with these keys of the target. */
    @Override
    public Image source(KeyBatch keys) {
        return image("select " + sourceList() + " from (select " + given(keys, source) + ") as k cross join lateral"
                + " (select * from (" + derivation.query() + "\n) as q where " + matches("q") + ") as q");
    }

    /** Only the rows with these keys. */
    @Override
    public Image target(KeyBatch keys) {
        return image("select " + targetList() + " from " + target.relation(derivation.target()) + " as t join (select "
                + given(keys, target) + ") as k on " + matches("t"));
    }

    private String given(KeyBatch keys, ServerFacts side) {
        List<TargetColumn> key = derivation.keyColumns();
        List<String> given = new ArrayList<>();
        for (int index = 0; index < key.size(); index++) {
            given.add(side.cast(keys.column(index), key.get(index).type()) + " as k" + index);
        }
        return String.join(", ", given) + " from " + keys.relation();
    }

    private String matches(String rows) {
        List<TargetColumn> key = derivation.keyColumns();
        List<String> same = new ArrayList<>();
        for (int index = 0; index < key.size(); index++) {
            same.add(rows + "." + Sql.identifier(key.get(index).name()) + " = k.k" + index);
        }
        return String.join(" and ", same);
    }

    private String sourceList() {
        List<String> list = new ArrayList<>();
        for (int index = 0; index < columns.size(); index++) {
            list.add(source.stored(derivation.columns().get(index)) + " as "
                    + columns.get(index).sql());
        }
        return String.join(", ", list);
    }

    private String targetList() {
        return columns.stream()
                .map(column -> "t." + Sql.identifier(column.name()) + " as " + column.sql())
                .collect(Collectors.joining(", "));
    }

    private Image image(String sql) {
        List<Image.Column> key = derivation.into().key().stream()
                .map(name -> columns.stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
        return new Image(sql, columns, key);
    }
}
