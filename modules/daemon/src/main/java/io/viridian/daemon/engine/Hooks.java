package io.viridian.daemon.engine;

import io.viridian.cutover.gate.OwnGate;
import io.viridian.cutover.hook.Hook;
import io.viridian.cutover.hook.HookGates;
import io.viridian.cutover.hook.HookMoment;
import io.viridian.cutover.hook.HookSubject;
import io.viridian.cutover.hook.HookVerdict;
import io.viridian.cutover.hook.HookedSwitchover;
import io.viridian.daemon.config.HookSettings;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hooks of the configuration at their places: gates, steps, and behind the switch. Any thread. */
final class Hooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    /** A command that is being killed is gone within this. */
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final EngineParts parts;
    private final Happenings happenings;
    private final List<Hook> hooks;
    private final HookGates gates;
    private final List<Thread> behind = new ArrayList<>();
    private MigrationState.@Nullable Switching switching;

    /** What was ready before a hook took its time. */
    @FunctionalInterface
    interface Readiness {
        void again(Direction direction) throws InterruptedException;
    }

    /**
     * The hooks, not run yet.
     *
     * @param cutoverMayBeAskedFor else the gates among them ask nobody
     */
    Hooks(EngineParts parts, Happenings happenings, BooleanSupplier cutoverMayBeAskedFor) {
        this.parts = parts;
        this.happenings = happenings;
        this.hooks =
                parts.settings().hooks().stream().map(one -> hook(parts, one)).toList();
        this.gates = new HookGates(hooks, hook -> subject(hook, Direction.FORWARD, ""), cutoverMayBeAskedFor);
    }

    private static Hook hook(EngineParts parts, HookSettings settings) {
        return new Hook(
                settings.name(),
                settings.when(),
                settings.on().set(),
                Wiring.action(parts, settings.action()),
                settings.timeout(),
                settings.every());
    }

    private HookSubject subject(Hook hook, Direction direction, String attempt) {
        return Wiring.subject(parts, hook.name(), hook.moment().text(), direction, attempt);
    }

    /** The ids of the gates among them. */
    List<String> gateIds() {
        return gates.ids();
    }

    List<OwnGate> gates(Direction direction) {
        return gates.gates(direction);
    }

    void start() {
        gates.start();
    }

    /** A switchover with the hooks around its steps. */
    Switchover around(Switchover switchover, Readiness readiness) {
        return new HookedSwitchover(switchover, hooks, new HookedSwitchover.Surroundings() {
            @Override
            public HookSubject subject(Hook hook, Direction direction, String attempt) {
                return Hooks.this.subject(hook, direction, attempt);
            }

            @Override
            public void tell(String event, String words) {
                happenings.tell(event, words);
            }

            @Override
            public void makeReadyAgain(Direction direction) throws InterruptedException {
                readiness.again(direction);
            }
        });
    }

    /** A state was entered: behind a switch, whichever daemon began it, those are run that are for then. */
    synchronized void entered(MigrationState state) {
        MigrationState.Switching before = switching;
        switching = state instanceof MigrationState.Switching now ? now : null;
        boolean over = state instanceof MigrationState.Switched || state instanceof MigrationState.RolledBack;
        if (before == null || !over) {
            return;
        }
        Direction direction = before.direction();
        boolean moved = (state instanceof MigrationState.Switched) == (direction == Direction.FORWARD);
        List<Hook> due = hooks.stream()
                .filter(hook -> hook.moment() instanceof HookMoment.AfterSwitch
                        && hook.directions().contains(direction))
                .toList();
        if (moved && !due.isEmpty()) {
            behind.removeIf(thread -> !thread.isAlive());
            behind.add(Thread.ofVirtual()
                    .name("viridian-after-switch")
                    .start(() -> run(due, direction, before.attempt().nonce())));
        }
    }

    private void run(List<Hook> due, Direction direction, String attempt) {
        try {
            for (Hook hook : due) {
                HookVerdict verdict = hook.action().ask(subject(hook, direction, attempt), hook.timeout());
                happenings.tell(
                        verdict.passing() ? "hook.passed" : "hook.failed",
                        hook.id() + " (" + hook.moment().text() + "): " + verdict.said());
            }
        } catch (InterruptedException stopped) {
            LOG.warn("the daemon stops; hooks behind the switch were broken off and are not run again");
        }
    }

    @Override
    public void close() {
        gates.close();
        List<Thread> running;
        synchronized (this) {
            running = List.copyOf(behind);
        }
        running.forEach(Thread::interrupt);
        try {
            for (Thread thread : running) {
                thread.join(GOODBYE);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
