package io.viridian.cutover.hook;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A switchover with hooks around its steps. Each is run once in an attempt, however often its step is performed; by a
 * daemon that takes an attempt over it may be run again. The conductor's thread, as the switchover inside.
 */
public final class HookedSwitchover implements Switchover {
    private static final Logger LOG = LoggerFactory.getLogger(HookedSwitchover.class);

    private final Switchover inside;
    private final List<Hook> hooks;
    private final Surroundings around;
    private final Set<String> ran = new HashSet<>();
    private String attemptBegun = "";

    /** What the hooks need of the rest. */
    public interface Surroundings {
        HookSubject subject(Hook hook, Direction direction, String attempt);

        /** Tells whoever listens. */
        void tell(String event, String words);

        /** Time has passed since all was ready: whatever else writers would wait for is done again. */
        void makeReadyAgain(Direction direction) throws InterruptedException;
    }

    public HookedSwitchover(Switchover inside, List<Hook> hooks, Surroundings around) {
        this.inside = inside;
        this.hooks = List.copyOf(hooks);
        this.around = around;
    }

    @Override
    public void perform(Direction direction, SwitchStep step, SwitchAttempt attempt) throws InterruptedException {
        if (!attempt.nonce().equals(attemptBegun)) {
            ran.clear();
            attemptBegun = attempt.nonce();
        }
        before(direction, step, attempt);
        inside.perform(direction, step, attempt);
        for (Hook hook : due(new HookMoment.After(step), direction)) {
            run(hook, direction, attempt);
        }
    }

    private void before(Direction direction, SwitchStep step, SwitchAttempt attempt) throws InterruptedException {
        List<Hook> due = due(new HookMoment.Before(step), direction);
        for (Hook hook : due) {
            HookVerdict verdict = run(hook, direction, attempt);
            if (!verdict.passing() && canBeUndone(step)) {
                throw Fault.about(FaultCode.GATE_REFUSED, hook.id(), hook.called() + " failed: " + verdict.said())
                        .asException();
            }
        }
        if (step == SwitchStep.FENCE && !due.isEmpty()) {
            around.makeReadyAgain(direction);
        }
    }

    private static boolean canBeUndone(SwitchStep before) {
        return before.isVolatile() || before == SwitchStep.COMMIT;
    }

    private List<Hook> due(HookMoment moment, Direction direction) {
        return hooks.stream()
                .filter(hook -> hook.isFor(moment, direction) && !ran.contains(hook.name()))
                .toList();
    }

    private HookVerdict run(Hook hook, Direction direction, SwitchAttempt attempt) throws InterruptedException {
        ran.add(hook.name());
        HookVerdict verdict = hook.action().ask(around.subject(hook, direction, attempt.nonce()), hook.timeout());
        String words = hook.called() + ": " + verdict.said();
        if (!verdict.passing()) {
            LOG.warn("{} failed: {}", hook.called(), verdict.said());
            around.tell("hook.failed", words);
        } else if (hook.moment().whileWritersWait()) {
            // Writing it down would lengthen the pause.
            LOG.info("{} passed: {}", hook.called(), verdict.said());
        } else {
            around.tell("hook.passed", words);
        }
        return verdict;
    }

    @Override
    public void undo(Direction direction, SwitchAttempt attempt) throws InterruptedException {
        inside.undo(direction, attempt);
    }

    @Override
    public Decision resolve(Direction direction, SwitchAttempt attempt) throws InterruptedException {
        return inside.resolve(direction, attempt);
    }

    @Override
    public Duration writePause() {
        return inside.writePause();
    }

    @Override
    public Map<SwitchStep, Duration> durations() {
        return inside.durations();
    }
}
