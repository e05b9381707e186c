package io.viridian.bench;

/** The page {@code pauses.md}, every figure of it from what was measured. */
final class PingPongPage {
    private static final double GOAL_P50 = 150;
    private static final double GOAL_P99 = 500;

    private PingPongPage() {}

    static String of(PingPong measured) {
        return """
                # Write pauses

                Made by `%s` from what it measured; nothing here is typed by hand. The ledger's clients write through one
                PgBouncer in transaction mode while the sides are switched %s times there and %s times back. A pause is the
                longest time between two acknowledged writes of one client, from before the switch is asked for until every
                client writes again, so every switch gives as many pauses as there are clients. What an attempt that was undone
                cost counts with the switch that followed.

                | | |
                |---|---|
                | measured | %s |
                | machine | %s |
                | servers | PostgreSQL %s, blue and green, clients, pooler and daemon on that machine |
                | command | `%s` |
                | asked of the clients | %s operations/s together |
                | attempts refused by a gate or undone | %s |
                | times the clients went at half that rate until the gates were open, after ten refusals | %s |

                ## Pauses

                %s
                ## Every promise

                At the end the clients were stopped and blue compared with what each of them had been promised, operation by
                operation.

                %s
                How long the steps of a switch take is in the certificate of every migration (`viridian report`); how it is beside
                direct connections tells [performance.md](performance.md).
                """.formatted(
                        measured.command(),
                        Progress.count(measured.rounds()),
                        Progress.count(measured.rounds()),
                        measured.measured(),
                        measured.machine().words(),
                        measured.postgres(),
                        measured.command(),
                        Progress.count(measured.rate()),
                        Progress.count(measured.undone()),
                        Progress.count(measured.relieved()),
                        pauses(measured).markdown(),
                        ledger(measured).markdown());
    }

    static Table pauses(PingPong measured) {
        Table table = new Table(
                "write pause in ms",
                "p50",
                "goal",
                "p99",
                "goal",
                "p95",
                "longest",
                "switches",
                "pauses",
                "operations/s before");
        for (PingPong.Direction direction : measured.pauses()) {
            Percentiles seen = direction.pauses();
            table.row(
                    direction.operation(),
                    Tables.whole(seen.p50()),
                    goal(seen.p50(), GOAL_P50),
                    Tables.whole(seen.p99()),
                    goal(seen.p99(), GOAL_P99),
                    Tables.whole(seen.p95()),
                    Tables.whole(seen.longest()),
                    Progress.count(direction.switches()),
                    Progress.count(seen.samples()),
                    Tables.whole(direction.perSecond()));
        }
        return table;
    }

    private static String goal(double seen, double most) {
        return "≤ " + Tables.whole(most) + (seen <= most ? " met" : " missed");
    }

    static Table ledger(PingPong measured) {
        return new Table("ledger", "operations")
                .row("acknowledged", Progress.count(measured.acknowledged()))
                .row("lost", Progress.count(measured.lost()))
                .row("doubled", Progress.count(measured.doubled()))
                .row("invented", Progress.count(measured.invented()))
                .row("refused, to be made again by the client", Progress.count(measured.refused()))
                .row("without an answer", Progress.count(measured.unknown()))
                .row("rows that are not as left", Progress.count(measured.violations()));
    }
}
