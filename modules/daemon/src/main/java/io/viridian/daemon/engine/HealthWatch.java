package io.viridian.daemon.engine;

import io.viridian.control.MigrationView;
import io.viridian.cutover.hook.HookAction;
import io.viridian.cutover.hook.HookVerdict;
import io.viridian.daemon.config.HealthSettings;
import io.viridian.daemon.config.OnFailing;
import io.viridian.fault.FaultException;
import io.viridian.migration.MigrationState;
import io.viridian.plan.Direction;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the application when a cutover is over: asks how it does for as long as configured, tells every answer,
 * and after so many failing ones in a row tells that, or has the writes led back if that loses nothing and its gates
 * pass. Began when the writes moved, also for the daemon that finds them moved. Any thread.
 */
final class HealthWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);
    /** As which it asks. */
    static final String NAME = "health";

    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final EngineParts parts;
    private final HealthSettings settings;
    private final Optional<HookAction> probe;
    private final Happenings happenings;
    private final WayBack wayBack;
    private volatile @Nullable HealthCourse course;
    private volatile @Nullable Instant until;
    private @Nullable Thread thread;
    private String obstacleTold = "";

    /** How the writes are led back. */
    interface WayBack {
        /** Why it cannot be done without loss now; empty when it can. */
        Optional<String> obstacle() throws InterruptedException;

        /**
         * Asks for the rollback.
         *
         * @throws FaultException when it cannot be asked for now
         */
        void ask(String reason);
    }

    /** Nobody is asked before {@link #entered}. */
    HealthWatch(EngineParts parts, Happenings happenings, WayBack wayBack) {
        this.parts = parts;
        this.settings = parts.settings().health();
        this.probe = settings.probes().stream().findFirst().map(one -> Wiring.action(parts, one));
        this.happenings = happenings;
        this.wayBack = wayBack;
    }

    /**
     * A state was entered.
     *
     * @param since when the state began
     */
    synchronized void entered(MigrationState state, Instant since) {
        Thread asking = thread;
        if (asking != null && !(state instanceof MigrationState.Switched)) {
            asking.interrupt();
            thread = null;
        }
        Instant end = since.plus(settings.window());
        if (state instanceof MigrationState.Switched
                && probe.isPresent()
                && thread == null
                && end.isAfter(parts.clock().now())) {
            HookAction action = probe.get();
            course = HealthCourse.begun(parts.clock().now());
            until = end;
            thread = Thread.ofVirtual().name("viridian-health").start(() -> ask(action, end));
        }
    }

    private void ask(HookAction action, Instant end) {
        Waiter rest = new Waiter();
        HealthCourse now = HealthCourse.begun(parts.clock().now());
        boolean toldFailing = false;
        try {
            while (wanted() && end.isAfter(parts.clock().now())) {
                rest.await(settings.every());
                HookVerdict answer =
                        action.ask(Wiring.subject(parts, NAME, NAME, Direction.FORWARD, ""), settings.timeout());
                now = now.after(answer, parts.clock().now());
                course = now;
                happenings.tell("health." + now.verdict(), now.said());
                boolean over = now.failing() && now.failures() >= settings.failures();
                if (over && !toldFailing) {
                    happenings.tell("health.failed", now.failures() + " failing answers in a row: " + now.said());
                }
                toldFailing = over;
                if (over && settings.onFailing() == OnFailing.ROLLBACK) {
                    leadBack(now);
                }
            }
            happenings.tell("health.over", "the last answer was " + now.verdict() + ": " + now.said());
        } catch (RuntimeException unexpected) {
            LOG.warn("nobody is asked any more how the application does", unexpected);
        } catch (InterruptedException over) {
            LOG.debug("nobody is asked any more how the application does");
        }
    }

    private synchronized boolean wanted() {
        return Thread.currentThread().equals(thread);
    }

    /** What cannot be done now, or is refused, is tried again with the next failing answer. */
    private void leadBack(HealthCourse now) throws InterruptedException {
        Optional<String> obstacle = wayBack.obstacle();
        if (obstacle.isEmpty()) {
            try {
                wayBack.ask("health: " + now.failures() + " failing answers in a row: " + now.said());
                return;
            } catch (FaultException refused) {
                obstacle = Optional.of(refused.fault().sentence());
            }
        }
        if (!obstacle.get().equals(obstacleTold)) {
            obstacleTold = obstacle.get();
            happenings.tell("health.rollback-waits", obstacleTold);
        }
    }

    /** For the status; empty while nobody is or was asked. */
    Optional<MigrationView.HealthView> view() {
        return Optional.ofNullable(course)
                .map(now -> new MigrationView.HealthView(
                        now.verdict(),
                        now.said(),
                        now.since(),
                        now.failures(),
                        now.inconclusive(),
                        Optional.ofNullable(until),
                        settings.failures(),
                        settings.onFailing().name().toLowerCase(java.util.Locale.ROOT)));
    }

    @Override
    public void close() {
        Thread asking;
        synchronized (this) {
            asking = thread;
            thread = null;
        }
        if (asking == null) {
            return;
        }
        asking.interrupt();
        try {
            asking.join(GOODBYE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
