package io.viridian.daemon.config;

import io.viridian.cutover.hook.HookMoment;
import java.time.Duration;

/**
 * Something of the operator's that is run or asked on the way.
 *
 * @param timeout for each time it is run
 * @param every how often it is asked, where it is a gate
 */
public record HookSettings(
        String name, HookMoment when, HookDirections on, ActionSettings action, Duration timeout, Duration every) {
    public HookSettings {
        new SettingRules()
                .require(action.isComplete(), HookKeys.COMMAND, "must name the program")
                .orThrow();
    }

    HookKeys keys() {
        return action instanceof ActionSettings.Exec ? HookKeys.EXEC : HookKeys.HTTP;
    }
}
