package io.viridian.cli;

import io.viridian.daemon.config.DurationText;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whether to wait for the end of an operation, and how long. */
final class WaitOptions {
    @Option(names = "--wait", description = "Wait for the end, print it, and let the exit code say how it went.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = InDuration.class,
            description =
                    "With --wait: stop waiting after this time, like 90s, with exit code 9; the operation goes on.")
    private @Nullable Duration timeout;

    /** As if it had been wanted. */
    WaitOptions always() {
        WaitOptions always = new WaitOptions();
        always.wait = true;
        always.timeout = timeout;
        return always;
    }

    boolean wanted() {
        return wait;
    }

    Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** Durations as the configuration writes them. */
    static final class InDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'%s' is no duration; write it like 250ms, 30s, 5m or 24h".formatted(text));
            }
        }
    }
}
