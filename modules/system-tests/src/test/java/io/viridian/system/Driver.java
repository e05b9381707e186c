package io.viridian.system;

import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An operator who starts the daemon again whenever it died, verifies before asking again for what was undone, and does
 * not give up. For the test's thread.
 */
final class Driver {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<StateName> RESTING = Set.of(StateName.READY, StateName.SWITCHED, StateName.ROLLED_BACK);

    private final Daemon daemon;
    private final Duration patience;
    private int restarts;
    private boolean doubtful;

    Driver(Daemon daemon) {
        this(daemon, PATIENCE);
    }

    /** @param patience how long each wait may take */
    Driver(Daemon daemon, Duration patience) {
        this.daemon = daemon;
        this.patience = patience;
    }

    int restarts() {
        return restarts;
    }

    void reach(StateName wanted) throws InterruptedException {
        Await.until("state " + wanted, patience, () -> {
            revive();
            return state() == wanted;
        });
    }

    void cutover() throws InterruptedException {
        lead(Operation.Type.CUTOVER, StateName.SWITCHED);
    }

    void rollback() throws InterruptedException {
        lead(Operation.Type.ROLLBACK, StateName.ROLLED_BACK);
    }

    void finish() throws InterruptedException {
        lead(Operation.Type.FINALIZE, StateName.FINALIZED);
    }

    void abort() throws InterruptedException {
        lead(Operation.Type.ABORT, StateName.ABORTED);
    }

    /** Asks once, and answers what came of it. */
    Panel.Asked carryOut(Operation.Type type) throws InterruptedException {
        return carryOut(type, Map.of());
    }

    /** Asks until no gate is in the way, and answers what came of it then. */
    Panel.Asked carryOutWhenAllowed(Operation.Type type) throws InterruptedException {
        return carryOutWhenAllowed(type, Map.of());
    }

    Panel.Asked carryOutWhenAllowed(Operation.Type type, Map<String, String> parameters) throws InterruptedException {
        Panel.Asked[] last = {carryOut(type, parameters)};
        Await.until("no gate refuses " + type, patience, () -> {
            if (!last[0].result().getOrDefault("code", "").equals("GATE_REFUSED")) {
                return true;
            }
            last[0] = carryOut(type, parameters);
            return false;
        });
        return last[0];
    }

    Panel.Asked carryOut(Operation.Type type, Map<String, String> parameters) throws InterruptedException {
        String id = daemon.panel().submit(type, parameters).id();
        Await.until(
                type + " has ended",
                patience,
                () -> daemon.panel()
                        .find(id)
                        .filter(one -> one.status().isFinal())
                        .isPresent());
        return daemon.panel().find(id).orElseThrow();
    }

    /** Asks for the operation, again and again, until the state is reached. */
    private void lead(Operation.Type type, StateName wanted) throws InterruptedException {
        String[] open = {""};
        Await.until(type + " leads to " + wanted, patience, () -> {
            revive();
            if (state() == wanted) {
                return true;
            }
            if (!open[0].isEmpty()) {
                Optional<Panel.Asked> asked = daemon.panel().find(open[0]);
                if (asked.filter(one -> !one.status().isFinal()).isPresent()) {
                    return false;
                }
                doubtful = asked.filter(Panel.Asked::succeeded).isEmpty();
                open[0] = "";
            }
            if (RESTING.contains(state())) {
                open[0] = ask(type);
            }
            return false;
        });
        doubtful = false;
    }

    /** Endings need no proof; a switch does, and an attempt that failed may have failed for want of it. */
    private String ask(Operation.Type type) {
        boolean ending = type == Operation.Type.FINALIZE || type == Operation.Type.ABORT;
        try {
            return daemon.panel()
                    .submit(doubtful && !ending ? Operation.Type.VERIFY : type, Map.of())
                    .id();
        } catch (FaultException notNow) {
            return "";
        }
    }

    private StateName state() {
        StateName now = daemon.panel().state();
        if (now == StateName.HALTED) {
            throw new Halt(daemon.panel().fault());
        }
        return now;
    }

    /** Starts the daemon again when it has died. */
    void revive() throws InterruptedException {
        Optional<String> gaveUp = daemon.gaveUp();
        if (gaveUp.isPresent()) {
            throw new Halt(gaveUp.get());
        }
        if (!daemon.alive()) {
            restarts++;
            doubtful = true;
            daemon.start();
        }
    }

    /** The daemon waits for somebody to mend something, or gave up, and nothing was to be mended. */
    static final class Halt extends Error {
        private static final long serialVersionUID = 1L;

        Halt(String why) {
            super("it does not go on: " + why);
        }
    }
}
