package io.viridian.replication.canary;

import io.viridian.feed.Tuple;
import io.viridian.plan.RowKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.apply.SliceWriter;
import io.viridian.replication.apply.SourceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row as either side has it, and one side's put in the place of the other's, through the mapping. One thread. */
final class OneRow {
    private final RowKey row;
    private final RowPair pair;

    OneRow(RowKey row, RowPair pair) {
        this.row = row;
        this.pair = pair;
    }

    /** All its columns as JSON; empty when it is not there. */
    Optional<String> image(Session session) {
        Side side = session.side();
        return session.first(
                "select to_jsonb(t)::text from " + pair.on(side).sql() + " t where " + condition(side),
                found -> found.text(1),
                row.key().toArray());
    }

    private String condition(Side side) {
        List<String> conditions = new ArrayList<>();
        for (String name : pair.key(side)) {
            conditions.add("t." + Sql.identifier(name) + " = (?::text)::"
                    + pair.type(side, name).sql());
        }
        return String.join(" and ", conditions);
    }

    /**
     * Puts it in the place of the other side's.
     *
     * @param layout how the change stream of the side that it is read on gives it
     */
    void carry(Session from, Session into, SourceLayout layout) {
        List<String> columns = layout.source().columns().stream()
                .map(column -> "t." + Sql.identifier(column.name()) + "::text")
                .toList();
        Optional<Tuple> found = from.first(
                "select " + String.join(", ", columns) + " from "
                        + pair.on(from.side()).sql() + " t where " + condition(from.side()),
                one -> {
                    @Nullable String[] values = new @Nullable String[columns.size()];
                    for (int index = 0; index < values.length; index++) {
                        values[index] = one.nullableText(index + 1);
                    }
                    return new Tuple(values);
                },
                row.key().toArray());
        Slice slice = new Slice();
        slice.add(found.<RowChange>map(whole -> new RowChange.Insert(layout, layout.key(whole), whole))
                .orElseGet(() -> gone(layout, from.side())));
        new SliceWriter(into, false, (source, key) -> Optional.empty()).write(slice);
    }

    /** Takes it away, before it comes as the other side has it. */
    void remove(Session from, Session into, SourceLayout layout) {
        Slice slice = new Slice();
        slice.add(gone(layout, from.side()));
        new SliceWriter(into, false, (source, key) -> Optional.empty()).write(slice);
    }

    private RowChange gone(SourceLayout layout, Side from) {
        @Nullable
        String[] values = new @Nullable String[layout.source().columns().size()];
        for (int part = 0; part < row.key().size(); part++) {
            values[layout.source().index(pair.key(from).get(part))] = row.key().get(part);
        }
        Tuple old = new Tuple(values);
        return new RowChange.Delete(layout, layout.key(old), old);
    }
}
