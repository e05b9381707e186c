package io.viridian.system;

import io.viridian.plan.Side;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application on each side that writes notes, and remarks about notes, the same few on both sides. A side that is
 * closed refuses, and so does a key that is taken or referred to.
 */
final class BothWriters implements AutoCloseable {
    static final String SCHEMA = """
            create table note (id serial primary key, text text);
            create table remark (id serial primary key, note int not null references note on delete cascade, text text);
            insert into note (text) select 'n' || n from generate_series(1, 20) n;
            insert into remark (note, text) select n, 'r' || n from generate_series(1, 20) n;
            """;

    /** Remarks about no note. */
    static final String TORN = "select count(*) from remark r left join note n on n.id = r.note where n.id is null";

    private static final Logger LOG = LoggerFactory.getLogger(BothWriters.class);

    private final Rig rig;
    private final AtomicLong written = new AtomicLong();
    private final List<Thread> threads;
    private volatile boolean over;

    private BothWriters(Rig rig) {
        this.rig = rig;
        this.threads = List.of(writer(Side.BLUE), writer(Side.GREEN));
    }

    static BothWriters on(Rig rig) {
        BothWriters writers = new BothWriters(rig);
        writers.threads.forEach(Thread::start);
        return writers;
    }

    /** How many transactions either side has committed. */
    long written() {
        return written.get();
    }

    private Thread writer(Side side) {
        return Thread.ofPlatform().daemon(true).unstarted(() -> {
            for (int turn = 0; !over; turn++) {
                try {
                    rig.execute(side, statement(side.text() + " " + turn, turn, 1 + (turn / 8) % 20));
                    written.incrementAndGet();
                } catch (SQLException refused) {
                    LOG.debug("refused", refused);
                }
            }
        });
    }

    private static String statement(String text, int turn, int id) {
        return switch (turn % 8) {
            case 0 -> "insert into note (text) values ('%s')".formatted(text);
            case 1, 2 -> "insert into remark (note, text) values (%d, '%s')".formatted(id, text);
            case 3 -> "delete from note where id = " + id;
            case 4 -> "insert into note values (%d, '%s') on conflict (id) do nothing".formatted(id, text);
            case 5 -> "update remark set note = %d where id = %d".formatted(1 + id % 20, id);
            default -> "update note set text = '%s' where id = %d".formatted(text, id);
        };
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
