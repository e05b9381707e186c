package io.viridian.daemon.config;

import java.time.Duration;
import java.util.List;

/**
 * The conditions and limits of a switch.
 *
 * @param fence what closes blue
 * @param maxLag the lag at or below which a switch may begin
 * @param stableFor how long the lag must have been that low without interruption
 * @param writePauseBudget the switch is undone rather than let writers wait longer
 * @param longestWriter no writing transaction may be older when the fence goes up
 * @param endIdle application names whose idle transactions may be ended
 * @param probe the ways that applications take, each as a role of theirs
 * @param approvals of how many people other than the one who asks a cutover needs
 * @param canary a time with two writable sides, unless its operation says otherwise
 * @param traffic switched in this order
 */
public record CutoverSettings(
        CutoverMode mode,
        CutoverFence fence,
        Duration maxLag,
        Duration stableFor,
        Duration writePauseBudget,
        CutoverWindow window,
        Duration longestWriter,
        List<String> endIdle,
        List<ConnectionSettings> probe,
        int approvals,
        CanarySettings canary,
        List<TrafficSettings> traffic) {
    public CutoverSettings {
        endIdle = List.copyOf(endIdle);
        probe = List.copyOf(probe);
        traffic = List.copyOf(traffic);
        new SettingRules()
                .limit(CutoverKeys.MAX_LAG, maxLag)
                .limit(CutoverKeys.STABLE_FOR, stableFor)
                .limit(CutoverKeys.WRITE_PAUSE_BUDGET, writePauseBudget)
                .limit(CutoverKeys.LONGEST_WRITER, longestWriter)
                .limit(CutoverKeys.APPROVALS, approvals)
                .limit(CutoverKeys.CANARY_FOR, canary.lasts())
                .orThrow();
    }
}
