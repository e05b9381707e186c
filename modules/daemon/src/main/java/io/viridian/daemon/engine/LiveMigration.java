package io.viridian.daemon.engine;

import io.viridian.control.MigrationView;
import io.viridian.control.TableView;
import io.viridian.cutover.OwnershipRows;
import io.viridian.cutover.PostgresSwitchover;
import io.viridian.cutover.Rehearsal;
import io.viridian.cutover.gate.GateFacts;
import io.viridian.cutover.gate.Gates;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.journal.ControlSchema;
import io.viridian.journal.EventLog;
import io.viridian.journal.Lease;
import io.viridian.journal.PostgresJournal;
import io.viridian.journal.PostgresOperations;
import io.viridian.migration.Gate;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.migration.MigrationWork;
import io.viridian.migration.Operation;
import io.viridian.migration.OperationDesk;
import io.viridian.migration.StateName;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Catalog;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Plan;
import io.viridian.plan.Planned;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import io.viridian.proof.Verification;
import io.viridian.proof.Verifier;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration of this process: the deeds behind the conductor's states. The conductor's thread does them; the
 * getters serve the surfaces from memory, on any thread.
 */
final class LiveMigration implements MigrationWork {
    private static final Logger LOG = LoggerFactory.getLogger(LiveMigration.class);
    private static final Duration FOLLOW_LOOK = Duration.ofMillis(50);

    /** Writers catch up with what they could not do meanwhile, so that the next rehearsal meets an ordinary load. */
    private static final Duration BETWEEN_REHEARSALS = Duration.ofSeconds(1);

    /** A lane that has not caught up by then will not: the budget of the write pause decides. */
    private static final Duration CATCH_UP_MOST = Duration.ofSeconds(10);

    /** A quarter of what the lane remembers, and a fraction of a second of comparing. */
    private static final int TOUCHED_AT_REST = 50_000;

    /** Some ten milliseconds of comparing while writers wait. */
    private static final int TOUCHED_BEFORE_A_SWITCH = 2_000;

    /**
     * What a rollback waits for: that nothing is lost by it. Comfort (a quiet moment, a window, statistics) must not
     * keep anybody from going back.
     */
    private static final Set<String> FOR_ROLLBACK = Set.of(
            "repl.healthy",
            "lag.seconds",
            "slot.safe",
            "verify.fresh",
            "verify.clean",
            "sequences.ready",
            "green.no-foreign-writes",
            "reverse.proven");

    private final EngineParts parts;
    private final OperationDesk desk;
    private final Happenings happenings;
    private final PlanBinder binder;
    private final Waiter waiter = new Waiter();
    private volatile @Nullable Bound bound;

    /** What was bound when the migration ended, for the report. */
    private volatile @Nullable Bound ended;

    private volatile @Nullable Backfill backfill;
    private volatile @Nullable Instant backfillStarted;
    private volatile boolean paused;
    private volatile @Nullable Rehearsal rehearsal;
    private volatile List<Gate> gatesSeen = List.of();
    private volatile Instant stateSince;
    private final Map<Direction, Lsn> sourceWal = new ConcurrentHashMap<>();
    private final Map<Side, SlotState> slots = new ConcurrentHashMap<>();
    private volatile List<Finding> findings = List.of();
    private volatile List<PostgresChunkLedger.Summary> copiedBefore = List.of();

    /** Everything that exists once the plan is bound and the journal is there. */
    record Bound(
            Planned planned,
            long daemonEpoch,
            Streams streams,
            Proving proving,
            PostgresSwitchover switchover,
            WatchedSwitchover watched,
            Gates gates,
            Setup setup) {
        Plan plan() {
            return planned.plan();
        }
    }

    LiveMigration(EngineParts parts, OperationDesk desk, Happenings happenings) {
        this.parts = parts;
        this.desk = desk;
        this.happenings = happenings;
        this.binder = new PlanBinder(parts);
        this.stateSince = parts.clock().now();
    }

