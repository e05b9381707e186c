package io.viridian.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page {@code scale.md}, every figure of it from the results. */
final class ScalePage {
    private static final double BYTES_PER_MIB = 1024.0 * 1024;

    private ScalePage() {}

    static String of(Scale scale) {
        return Stream.of(
                        head(scale),
                        scale.rows().isEmpty() ? "" : rows(scale),
                        scale.tables().isEmpty() ? "" : tables(scale),
                        scale.drains().isEmpty() ? "" : drains(scale),
                        scale.large().isEmpty() ? "" : large(scale))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String head(Scale scale) {
        return """
                # Scale

                Made by `%s` from what it measured; nothing here is typed by hand. It shows how the time, the daemon's memory
                and the number of its statements grow with what is migrated. Each step was measured once, on databases of its
                own. How fast that is beside other ways tells [performance.md](performance.md).

                | | |
                |---|---|
                | measured | %s |
                | machine | %s |
                | servers | PostgreSQL %s, blue and green on that machine, with %s |
                | command | `%s` |
                | heap | at most %s MiB, daemon and measurement together |

                *Heap* is the most that was in use, with what waits for the collector, which takes whatever room there is;
                *after collection* the most that a collection left. *Statements* are those that `pg_stat_statements` counts in
                the migrated databases, commits and `COPY` included: those of the daemon, as nobody else is there. Some come
                with time and not with chunks or windows, such as heartbeats and looks at the gates, at most one in a second: of a load
                that takes long for its chunks they are nearly all, and what stays the same is *per second*. *Each further* is
                what a step has more than the one above it, by each chunk or window that it has more.
                """.formatted(
                        scale.command(),
                        scale.measured().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(one -> one.getKey() + " " + one.getValue())
                                .collect(Collectors.joining(", ")),
                        scale.machine().words(),
                        scale.postgres(),
                        scale.settings().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(one -> "`" + one + "`")
                                .collect(Collectors.joining(", ")),
                        scale.command(),
                        Tables.whole(scale.heapLimitBytes() / BYTES_PER_MIB));
    }

    private static String rows(Scale scale) {
        return """
                ## Rows of one table

                %s. *Load* is the phase `BACKFILLING`; the full verification is made after it, when nothing else happens.
                With the defaults a table is copied as one chunk up to `backfill.whole-table-up-to`, and in ranges of its key
                from there on.

                %s
                %s%s""".formatted(
                        sentence(Volume.TABLE.words()),
                        ScaleTables.times("rows", scale.rows()).markdown(),
                        statements("rows", scale.rows()),
                        ranges(scale.ranges()));
    }

    private static String ranges(List<ScaleLoad> ranges) {
        return ranges.isEmpty()
                ? ""
                : """

                The same table in ranges of its key (`backfill.whole-table-up-to: 0B`), where the defaults copy it whole:

                %s
                %s""".formatted(ScaleTables.times("rows", ranges).markdown(), statements("rows", ranges));
    }

    private static String tables(Scale scale) {
        return """
                ## Small tables

                %d rows in each, a key and two other columns.

                %s
                %s""".formatted(
                        ScaleSite.ROWS_OF_A_TABLE,
                        ScaleTables.times("tables", scale.tables()).markdown(),
                        statements("tables", scale.tables()));
    }

    private static String statements(String what, List<ScaleLoad> loads) {
        return """
                Statements to blue and to green, *before* the load from the start of the daemon on:

                %s""".formatted(ScaleTables.statements(what, loads).markdown());
    }

    private static String drains(Scale scale) {
        return """
                ## Backlog

                Transactions of pgbench's TPC-B kind on a bank of %s accounts, three updates and an insert each, made while the
                daemon was stopped. The time runs from its start until everything is on green. A *window* is one commit on
                green.

                %s""".formatted(
                        Progress.count(scale.accounts()),
                        ScaleTables.drains(scale.drains()).markdown());
    }

    private static String large(Scale scale) {
        return """
                ## One transaction

                Documents of a thousand bytes each, all inserted by a single transaction while the daemon was stopped. The time
                runs from its start until they are on green, in one transaction there too.

                %s""".formatted(ScaleTables.large(scale.large()).markdown());
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
