package io.viridian.daemon.engine;

import io.viridian.cutover.OwnershipRows;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.journal.ConsentLog;
import io.viridian.journal.ControlSchema;
import io.viridian.journal.EventLog;
import io.viridian.journal.Lease;
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
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.replication.lane.ApplyLane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration of this process: the deeds behind the conductor's states. The conductor's thread does them; the
 * getters serve the surfaces from memory, on any thread.
 */
final class LiveMigration implements MigrationWork {
    private static final Logger LOG = LoggerFactory.getLogger(LiveMigration.class);
    private final EngineParts parts;
    private final OperationDesk desk;
    private final Happenings happenings;
    private final PlanBinder binder;
    private final HeldLease lease;
    private final Armings armings;
    private final SwitchScope scope;
    private final Consents consents;
    private final Hooks hooks;
    private final Binding.Memory memory;
    private final Binding binding;
    private final OwnershipWatch ownershipWatch;
    private final WayBackKeeper wayBack;
    private final BlueKeeper blueKeeper;
    private final UnplannedTables unplanned;
    private final LoadWork load;
    private final ProofWork proof;
    private final GateWatch gates;
    private final RehearsalWork rehearsal;
    private final BackByHealth backByHealth;
    private final HealthWatch health;
    private final RollbackNews rollbackNews;
    private final ApplyRate applyRate;
    private final ClosedSide closedSide;
    private volatile Instant stateSince;
    private volatile Optional<MigrationState> lastEntered = Optional.empty();

    /** When the state began that was found in the journal; empty once another was entered. */
    private volatile Optional<Instant> inheritedSince = Optional.empty();

    private volatile List<Finding> findings = List.of();

    LiveMigration(EngineParts parts, OperationDesk desk, Happenings happenings) {
        this.parts = parts;
        this.desk = desk;
        this.happenings = happenings;
        this.binder = new PlanBinder(parts);
        this.lease = new HeldLease(parts);
        this.armings = new Armings(parts.settings().cutover(), parts.clock());
        this.scope = new SwitchScope(this::planHash, () -> ownership().epoch());
        this.hooks = new Hooks(parts, happenings, this::cutoverMayBeAskedFor);
        this.consents = new Consents(parts.settings().cutover().approvals(), hooks.gateIds(), scope, parts.clock());
        this.memory = new Binding.Memory(new SourceWatch(parts), new CopyProgress(parts.clock()), new MeasuredPauses());
        this.binding = new Binding(
                parts, binder, lease, happenings, memory, hooks, direction -> proveTouched(direction, true));
        this.ownershipWatch = new OwnershipWatch(
                Wiring.ownershipKeeper(parts, () -> lease.require().epoch()), happenings);
        this.wayBack = new WayBackKeeper(parts, happenings);
        this.unplanned = new UnplannedTables(parts, binder, happenings);
        this.blueKeeper = new BlueKeeper(parts, happenings, memory.sources(), this::endForward, this::replaced);
        this.load = new LoadWork(parts, binding, binder, memory.copy(), blueKeeper, happenings);
        this.proof = new ProofWork(parts, binding, wayBack);
        this.applyRate = new ApplyRate(parts.clock());
        this.gates = new GateWatch(binding, memory, hooks, consents, applyRate, unplanned);
        this.rehearsal = new RehearsalWork(
                parts, binding, proof, memory.pauses(), () -> ownership().epoch());
        this.backByHealth = new BackByHealth(this::rollbackNow, gates);
        this.health = new HealthWatch(parts, happenings, backByHealth);
        this.rollbackNews = new RollbackNews(happenings);
        this.closedSide = new ClosedSide(parts, happenings);
        this.stateSince = parts.clock().now();
    }

