package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.cli.DaemonClient.Away;
import io.viridian.daemon.LocalCommands.Invocation;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What would happen. */
@Command(
        description = {
            "Show what will happen, step by step, with statements, sizes and a hash; change nothing.",
            "Asks the running daemon; without one, looks at both databases itself."
        })
final class PlanVerb implements Callable<Integer> {
    private final Surroundings around;

    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            description = "cutover, rollback or finalize; default: the migration as a whole.")
    private What what = What.MIGRATION;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    PlanVerb(Surroundings around) {
        this.around = around;
    }

    /** What can be planned. */
    enum What {
        MIGRATION,
        CUTOVER,
        ROLLBACK,
        FINALIZE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        JsonNode plan;
        try (DaemonClient client = daemon.client(around)) {
            plan = client.read("/plan/" + what.text()).json();
        } catch (Away away) {
            if (!daemon.configuration().present(around)) {
                throw away;
            }
            around.talk("No daemon answers; looking at both databases from here.");
            Invocation invocation =
                    new Invocation(daemon.configuration().sources(around), output.json(), around.out(), around.err());
            return around.local().plan(invocation, what.text());
        }
        output.print(around, plan, () -> PlanText.of(plan));
        return PlanText.refused(plan) ? ExitCode.REFUSED.number() : ExitCode.OK.number();
    }
}
