package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;

/**
 * Looks twice, late in the wait, at who keeps another session waiting: afterwards nobody could tell. Not more often,
 * because the server stops its lock manager for the look (manual 14-18, section 9.27.1, pg_blocking_pids). The
 * observing session belongs to this until it is finished.
 */
final class Blockers {
    private static final int[] LOOKS_PERCENT = {50, 85};

    private static final String LOOK = """
            select a.pid, coalesce(nullif(a.application_name, ''), a.usename, a.backend_type), a.state,
                   round(extract(epoch from clock_timestamp() - a.xact_start)::numeric, 1)::text,
                   left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120), ''
            from (select distinct unnest(pg_blocking_pids(?)) as pid) b join pg_stat_activity a using (pid)
            union all
            select 0, owner::text, 'prepared', round(extract(epoch from clock_timestamp() - prepared)::numeric, 1)::text, '', gid
            from pg_prepared_xacts where database = current_database() and 0 = any (pg_blocking_pids(?))
            """;

    private final Session observer;
    private final int waiting;
    private final IdleWriters idle;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private volatile boolean done;
    private volatile List<String> seen = List.of();

    private Blockers(Session observer, int waiting, Duration patience, IdleWriters idle, Clock clock) {
        this.observer = observer;
        this.waiting = waiting;
        this.idle = idle;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("viridian-blockers").unstarted(() -> look(patience));
    }

    /**
     * Watches what keeps the session with this process id waiting, for as long as it may wait.
     *
     * @param idle who is ended when seen
     */
    static Blockers of(Session observer, int waiting, Duration patience, IdleWriters idle, Clock clock) {
        Blockers blockers = new Blockers(observer, waiting, patience, idle, clock);
        blockers.thread.start();
        return blockers;
    }

    private void look(Duration patience) {
        long start = clock.nanoTime();
        try {
            for (int percent : LOOKS_PERCENT) {
                Duration at = patience.multipliedBy(percent).dividedBy(100).minus(clock.since(start));
                if (waiter.awaitUntil(() -> done, Deadline.after(clock, at))) {
                    return;
                }
                List<String> found = observer.list(LOOK, Blockers::sentence, waiting, waiting);
                seen = found.isEmpty() ? seen : found;
                idle.end(observer, waiting);
            }
        } catch (FaultException unreadable) {
            seen = List.of("(who blocks cannot be read: " + unreadable.fault().detail() + ")");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sentence(Row row) {
        if (row.number(1) == 0) {
            return "prepared transaction " + row.text(6) + " of " + row.text(2) + ", " + row.text(4) + " s old";
        }
        String age =
                row.optionalText(4).map(seconds -> ", for " + seconds + " s").orElse("");
        String state = row.optionalText(3).orElse("background");
        return "process " + row.number(1) + " (" + row.text(2) + ", " + state + age + "): "
                + row.optionalText(5).orElse("");
    }

    /**
     * Stops looking and gives the observing session back.
     *
     * @return one phrase per blocker, empty when nobody was seen
     */
    List<String> finish() throws InterruptedException {
        done = true;
        waiter.wake();
        thread.join();
        return seen;
    }
}