    /** The journal of an earlier daemon, with everything attached to it, or empty. */
    Optional<Journal> resume() {
        if (!new Traces(parts).begun()) {
            return Optional.empty();
        }
        Journal journal = new PostgresJournal(parts.journalDatabase(), parts.migration(), daemonName());
        return journal.last().isPresent() ? Optional.of(attach(journal)) : Optional.empty();
    }

    /** What an earlier daemon left in the journal's database. */
    record Traces(EngineParts parts) {
        boolean begun() {
            return parts.journalDatabase()
                    .query(session -> ControlSchema.present(session)
                            && session.one(
                                    "select to_regclass('viridian.migration_journal') is not null",
                                    row -> row.truth(1)));
        }
    }

    private Journal attach(Journal journal) {
        desk.attach(new PostgresOperations(parts.journalDatabase(), parts.migration()));
        happenings.attach(new EventLog(parts.journalDatabase(), parts.migration()));
        return journal;
    }

    private static String daemonName() {
        return "pid " + ProcessHandle.current().pid();
    }

    @Override
    public void preflight() throws InterruptedException {
        Planned planned = binder.bind(false);
        findings = Checks.run(parts, planned);
        if (findings.stream().anyMatch(Finding::refuses)) {
            throw Fault.of(FaultCode.PREFLIGHT_REFUSED, PlanBinder.refusals(findings))
                    .asException();
        }
    }

    @Override
    public Journal createJournal() {
        ControlSchema.install(parts.journalDatabase(), ControlSchema.Role.JOURNAL);
        parts.failpoints().pass(CrashPoint.PREPARE_JOURNAL_CREATED);
        binder.pin(binder.bind(false).plan().hash());
        return attach(new PostgresJournal(parts.journalDatabase(), parts.migration(), daemonName()));
    }

    @Override
    public void prepare() throws InterruptedException {
        Setup.greenSchema(parts);
        binder.keepGreenKeys();
        Bound all = bindAll();
        all.setup().prepare(all.plan());
    }

    /** Binds the plan and builds what needs it; once per process. */
    private Bound bindAll() {
        Bound existing = bound;
        if (existing != null) {
            return existing;
        }
        Planned planned = binder.bindPinned();
        long epoch = Lease.take(parts.journalDatabase(), parts.migration(), daemonName())
                .epoch();
        Streams streams = new Streams(parts, epoch);
        Verifier verifier = Wiring.verifier(parts, planned.plan());
        Proving proving = new Proving(parts, verifier, happenings);
        proving.restore();
        PostgresSwitchover switchover = Wiring.switchover(parts, planned.plan(), streams, verifier, epoch);
        Bound created = new Bound(
                planned,
                epoch,
                streams,
                proving,
                switchover,
                new WatchedSwitchover(switchover),
                Wiring.gates(parts, planned.plan()),
                new Setup(parts));
        copiedBefore = new PostgresChunkLedger(
                        parts.green(), parts.migration(), planned.plan().forward())
                .summary();
        bound = created;
        return created;
    }

    @Override
    public void ensureStreams(Side owner) throws InterruptedException {
        Bound all = bindAll();
        boolean withReverse = all.plan().reversible() && all.setup().reverseExists();
        all.streams().ensure(all.plan(), owner, withReverse);
    }

    @Override
    public void backfill() throws InterruptedException {
        Bound all = bindAll();
        Catalog catalog = parts.blue().query(CatalogReader::read);
        ApplyLane lane = all.streams().lane(Direction.FORWARD).orElseThrow();
        Backfill load = Wiring.backfill(parts, all.plan(), catalog, lane, all.daemonEpoch(), all.setup());
        backfillStarted = parts.clock().now();
        backfill = load;
        load.run();
        happenings.tell("backfill.copied", "every row is on green; indexes and constraints follow");
        all.setup().buildIndexes();
        parts.failpoints().pass(CrashPoint.BACKFILL_INDEXES_BUILT);
        if (all.plan().reversible()) {
            all.setup().createReverse(all.plan());
            parts.failpoints().pass(CrashPoint.BACKFILL_REVERSE_CREATED);
        }
    }

