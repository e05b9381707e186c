package io.viridian.journal;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The journal's twin for tests of what stands above it. Daemons that share the entries share the journal. */
final class InMemoryJournal implements Journal {
    private final List<Entry> entries;
    private final String daemon;

    InMemoryJournal(List<Entry> entries, String daemon) {
        this.entries = entries;
        this.daemon = daemon;
    }

    @Override
    public Optional<Entry> last() {
        return history(1).stream().findFirst();
    }

    @Override
    public List<Entry> history(int most) {
        synchronized (entries) {
            List<Entry> newestFirst = new ArrayList<>(entries.reversed());
            return List.copyOf(newestFirst.subList(0, Math.min(most, newestFirst.size())));
        }
    }

    @Override
    public Entry append(long after, MigrationState state) {
        StateCodec.encode(state);
        synchronized (entries) {
            if (after > entries.size()) {
                throw conflict("there is no entry " + after + " to follow");
            }
            if (after < entries.size()) {
                Entry winner = entries.get((int) after);
                if (winner.daemon().equals(daemon) && winner.state().equals(state)) {
                    return winner;
                }
                throw conflict("entry " + winner.sequence() + " was written by " + winner.daemon());
            }
            Entry entry = new Entry(after + 1, state, Instant.EPOCH.plusSeconds(after), daemon);
            entries.add(entry);
            return entry;
        }
    }

    private static RuntimeException conflict(String detail) {
        return Fault.of(FaultCode.CONFLICT, detail).asException();
    }
}
