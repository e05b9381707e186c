package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The journal without a database. Daemons that share the entries share the journal. */
final class InMemoryJournal implements Journal {
    private final List<Entry> entries;
    private final String daemon;
    private final Deque<RuntimeException> refusals = new ArrayDeque<>();
    private final Deque<RuntimeException> lostAnswers = new ArrayDeque<>();

    InMemoryJournal(List<Entry> entries, String daemon) {
        this.entries = entries;
        this.daemon = daemon;
    }

    InMemoryJournal(MigrationState... history) {
        this(new ArrayList<>(), "daemon");
        for (MigrationState state : history) {
            append(entries.size(), state);
        }
    }

    /** The same journal, opened by another daemon. */
    InMemoryJournal openedBy(String other) {
        return new InMemoryJournal(entries, other);
    }

    /** The next entry is not written, and this is thrown. */
    void refuseNext(RuntimeException why) {
        refusals.add(why);
    }

    /** The next entry is written, and this is thrown all the same. */
    void loseNextAnswer(RuntimeException why) {
        lostAnswers.add(why);
    }

    List<MigrationState> states() {
        return entries.stream().map(Entry::state).toList();
    }

    List<StateName> names() {
        return states().stream().map(StateName::of).toList();
    }

    @Override
    public Optional<Entry> last() {
        return history(1).stream().findFirst();
    }

    @Override
    public List<Entry> history(int most) {
        List<Entry> newestFirst = new ArrayList<>(entries.reversed());
        return List.copyOf(newestFirst.subList(0, Math.min(most, newestFirst.size())));
    }

    @Override
    public Entry append(long after, MigrationState state) {
        RuntimeException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        if (after < entries.size()) {
            Entry winner = entries.get((int) after);
            if (winner.daemon().equals(daemon) && winner.state().equals(state)) {
                return winner;
            }
            throw Fault.of(FaultCode.CONFLICT, "entry " + winner.sequence() + " was written by " + winner.daemon())
                    .asException();
        }
        Entry entry = new Entry(after + 1, state, Instant.EPOCH, daemon);
        entries.add(entry);
        RuntimeException lost = lostAnswers.poll();
        if (lost != null) {
            throw lost;
        }
        return entry;
    }
}
