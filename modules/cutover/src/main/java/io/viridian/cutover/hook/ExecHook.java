package io.viridian.cutover.hook;

import io.viridian.cutover.traffic.Command;
import java.time.Duration;
import java.util.List;

/**
 * Runs a command: 0 is yes, every other exit code is no. It is killed with its children when its time is up. That, a
 * command that cannot be started, and exit code 75 ({@code EX_TEMPFAIL} of sysexits.h) mean that nobody knows.
 */
public record ExecHook(List<String> command) implements HookAction {
    private static final int NOBODY_KNOWS = 75;

    public ExecHook {
        command = List.copyOf(command);
    }

    @Override
    public HookVerdict ask(HookSubject subject, Duration timeout) throws InterruptedException {
        Command.Result result = new Command(command, timeout).run(subject.environment());
        if (result.succeeded()) {
            return HookVerdict.passed(result.output().isBlank() ? "exit code 0" : result.output());
        }
        if (result.timedOut()) {
            return HookVerdict.unknown(
                    "did not end within " + timeout.toMillis() + " ms and was killed; it had said: " + result.output());
        }
        if (result.exit() < 0) {
            return HookVerdict.unknown("could not be started: " + result.output());
        }
        return new HookVerdict(
                result.exit() == NOBODY_KNOWS ? HookVerdict.Outcome.UNKNOWN : HookVerdict.Outcome.REFUSED,
                result.sentence());
    }
}
