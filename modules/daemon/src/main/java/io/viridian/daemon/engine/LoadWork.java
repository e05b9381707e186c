package io.viridian.daemon.engine;

import io.viridian.fault.CrashPoint;
import io.viridian.plan.Catalog;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.lane.ApplyLane;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings every row to green, and then builds what is cheaper to build over all of them. The conductor's thread. */
final class LoadWork {
    private static final Logger LOG = LoggerFactory.getLogger(LoadWork.class);

    /** One statement over the mirrors; the stream waits for it. */
    private static final Duration DERIVED_WITHIN = Duration.ofHours(12);

    private final EngineParts parts;
    private final Binding binding;
    private final PlanBinder binder;
    private final CopyProgress copy;
    private final BlueKeeper blueKeeper;
    private final Happenings happenings;

    LoadWork(
            EngineParts parts,
            Binding binding,
            PlanBinder binder,
            CopyProgress copy,
            BlueKeeper blueKeeper,
            Happenings happenings) {
        this.parts = parts;
        this.binding = binding;
        this.binder = binder;
        this.copy = copy;
        this.blueKeeper = blueKeeper;
        this.happenings = happenings;
    }

    /** Loads what is not on green yet. Whatever was done before, it may be run again. */
    void run() throws InterruptedException {
        Bound all = binding.require();
        Catalog catalog = parts.blue().query(CatalogReader::read);
        ApplyLane lane = all.streams().lane(Direction.FORWARD).orElseThrow();
        Backfill load =
                Wiring.backfill(parts, all.plan(), catalog, lane, all.daemonEpoch(), all.setup(), blueKeeper.brake());
        copy.begins(load);
        blueKeeper.namedIfGivenUp(load::run);
        derive(all, lane);
        happenings.tell("backfill.copied", "every row is on green; indexes and constraints follow");
        all.setup().buildIndexes();
        parts.failpoints().pass(CrashPoint.BACKFILL_INDEXES_BUILT);
        all.setup().createLegacy(binder).ifPresent(offer -> happenings.tell("legacy.created", offer.words()));
        if (all.plan().reversible()) {
            all.setup().createReverse(all.plan());
            parts.failpoints().pass(CrashPoint.BACKFILL_REVERSE_CREATED);
        }
    }

    private void derive(Bound all, ApplyLane lane) throws InterruptedException {
        for (Derivation derivation : all.plan().derived()) {
            LOG.info("Filling {} from its mirrors.", derivation.target());
            lane.build(derivation, DERIVED_WITHIN);
            parts.green()
                    .run(session ->
                            session.execute("analyze " + derivation.target().sql()));
        }
    }
}
