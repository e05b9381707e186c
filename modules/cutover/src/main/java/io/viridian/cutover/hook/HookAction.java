package io.viridian.cutover.hook;

import java.time.Duration;

/** How a hook is asked. Any thread. */
@FunctionalInterface
public interface HookAction {
    /**
     * Asks once, and answers within the time whatever happens.
     *
     * @param timeout for all of it; what is not over by then is ended
     */
    HookVerdict ask(HookSubject subject, Duration timeout) throws InterruptedException;
}