    @Override
    public void catchUp() throws InterruptedException {
        Bound all = bindAll();
        Duration enough = parts.settings().cutover().maxLag();
        while (lagSeconds(Direction.FORWARD)
                .filter(lag -> lag * 1000 <= enough.toMillis())
                .isEmpty()) {
            streamFault().ifPresent(fault -> {
                throw fault.asException();
            });
            waiter.await(FOLLOW_LOOK);
        }
        Verification found =
                all.proving().verify(Direction.FORWARD, all.streams().require(Direction.FORWARD), Set.of());
        if (!found.clean()) {
            throw Proving.mismatch(found).asException();
        }
    }

    @Override
    public Map<String, String> verify(Direction direction, Map<String, String> parameters) throws InterruptedException {
        Bound all = bindAll();
        Set<TableName> only = new HashSet<>();
        String table = parameters.getOrDefault("table", "");
        if (!table.isEmpty()) {
            only.add(known(all.plan(), TableName.parse(table)));
        }
        Verification found = all.proving().verify(direction, all.streams().require(direction), only);
        return Proving.told(found);
    }

    private static TableName known(Plan plan, TableName table) {
        if (!plan.tablesOn(Side.BLUE).contains(table)
                && !plan.tablesOn(Side.GREEN).contains(table)) {
            throw Fault.about(FaultCode.USAGE, table.toString(), table + " is not part of the migration")
                    .asException();
        }
        return table;
    }

    @Override
    public Duration untilNextVerification() {
        return paused ? parts.settings().verify().every() : bindAll().proving().untilNext();
    }

    @Override
    public List<Gate> gates(Direction direction) throws InterruptedException {
        Bound all = bound;
        Optional<ApplyLane> lane = lane(direction);
        if (all == null || lane.isEmpty()) {
            return List.of();
        }
        boolean copied = backfillView().tables() > 0
                && backfillView().tablesDone() == backfillView().tables();
        GateFacts facts = new GateFacts(
                direction,
                lane.get().status(),
                lane(direction == Direction.FORWARD ? Direction.REVERSE : Direction.FORWARD)
                        .map(ApplyLane::status),
                copied,
                all.proving().lastFull(),
                lane.get().touched().isPresent(),
                streamTrouble()
                        .filter(fault -> fault.code() == FaultCode.SCHEMA_CHANGED)
                        .map(Fault::sentence),
                Optional.ofNullable(rehearsal));
        return all.gates().read(facts).stream()
                .filter(gate -> direction == Direction.FORWARD || FOR_ROLLBACK.contains(gate.id()))
                .toList();
    }

    /** Reads the servers' positions and the gates into memory. */
    void lookAround(MigrationState state) throws InterruptedException {
        refreshWal();
        gatesSeen = gates(
                ownerNow(state).filter(owner -> owner == Side.GREEN).isPresent()
                        ? Direction.REVERSE
                        : Direction.FORWARD);
    }

    /** The gates as they were at the last look. */
    List<Gate> gatesSeen() {
        return gatesSeen;
    }

    @Override
    public void proveTouched(Direction direction, boolean switchIsNear) throws InterruptedException {
        Bound all = bindAll();
        if (!switchIsNear && (paused || all.proving().triedInVain())) {
            return;
        }
        Optional<Verification> found = all.proving()
                .keepUp(
                        direction,
                        all.streams().require(direction),
                        switchIsNear ? TOUCHED_BEFORE_A_SWITCH : TOUCHED_AT_REST);
        if (switchIsNear && found.isPresent()) {
            if (!found.get().clean()) {
                throw Proving.mismatch(found.get()).asException();
            }
            catchUpAgain(direction);
        }
    }

