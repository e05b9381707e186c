package io.viridian.cutover;

import io.viridian.postgres.Session;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who has not moved: what a side has refused so far, and who is connected to it still.
 *
 * @param counts whether refusals are counted there
 * @param refused statements that the closed guard refused, since the migration was prepared
 * @param sessions of clients other than ours, in all
 * @param clients the same by who they are, the most numerous first
 */
public record Stragglers(boolean counts, long refused, long sessions, List<Client> clients) {
    /** More kinds of clients than these nobody reads. */
    private static final int CLIENTS_MOST = 20;

    private static final String CONNECTED = """
            select coalesce(usename, ''), coalesce(application_name, ''), coalesce(host(client_addr), 'local'), count(*),
                   sum(count(*)) over ()
            from pg_stat_activity
            where datname = current_database() and coalesce(backend_type, 'client backend') = 'client backend'
              and pid <> pg_backend_pid() and application_name not in ('viridian probe')
              and not starts_with(application_name, ? || ' ')
            group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit ?
            """;

    public Stragglers {
        clients = List.copyOf(clients);
    }

    /** Sessions of one role, under one name, from one address. */
    public record Client(String role, String application, String address, long sessions) {
        /** For people. */
        public String words() {
            return sessions + " of " + role + (application.isEmpty() ? "" : " (" + application + ")") + " from "
                    + address;
        }
    }

    private record Counted(Client client, long all) {}

    /** @param ours what the daemon's own sessions are called, up to their purpose */
    public static Stragglers on(Session session, String ours) {
        List<Counted> found = session.list(
                CONNECTED,
                row -> new Counted(new Client(row.text(1), row.text(2), row.text(3), row.number(4)), row.number(5)),
                ours,
                CLIENTS_MOST);
        OptionalLong refused = Guard.refused(session);
        return new Stragglers(
                refused.isPresent(),
                refused.orElse(0),
                found.isEmpty() ? 0 : found.getFirst().all(),
                found.stream().map(Counted::client).toList());
    }
}
