package io.viridian.debezium;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.CaptureLimits;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A slot and a publication of one database, read by Debezium's engine, as a {@link ChangeSource}. The engine keeps no
 * offsets between two streams: each begins at the slot's confirmed position, which only we move.
 */
public final class DebeziumSource implements ChangeSource {
    /**
     * The engine makes an object of each value before we see it. Of a time with its zone it keeps the moment and loses
     * the zone, of money the sign of the currency, and an endless interval (18 and 17) becomes none.
     */
    public static final CaptureLimits LIMITS =
            new CaptureLimits("debezium", Map.of("timetz", 0, "money", 0, "interval", 17), true);

    private final Database database;
    private final String slot;
    private final String publication;
    private final Set<String> ownOrigins;
    private final SpoolSpace space;

    /**
     * @param database where the slot lives
     * @param slot the logical replication slot, plugin pgoutput
     * @param publication what it publishes
     * @param ownOrigins transactions with one of these come without their rows
     * @param space where transactions wait for their ends; every transaction does
     */
    public DebeziumSource(
            Database database, String slot, String publication, Set<String> ownOrigins, SpoolSpace space) {
        this.database = database;
        this.slot = slot;
        this.publication = publication;
        this.ownOrigins = Set.copyOf(ownOrigins);
        this.space = space;
    }

    @Override
    public ChangeStream open() {
        Lsn start = confirmed();
        String name = database.query(session -> session.one("select current_database()", row -> row.text(1)));
        EngineConnections connections = new EngineConnections(database);
        return DebeziumStream.open(
                database,
                connections,
                new EngineSettings(connections.run(), name, slot, publication),
                start,
                new Records(new SourceTables(database), ownOrigins, space));
    }

    /** Where the stream has to begin. The engine would make a slot that is not there, and begin wherever that is. */
    private Lsn confirmed() {
        Optional<SlotState> state = database.query(session -> Slots.inspect(session, slot));
        return state.filter(found -> !found.lost())
                .map(SlotState::confirmed)
                .orElseThrow(() -> Fault.about(
                                FaultCode.SLOT_LOST,
                                slot,
                                database.side().text() + " has no slot " + slot + " that still holds its log: "
                                        + state.map(SlotState::walStatus).orElse("it does not exist"))
                        .asException());
    }

    @Override
    public long spooledBytes() {
        return space.bytes();
    }
}
