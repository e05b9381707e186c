package io.viridian.daemon.engine;

import io.viridian.daemon.config.CutoverMode;
import io.viridian.daemon.config.CutoverSettings;
import io.viridian.daemon.config.DurationText;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Arming;
import io.viridian.migration.Operation;
import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;

/** The terms of automatic cutovers, as operators and the configuration give them. Any thread. */
final class Armings {
    private static final int ATTEMPTS = 3;
    private static final int MOST_ATTEMPTS = 100;

    /** An arming that everybody has forgotten must not switch. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);

    private final CutoverSettings settings;
    private final Clock clock;

    Armings(CutoverSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What {@code cutover.mode: auto} says. */
    Optional<Arming> standing() {
        return settings.mode() != CutoverMode.AUTO
                ? Optional.empty()
                : Optional.of(new Arming(
                        "",
                        "cutover.mode",
                        settings.maxLag(),
                        settings.stableFor(),
                        settings.window().notBefore(),
                        settings.window().notAfter(),
                        ATTEMPTS,
                        Optional.empty()));
    }

    /**
     * What an operator asks for; what is not said is as configured.
     *
     * @throws io.viridian.fault.FaultException with USAGE
     */
    Arming asked(Operation operation) {
        Asked asked = new Asked(operation);
        Optional<Instant> from = asked.read("not_before", Instant::parse)
                .or(() -> settings.window().notBefore());
        Optional<Instant> until = asked.read("not_after", Instant::parse)
                .or(() -> settings.window().notAfter());
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw wrong("not_after", "the window ends at " + until.get() + ", and begins at " + from.get());
        }
        if (until.filter(end -> !end.isAfter(clock.now())).isPresent()) {
            throw wrong("not_after", "the window is over since " + until.get());
        }
        return new Arming(
                operation.id(),
                operation.by(),
                asked.read("max_lag", Armings::positive).orElse(settings.maxLag()),
                asked.read("stable_for", DurationText::parse).orElse(settings.stableFor()),
                from,
                until,
                asked.read("attempts", Armings::attempts).orElse(ATTEMPTS),
                Optional.of(clock.now()
                        .plus(asked.read("expires_after", Armings::positive).orElse(FORGOTTEN_AFTER))));
    }

    private static Duration positive(String text) {
        Duration duration = DurationText.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("must be more than nothing");
        }
        return duration;
    }

    private static int attempts(String text) {
        int attempts = Integer.parseInt(text);
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("must be 1 to " + MOST_ATTEMPTS);
        }
        return attempts;
    }

    private static RuntimeException wrong(String parameter, String what) {
        return Fault.about(FaultCode.USAGE, parameter, what).asException();
    }

    /** The parameters of one operation. */
    private record Asked(Operation operation) {
        <T> Optional<T> read(String parameter, Function<String, T> reader) {
            String text = operation.parameters().getOrDefault(parameter, "");
            if (text.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(reader.apply(text));
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw wrong(parameter, "'" + text + "' cannot be " + parameter + ": " + e.getMessage());
            }
        }
    }
}
