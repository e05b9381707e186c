package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Work that does nothing but note that it was asked for, and fails where a test wants it to. */
final class FakeWork implements MigrationWork {
    /** Whoever rests looks around again at once. */
    static final Duration A_MOMENT = Duration.ofMillis(1);

    final List<String> deeds = new ArrayList<>();

    /** At every turn of a rest, and so no deed. */
    final List<Side> routesKept = new ArrayList<>();

    Runnable whenRoutesAreKept = () -> {};

    final FakeSwitchover switchover = new FakeSwitchover();
    final FakeCanary canary = new FakeCanary();
    private final Map<String, Deque<Deed>> planned = new HashMap<>();
    private final Supplier<Journal> journal;
    private final Runnable idle;
    private final Clock clock;
    List<Gate> gates = List.of(new Gate("repl.healthy", true, "yes", "yes", "", Instant.EPOCH));
    Ownership owner = new Ownership(Side.BLUE, 1);
    Optional<Fault> streamFault = Optional.empty();
    Optional<Arming> standing = Optional.empty();
    Duration untilDue = A_MOMENT;
    int attempts = 3;
    long lossy;
    String askedBy = "";

    /** What a test has happen in the place of a deed. */
    @FunctionalInterface
    interface Deed {
        void run() throws InterruptedException;
    }

    /**
     * A stand-in.
     *
     * @param journal asked when the journal is to be created
     * @param idle told when the migration rests and nothing is asked of it
     */
    FakeWork(Supplier<Journal> journal, Runnable idle, Clock clock) {
        this.journal = journal;
        this.idle = idle;
        this.clock = clock;
    }

    /** The next time the deed is done, this happens; further calls are for the times after that. */
    void at(String deed, Deed what) {
        planned.computeIfAbsent(deed, _ -> new ArrayDeque<>()).add(what);
    }

    long times(String deed) {
        return deeds.stream().filter(deed::equals).count();
    }

    private void does(String deed) throws InterruptedException {
        deeds.add(deed);
        Deed what = planned.getOrDefault(deed, new ArrayDeque<>()).poll();
        if (what != null) {
            what.run();
        }
    }

    @Override
    public void preflight() throws InterruptedException {
        does("preflight");
    }

    @Override
    public Journal createJournal() {
        deeds.add("create journal");
        return journal.get();
    }

    @Override
    public void prepare() throws InterruptedException {
        does("prepare");
    }

    @Override
    public void ensureStreams(Side side) throws InterruptedException {
        does("streams for " + side.text());
    }

    @Override
    public void backfill() throws InterruptedException {
        does("backfill");
    }

    @Override
    public void catchUp() throws InterruptedException {
        does("catch up");
    }

    @Override
    public Map<String, String> verify(Direction direction, Map<String, String> parameters) throws InterruptedException {
        does("verify " + direction.text());
        return Map.of("clean", "true");
    }

    @Override
    public Duration untilNextVerification(Direction direction) {
        idle.run();
        return untilDue;
    }

    @Override
    public List<Gate> gates(Direction direction, Optional<Arming> armed, String by) {
        askedBy = by;
        return gates;
    }

    @Override
    public Map<String, String> consent(Operation operation) {
        deeds.add("consent " + operation.id());
        return Map.of();
    }

    @Override
    public Arming arming(Operation operation) {
        return new Arming(
                operation.id(),
                operation.by(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Optional.empty(),
                Optional.empty(),
                attempts,
                Optional.of(clock.now().plus(Duration.ofHours(1))));
    }

    @Override
    public Optional<Arming> standingArming() {
        return standing;
    }

    @Override
    public void tell(String event, String words) {
        deeds.add(event + ": " + words);
    }

    @Override
    public Map<String, String> rehearse(Direction direction, Map<String, String> parameters)
            throws InterruptedException {
        does("rehearse " + direction.text());
        return Map.of("write_pause_ms", "7");
    }

    @Override
    public void keepRoutes(Side owner) {
        routesKept.add(owner);
        whenRoutesAreKept.run();
    }

    @Override
    public void proveTouched(Direction direction, boolean switchIsNear) throws InterruptedException {
        if (switchIsNear) {
            does("prove touched " + direction.text());
        }
    }

    @Override
    public Switchover switchover() {
        return switchover;
    }

    @Override
    public long lossy() {
        return lossy;
    }

    @Override
    public CanaryWork canary() {
        return canary;
    }

    @Override
    public Ownership ownership() {
        return owner;
    }

    @Override
    public Optional<Fault> standingFault() {
        return streamFault;
    }

    @Override
    public void restartStreams() throws InterruptedException {
        does("restart streams");
        streamFault = Optional.empty();
    }

    @Override
    public void pause(boolean paused) {
        deeds.add(paused ? "pause" : "go on");
    }

    @Override
    public void remove(Side side, boolean finalized) throws InterruptedException {
        does("remove, " + side.text() + " keeps the writes");
    }

    /** As the deeds of a canary, each in the list of deeds. */
    final class FakeCanary implements CanaryWork {
        Optional<String> obstacle = Optional.empty();
        private int looks;

        /** So many looks see what was asked for; then the play ends. */
        int looksBeforeItRests = 1;

        @Override
        public CanaryTerms terms(Operation operation) {
            deeds.add("canary terms");
            return new CanaryTerms(operation.id(), operation.by(), clock.now().plusSeconds(600), ConflictPolicy.HALT);
        }

        @Override
        public void open(CanaryTerms terms) throws InterruptedException {
            does("open green");
        }

        @Override
        public void ensure(CanaryTerms terms) throws InterruptedException {
            does("share");
        }

        @Override
        public Optional<String> obstacle() {
            if (obstacle.isEmpty() && looks++ >= looksBeforeItRests) {
                idle.run();
            }
            return obstacle;
        }

        @Override
        public void close(CanaryTerms terms) throws InterruptedException {
            does("close green, " + terms.conflicts().text());
        }
    }
}
