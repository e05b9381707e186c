package io.viridian.cutover.hook;

import io.viridian.migration.SwitchStep;
import java.util.Arrays;

/** When a hook is run. */
public sealed interface HookMoment {
    /** Again and again, while a cutover may be asked for; the last answer is the gate. */
    record Gate() implements HookMoment {
        @Override
        public String text() {
            return "gate";
        }
    }

    /** Before a step; up to COMMIT a hook that fails undoes the switch. */
    record Before(SwitchStep step) implements HookMoment {
        @Override
        public String text() {
            return BEFORE + step;
        }
    }

    /** After a step; a hook that fails is told of. */
    record After(SwitchStep step) implements HookMoment {
        @Override
        public String text() {
            return AFTER + step;
        }
    }

    /** When the switch is over and nobody waits for it any more. */
    record AfterSwitch() implements HookMoment {
        @Override
        public String text() {
            return AFTER_SWITCH;
        }
    }

    String BEFORE = "before ";
    String AFTER = "after ";
    String AFTER_SWITCH = "after-switch";

    /** As the configuration writes it. */
    String text();

    /** @throws IllegalArgumentException when it is no moment */
    static HookMoment parse(String text) {
        if (text.equals("gate")) {
            return new Gate();
        }
        if (text.equals(AFTER_SWITCH)) {
            return new AfterSwitch();
        }
        if (text.startsWith(BEFORE)) {
            return new Before(step(text.substring(BEFORE.length())));
        }
        if (text.startsWith(AFTER)) {
            return new After(step(text.substring(AFTER.length())));
        }
        throw new IllegalArgumentException("no such moment");
    }

    private static SwitchStep step(String name) {
        return Arrays.stream(SwitchStep.values())
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such step"));
    }

    /** Whether writers wait while it runs: from the locks on, until the applications are led to their new side. */
    default boolean whileWritersWait() {
        return switch (this) {
            case Before before -> before.step != SwitchStep.FENCE;
            case After after -> after.step != SwitchStep.ROUTE;
            case Gate _, AfterSwitch _ -> false;
        };
    }
}
