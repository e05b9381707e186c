package io.viridian.daemon.engine;

import io.viridian.cutover.Closing;
import io.viridian.cutover.DdlNotice;
import io.viridian.cutover.Guard;
import io.viridian.cutover.OwnershipRows;
import io.viridian.daemon.config.LegacySettings;
import io.viridian.fault.CrashPoint;
import io.viridian.journal.ControlSchema;
import io.viridian.journal.PlanCopy;
import io.viridian.plan.Catalog;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.postgres.slot.Origins;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.schema.green.DeferredObjects;
import io.viridian.schema.green.MirrorTables;
import io.viridian.schema.legacy.LegacySchema;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Everything that must exist before rows move, in the protocol's order (§2.1): control schemas and open guards, then
 * the DDL notice, then the publication committed, and only then the slot. Each part may be done again.
 */
final class Setup {
    private static final Logger LOG = LoggerFactory.getLogger(Setup.class);

    private final EngineParts parts;

    Setup(EngineParts parts) {
        this.parts = parts;
    }

    /** Green's control schema and its tables; the plan can be bound to green afterwards. */
    static void greenSchema(EngineParts parts) throws InterruptedException {
        ControlSchema.install(parts.green(), ControlSchema.Role.GREEN);
        Wiring.greenSchema(parts).apply(Wiring.schemaOrigin(parts));
        parts.failpoints().pass(CrashPoint.PREPARE_GREEN_SCHEMA_APPLIED);
    }

    void prepare(Plan plan) throws InterruptedException {
        ControlSchema.install(parts.blue(), ControlSchema.Role.BLUE);
        Optional<PlanCopy> kept = PlanOnBlue.of(parts);
        parts.blue().transaction(session -> {
            OwnershipRows.create(session, parts.migration());
            kept.ifPresent(copy -> copy.keep(session, parts.migration()));
            return true;
        });
        parts.green().transaction(session -> {
            OwnershipRows.create(session, parts.migration());
            return true;
        });
        parts.green().run(session -> MirrorTables.create(session, plan.derived()));
        parts.failpoints().pass(CrashPoint.PREPARE_CONTROL_SCHEMAS_CREATED);
        Catalog blue = parts.blue().query(CatalogReader::read);
        deferred().defer(plan.forward(), Backfill.loadedWithoutKey(plan, blue, Wiring.backfillSettings(parts, 0)));
        guards(plan);
        parts.failpoints().pass(CrashPoint.PREPARE_GUARDS_CREATED);
        String name = name(Direction.FORWARD);
        parts.green().run(session -> Origins.create(session, name));
        parts.blue().run(session -> {
            Origins.create(session, name(Direction.REVERSE));
            Publications.create(session, name, plan.readOn(Side.BLUE));
        });
        parts.failpoints().pass(CrashPoint.PREPARE_PUBLICATION_CREATED);
        createSlot(Direction.FORWARD);
        parts.failpoints().pass(CrashPoint.PREPARE_FORWARD_SLOT_CREATED);
        Wiring.traffic(parts).perform(Side.BLUE);
        parts.failpoints().pass(CrashPoint.PREPARE_ROUTED_TO_BLUE);
    }

    private void guards(Plan plan) {
        Guard guard = Guard.between(parts.migration(), parts.blue(), parts.green());
        boolean triggers = Wiring.closing(parts) == Closing.GUARD;
        if (triggers) {
            parts.blue().run(session -> guard.install(session, plan.tablesOn(Side.BLUE)));
        } else {
            parts.blue().run(guard::install);
        }
        parts.green().run(session -> guard.install(session, plan.tablesOn(Side.GREEN)));
        for (Finding finding : parts.blue()
                .query(session -> triggers
                        ? DdlNotice.install(session, parts.migration())
                        : DdlNotice.install(session, parts.migration(), plan.tablesOn(Side.BLUE)))) {
            LOG.warn("{}: {}", finding.object(), finding.message());
        }
    }

    /** The slot, and the progress row that says from where its changes are to be applied. */
    private void createSlot(Direction direction) {
        String slot = name(direction);
        SlotState state = parts.on(direction.source()).query(session -> Slots.create(session, slot));
        Lsn start = state.confirmed();
        parts.on(direction.target())
                .run(session -> session.update("""
                insert into viridian.progress (migration, direction, lsn, epoch) values (?, ?, ?::pg_lsn, 0)
                on conflict (migration, direction) do nothing
                """, parts.migration(), direction.text(), start.toString()));
    }

    /** Each of few, and every hundredth part of many. */
    private static boolean worthTelling(int done, int total) {
        return done == total || done % Math.max(1, total / 100) == 0;
    }

    void buildIndexes() throws InterruptedException {
        deferred()
                .buildRemaining(
                        parts.settings().backfill().workers(),
                        (object, done, total) -> LOG.atLevel(worthTelling(done, total) ? Level.INFO : Level.DEBUG)
                                .log("built {} of {}: {}", done, total, object.name()));
    }

    /** The old schemas as views on green, if they are wanted. */
    Optional<LegacySchema.Offer> createLegacy(PlanBinder binder) {
        LegacySettings legacy = parts.settings().legacy();
        if (!legacy.enabled()) {
            return Optional.empty();
        }
        LegacySchema schema = new LegacySchema(parts.blue(), parts.green(), parts.migration(), legacy.prefix());
        return Optional.of(
                schema.install(binder.bindBothWays().plan(), parts.green().query(CatalogReader::read)));
    }

    void buildKey(Session session, TableName target) {
        deferred().buildKey(session, target);
    }

    /** The way back: publication and slot on green, which from here on keeps its log for us. */
    void createReverse(Plan plan) {
        String name = name(Direction.REVERSE);
        parts.green().run(session -> Publications.create(session, name, plan.readOn(Side.GREEN)));
        createSlot(Direction.REVERSE);
    }

    boolean reverseExists() {
        String slot = name(Direction.REVERSE);
        return parts.green().query(session -> Slots.inspect(session, slot).isPresent());
    }

    private DeferredObjects deferred() {
        return new DeferredObjects(parts.green(), parts.migration());
    }

    private String name(Direction direction) {
        return LaneSettings.originOf(parts.migration(), direction);
    }
}
