package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.plan.TypeName;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.SourceLayout;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Turns the stream's row changes into changes of planned tables. Lane thread only. */
final class ChangeReader {
    private final Map<TableName, SourceLayout> layouts;

    private final Map<TypeName, Long> types;

    ChangeReader(Collection<Route> routes, Map<TypeName, Long> types) {
        this.types = types;
        this.layouts = SourceLayout.of(routes);
    }

    /**
     * The stream describes a table: it must be as the plan knows it. The leaves of a partitioned table are described
     * too, although their rows come as rows of the root.
     */
    void described(Change.SourceTable table) {
        SourceLayout layout = layouts.get(table.name());
        if (layout != null) {
            layout.require(table, types);
        }
    }

    /** Whether a plan's route reads it. */
    boolean knows(Change.SourceTable table) {
        return layouts.containsKey(table.name());
    }

    SourceLayout layout(TableName table) {
        SourceLayout layout = layouts.get(table);
        if (layout == null) {
            throw Fault.about(
                            FaultCode.STREAM_UNEXPECTED,
                            table.toString(),
                            "the stream carries " + table + ", which is not part of the plan")
                    .asException();
        }
        return layout;
    }

    RowChange insert(Change.Insert change) {
        SourceLayout layout = layout(change.table().name());
        return new RowChange.Insert(layout, layout.key(change.row()), change.row());
    }

    RowChange delete(Change.Delete change) {
        SourceLayout layout = layout(change.table().name());
        return new RowChange.Delete(layout, layout.key(change.old()), change.old());
    }

    RowChange update(Change.Update change) {
        SourceLayout layout = layout(change.table().name());
        Tuple old = change.old();
        boolean full = change.table().identity() == 'f';
        Tuple row = full && old != null ? change.row().over(old) : layout.withKey(change.row(), old);
        List<String> key = layout.key(row);
        List<String> before = old == null ? key : layout.key(old);
        return new RowChange.Update(layout, before, key, row, full ? old : null);
    }
}
