package io.viridian.bench;

import java.util.List;
import java.util.Map;

/**
 * How times, memory and statements grow with what is migrated, and under which circumstances it was measured.
 *
 * @param command for the same run
 * @param measured the day of each part
 * @param postgres the version of both servers
 * @param settings of both servers that are not PostgreSQL's defaults
 * @param accounts of the bank whose backlogs are drained
 * @param heapLimitBytes what the process could have held
 * @param rows of one table, as the configuration's defaults have it copied
 * @param ranges the same table in ranges of its key, where the defaults copy it whole
 * @param tables that are small
 * @param drains of many transactions
 * @param large of a single one
 */
record Scale(
        String command,
        Map<String, String> measured,
        Machine machine,
        String postgres,
        Map<String, String> settings,
        int accounts,
        long heapLimitBytes,
        List<ScaleLoad> rows,
        List<ScaleLoad> ranges,
        List<ScaleLoad> tables,
        List<ScaleDrain> drains,
        List<ScaleDrain> large) {
    Scale {
        measured = Map.copyOf(measured);
        settings = Map.copyOf(settings);
        rows = List.copyOf(rows);
        ranges = List.copyOf(ranges);
        tables = List.copyOf(tables);
        drains = List.copyOf(drains);
        large = List.copyOf(large);
    }

    /** Nothing measured yet. */
    static Scale nothing(ScaleSettings of, String postgres, Map<String, String> settings) {
        return new Scale(
                of.command(),
                Map.of(),
                Machine.here(),
                postgres,
                settings,
                of.rows().getFirst(),
                Runtime.getRuntime().maxMemory(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /**
     * Whether both were measured in the same way on such a machine with such servers. A machine is known by its words:
     * of its memory a kernel keeps a little more or less each time it starts.
     */
    boolean standsBeside(Scale other) {
        return command.equals(other.command)
                && machine.words().equals(other.machine.words())
                && postgres.equals(other.postgres)
                && settings.equals(other.settings)
                && heapLimitBytes == other.heapLimitBytes;
    }
}
