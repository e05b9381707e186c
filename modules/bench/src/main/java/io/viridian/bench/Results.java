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
 * @param drain row changes per second
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
        List<Series> drain,
        List<Lag> lag) {
    Results {
        settings = Map.copyOf(settings);
        load = List.copyOf(load);
        drain = List.copyOf(drain);
        lag = List.copyOf(lag);
    }

    List<Double> load(Way way) {
        return values(load, way);
    }

    List<Double> drain(Way way) {
        return values(drain, way);
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