    /** The lane stood still for the comparison, and what it has not applied the writers would wait for. */
    private void catchUpAgain(Direction direction) throws InterruptedException {
        Duration enough = parts.settings().cutover().maxLag();
        Deadline by = Deadline.after(parts.clock(), CATCH_UP_MOST);
        while (!by.expired()
                && lagSeconds(direction)
                        .filter(lag -> lag * 1000 <= enough.toMillis())
                        .isEmpty()) {
            waiter.await(FOLLOW_LOOK);
        }
    }

    @Override
    public Map<String, String> rehearse(Direction direction, Map<String, String> parameters)
            throws InterruptedException {
        Bound all = bindAll();
        Rehearsals rehearsals = Rehearsals.asked(parameters);
        for (int done = 0; done < rehearsals.times(); done++) {
            if (done > 0) {
                waiter.await(BETWEEN_REHEARSALS);
            }
            proveTouched(direction, true);
            rehearsals.add(all.switchover()
                    .rehearse(
                            direction,
                            new SwitchAttempt(
                                    UUID.randomUUID().toString(), ownership().epoch(), "")));
        }
        rehearsal = rehearsals.longest();
        happenings.tell("rehearsal.done", rehearsals.toString());
        return rehearsals.told();
    }

    @Override
    public Switchover switchover() {
        return bindAll().watched();
    }

    @Override
    public Ownership ownership() {
        return readOwnership();
    }

    private Ownership readOwnership() {
        io.viridian.cutover.Ownership blue = parts.blue()
                .query(session -> OwnershipRows.read(session, parts.migration()))
                .orElseThrow(() -> Fault.of(FaultCode.OWNERSHIP_IMPOSSIBLE, "blue has no ownership row")
                        .asException());
        io.viridian.cutover.Ownership green = parts.green()
                .query(session -> OwnershipRows.read(session, parts.migration()))
                .orElseThrow(() -> Fault.of(FaultCode.OWNERSHIP_IMPOSSIBLE, "green has no ownership row")
                        .asException());
        io.viridian.cutover.Ownership newer = blue.epoch() >= green.epoch() ? blue : green;
        return new Ownership(newer.owner(), newer.epoch());
    }

    @Override
    public Optional<Fault> streamFault() {
        Bound all = bound;
        return all == null ? Optional.empty() : all.streams().standing();
    }

    @Override
    public void restartStreams() throws InterruptedException {
        Bound all = bound;
        if (all != null) {
            all.streams().forgetStanding();
        }
    }

    @Override
    public void pause(boolean on) {
        paused = on;
        happenings.tell(on ? "paused" : "resumed", "periodic verification is " + (on ? "held back" : "on again"));
    }

    @Override
    public void remove(Side owner, boolean finalized) throws InterruptedException {
        Bound all = bound;
        if (all != null) {
            all.streams().stop();
        }
        parts.failpoints().pass(CrashPoint.CLEANUP_LANES_STOPPED);
        Removal removal = new Removal(parts);
        removal.dropReplication();
        removal.green(finalized ? Optional.empty() : Optional.of(binder));
        removal.tombstone(finalized, happenings.since(0, 1000));
        desk.detach();
        happenings.detach();
        removal.blueAndJournal();
        ended = bound;
        bound = null;
    }

    void entered(MigrationState state) {
        stateSince = parts.clock().now();
        happenings.tell("state.changed", StateName.of(state).name());
        LOG.info("{} is {}", parts.migration(), StateName.of(state));
    }

    void stop() throws InterruptedException {
        Bound all = bound;
        if (all != null) {
            all.streams().stop();
        }
    }

    // What surfaces ask.

    EngineParts parts() {
        return parts;
    }

    String name() {
        return parts.migration();
    }

    Happenings happenings() {
        return happenings;
    }

    private Optional<Bound> boundOrEnded() {
        return Optional.ofNullable(bound).or(() -> Optional.ofNullable(ended));
    }

