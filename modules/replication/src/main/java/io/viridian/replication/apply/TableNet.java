package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The net effect of a slice on one keyed table: per key only what remains to be done. One thread. */
final class TableNet {
    /** What remains to be done for one key. */
    record Net(Kind kind, boolean existed, @Nullable Tuple row) {}

    /** Ways in which a row can end. */
    enum Kind {
        /** It has these values; every value that an expression reads is known. */
        WRITE,
        /** It was deleted and inserted again: columns that no expression feeds start anew. */
        REPLACE,
        /** It has these values, and those not known it keeps. */
        PATCH,
        /** It is gone. */
        DELETE
    }

    private final RouteLayout layout;
    private final Map<List<String>, Net> rows = new LinkedHashMap<>();

    TableNet(RouteLayout layout) {
        this.layout = layout;
    }

    Map<List<String>, Net> rows() {
        return rows;
    }

    void insert(List<String> key, Tuple row) {
        Net before = rows.get(key);
        if (before == null) {
            rows.put(key, new Net(Kind.WRITE, false, row));
        } else if (before.kind() == Kind.DELETE) {
            rows.put(key, new Net(before.existed() ? Kind.REPLACE : Kind.WRITE, before.existed(), row));
        } else {
            throw unexpected(key, "was inserted although it is there");
        }
    }

    void update(List<String> key, Tuple row) {
        Net before = rows.get(key);
        if (before == null) {
            rows.put(key, new Net(layout.complete(row) ? Kind.WRITE : Kind.PATCH, true, row));
            return;
        }
        Tuple older = before.row();
        if (older == null) {
            throw unexpected(key, "was updated although it is gone");
        }
        Tuple merged = row.over(older);
        Kind kind = before.kind() == Kind.PATCH && layout.complete(merged) ? Kind.WRITE : before.kind();
        rows.put(key, new Net(kind, before.existed(), merged));
    }

    void delete(List<String> key) {
        Net before = rows.get(key);
        rows.put(key, new Net(Kind.DELETE, before == null || before.existed(), null));
    }

    /** The row under this key as far as the slice knows it. */
    @Nullable
    Tuple image(List<String> key) {
        Net net = rows.get(key);
        return net == null ? null : net.row();
    }

    private RuntimeException unexpected(List<String> key, String what) {
        return Fault.about(
                        FaultCode.STREAM_UNEXPECTED,
                        layout.route().source().toString(),
                        "row " + key + " of " + layout.route().source() + " " + what)
                .asException();
    }
}
