package io.viridian.bench;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page {@code performance.md}, every figure of it from the results. */
final class PerformancePage {
    /** Told where it was measured; each begins a line. */
    private static final String LOAD_OF_PGLOGICAL = """

            pglogical needs its library in the servers, so it and a Viridian of its own beside it run on those of
            Debian's package of PostgreSQL 15, with `track_commit_timestamp=on`; its time is that of a subscription with
            `synchronize_data`, until every table is replicated.""";

    private static final String DRAIN_OF_PGLOGICAL = """

            pglogical and a Viridian of its own beside it run on the servers of Debian's package of PostgreSQL 15 here
            too.""";

    private PerformancePage() {}

    static String of(Results results) {
        return Stream.of(
                        head(results),
                        goals(results),
                        load(results),
                        drain(results),
                        cold(results),
                        lag(results),
                        pauses(results),
                        verification(results),
                        guard(results))
                .collect(Collectors.joining("\n"));
    }

    private static String settings(Results results) {
        String settings = results.settings().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one -> "`" + one + "`")
                .collect(Collectors.joining(", "));
        return settings.isEmpty() ? "the settings of the tests" : settings;
    }

    private static String head(Results results) {
        return """
                # Performance

                Made by `%s` from what it measured; nothing here is typed by hand. Figures of two machines cannot be
                compared, so what counts are the ratios: all ways were measured in one run on one machine, side by side,
                taking turns. `make bench` measures it on yours.

                | | |
                |---|---|
                | measured | %s |
                | machine | %s |
                | servers | PostgreSQL %s, blue and green on that machine, with %s |
                | command | `%s` |
                | memory | %s |
                | rounds | %s |
                """.formatted(
                        results.command(),
                        results.measured(),
                        results.machine().words(),
                        results.postgres(),
                        settings(results),
                        results.command(),
                        results.memory().words(),
                        results.repetitions());
    }

    private static String goals(Results results) {
        return """
                ## Goals

                %s
                *Measured* is the ratio of the medians, *rounds* the smallest and the largest ratio of a single round. *Not
                shown*: the value is good enough, but was measured under less load than the goal asks for.

                Goals that this does not measure yet:

                %s
                """.formatted(
                        Tables.ratios(Goals.of(results), results.before()).markdown(),
                        Goals.NOT_MEASURED.stream().map(goal -> "- " + goal).collect(Collectors.joining("\n")));
    }

    private static String load(Results results) {
        return """
                ## Initial load

                %s rows of %s. The native subscription and Viridian's whole phase `BACKFILLING` are counted from their
                beginning to the end of everything that belongs to them; the bare pipe holds no snapshot and lets nobody
                write. One mapping gives other names, a computed key and a negated number, the other has `upper()` over the
                widest column besides, both to the same number of bytes; what each costs the servers by itself, a bare pipe of
                its SELECT shows. pgcopydb runs the installed client programs of PostgreSQL 15, so it and a Viridian beside
                it have servers of that version; its time is that of `pgcopydb copy data` into a table without its key.%s

                %s
                ![initial load](performance/load.svg)

                The same ways and other tables:

                %s""".formatted(
                        Progress.count(results.narrow().rows()),
                        results.narrow().words(),
                        results.besidePglogical() ? LOAD_OF_PGLOGICAL : "",
                        Tables.load(results.narrow()).markdown(),
                        results.load().stream()
                                .filter(load -> !load.volume().equals(Volume.TABLE.id()))
                                .map(PerformancePage::load)
                                .collect(Collectors.joining("\n")));
    }

    private static String load(Load load) {
        return """
                ### %s

                %s rows: %s.

                %s
                """.formatted(
                        load.volume(),
                        Progress.count(load.rows()),
                        load.words(),
                        Tables.load(load).markdown());
    }

    private static String drain(Results results) {
        return """
                ## Drain

                %s transactions of pgbench's TPC-B kind, three updates and an insert each, are made while nobody follows. The
                time runs from enabling the subscription, starting the daemon, or opening the stream, until the row that was
                written last is on green, or read.%s

                %s
                ![drain](performance/drain.svg)

                The same followers and other backlogs, one after the other:

                %s""".formatted(
                        Progress.count(results.transactions()),
                        results.besidePglogical() ? DRAIN_OF_PGLOGICAL : "",
                        Tables.drain(results.drain(Backlog.TPC_B)).markdown(),
                        results.drain().stream()
                                .filter(drain -> !drain.backlog().equals(Backlog.TPC_B.id()))
                                .map(PerformancePage::backlog)
                                .collect(Collectors.joining("\n")));
    }

    private static String backlog(Drain drain) {
        return """
                ### %s

                %s row changes: %s.

                %s
                """.formatted(
                        drain.backlog(),
                        Progress.count(drain.changes()),
                        drain.words(),
                        Tables.drain(drain).markdown());
    }

    private static String cold(Results results) {
        return """
                ## Cold daemon

                %s transactions of the same kind wait, and a daemon is started as a process of its own, with the options of
                `viridian run`. The time runs from the start of the process, connecting and taking over included, until it
                drains for a second at 80 %% of the rate that it has in the second half of the backlog.

                %s
                """.formatted(
                        Progress.count(2L * results.transactions()),
                        Tables.cold(results.cold()).markdown());
    }

    private static String lag(Results results) {
        return """
                ## Steady lag

                The same transactions at three rates, for %s seconds each. *Asked for* is what the writers try to make in a
                second, the last column what they made. *End to end* is from before a marker row is
                written on blue until it is seen on green. *As its metric says* is the age of the newest heartbeat seen on
                green; heartbeats come five times a second, so it is never much less than that.

                %s
                ![lag](performance/lag.svg)
                """.formatted(results.seconds(), Tables.lag(results.lag()).markdown());
    }

    private static String pauses(Results results) {
        return """
                ## Write pause

                Eight clients make the same transactions, %s a second asked for, with both servers in their address and
                `targetServerType=primary`. The sides are switched there and back again. A pause is the longest time between
                two commits of one client around a switch, connecting anew included; each client is one value. Whoever is
                *refused* makes its transaction again.

                %s
                """.formatted(
                Progress.count(results.rate()), Tables.pauses(results.pauses()).markdown());
    }

    private static String verification(Results results) {
        return """
                ## Full verification

                Every row of the loaded table on both sides, by count and two sums of 64 bits, at one position of the stream.
                The bare hash is one such statement on each side without parallel workers; the slower side counts.

                %s
                """.formatted(Tables.verify(results.verify()).markdown());
    }

    private static String guard(Results results) {
        return """
                ## Guard

                While a side owns the writes, its guard lets everybody pass, and costs each statement a call. The statements
                delete a row that does not exist, one after the other within the server.

                %s
                """.formatted(Tables.guard(results.guard()).markdown());
    }
}