    Optional<Proving> proving() {
        return boundOrEnded().map(Bound::proving);
    }

    Instant stateSince() {
        return stateSince;
    }

    boolean paused() {
        return paused;
    }

    List<Finding> findings() {
        return findings;
    }

    String planHash() {
        return boundOrEnded().map(all -> all.plan().hash()).orElse("");
    }

    Optional<ApplyLane> lane(Direction direction) {
        return Optional.ofNullable(bound).flatMap(all -> all.streams().lane(direction));
    }

    Optional<Double> lagSeconds(Direction direction) {
        return lane(direction)
                .flatMap(lane -> lane.status().lastMarkerEmitted())
                .map(emitted -> Math.max(
                        0, Duration.between(emitted, parts.clock().now()).toMillis() / 1000.0));
    }

    Optional<Lsn> sourceWal(Direction direction) {
        return Optional.ofNullable(sourceWal.get(direction));
    }

    Optional<SlotState> slot(Side side) {
        return Optional.ofNullable(slots.get(side));
    }

    /** Reads both servers' log positions and slots; a server that does not answer keeps its old values. */
    void refreshWal() {
        for (Direction direction : Direction.values()) {
            if (lane(direction).isEmpty()) {
                continue;
            }
            try {
                Lsn now = parts.on(direction.source()).query(Slots::currentWal);
                sourceWal.put(direction, now);
                String name = LaneSettings.originOf(parts.migration(), direction);
                parts.on(direction.source())
                        .query(session -> Slots.inspect(session, name))
                        .ifPresent(slot -> slots.put(direction.source(), slot));
            } catch (FaultException unreachable) {
                LOG.debug("no log position from {}: {}", direction.source(), unreachable.getMessage());
            }
        }
    }

    Optional<Fault> streamTrouble() {
        return lane(Direction.FORWARD)
                .flatMap(lane -> lane.status().fault())
                .or(() -> lane(Direction.REVERSE).flatMap(lane -> lane.status().fault()));
    }

    Optional<SwitchStep> step() {
        return Optional.ofNullable(bound).flatMap(all -> all.watched().step());
    }

    Optional<Side> ownerNow(MigrationState state) {
        return switch (state) {
            case MigrationState.Switched _, MigrationState.Finalizing _, MigrationState.Finalized _ ->
                Optional.of(Side.GREEN);
            case MigrationState.Switching switching ->
                switching.step() == SwitchStep.ROUTE
                        ? Optional.of(switching.direction().target())
                        : switching(switching);
            case MigrationState.Halted halted -> ownerNow(halted.during());
            case MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Ready _,
                    MigrationState.RolledBack _,
                    MigrationState.Aborting _,
                    MigrationState.Aborted _ -> Optional.of(Side.BLUE);
        };
    }

    /** Between the commit point and the opening nobody may write. */
    private Optional<Side> switching(MigrationState.Switching switching) {
        Optional<SwitchStep> step = step();
        if (step.isEmpty() || step.get().isVolatile() || step.get() == SwitchStep.COMMIT) {
            return Optional.of(switching.direction().source());
        }
        return step.get() == SwitchStep.OPEN
                ? Optional.empty()
                : Optional.of(switching.direction().target());
    }

    String rollbackStanding(MigrationState state) {
        Bound all = bound;
        if (all != null && !all.plan().reversible()) {
            return "impossible(reverse.enabled is false)";
        }
        Optional<Fault> broken =
                lane(Direction.REVERSE).flatMap(lane -> lane.status().fault());
        if (broken.isPresent()) {
            return "impossible(" + broken.get().sentence() + ")";
        }
        return state instanceof MigrationState.Final ? "impossible(the migration has ended)" : "lossless";
    }

