package io.viridian.migration;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.pages.GeneratedPage;
import io.viridian.pages.Sentences;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keeps the page about the lifecycle true: drawing and tables come from the states, and from playing them. */
@Timeout(60)
final class LifecyclePageTest {
    private static final SwitchAttempt ATTEMPT = new SwitchAttempt("n", 1, "op-0");
    private static final Arming ARMING = new Arming(
            "",
            "cutover.mode",
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty());
    private static final CanaryTerms TERMS =
            new CanaryTerms("op-0", "ada", Instant.EPOCH.plus(Duration.ofDays(100_000)), ConflictPolicy.HALT);
    private static final Fault FAULT = Fault.of(FaultCode.ROW_REFUSED, "made by the test");

    private final StateGraph graph = new StateGraph();

    @Test
    void thePageSaysWhatTheStatesSay() throws IOException {
        String page = template();
        for (Map.Entry<String, String> part : Map.of(
                        "drawing", drawing(),
                        "states", states(),
                        "transitions", transitions(),
                        "operations", operations(),
                        "steps", steps(),
                        "crashes", crashes())
                .entrySet()) {
            assertThat(page).contains("{{" + part.getKey() + "}}");
            page = page.replace("{{" + part.getKey() + "}}", part.getValue());
        }
        GeneratedPage.named("concepts/lifecycle.md").mustBe(page);
    }

    @Test
    void everyStateOfTheContractHasARecord() {
        assertThat(graph.names()).containsExactly(StateName.values());
    }

