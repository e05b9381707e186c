package io.viridian.daemon.engine;

import io.viridian.cutover.MeasuredPause;
import io.viridian.cutover.OwnershipRows;
import io.viridian.cutover.PostgresSwitchover;
import io.viridian.cutover.Rehearsal;
import io.viridian.cutover.gate.GateFacts;
import io.viridian.cutover.gate.Gates;
import io.viridian.cutover.gate.OwnGate;
import io.viridian.cutover.gate.PauseForecast;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.Invariant;
import io.viridian.journal.ConsentLog;
import io.viridian.journal.ControlSchema;
import io.viridian.journal.EventLog;
import io.viridian.journal.Lease;
import io.viridian.journal.PostgresJournal;
import io.viridian.journal.PostgresOperations;
import io.viridian.migration.Arming;
import io.viridian.migration.CanaryWork;
import io.viridian.migration.Consent;
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
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Plan;
import io.viridian.plan.Planned;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.proof.Verification;
import io.viridian.proof.Verifier;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.lane.ApplyLane;
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
import java.util.function.Consumer;
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

    /** One statement over the mirrors; the stream waits for it. */
    private static final Duration DERIVED_WITHIN = Duration.ofHours(12);

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
    private final Armings armings;
    private final SwitchScope scope;
    private final Consents consents;
    private final Hooks hooks;
    private final HealthWatch health;
    private final CopyProgress copy;
    private final SourceWatch sources;
    private final RollbackNews rollbackNews;
    private final OwnershipWatch ownershipWatch;
    private final WayBackKeeper wayBack;
    private final BlueKeeper blueKeeper;
    private final UnplannedTables unplanned;
    private final MeasuredPauses pauses = new MeasuredPauses();
    private final ApplyRate applyRate;
    private final ClosedSide closedSide;
    private final Waiter waiter = new Waiter();
    private volatile @Nullable Lease lease;
    private volatile @Nullable Bound bound;

    /** What was bound when the migration ended, for the report. */
    private volatile @Nullable Bound ended;

    private volatile boolean paused;
    private volatile List<Gate> gatesSeen = List.of();
    private volatile Instant stateSince;
    private volatile Optional<MigrationState> lastEntered = Optional.empty();
    private volatile Consumer<String> leadsBack = _ -> {};

    /** When the state began that was found in the journal; empty once another was entered. */
    private volatile Optional<Instant> inheritedSince = Optional.empty();

    private volatile List<Finding> findings = List.of();

    /** Everything that exists once the plan is bound and the journal is there. */
    record Bound(
            Planned planned,
            long daemonEpoch,
            Streams streams,
            Proving proving,
            PostgresSwitchover switchover,
            WatchedSwitchover watched,
            Gates gates,
            RouteKeeper routes,
            Setup setup,
            Canary canary) {
        Plan plan() {
            return planned.plan();
        }
    }

    LiveMigration(EngineParts parts, OperationDesk desk, Happenings happenings) {
        this.parts = parts;
        this.desk = desk;
        this.happenings = happenings;
        this.binder = new PlanBinder(parts);
        this.armings = new Armings(parts.settings().cutover(), parts.clock());
        this.scope = new SwitchScope(this::planHash, () -> ownership().epoch());
        this.hooks = new Hooks(parts, happenings, this::cutoverMayBeAskedFor);
        this.consents = new Consents(parts.settings().cutover().approvals(), hooks.gateIds(), scope, parts.clock());
        this.health = new HealthWatch(parts, happenings, new BackByHealth());
        this.copy = new CopyProgress(parts.clock());
        this.sources = new SourceWatch(parts);
        this.rollbackNews = new RollbackNews(happenings);
        this.ownershipWatch = new OwnershipWatch(
                Wiring.ownershipKeeper(parts, () -> requireLease().epoch()), happenings);
        this.wayBack = new WayBackKeeper(parts, happenings);
        this.unplanned = new UnplannedTables(parts, binder, happenings);
        this.blueKeeper = new BlueKeeper(parts, happenings, sources, this::endForward, this::replaced);
        this.applyRate = new ApplyRate(parts.clock());
        this.closedSide = new ClosedSide(parts, happenings);
        this.stateSince = parts.clock().now();
    }

    /** The journal of an earlier daemon, with everything attached to it, or empty. */
    Optional<Journal> resume() {
        Resumption resumption = new Resumption(parts, happenings);
        if (!resumption.begun()) {
            return Optional.empty();
        }
        Lease taken = takeLease();
        TakeOver.with(taken, parts);
        resumption.complete();
        Journal journal = journal(taken);
        resumption.settle(journal, taken);
        wayBack.restore();
        blueKeeper.restore();
        inheritedSince = journal.last().map(Journal.Entry::enteredAt);
        return journal.last().isPresent() ? Optional.of(attach(journal)) : Optional.empty();
    }

    private Journal attach(Journal journal) {
        desk.attach(new PostgresOperations(parts.journalDatabase(), parts.migration()));
        happenings.attach(new EventLog(parts.journalDatabase(), parts.migration()));
        consents.attach(new ConsentLog(parts.journalDatabase(), parts.migration()));
        return journal;
    }

    private Lease takeLease() {
        Lease taken = Lease.take(parts.journalDatabase(), parts.migration(), daemonName(), TakeOver.highest(parts));
        lease = taken;
        return taken;
    }

    /** Taken before anything was read or written under it. */
    private Lease requireLease() {
        Lease taken = lease;
        if (taken == null) {
            throw Invariant.broken("the plan is bound before the lease was taken");
        }
        return taken;
    }

    /** Whether another daemon has led since this one began, as far as can be known now. */
    boolean replaced() {
        Lease taken = lease;
        return taken != null && new Leadership(parts, taken).lost();
    }

    private Journal journal(Lease taken) {
        return new PostgresJournal(parts.journalDatabase(), parts.migration(), daemonName()).under(taken);
    }

    private static String daemonName() {
        return "pid " + ProcessHandle.current().pid();
    }

    @Override
    public void preflight() throws InterruptedException {
        findings = Checks.run(parts, binder.bind(false));
        requireNone(findings);
    }

    private static void requireNone(List<Finding> found) {
        if (found.stream().anyMatch(Finding::refuses)) {
            throw Fault.of(FaultCode.PREFLIGHT_REFUSED, PlanBinder.refusals(found))
                    .asException();
        }
    }

    @Override
    public Journal createJournal() {
        ControlSchema.install(parts.journalDatabase(), ControlSchema.Role.JOURNAL);
        parts.failpoints().pass(CrashPoint.PREPARE_JOURNAL_CREATED);
        binder.pin(binder.bind(false).plan().hash());
        return attach(journal(takeLease()));
    }

    @Override
    public void prepare() throws InterruptedException {
        blueKeeper.require();
        Setup.greenSchema(parts);
        binder.keepGreenKeys();
        // Before anything is bound, so that green's tables can be mended and looked at again.
        requireNone(Checks.ofMapping(parts, binder.bindPinned()));
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
        PlanOnBlue.keep(parts);
        Checks.requireCapture(parts, planned);
        Lease lease = requireLease();
        long epoch = lease.epoch();
        Streams streams = new Streams(parts, epoch, sources);
        Verifier verifier = Wiring.verifier(parts, planned.plan());
        Proving proving = new Proving(parts, verifier, happenings);
        proving.restore();
        pauses.restore(new PostgresOperations(parts.journalDatabase(), parts.migration()).recent(MeasuredPauses.MOST));
        // What a process before this one held back goes on, wherever it was led.
        Wiring.traffic(parts).release();
        PostgresSwitchover switchover = Wiring.switchover(parts, planned.plan(), streams, verifier, lease, happenings);
        Setup setup = new Setup(parts);
        Bound created = new Bound(
                planned,
                epoch,
                streams,
                proving,
                switchover,
                new WatchedSwitchover(hooks.around(switchover, direction -> proveTouched(direction, true))),
                Wiring.gates(parts, planned.plan()),
                new RouteKeeper(Wiring.traffic(parts, lease), happenings, parts.clock()),
                setup,
                new Canary(parts, planned.plan(), epoch, streams, setup, proving));
        copy.restore(
                planned.plan(),
                new PostgresChunkLedger(
                                parts.green(), parts.migration(), planned.plan().forward())
                        .summary());
        bound = created;
        hooks.start();
        return created;
    }

    @Override
    public void ensureStreams(Side owner) throws InterruptedException {
        blueKeeper.require();
        ownershipWatch.require();
        Bound all = bindAll();
        boolean withReverse = all.plan().reversible() && all.setup().reverseExists();
        if (owner == Side.GREEN && all.plan().reversible() && !withReverse) {
            wayBack.slotIsGone();
        }
        all.streams()
                .ensure(
                        all.plan(),
                        owner,
                        withReverse,
                        owner == Side.GREEN && lane(Direction.FORWARD).isEmpty() && closedSide.mayBeWritten());
    }

    @Override
    public void backfill() throws InterruptedException {
        Bound all = bindAll();
        Catalog catalog = parts.blue().query(CatalogReader::read);
        ApplyLane lane = all.streams().lane(Direction.FORWARD).orElseThrow();
        Backfill load =
                Wiring.backfill(parts, all.plan(), catalog, lane, all.daemonEpoch(), all.setup(), blueKeeper.brake());
        copy.begins(load);
        blueKeeper.namedIfGivenUp(load::run);
        for (Derivation derivation : all.plan().derived()) {
            LOG.info("Filling {} from its mirrors.", derivation.target());
            lane.build(derivation, DERIVED_WITHIN);
            parts.green()
                    .run(session ->
                            session.execute("analyze " + derivation.target().sql()));
        }
        happenings.tell("backfill.copied", "every row is on green; indexes and constraints follow");
        all.setup().buildIndexes();
        parts.failpoints().pass(CrashPoint.BACKFILL_INDEXES_BUILT);
        all.setup().createLegacy(binder).ifPresent(offer -> happenings.tell("legacy.created", offer.words()));
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
            standingFault().ifPresent(fault -> {
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
    public Duration untilNextVerification(Direction direction) {
        return paused || nothingFollows(direction)
                ? parts.settings().verify().every()
                : bindAll().proving().passes().untilNext(lagSeconds(direction));
    }

    /** Whether this is the way back of a migration that has none: then no side follows the other any more. */
    private boolean nothingFollows(Direction direction) {
        return direction == Direction.REVERSE
                && (!bindAll().plan().reversible() || wayBack.closed().isPresent());
    }

    @Override
    public Arming arming(Operation operation) {
        return armings.asked(operation);
    }

    @Override
    public Optional<Arming> standingArming() {
        return armings.standing();
    }

    @Override
    public void tell(String event, String words) {
        happenings.tell(event, words);
    }

    @Override
    public List<Gate> gates(Direction direction, Optional<Arming> armed, String by) throws InterruptedException {
        Bound all = bound;
        Optional<ApplyLane> lane = lane(direction);
        if (all == null || lane.isEmpty()) {
            return List.of();
        }
        GateFacts facts = new GateFacts(
                direction,
                lane.get().status(),
                lane(direction.opposite()).map(ApplyLane::status),
                copy.complete(),
                all.proving().lastFull(),
                lane.get().touched().isPresent(),
                streamTrouble()
                        .filter(fault -> fault.code() == FaultCode.SCHEMA_CHANGED)
                        .map(Fault::sentence),
                direction == Direction.FORWARD ? unplanned.look(all.plan()) : Optional.empty(),
                pauses.facts(
                        direction,
                        Math.min(
                                TOUCHED_BEFORE_A_SWITCH,
                                lane.get().touchedKeys().orElse(0)),
                        applyRate.bytesPerSecond()));
        return consents.beside(all.gates().read(facts, armed, ownGates(direction, by)).stream()
                .filter(gate -> direction == Direction.FORWARD || FOR_ROLLBACK.contains(gate.id()))
                .toList());
    }

    /** In the order of the contract. */
    private List<OwnGate> ownGates(Direction direction, String by) {
        List<OwnGate> own = new ArrayList<>(hooks.gates(direction));
        consents.approval(by).ifPresent(own::add);
        return own;
    }

    private boolean cutoverMayBeAskedFor() {
        return lastEntered
                .filter(state -> state instanceof MigrationState.Ready
                        || state instanceof MigrationState.Armed
                        || state instanceof MigrationState.RolledBack)
                .isPresent();
    }

    /** From here on the writes are led back by this when the application fails behind a switch. */
    void leadsBackBy(Consumer<String> rollback) {
        leadsBack = rollback;
    }

    private final class BackByHealth implements HealthWatch.WayBack {
        @Override
        public Optional<String> obstacle() throws InterruptedException {
            String rollback =
                    lastEntered.map(state -> standing(state).rollback()).orElse("impossible(nothing has begun)");
            if (!rollback.equals("lossless")) {
                return Optional.of("a rollback would be " + rollback);
            }
            List<Gate> gates = gates(Direction.REVERSE, Optional.empty(), HealthWatch.NAME);
            return gates.isEmpty()
                    ? Optional.of("the gates of a rollback cannot be read")
                    : gates.stream()
                            .filter(gate -> !gate.letsPass())
                            .findFirst()
                            .map(gate -> "gate " + gate.id() + " is not passing: " + gate.value());
        }

        @Override
        public void ask(String reason) {
            leadsBack.accept(reason);
        }
    }

    @Override
    public Map<String, String> consent(Operation operation) {
        Consent written = consents.write(operation);
        happenings.tell(written.event(), written.words());
        return Map.of("until", written.until().toString());
    }

    /** Reads green's position into memory, and looks after what green keeps for the way back; asks blue nothing. */
    void lookAfterGreen(MigrationState state) throws InterruptedException {
        Bound all = bound;
        if (all == null || !all.plan().reversible()) {
            return;
        }
        if (lane(Direction.REVERSE).isPresent()) {
            sources.look(Direction.REVERSE);
        }
        wayBack.look(
                state, stateSince, sources.slot(Side.GREEN), () -> all.streams().end(Direction.REVERSE));
    }

    private void endForward() throws InterruptedException {
        Bound all = bound;
        if (all != null) {
            all.streams().end(Direction.FORWARD);
        }
    }

    /** Reads blue's position and the gates into memory. */
    void lookAround(MigrationState state) throws InterruptedException {
        ownershipWatch.look();
        lane(Direction.FORWARD).ifPresent(lane -> {
            sources.look(Direction.FORWARD);
            applyRate.look(lane.status().applied());
        });
        rollbackNews.look(standing(state).rollback());
        closedSide.look(standing(state).owner(), this::lane);
        gatesSeen = gates(
                standing(state).owner().filter(owner -> owner == Side.GREEN).isPresent()
                        ? Direction.REVERSE
                        : Direction.FORWARD,
                state instanceof MigrationState.Armed one ? Optional.of(one.arming()) : Optional.empty(),
                state instanceof MigrationState.Armed one ? one.arming().by() : "");
    }

    /** The pause that is to be expected, as it was foreseen at the last look; empty while nothing was measured. */
    Optional<PauseForecast> forecast() {
        return Optional.ofNullable(bound).flatMap(all -> all.gates().forecast());
    }

    /** The gates as they were at the last look. */
    List<Gate> gatesSeen() {
        return gatesSeen;
    }

    @Override
    public void keepRoutes(Side owner) throws InterruptedException {
        bindAll().routes().look(owner);
    }

    @Override
    public void proveTouched(Direction direction, boolean switchIsNear) throws InterruptedException {
        Bound all = bindAll();
        if (nothingFollows(direction)
                || (!switchIsNear && (paused || all.proving().turn().rests()))) {
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
            int rows = all.streams().require(direction).touchedKeys().orElse(0);
            Rehearsal one = all.switchover()
                    .rehearse(
                            direction,
                            new SwitchAttempt(
                                    UUID.randomUUID().toString(), ownership().epoch(), ""));
            rehearsals.add(
                    new MeasuredPause(parts.clock().now(), true, direction, one.writePause(), one.durations(), rows));
        }
        pauses.add(rehearsals.longest());
        happenings.tell("rehearsal.done", rehearsals.toString());
        return rehearsals.told();
    }

    @Override
    public Switchover switchover() {
        return bindAll().watched();
    }

    @Override
    public CanaryWork canary() {
        return bindAll().canary();
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
    public Optional<Fault> standingFault() {
        Bound all = bound;
        return blueKeeper
                .standing()
                .or(ownershipWatch::standing)
                .or(() -> all == null ? Optional.empty() : all.streams().standing());
    }

    @Override
    public void restartStreams() throws InterruptedException {
        ownershipWatch.forget();
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
        new Leadership(parts, requireLease()).require("this one removes nothing");
        Bound all = bound;
        if (all != null) {
            all.streams().stop();
        }
        parts.failpoints().pass(CrashPoint.CLEANUP_LANES_STOPPED);
        Removal removal = new Removal(parts);
        removal.dropReplication();
        removal.green(finalized ? Optional.empty() : Optional.of(binder));
        removal.tombstone(finalized, consents.all(), happenings.since(0, 1000));
        desk.detach();
        happenings.detach();
        consents.detach();
        removal.blueAndJournal(finalized);
        ended = bound;
        bound = null;
    }

    void entered(MigrationState state) {
        Optional.ofNullable(bound)
                .ifPresent(all -> pauses.entered(
                        lastEntered, state, all.watched(), parts.clock().now()));
        scope.entered();
        stateSince = inheritedSince.orElseGet(() -> parts.clock().now());
        inheritedSince = Optional.empty();
        lastEntered = Optional.of(state);
        ownershipWatch.entered(state);
        blueKeeper.entered(state);
        hooks.entered(state);
        health.entered(state, stateSince);
        happenings.tell("state.changed", StateName.of(state).name());
        LOG.info("{} is {}", parts.migration(), StateName.of(state));
    }

    void stop() throws InterruptedException {
        health.close();
        hooks.close();
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

    BlueKeeper blueKeeper() {
        return blueKeeper;
    }

    WayBackKeeper wayBack() {
        return wayBack;
    }

    HealthWatch health() {
        return health;
    }

    Consents consents() {
        return consents;
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

    SourceWatch sources() {
        return sources;
    }

    Optional<Fault> streamTrouble() {
        return lane(Direction.FORWARD)
                .flatMap(lane -> lane.status().fault())
                .or(() -> lane(Direction.REVERSE).flatMap(lane -> lane.status().fault()));
    }

    Optional<SwitchStep> step() {
        return Optional.ofNullable(bound).flatMap(all -> all.watched().step());
    }

    Standing standing(MigrationState state) {
        Bound all = bound;
        return new Standing(
                state,
                step(),
                all != null && !all.plan().reversible() ? Optional.of("reverse.enabled is false") : wayBack.closed(),
                lane(Direction.REVERSE).flatMap(lane -> lane.status().fault()),
                lane(Direction.REVERSE).map(lane -> lane.status().lossy()).orElse(0L));
    }

    Optional<Canary> shared() {
        return boundOrEnded().map(Bound::canary);
    }

    CopyProgress copy() {
        return copy;
    }

    ClosedSide closedSide() {
        return closedSide;
    }
}
