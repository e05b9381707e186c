package io.viridian.bench;

import io.viridian.migration.Operation;
import java.util.List;
import java.util.Map;

/**
 * Everything that was measured in one run, and under which circumstances.
 *
 * @param command for the same run
 * @param measured the day
 * @param postgres the version of both servers
 * @param settings of both servers that are not PostgreSQL's defaults
 * @param rate transactions a second that were asked for while the lag was measured
 * @param seconds for which it was measured
 * @param load of each kind of tables
 * @param drain of each backlog
 * @param cold seconds until a cold daemon is fast, and how fast it is then
 * @param verify seconds
 * @param guard microseconds a statement, with the guard and without
 * @param lag milliseconds, for each way and rate
 * @param pauses milliseconds, for each direction
 * @param before what the ratios were in the results that these replace, empty when there are none
 */
record Results(
        String command,
        String measured,
        Machine machine,
        String postgres,
        Map<String, String> settings,
        int rows,
        int transactions,
        int repetitions,
        int rate,
        long seconds,
        List<Load> load,
        List<Drain> drain,
        List<Series> cold,
        List<Lag> lag,
        List<Pauses> pauses,
        List<Series> verify,
        List<Series> guard,
        Memory memory,
        Before before) {
    Results {
        settings = Map.copyOf(settings);
        load = List.copyOf(load);
        drain = List.copyOf(drain);
        cold = List.copyOf(cold);
        lag = List.copyOf(lag);
        pauses = List.copyOf(pauses);
        verify = List.copyOf(verify);
        guard = List.copyOf(guard);
    }

    /** Of the narrow table. */
    List<Double> load(Way way) {
        return values(narrow().ways(), way);
    }

    Load narrow() {
        return load.stream()
                .filter(one -> one.volume().equals(Volume.TABLE.id()))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no load of " + Volume.TABLE.id()));
    }

    List<Double> drain(Backlog backlog, Way way) {
        return values(drain(backlog).ways(), way);
    }

    Drain drain(Backlog backlog) {
        return drain.stream()
                .filter(one -> one.backlog().equals(backlog.id()))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no drain of " + backlog.id()));
    }

    List<Double> cold(Way way) {
        return values(cold, way);
    }

    List<Double> verify(Way way) {
        return values(verify, way);
    }

    List<Double> guard(Way way) {
        return values(guard, way);
    }

    /** Whether the guard was measured. */
    boolean withGuard() {
        return !guard.isEmpty();
    }

    /** False for results that are older than that way of loading. */
    boolean with(Way way) {
        return narrow().ways().stream().anyMatch(series -> series.way().equals(way.id()));
    }

    /** The same of following. */
    boolean drains(Way way) {
        return drain(Backlog.TPC_B).ways().stream()
                .anyMatch(series -> series.way().equals(way.id()));
    }

    /** Whether pgcopydb was there. */
    boolean besidePgCopyDb() {
        return with(Way.PGCOPYDB);
    }

    /** Whether pglogical was there. */
    boolean besidePglogical() {
        return narrow().ways().stream().anyMatch(series -> series.way().equals(Way.PGLOGICAL.id()));
    }

    /** At the highest rate. */
    Lag lag(Way way) {
        return lag.stream()
                .filter(one -> one.way().equals(way.id()) && one.asked() == rate)
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no lag of " + way.id()));
    }

    Pauses pauses(Operation.Type type) {
        return pauses.stream()
                .filter(one -> one.operation().equals(type.text()))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no pauses of " + type.text()));
    }

    private static List<Double> values(List<Series> measured, Way way) {
        return measured.stream()
                .filter(one -> one.way().equals(way.id()))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no measurement of " + way.id()))
                .values();
    }
}
