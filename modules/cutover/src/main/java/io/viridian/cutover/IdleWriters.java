package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that may be ended when a fence waits for them: those that are idle in a transaction, under an application
 * name that somebody has given for it. Who computes is left to compute. Any thread.
 *
 * @param names exact application names
 * @param tells one sentence per session that was ended
 */
public record IdleWriters(List<String> names, Consumer<String> tells) {
    private static final Logger LOG = LoggerFactory.getLogger(IdleWriters.class);

    /** Nobody is ended. */
    public static final IdleWriters NONE = new IdleWriters(List.of(), _ -> {});

    /**
     * In the list of what is selected, which is evaluated for rows that passed all conditions; among the conditions the
     * server could end a session before it asks for its name (manual 14-18, sections 4.2.14 and 9.28.2).
     */
    private static final String END = """
            select 'process ' || a.pid || ' (' || a.application_name || '), idle in its transaction since ' || a.state_change,
                   pg_terminate_backend(a.pid)
            from (select distinct unnest(pg_blocking_pids(?)) as pid) b join pg_stat_activity a using (pid)
            where a.state = 'idle in transaction' and a.application_name = any(?)
            """;

    public IdleWriters {
        names = List.copyOf(names);
    }

    /** Ends those among whom this process waits for; that one may not be ended is told and changes nothing. */
    void end(Session session, int waiting) {
        if (names.isEmpty()) {
            return;
        }
        try {
            Object wanted = names.toArray(String[]::new);
            session.list(END, row -> row.text(1), waiting, wanted)
                    .forEach(ended -> tells.accept("ended " + ended
                            + ": writers waited behind it, and cutover.end-idle-in-transaction names it"));
        } catch (FaultException refused) {
            LOG.warn(
                    "a session named by cutover.end-idle-in-transaction could not be ended: {}",
                    refused.fault().sentence());
        }
    }
}
