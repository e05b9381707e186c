package io.viridian.replication.canary;

import io.viridian.plan.RowKey;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import java.util.HashMap;
import java.util.Map;

/** Up to where the changes of a row are done with because the row was settled. Guarded by itself. */
final class Marks {
    private static final String READ = """
            select target, key, max(blue_lsn)::text, max(green_lsn)::text, count(*) from viridian.conflict
            where migration = ? group by target, key
            """;

    /** Changes committed before these are done with. */
    record Mark(Lsn blue, Lsn green) {
        Lsn on(Side side) {
            return side == Side.BLUE ? blue : green;
        }

        Mark and(Mark other) {
            return new Mark(Lsn.max(blue, other.blue), Lsn.max(green, other.green));
        }
    }

    private final Map<RowKey, Mark> marks = new HashMap<>();

    synchronized void add(RowKey row, Mark mark) {
        marks.merge(row, mark, Mark::and);
    }

    synchronized boolean settled(Side side, RowKey row, Lsn committed) {
        Mark mark = marks.get(row);
        return mark != null && committed.isBefore(mark.on(side));
    }

    synchronized boolean isEmpty() {
        return marks.isEmpty();
    }

    /** What one side's conflicts say; waits for one whose commit is under way. Answers how many there are. */
    long read(Database side, String migration) {
        return side.transaction(session -> {
            session.execute("lock table viridian.conflict in share mode");
            long count = 0;
            for (long one : session.list(
                    READ,
                    row -> {
                        add(new RowKey(TableName.parse(row.text(1)), row.texts(2)), new Mark(row.lsn(3), row.lsn(4)));
                        return row.number(5);
                    },
                    migration)) {
                count += one;
            }
            return count;
        });
    }
}
