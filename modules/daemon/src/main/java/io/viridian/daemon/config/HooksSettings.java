package io.viridian.daemon.config;

import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All hooks, in their order.
 *
 * @param writePauseBudget those that writers wait for must end within it, all of them together
 */
public record HooksSettings(List<HookSettings> hooks, Duration writePauseBudget) {
    public HooksSettings {
        hooks = List.copyOf(hooks);
        SettingRules rules = new SettingRules();
        Set<String> names = new HashSet<>();
        for (HookSettings hook : hooks) {
            rules.require(
                    names.add(hook.name()),
                    hook.keys().name(),
                    "must be another one: two hooks are called " + hook.name());
        }
        for (Direction direction : Direction.values()) {
            List<HookSettings> waitedFor = hooks.stream()
                    .filter(hook -> hook.when().whileWritersWait())
                    .filter(hook -> hook.on().set().contains(direction))
                    .toList();
            Duration together = waitedFor.stream().map(HookSettings::timeout).reduce(Duration.ZERO, Duration::plus);
            if (together.compareTo(writePauseBudget) >= 0) {
                waitedFor.stream()
                        .limit(1)
                        .forEach(first -> rules.require(
                                false,
                                first.keys().timeout(),
                                "must be less: while writers wait, hooks may take "
                                        + DurationText.format(together)
                                        + " together, and cutover.write-pause-budget is "
                                        + DurationText.format(writePauseBudget)));
                break;
            }
        }
        rules.orThrow();
    }
}
