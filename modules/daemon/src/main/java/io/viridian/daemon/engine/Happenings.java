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
 * never stop the work, so an event that cannot be written down is logged and kept in memory only. Any thread.
 */
final class Happenings {
    private static final Logger LOG = LoggerFactory.getLogger(Happenings.class);
    private static final int REMEMBERED = 1000;

    private final Clock clock;
    private final Deque<MigrationEvent> events = new ArrayDeque<>();
    private @Nullable EventLog durable;
    private long number;

    Happenings(Clock clock) {
        this.clock = clock;
    }

    /** From here on events are written down; those of earlier daemons come first. */
    synchronized void attach(EventLog log) {
        List<MigrationEvent> earlier = log.since(0, REMEMBERED);
        List<MigrationEvent> own = new ArrayList<>(events);
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
        MigrationEvent event = null;
        if (durable != null) {
            try {
                event = durable.append(type, text);
            } catch (FaultException | Ambiguity unwritten) {
                LOG.warn("event {} ({}) is not written down: {}", type, text, unwritten.getMessage());
            }
        }
        if (event == null) {
            event = new MigrationEvent(number + 1, clock.now(), type, text);
        }
        number = event.number();
        events.addLast(event);
        if (events.size() > REMEMBERED) {
            events.removeFirst();
        }
    }

    synchronized List<MigrationEvent> since(long since, int most) {
        return events.stream()
                .filter(event -> event.number() > since)
                .limit(most)
                .toList();
    }
}
