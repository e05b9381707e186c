package io.viridian.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for the way back to blue. */
@Command(
        description = {
            "Switch the writes back to blue, with every row written on green.",
            "Exit code with --wait: 0 back on blue, 3 refused (a gate, or a loss that nobody accepted),",
            "11 undone automatically, 10 outcome unknown."
        })
final class RollbackVerb implements Callable<Integer> {
    private static final String CONSEQUENCE =
            "The rollback pauses writes for a moment and then lets them go back to blue.";

    private final Surroundings around;

    @Option(
            names = "--direct",
            description =
                    "Where no daemon runs: this process leads the migration until the rollback has ended, and waits"
                            + " up to two minutes for its gates.")
    private boolean direct;

    @Option(
            names = "--accept-data-loss",
            paramLabel = "TOKEN",
            description =
                    "Accept the loss that `viridian plan rollback` names this token for: so many rows that blue cannot"
                            + " hold as they are. A rollback that would lose more is refused.")
    private String acceptDataLoss = "";

    @Option(
            names = "--plan",
            paramLabel = "HASH",
            description = "Only if the plan is still this one; `viridian plan rollback` shows it.")
    private String plan = "";

    @Mixin
    private final SwitchOptions options = new SwitchOptions();

    RollbackVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> parameters = Map.of("plan", plan, "accept_data_loss", acceptDataLoss);
        if (direct) {
            return around.local()
                    .leading(
                            options.invocation(around),
                            (address, token) -> new DirectRollback(around, address, token)
                                    .run(client ->
                                            options.askAndWait(around, client, "rollback", parameters, CONSEQUENCE)));
        }
        return options.ask(around, "rollback", parameters, CONSEQUENCE);
    }
}
