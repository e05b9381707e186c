package io.viridian.bench;

import java.util.List;

/** How things grow, as tables. */
final class ScaleTables {
    private static final double BYTES_PER_MIB = 1024.0 * 1024;

    /** What one further unit takes shows best what grows: the part that every run has once is not in it. */
    private static final String FURTHER = "each further";

    private ScaleTables() {}

    /** @param what the sizes count */
    static Table times(String what, List<ScaleLoad> loads) {
        Table table = new Table(
                what, "load s", "rows/s", "verification s", "rows/s", "heap MiB", "after collection MiB", "chunks");
        loads.forEach(load -> table.row(
                Progress.count(load.size()),
                Tables.decimals(load.seconds()),
                perSecond(load.rows(), load.seconds()),
                Tables.decimals(load.verifySeconds()),
                perSecond(load.rows(), load.verifySeconds()),
                mebibytes(load.heapPeakBytes()),
                mebibytes(load.heapKeptBytes()),
                Progress.count(load.chunks())));
        return table;
    }

    /** By chunk; a table that is copied whole is one. */
    static Table statements(String what, List<ScaleLoad> loads) {
        Table table = new Table(
                what,
                "chunks",
                "blue: before",
                "load",
                "per second",
                "per chunk",
                FURTHER,
                "verification",
                "green: before",
                "load",
                "per second",
                "per chunk",
                FURTHER,
                "verification");
        for (int step = 0; step < loads.size(); step++) {
            ScaleLoad load = loads.get(step);
            ScaleLoad former = loads.get(Math.max(0, step - 1));
            long more = load.chunks() - former.chunks();
            table.row(
                    Progress.count(load.size()),
                    Progress.count(load.chunks()),
                    Progress.count(load.before().blue()),
                    Progress.count(load.load().blue()),
                    perSecond(load.load().blue(), load.seconds()),
                    each(load.load().blue(), load.chunks()),
                    each(load.load().minus(former.load()).blue(), more),
                    Progress.count(load.verify().blue()),
                    Progress.count(load.before().green()),
                    Progress.count(load.load().green()),
                    perSecond(load.load().green(), load.seconds()),
                    each(load.load().green(), load.chunks()),
                    each(load.load().minus(former.load()).green(), more),
                    Progress.count(load.verify().green()));
        }
        return table;
    }

    static Table drains(List<ScaleDrain> drains) {
        Table table = new Table(
                "transactions",
                "drain s",
                "transactions/s",
                "heap MiB",
                "after collection MiB",
                "windows",
                "blue",
                "green",
                "green per window",
                FURTHER);
        for (int step = 0; step < drains.size(); step++) {
            ScaleDrain drain = drains.get(step);
            ScaleDrain former = drains.get(Math.max(0, step - 1));
            table.row(
                    Progress.count(drain.size()),
                    Tables.decimals(drain.seconds()),
                    perSecond(drain.size(), drain.seconds()),
                    mebibytes(drain.heapPeakBytes()),
                    mebibytes(drain.heapKeptBytes()),
                    Progress.count(drain.windows()),
                    Progress.count(drain.statements().blue()),
                    Progress.count(drain.statements().green()),
                    each(drain.statements().green(), drain.windows()),
                    each(drain.statements().minus(former.statements()).green(), drain.windows() - former.windows()));
        }
        return table;
    }

    static Table large(List<ScaleDrain> drains) {
        Table table = new Table(
                "megabytes", "drain s", "MB/s", "heap MiB", "after collection MiB", "windows", "blue", "green");
        drains.forEach(drain -> table.row(
                Progress.count(drain.size()),
                Tables.decimals(drain.seconds()),
                perSecond(drain.size(), drain.seconds()),
                mebibytes(drain.heapPeakBytes()),
                mebibytes(drain.heapKeptBytes()),
                Progress.count(drain.windows()),
                Progress.count(drain.statements().blue()),
                Progress.count(drain.statements().green())));
        return table;
    }

    private static String perSecond(long many, double seconds) {
        return seconds > 0 ? Tables.whole(many / seconds) : "";
    }

    private static String each(long statements, long units) {
        return units > 0 ? String.format(java.util.Locale.ROOT, "%.1f", (double) statements / units) : "";
    }

    private static String mebibytes(long bytes) {
        return Tables.whole(bytes / BYTES_PER_MIB);
    }
}
