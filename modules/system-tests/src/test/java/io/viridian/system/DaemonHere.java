package io.viridian.system;

import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationView;
import io.viridian.daemon.engine.ViridianDaemon;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A daemon in this process, which can be let die at a named place. */
final class DaemonHere implements Daemon, Panel {
    /** Threads of the dead end by themselves, once they have noticed that nothing answers them. */
    private static final Duration BURIAL = Duration.ofSeconds(30);

    private final Rig rig;
    private final Mortality mortality;
    private final Clock clock;
    private final List<Thread> burials = new ArrayList<>();
    private @Nullable ViridianDaemon current;
    private Mortality.Life life = Mortality.IMMORTAL.life();

    DaemonHere(Rig rig) {
        this(rig, Mortality.IMMORTAL);
    }

    DaemonHere(Rig rig, Mortality mortality) {
        this(rig, mortality, Clock.system());
    }

    /** With a clock of the test's own. */
    DaemonHere(Rig rig, Clock clock) {
        this(rig, Mortality.IMMORTAL, clock);
    }

    private DaemonHere(Rig rig, Mortality mortality, Clock clock) {
        this.rig = rig;
        this.mortality = mortality;
        this.clock = clock;
    }

    @Override
    public void start() throws InterruptedException {
        bury();
        life = mortality.life();
        start(life);
    }

    /** With failpoints of the test's own. */
    void start(Failpoints failpoints) throws InterruptedException {
        ViridianDaemon started = new ViridianDaemon(rig.settings(), failpoints, clock);
        current = started;
        life.endsWith(started::die);
        started.start();
    }

    /** What a process would leave to the kernel: the threads that have nothing to work with any more. */
    private void bury() {
        ViridianDaemon dead = current;
        if (dead != null) {
            burials.add(Thread.ofPlatform().name("burial").daemon(true).start(dead::close));
            current = null;
        }
    }

    @Override
    public boolean alive() {
        ViridianDaemon daemon = current;
        return daemon != null && !life.over() && gaveUp().isEmpty();
    }

    @Override
    public Optional<String> gaveUp() {
        ViridianDaemon daemon = current;
        if (daemon == null || life.over()) {
            return Optional.empty();
        }
        return daemon.lockLost() ? Optional.of("lock lost") : daemon.gaveUp().map(Fault::sentence);
    }

    @Override
    public Panel panel() {
        return this;
    }

    ViridianDaemon daemon() {
        ViridianDaemon daemon = current;
        if (daemon == null) {
            throw new IllegalStateException("the daemon is not started");
        }
        return daemon;
    }

    MigrationControl control() {
        return daemon().control();
    }

    MigrationState exactState() {
        return daemon().state();
    }

    @Override
    public StateName state() {
        return StateName.of(daemon().state());
    }

    @Override
    public String verification() {
        return control().view().verification();
    }

    @Override
    public String fault() {
        return control().view().fault().map(MigrationView.FaultView::toString).orElse("");
    }

    @Override
    public Asked submit(Operation.Type type, Map<String, String> parameters) {
        return asked(control().submit(new MigrationControl.Request(type, parameters, "test", "tester", "")));
    }

    @Override
    public Optional<Asked> find(String id) {
        return control().operation(id).map(DaemonHere::asked);
    }

    private static Asked asked(Operation operation) {
        return new Asked(operation.id(), operation.type(), operation.status(), operation.result());
    }

    /** Cuts every connection, as the end of the process would. */
    void die() {
        daemon().die();
        bury();
    }

    @Override
    public void stop() {
        ViridianDaemon daemon = current;
        if (daemon != null) {
            daemon.close();
            current = null;
        }
    }

    @Override
    public void close() {
        stop();
        try {
            for (Thread burial : burials) {
                burial.join(BURIAL);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
