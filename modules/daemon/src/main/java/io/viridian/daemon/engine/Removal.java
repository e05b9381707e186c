package io.viridian.daemon.engine;

import io.viridian.control.MigrationEvent;
import io.viridian.cutover.DdlNotice;
import io.viridian.cutover.Guard;
import io.viridian.cutover.ReadOnlyDefault;
import io.viridian.fault.CrashPoint;
import io.viridian.journal.ControlSchema;
import io.viridian.migration.Consent;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.postgres.slot.Origins;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.WriterSettings;
import io.viridian.schema.green.BuildProgress;
import io.viridian.schema.green.DeferredObjects;
import io.viridian.schema.green.MirrorTables;
import io.viridian.schema.legacy.LegacySchema;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Removes everything of ours, in an order that leaves the journal to the last, so that a daemon that dies in between
 * finds its way. Every part looks whether there is anything left to remove.
 */
final class Removal {
    /** A walsender whose client has gone notices within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EngineParts parts;

    Removal(EngineParts parts) {
        this.parts = parts;
    }

    void dropReplication() throws InterruptedException {
        for (Direction direction : Direction.values()) {
            String name = LaneSettings.originOf(parts.migration(), direction);
            Slots.drop(parts.on(direction.source()), name, PATIENCE);
            parts.on(direction.source()).run(session -> Publications.drop(session, name));
            Origins.drop(parts.on(direction.target()), name, PATIENCE);
        }
        for (Side side : Side.values()) {
            Origins.drop(parts.on(side), LaneSettings.settlingOriginOf(parts.migration()), PATIENCE);
        }
        parts.failpoints().pass(CrashPoint.CLEANUP_SLOTS_DROPPED);
    }

    /**
     * Takes our objects off green.
     *
     * @param unwanted the plan, when green is not to keep the rows: they are copies, blue has them all
     */
    void green(Optional<PlanBinder> unwanted) throws InterruptedException {
        Database green = parts.green();
        if (unwanted.isPresent() && green.query(ControlSchema::present)) {
            emptyTargets(unwanted.get());
            new DeferredObjects(green, parts.migration()).buildRemaining(1, BuildProgress.NONE);
        }
        green.run(MirrorTables::remove);
        if (unwanted.isPresent()) {
            green.run(session -> LegacySchema.remove(session, parts.migration()));
        }
        green.run(this::removeControl);
        if (unwanted.isPresent()) {
            Wiring.releaseTraffic(parts);
        }
        parts.failpoints().pass(CrashPoint.CLEANUP_GREEN_REMOVED);
    }

    private void emptyTargets(PlanBinder binder) {
        List<TableName> present = List.copyOf(binder.bind(false).plan().tablesOn(Side.GREEN));
        try (Session session = parts.green().open("removal")) {
            WriterSettings.apply(session, parts.migration());
            List<TableName> there = present.stream()
                    .filter(table -> session.one("select to_regclass(?) is not null", row -> row.truth(1), table.sql()))
                    .toList();
            if (!there.isEmpty()) {
                session.execute("truncate " + there.stream().map(TableName::sql).collect(Collectors.joining(", ")));
            }
        }
    }

    private void removeControl(Session session) {
        DdlNotice.remove(session);
        if (ControlSchema.present(session)) {
            Guard.between(parts.migration(), parts.blue(), parts.green()).remove(session);
            session.transaction(() -> ControlSchema.remove(session));
        }
    }

    /** Writes how it ended to disk before the journal goes: afterwards nothing on the servers could tell. */
    void tombstone(boolean finalized, List<Consent> consents, List<MigrationEvent> events) {
        Tombstone.write(
                parts.settings().migrationDir(),
                parts.migration(),
                finalized,
                consents,
                events,
                parts.clock().now());
        parts.failpoints().pass(CrashPoint.CLEANUP_TOMBSTONE_WRITTEN);
    }

    /** @param finalized then what leads the applications to the open side by a read-only blue stays as it is */
    void blueAndJournal(boolean finalized) {
        if (!finalized || !Wiring.leadsBySetting(parts)) {
            parts.blue().transaction(ReadOnlyDefault::lift);
        }
        parts.blue().run(this::removeControl);
        if (parts.journalApart()) {
            parts.journalDatabase().transaction(session -> {
                ControlSchema.remove(session);
                return true;
            });
        }
        parts.failpoints().pass(CrashPoint.CLEANUP_BLUE_REMOVED);
    }
}
