package io.viridian.system;

import io.viridian.control.MigrationControl;
import io.viridian.fault.FaultException;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An operator who starts the daemon again whenever it died, and asks again for what was undone. */
final class Driver {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Rig rig;
    private final Mortality mortality;

    Driver(Rig rig, Mortality mortality) {
        this.rig = rig;
        this.mortality = mortality;
    }

    void reach(StateName wanted) throws InterruptedException {
        Await.until("state " + wanted, PATIENCE, () -> {
            alive();
            return state() == wanted;
        });
    }

    /** Asks for the operation, again and again, until the state is reached. */
    void switchTo(Operation.Type type, StateName wanted) throws InterruptedException {
        Instant began = Instant.now();
        String[] asked = {""};
        Await.until(type + " leads to " + wanted, PATIENCE, () -> {
            alive();
            StateName now = state();
            if (now == wanted && Duration.between(began, Instant.now()).isPositive()) {
                return !mortality.isDead();
            }
            Optional<Operation> pending = rig.control()
                    .operation(asked[0])
                    .filter(one -> !one.status().isFinal());
            if (pending.isEmpty() && resting()) {
                asked[0] = ask(type);
            }
            return false;
        });
    }

    private String ask(Operation.Type type) {
        try {
            if (rig.control().view().verification().equals("clean") || type == Operation.Type.FINALIZE) {
                return submit(type);
            }
            return submit(Operation.Type.VERIFY);
        } catch (FaultException notNow) {
            return "";
        }
    }

    private String submit(Operation.Type type) {
        return rig.control()
                .submit(new MigrationControl.Request(type, Map.of(), "", "driver", ""))
                .id();
    }

    private boolean resting() {
        return rig.state() instanceof MigrationState.Resting;
    }

    private StateName state() {
        StateName now = StateName.of(rig.state());
        if (now == StateName.HALTED) {
            throw new AssertionError("halted: " + rig.control().view().fault());
        }
        return now;
    }

    private void alive() throws InterruptedException {
        if (mortality.isDead() || !rig.running()) {
            rig.stop();
            mortality.aliveAgain(rig::die);
            rig.start();
        }
    }
}
