package io.viridian.cutover.hook;

import io.viridian.cutover.gate.OwnGate;
import io.viridian.plan.Direction;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hooks that are gates: each is asked again and again on a thread of its own, so that a slow one keeps nobody
 * waiting, and its last answer is the gate. Started once, closed once; the gates are for any thread.
 */
public final class HookGates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HookGates.class);

    /** A command that is being killed is gone within this. */
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final Map<String, Hook> hooks = new LinkedHashMap<>();
    private final Function<Hook, HookSubject> subjects;
    private final BooleanSupplier wanted;
    private final Map<String, HookVerdict> verdicts = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * The gates, not asked yet.
     *
     * @param hooks of which those are taken that are gates
     * @param wanted whether a cutover may be asked for; else nobody is asked
     */
    public HookGates(List<Hook> hooks, Function<Hook, HookSubject> subjects, BooleanSupplier wanted) {
        hooks.stream()
                .filter(hook -> hook.moment() instanceof HookMoment.Gate)
                .forEach(hook -> this.hooks.put(hook.id(), hook));
        this.subjects = subjects;
        this.wanted = wanted;
    }

    /** The gates' ids. */
    public List<String> ids() {
        return List.copyOf(hooks.keySet());
    }

    public synchronized void start() {
        if (!threads.isEmpty()) {
            return;
        }
        hooks.values()
                .forEach(hook -> threads.add(
                        Thread.ofVirtual().name("viridian-" + hook.id()).start(() -> askAgainAndAgain(hook))));
    }

    private void askAgainAndAgain(Hook hook) {
        Waiter rest = new Waiter();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (wanted.getAsBoolean()) {
                    verdicts.put(hook.id(), asked(hook));
                }
                rest.await(hook.every());
            }
        } catch (InterruptedException closed) {
            LOG.debug("{} is not asked any more", hook.id());
        }
    }

    private HookVerdict asked(Hook hook) throws InterruptedException {
        try {
            return hook.action().ask(subjects.apply(hook), hook.timeout());
        } catch (RuntimeException unexpected) {
            LOG.warn("{} could not be asked", hook.id(), unexpected);
            return HookVerdict.unknown("could not be asked: " + unexpected);
        }
    }

    /**
     * What was answered last; what was never asked, or could not be, is not passing. None for a rollback: nothing of an
     * operator's own must keep anybody from going back.
     */
    public List<OwnGate> gates(Direction direction) {
        return direction == Direction.FORWARD
                ? hooks.values().stream().map(this::gate).toList()
                : List.of();
    }

    private OwnGate gate(Hook hook) {
        HookVerdict verdict = verdicts.getOrDefault(hook.id(), HookVerdict.unknown("not asked yet"));
        return new OwnGate(
                hook.id(),
                verdict.passing(),
                verdict.said(),
                "yes, asked every " + hook.every().toSeconds() + " s",
                "Look at what the hook says; it is under hooks in the configuration.");
    }

    @Override
    public synchronized void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(GOODBYE);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        threads.clear();
    }
}