    /** Why an operation cannot be asked for now; empty when it can. */
    String refusal(Operation.Type type, MigrationState state) {
        boolean blueOwns = state instanceof MigrationState.Ready || state instanceof MigrationState.RolledBack;
        boolean switched = state instanceof MigrationState.Switched;
        boolean halted = state instanceof MigrationState.Halted;
        boolean allowed = switch (type) {
            case CUTOVER -> blueOwns;
            case ROLLBACK, FINALIZE -> switched;
            case VERIFY, REHEARSE, PAUSE -> blueOwns || switched;
            case RESUME -> halted || blueOwns || switched;
            case ABORT ->
                blueOwns
                        || state instanceof MigrationState.Preparing
                        || state instanceof MigrationState.Backfilling
                        || state instanceof MigrationState.CatchingUp
                        || (halted && ownerNow(state).equals(Optional.of(Side.BLUE)));
        };
        if (!allowed) {
            return type.text() + " is not possible in " + StateName.of(state);
        }
        boolean oneWay =
                bound != null && !java.util.Objects.requireNonNull(bound).plan().reversible();
        return type == Operation.Type.ROLLBACK && oneWay ? "reverse.enabled is false, so there is no way back" : "";
    }

    List<TableView> tables() {
        Backfill load = backfill;
        Function<TableName, String> verified = source -> proving()
                .flatMap(Proving::lastFull)
                .flatMap(found -> found.tables().stream()
                        .filter(table ->
                                table.source().equals(source) || table.target().equals(source))
                        .findFirst())
                .map(table -> table.equal() ? "clean" : "mismatch")
                .orElse("never");
        if (load == null) {
            return copiedBefore.stream()
                    .map(table -> new TableView(
                            table.source().toString(),
                            target(table.source()),
                            table.open() == 0 ? "copied" : "copying",
                            table.rows(),
                            table.rows(),
                            table.bytes(),
                            table.bytes(),
                            table.merged(),
                            verified.apply(table.source())))
                    .toList();
        }
        List<TableView> tables = new ArrayList<>();
        load.progress()
                .forEach(table -> tables.add(new TableView(
                        table.route().source().toString(),
                        table.route().target().toString(),
                        table.state(),
                        table.rows(),
                        table.estimatedRows(),
                        table.bytes(),
                        table.totalBytes(),
                        table.chunks(),
                        verified.apply(table.route().source()))));
        return tables;
    }

    MigrationView.BackfillView backfillView() {
        Backfill load = backfill;
        if (load == null) {
            long copied = copiedBefore.stream()
                    .mapToLong(PostgresChunkLedger.Summary::bytes)
                    .sum();
            int complete = (int)
                    copiedBefore.stream().filter(table -> table.open() == 0).count();
            return new MigrationView.BackfillView(
                    copiedBefore.stream()
                            .mapToLong(PostgresChunkLedger.Summary::rows)
                            .sum(),
                    copied,
                    copied,
                    complete,
                    copiedBefore.size(),
                    Optional.empty());
        }
        long rows = 0;
        long bytes = 0;
        long total = 0;
        int done = 0;
        for (io.viridian.replication.backfill.TableProgress table : load.progress()) {
            rows += table.rows();
            bytes += table.bytes();
            total += table.state().equals("copied") ? table.bytes() : table.totalBytes();
            done += table.state().equals("copied") ? 1 : 0;
        }
        return new MigrationView.BackfillView(
                rows, bytes, total, done, load.progress().size(), eta(bytes, total));
    }

    private String target(TableName source) {
        return Optional.ofNullable(bound)
                .flatMap(all -> all.plan().routeFrom(Direction.FORWARD, source))
                .map(route -> route.target().toString())
                .orElse("");
    }

    private Optional<Duration> eta(long bytes, long total) {
        Instant began = backfillStarted;
        if (began == null || bytes == 0 || bytes >= total) {
            return Optional.empty();
        }
        double seconds = Duration.between(began, parts.clock().now()).toMillis() / 1000.0;
        return Optional.of(Duration.ofMillis((long) (seconds * 1000 * (total - bytes) / bytes)));
    }
}
