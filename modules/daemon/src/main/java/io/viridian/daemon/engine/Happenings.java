package io.viridian.daemon.engine;

import io.viridian.control.MigrationEvent;
import io.viridian.fault.Ambiguity;
import io.viridian.fault.FaultException;
import io.viridian.journal.EventLog;
import io.viridian.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened, for people: kept in memory, newest thousand, and in the journal as long as there is one. Telling must
 * never stop the work, so an event that cannot be written down is logged, kept in memory, and written before the next
 * one that can be: two events must not have one number. Any thread.
 */
final class Happenings {
    private static final Logger LOG = LoggerFactory.getLogger(Happenings.class);
    private static final int REMEMBERED = 1000;

    private final Clock clock;
    private final Deque<MigrationEvent> events = new ArrayDeque<>();
    private final Deque<MigrationEvent> unwritten = new ArrayDeque<>();
    private @Nullable EventLog durable;
    private long number;

    Happenings(Clock clock) {
        this.clock = clock;
    }

    /** From here on events are written down; those of earlier daemons come first. */
    synchronized void attach(EventLog log) {
        List<MigrationEvent> earlier = log.newest(REMEMBERED);
        List<MigrationEvent> own = new ArrayList<>(unwritten);
        unwritten.clear();
        events.clear();
        events.addAll(earlier);
        number = earlier.isEmpty() ? 0 : earlier.getLast().number();
        durable = log;
        own.forEach(event -> tell(event.type(), event.text()));
    }

    synchronized void detach() {
        durable = null;
    }

    synchronized void tell(String type, String text) {
        MigrationEvent event = written(type, text);
        if (event == null) {
            event = new MigrationEvent(number + 1, clock.now(), type, text);
            add(event, unwritten);
        }
        number = event.number();
        add(event, events);
    }

    private @Nullable MigrationEvent written(String type, String text) {
        EventLog log = durable;
        if (log == null) {
            return null;
        }
        try {
            while (!unwritten.isEmpty()) {
                log.append(unwritten.getFirst());
                unwritten.removeFirst();
            }
            return log.append(type, text);
        } catch (FaultException | Ambiguity failure) {
            LOG.warn("event {} ({}) is not written down yet: {}", type, text, failure.getMessage());
            return null;
        }
    }

    private static void add(MigrationEvent event, Deque<MigrationEvent> to) {
        to.addLast(event);
        if (to.size() > REMEMBERED) {
            to.removeFirst();
        }
    }

    /**
     * What came after an event, oldest first, a thousand at most. Asks the journal for what is older than what is
     * remembered; after the journal has gone, nobody tells that any more.
     *
     * @throws FaultException when it would have to be read, and cannot be
     */
    List<MigrationEvent> since(long since, int most) {
        EventLog older;
        synchronized (this) {
            older = isRemembered(since + 1) ? null : durable;
            if (older == null) {
                return events.stream()
                        .filter(event -> event.number() > since)
                        .limit(most)
                        .toList();
            }
        }
        return older.since(since, Math.min(most, REMEMBERED));
    }

    private boolean isRemembered(long first) {
        return events.isEmpty() || events.getFirst().number() <= first;
    }

    /** All that is remembered, oldest first. */
    synchronized List<MigrationEvent> newest() {
        return List.copyOf(events);
    }
}