    private static String template() throws IOException {
        try (InputStream stream = LifecyclePageTest.class.getResourceAsStream("lifecycle-page.md")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** HALTED is left out of the drawing, because nearly every state leads there and back. */
    private String drawing() {
        String ends = graph.names().stream()
                .filter(graph::isFinal)
                .map(name -> "    " + name + " --> [*]\n")
                .collect(joining());
        return "stateDiagram-v2\n    [*] --> NEW\n"
                + graph.edges().stream()
                        .filter(edge -> edge.to() != StateName.HALTED && edge.from() != StateName.HALTED)
                        .filter(edge -> edge.from() != edge.to())
                        .map(edge -> "    %s --> %s : %s\n".formatted(edge.from(), edge.to(), edge.by()))
                        .collect(joining())
                + ends.stripTrailing();
    }

    private String states() {
        Sentences sentences = Sentences.of("io/viridian/migration/MigrationState.java");
        return graph.names().stream()
                .map(name -> "| `%s` | %s |\n".formatted(name, inNames(sentences.about(graph.recordOf(name)))))
                .collect(joining())
                .stripTrailing();
    }

    /** Users know the states by the contract's names, the source by those of the records. */
    private String inNames(String sentence) {
        String told = sentence;
        for (StateName name : graph.names()) {
            told = told.replace("`" + graph.recordOf(name) + "`", "`" + name + "`");
        }
        return told;
    }

    private String transitions() {
        return graph.names().stream()
                .map(name -> "| `%s` | %s |\n".formatted(name, ways(name)))
                .collect(joining())
                .stripTrailing();
    }

    private String ways(StateName from) {
        List<String> ways = graph.edges().stream()
                .filter(edge -> edge.from() == from)
                .map(edge -> edge.by() + " → `" + edge.to() + "`")
                .toList();
        String back = graph.waysBack(from).stream()
                .map(by -> by + " → where it came from, ")
                .collect(joining());
        String all = back + String.join(", ", ways);
        return all.isEmpty() ? "nothing" : all;
    }

    private static String steps() {
        Sentences sentences = Sentences.of("io/viridian/migration/SwitchStep.java");
        return Arrays.stream(SwitchStep.values())
                .map(step -> "| `%s` | %s | %s |\n"
                        .formatted(step, sentences.about(step.name()), step.isVolatile() ? "undone" : "read back"))
                .collect(joining())
                .stripTrailing();
    }

    private String operations() {
        String head = "| |"
                + Arrays.stream(Operation.Type.values())
                        .map(type -> " " + type.text() + " |")
                        .collect(joining())
                + "\n|---|" + "---|".repeat(Operation.Type.values().length) + "\n";
        return head
                + graph.names().stream()
                        .flatMap(name -> samples(name).entrySet().stream())
                        .map(sample -> "| " + sample.getKey() + " |"
                                + Arrays.stream(Operation.Type.values())
                                        .map(type -> isCarriedOut(type, sample.getValue()) ? " yes |" : " |")
                                        .collect(joining())
                                + "\n")
                        .collect(joining())
                        .stripTrailing();
    }

    /** Asks for it as soon as the state is entered, and looks whether it was begun there and not refused. */
    private static boolean isCarriedOut(Operation.Type type, MigrationState state) {
        if (state instanceof MigrationState.Final) {
            return false;
        }
        Stage stage = Stage.after(written(state) ? new MigrationState[] {state} : new MigrationState[0]);
        stage.always(() -> stage.clock.pass(Duration.ofSeconds(1)));
        stage.work.canary.looksBeforeItRests = 0;
        stage.upon(StateName.of(state), () -> {
            stage.ask(type, state instanceof MigrationState.Canary ? Map.of("action", "stop") : Map.of());
            if (state instanceof MigrationState.Halted) {
                stage.ask(Operation.Type.RESUME);
            }
        });
        stage.play();
        Operation asked = stage.operation("op-1");
        boolean here = asked.started().equals(Optional.of(asked.requested()));
        return here && !Objects.equals(asked.result().get("code"), FaultCode.USAGE.name());
    }

    private static boolean written(MigrationState state) {
        return !(state instanceof MigrationState.New || state instanceof MigrationState.Preflight);
    }

    private static Map<String, MigrationState> samples(StateName name) {
        String plain = "`" + name + "`";
        return switch (name) {
            case NEW -> Map.of(plain, new MigrationState.New());
            case PREFLIGHT -> Map.of(plain, new MigrationState.Preflight());
            case PREPARING -> Map.of(plain, new MigrationState.Preparing());
            case BACKFILLING -> Map.of(plain, new MigrationState.Backfilling());
            case CATCHING_UP -> Map.of(plain, new MigrationState.CatchingUp());
            case READY -> Map.of(plain, new MigrationState.Ready());
            case ARMED -> Map.of(plain, new MigrationState.Armed(Optional.empty(), ARMING, Instant.EPOCH));
            case CANARY -> Map.of(plain, new MigrationState.Canary(CanaryPhase.OPEN, TERMS));
            case CUTTING_OVER -> Map.of(plain, new MigrationState.CuttingOver(SwitchStep.FENCE, ATTEMPT, false));
            case SWITCHED -> Map.of(plain, new MigrationState.Switched(ATTEMPT));
            case ROLLING_BACK -> Map.of(plain, new MigrationState.RollingBack(SwitchStep.FENCE, ATTEMPT));
            case ROLLED_BACK -> Map.of(plain, new MigrationState.RolledBack(ATTEMPT));
            case FINALIZING -> Map.of(plain, new MigrationState.Finalizing());
            case FINALIZED -> Map.of(plain, new MigrationState.Finalized());
            case ABORTING -> Map.of(plain, new MigrationState.Aborting());
            case ABORTED -> Map.of(plain, new MigrationState.Aborted());
            case HALTED ->
                new java.util.TreeMap<>(Map.of(
                        plain + " before the switch",
                                new MigrationState.Halted(new MigrationState.Backfilling(), FAULT),
                        plain + " in or after it",
                                new MigrationState.Halted(new MigrationState.Switched(ATTEMPT), FAULT)));
        };
    }

    private String crashes() {
        return graph.names().stream()
                .map(name -> "| `%s` | %s |\n".formatted(name, afterACrash(name)))
                .collect(joining())
                .stripTrailing();
    }

    /** What the next daemon does; the compiler asks for the state that is missing. */
    private static String afterACrash(StateName name) {
        return switch (name) {
            case NEW, PREFLIGHT -> "Nothing of ours exists. The next daemon begins with `NEW`.";
            case PREPARING -> "Every part looks whether it is there already, and goes on behind it.";
            case BACKFILLING ->
                "Chunks that are merged stay; the one that was being read is read again in a new snapshot. The stream"
                        + " goes on from the last confirmed position.";
            case CATCHING_UP -> "The stream goes on; the verification begins anew.";
            case READY, ROLLED_BACK ->
                "The streams go on. A verification is made first: which rows were touched since the last one is known"
                        + " to the process that died.";
            case ARMED ->
                "As in `READY`. What a person armed is disarmed, because the daemon that was asked is gone; what the"
                        + " configuration armed (`cutover.mode: auto`) waits on.";
            case CANARY ->
                "Both sides stay writable. The next daemon leads their changes to each other again, with what was settled;"
                        + " if green was being opened or closed, that is done again.";
            case CUTTING_OVER, ROLLING_BACK ->
                "The ownership row of the side that owned is read, locked: handed over, then only forward (`OPEN`,"
                        + " `ROUTE`); not handed over, then undone. The locks died with the old process, so writers went"
                        + " on at once.";
            case SWITCHED -> "As in `READY`, with the streams the other way round.";
            case FINALIZING, ABORTING ->
                "What is left is removed, in the same order; the journal goes last. When that is gone already, the file"
                        + " `ended.txt` tells the next daemon that nothing is left to do.";
            case FINALIZED, ABORTED -> "The file `ended.txt` says so; the daemon does nothing.";
            case HALTED ->
                "Stays halted. The streams are not started before `resume`, so the slots keep their log meanwhile.";
        };
    }
}
