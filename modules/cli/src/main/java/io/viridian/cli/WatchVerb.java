package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.cli.DaemonClient.Away;
import io.viridian.migration.StateName;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The state, again and again. */
@Command(
        description = {
            "Follow the migration: a block that stays current on a terminal, one line per change elsewhere.",
            "With --until exit code 0 when that state is reached and 9 when the time is over;",
            "a migration that halts exits with the number of its fault, one that ended otherwise with 3."
        })
final class WatchVerb implements Callable<Integer> {
    private static final Set<String> ENDS = Set.of("FINALIZED", "ABORTED");

    private final Surroundings around;

    @Option(
            names = "--until",
            paramLabel = "STATE",
            split = ",",
            converter = InState.class,
            description = {
                "Stop at this state, or the first of several separated by commas.",
                "A migration that is ARMED is READY too."
            })
    private List<StateName> until = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "Stop after this time, like 30m, with exit code 9.")
    private @Nullable Duration timeout;

    @Option(
            names = "--every",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "How often to look; default: 1s.")
    private Duration every = Duration.ofSeconds(1);

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    WatchVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<Deadline> end = Optional.ofNullable(timeout).map(longest -> Deadline.after(around.clock(), longest));
        WatchScreen screen = new WatchScreen(around, output.json());
        try (DaemonClient client = daemon.client(around)) {
            boolean reached = false;
            while (true) {
                try {
                    JsonNode status = client.read("").json();
                    reached = true;
                    screen.show(status);
                    Optional<ExitCode> over = over(status);
                    if (over.isPresent()) {
                        return over.get().number();
                    }
                } catch (Away away) {
                    if (!reached && end.isEmpty()) {
                        throw away;
                    }
                    screen.silent(String.valueOf(away.getMessage()));
                }
                if (end.map(Deadline::expired).orElse(false)) {
                    around.talk("viridian: TIMED_OUT: not " + wanted() + " after "
                            + Measures.duration(Optional.ofNullable(timeout).orElse(Duration.ZERO)));
                    return ExitCode.TIMED_OUT.number();
                }
                if (around.out().checkError()) {
                    return ExitCode.OK.number();
                }
                new Waiter()
                        .await(end.map(deadline -> deadline.remainingUpTo(every))
                                .orElse(every));
            }
        }
    }

    private Optional<ExitCode> over(JsonNode status) {
        String state = status.path("state").asText();
        if (until.stream().anyMatch(wanted -> is(state, wanted))) {
            return Optional.of(ExitCode.OK);
        }
        if (ENDS.contains(state)) {
            return Optional.of(until.isEmpty() ? ExitCode.OK : ExitCode.REFUSED);
        }
        if (state.equals("HALTED") && !until.isEmpty()) {
            String code = status.path("fault").path("code").asText("");
            around.talk("viridian: the migration halted: " + code + ": "
                    + status.path("fault").path("detail").asText());
            return Optional.of(ProblemText.exit(code));
        }
        return Optional.empty();
    }

    /** Where the configuration arms it, a migration is never READY alone. */
    private static boolean is(String state, StateName wanted) {
        return wanted.name().equals(state) || (wanted == StateName.READY && state.equals(StateName.ARMED.name()));
    }

    private String wanted() {
        return until.isEmpty()
                ? "ended"
                : String.join(" or ", until.stream().map(Enum::name).toList());
    }

    /** State names, in either case. */
    static final class InState implements picocli.CommandLine.ITypeConverter<StateName> {
        @Override
        public StateName convert(String text) {
            try {
                return StateName.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "there is no state '%s'; there are %s".formatted(text, List.of(StateName.values())));
            }
        }
    }
}