    /** The journal of an earlier daemon, with everything attached to it, or empty. */
    Optional<Journal> resume() {
        Resumption resumption = new Resumption(parts, happenings);
        if (!resumption.begun()) {
            return Optional.empty();
        }
        Lease taken = lease.take();
        TakeOver.with(taken, parts);
        resumption.complete();
        Journal journal = lease.journal();
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

    /** Whether another daemon has led since this one began, as far as can be known now. */
    boolean replaced() {
        return lease.replaced();
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
        lease.take();
        return attach(lease.journal());
    }

    @Override
    public void prepare() throws InterruptedException {
        blueKeeper.require();
        Setup.greenSchema(parts);
        binder.keepGreenKeys();
        // Before anything is bound, so that green's tables can be mended and looked at again.
        requireNone(Checks.ofMapping(parts, binder.bindPinned()));
        Bound all = binding.require();
        all.setup().prepare(all.plan());
    }

    @Override
    public void ensureStreams(Side owner) throws InterruptedException {
        blueKeeper.require();
        ownershipWatch.require();
        Bound all = binding.require();
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
        load.run();
    }

    @Override
    public void catchUp() throws InterruptedException {
        proof.catchUp(this::standingFault);
    }

    @Override
    public Map<String, String> verify(Direction direction, Map<String, String> parameters) throws InterruptedException {
        return proof.verify(direction, parameters);
    }

    @Override
    public Duration untilNextVerification(Direction direction) {
        return proof.untilNext(direction);
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
        return gates.read(direction, armed, by);
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
        backByHealth.by(rollback);
    }

    private String rollbackNow() {
        return lastEntered.map(state -> standing(state).rollback()).orElse("impossible(nothing has begun)");
    }

    @Override
    public Map<String, String> consent(Operation operation) {
        Consent written = consents.write(operation);
        happenings.tell(written.event(), written.words());
        return Map.of("until", written.until().toString());
    }

    /** Reads green's position into memory, and looks after what green keeps for the way back; asks blue nothing. */
    void lookAfterGreen(MigrationState state) throws InterruptedException {
        Optional<Bound> all = binding.now().filter(one -> one.plan().reversible());
        if (all.isEmpty()) {
            return;
        }
        if (lane(Direction.REVERSE).isPresent()) {
            sources().look(Direction.REVERSE);
        }
        wayBack.look(
                state,
                stateSince,
                sources().slot(Side.GREEN),
                () -> all.get().streams().end(Direction.REVERSE));
    }

    private void endForward() throws InterruptedException {
        Optional<Bound> all = binding.now();
        if (all.isPresent()) {
            all.get().streams().end(Direction.FORWARD);
        }
    }

    /** Reads blue's position and the gates into memory. */
    void lookAround(MigrationState state) throws InterruptedException {
        ownershipWatch.look();
        lane(Direction.FORWARD).ifPresent(lane -> {
            sources().look(Direction.FORWARD);
            applyRate.look(lane.status().applied());
        });
        Standing standing = standing(state);
        rollbackNews.look(standing.rollback());
        closedSide.look(standing.owner(), this::lane);
        gates.look(
                standing.owner().filter(owner -> owner == Side.GREEN).isPresent()
                        ? Direction.REVERSE
                        : Direction.FORWARD,
                state instanceof MigrationState.Armed one ? Optional.of(one.arming()) : Optional.empty());
    }

    @Override
    public void keepRoutes(Side owner) throws InterruptedException {
        Optional<Bound> begun = binding.now();
        if (begun.isPresent()) {
            begun.get().routes().look(owner);
        }
    }

    @Override
    public void proveTouched(Direction direction, boolean switchIsNear) throws InterruptedException {
        proof.proveTouched(direction, switchIsNear);
    }

    @Override
    public Map<String, String> rehearse(Direction direction, Map<String, String> parameters)
            throws InterruptedException {
        Rehearsals done = rehearsal.run(direction, parameters);
        happenings.tell("rehearsal.done", done.toString());
        return done.told();
    }

    @Override
    public Switchover switchover() {
        return binding.require().watched();
    }

    @Override
    public long lossy() {
        return lane(Direction.REVERSE).map(lane -> lane.status().lossy()).orElse(0L);
    }

    @Override
    public CanaryWork canary() {
        return binding.require().canary();
    }

    @Override
    public Ownership ownership() {
        io.viridian.cutover.Ownership blue = ownershipOn(Side.BLUE);
        io.viridian.cutover.Ownership green = ownershipOn(Side.GREEN);
        io.viridian.cutover.Ownership newer = blue.epoch() >= green.epoch() ? blue : green;
        return new Ownership(newer.owner(), newer.epoch());
    }

    private io.viridian.cutover.Ownership ownershipOn(Side side) {
        return parts.on(side)
                .query(session -> OwnershipRows.read(session, parts.migration()))
                .orElseThrow(() -> Fault.of(FaultCode.OWNERSHIP_IMPOSSIBLE, side.text() + " has no ownership row")
                        .asException());
    }

    @Override
    public Optional<Fault> standingFault() {
        return blueKeeper
                .standing()
                .or(ownershipWatch::standing)
                .or(() -> binding.now().flatMap(all -> all.streams().standing()));
    }

    @Override
    public void restartStreams() throws InterruptedException {
        ownershipWatch.forget();
        Optional<Bound> all = binding.now();
        if (all.isPresent()) {
            all.get().streams().forgetStanding();
        }
    }

    @Override
    public void pause(boolean on) {
        proof.pause(on);
        happenings.tell(on ? "paused" : "resumed", "periodic verification is " + (on ? "held back" : "on again"));
    }

    @Override
    public void remove(Side owner, boolean finalized) throws InterruptedException {
        new Leadership(parts, lease.require()).require("this one removes nothing");
        stopStreams();
        parts.failpoints().pass(CrashPoint.CLEANUP_LANES_STOPPED);
        Removal removal = new Removal(parts);
        removal.dropReplication();
        removal.green(finalized ? Optional.empty() : Optional.of(binder));
        removal.tombstone(finalized, consents.all(), happenings.newest());
        desk.detach();
        happenings.detach();
        consents.detach();
        removal.blueAndJournal(finalized);
        binding.end();
    }

    private void stopStreams() throws InterruptedException {
        Optional<Bound> all = binding.now();
        if (all.isPresent()) {
            all.get().streams().stop();
        }
    }

    void entered(MigrationState state) {
        binding.now()
                .ifPresent(all -> memory.pauses()
                        .entered(
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
        stopStreams();
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

    GateWatch gateWatch() {
        return gates;
    }

    Optional<Proving> proving() {
        return binding.nowOrEnded().map(Bound::proving);
    }

    Instant stateSince() {
        return stateSince;
    }

    boolean paused() {
        return proof.paused();
    }

    List<Finding> findings() {
        return findings;
    }

    String planHash() {
        return binding.nowOrEnded().map(all -> all.plan().hash()).orElse("");
    }

    Optional<ApplyLane> lane(Direction direction) {
        return binding.lane(direction);
    }

    Optional<Double> lagSeconds(Direction direction) {
        return binding.lagSeconds(direction);
    }

    SourceWatch sources() {
        return memory.sources();
    }

    Optional<Fault> streamTrouble() {
        return binding.trouble();
    }

    Optional<SwitchStep> step() {
        return binding.now().flatMap(all -> all.watched().step());
    }

    Standing standing(MigrationState state) {
        return new Standing(
                state,
                step(),
                binding.now()
                        .filter(all -> !all.plan().reversible())
                        .map(_ -> "reverse.enabled is false")
                        .or(wayBack::closed),
                binding.trouble(Direction.REVERSE),
                lossy());
    }

    Optional<Canary> shared() {
        return binding.nowOrEnded().map(Bound::canary);
    }

    CopyProgress copy() {
        return memory.copy();
    }

    ClosedSide closedSide() {
        return closedSide;
    }
}
