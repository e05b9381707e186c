package io.viridian.bench;

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
 * @param load seconds
 * @param drain of each backlog
 * @param verify seconds
 * @param lag milliseconds
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
        List<Series> load,
        List<Drain> drain,
        List<Lag> lag,
        List<Series> verify,
        Memory memory) {
    Results {
        settings = Map.copyOf(settings);
        load = List.copyOf(load);
        drain = List.copyOf(drain);
        lag = List.copyOf(lag);
        verify = List.copyOf(verify);
    }

    List<Double> load(Way way) {
        return values(load, way);
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

    List<Double> verify(Way way) {
        return values(verify, way);
    }

    /** Whether pgcopydb was there. */
    boolean besidePgCopyDb() {
        return load.stream().anyMatch(series -> series.way().equals(Way.PGCOPYDB.id()));
    }

    Lag lag(Way way) {
        return lag.stream()
                .filter(one -> one.way().equals(way.id()))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no lag of " + way.id()));
    }

    private static List<Double> values(List<Series> measured, Way way) {
        return measured.stream()
                .filter(one -> one.way().equals(way.id()))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("no measurement of " + way.id()))
                .values();
    }
}
