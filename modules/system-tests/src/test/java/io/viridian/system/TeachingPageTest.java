package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/how-to/mapping.md}, as it stands there. */
@Timeout(300)
class TeachingPageTest {
    private static final Path PAGE = Path.of("../../docs/how-to/mapping.md");

    private static final Pattern BLOCK = Pattern.compile("(?m)^```(?:sql|yaml) ([^\\n]+)\\n((?:(?!```).*\\n)*)```");

    @TempDir
    Path directory;

    private final List<Step> steps = new ArrayList<>();

    /** A fenced block with a name. */
    private record Block(String name, String text) {}

    /** From the tables to what green has. */
    private record Step(List<Block> blocks) {
        List<String> all(String name) {
            return blocks.stream()
                    .filter(block -> block.name().equals(name))
                    .map(Block::text)
                    .toList();
        }
    }

    @BeforeEach
    void read() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            Block block = new Block(matcher.group(1), matcher.group(2));
            if (block.name().equals("blue") && !blocks.isEmpty()) {
                steps.add(new Step(List.copyOf(blocks)));
                blocks.clear();
            }
            blocks.add(block);
        }
        steps.add(new Step(List.copyOf(blocks)));
    }

    @Test
    void whatItTeachesComesToWhatItSaysThereAndBack() throws Exception {
        List<Step> both = List.copyOf(steps);
        assertThat(both).hasSizeGreaterThan(7);
        Rig rig = rig(both);
        assertThat(Verb.plan(rig).said())
                .as("what each rule costs, and what comes back")
                .contains("bytes on blue; direct", "computed: ", "mirrored: ", "derived: one statement")
                .contains("public.article -> public.articles: leads back [id, kind, made, price, title]")
                .contains("stays on green: [vip]");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            follow(rig, both);
            Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
            assertThat(verified.result()).as(verified.toString()).containsEntry("clean", "true");
            driver.cutover();
            for (Step step : both) {
                for (String sql : step.all("then on green, after the switch")) {
                    rig.execute(Side.GREEN, sql);
                }
            }
            driver.rollback();
            for (Step step : both) {
                expect(rig, Side.BLUE, step.all("blue has, after the rollback"));
                expect(rig, Side.GREEN, step.all("green has, after the rollback"));
            }
            Panel.Asked again = driver.carryOut(Operation.Type.VERIFY);
            assertThat(again.result()).as(again.toString()).containsEntry("clean", "true");
            assertThat(rig.ask(Side.BLUE, "select count(*) from viridian.lossy"))
                    .isEqualTo("0");
        }
    }

    private static void follow(Rig rig, List<Step> steps) throws Exception {
        for (Step step : steps) {
            for (String sql : step.all("then on blue")) {
                rig.execute(Side.BLUE, sql);
            }
        }
        for (Step step : steps) {
            expect(rig, Side.GREEN, step.all("green has"));
        }
    }

    private static void expect(Rig rig, Side side, List<String> questions) throws InterruptedException {
        for (String question : questions) {
            List<String> expected = question.lines()
                    .filter(line -> line.startsWith("-- "))
                    .map(line -> line.substring(3))
                    .toList();
            try {
                Await.until(
                        question,
                        Duration.ofSeconds(20),
                        () -> rows(rig, side, question).equals(expected));
            } catch (AssertionError late) {
                assertThat(rows(rig, side, question)).as(question).isEqualTo(expected);
            }
        }
    }

    private static List<String> rows(Rig rig, Side side, String question) {
        String sql = question.lines().filter(line -> !line.startsWith("-- ")).collect(Collectors.joining("\n"));
        try (Connection connection = rig.connect(side);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    String value = rows.getString(column);
                    values.add(value == null ? "" : value);
                }
                all.add(String.join("|", values).stripTrailing());
            }
            return all;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** One migration for all of them: their mappings below one another. */
    private Rig rig(List<Step> steps) throws SQLException, IOException {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory)
                .configure("schema:\n  from: none\nmapping: mapping.yaml\n");
        StringBuilder targets = new StringBuilder("targets:\n");
        List<String> asIs = new ArrayList<>();
        for (Step step : steps) {
            for (String sql : step.all("blue")) {
                rig.execute(Side.BLUE, sql);
            }
            for (String sql : step.all("green")) {
                rig.execute(Side.GREEN, sql);
            }
            for (String yaml : step.all("mapping")) {
                targets.append(yaml.lines()
                        .filter(line -> line.startsWith(" "))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
                yaml.lines()
                        .filter(line -> line.startsWith("as-is: ["))
                        .forEach(line -> asIs.add(line.substring("as-is: [".length(), line.length() - 1)));
            }
        }
        Files.writeString(directory.resolve("mapping.yaml"), targets + "as-is: [" + String.join(", ", asIs) + "]\n");
        return rig;
    }
}
