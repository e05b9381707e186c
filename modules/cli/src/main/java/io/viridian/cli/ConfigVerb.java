package io.viridian.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.daemon.config.Configuration;
import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.ConfigurationProblems;
import io.viridian.daemon.config.ConfigurationSchema;
import io.viridian.daemon.config.MappingLoader;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.config.ShownValue;
import io.viridian.daemon.config.TokensFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the configuration says, without asking anybody. */
@Command(
        description = "Check and show the configuration; needs no daemon and no database.",
        synopsisSubcommandLabel = "(validate | show | schema)")
final class ConfigVerb implements Runnable {
    private final Surroundings around;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say validate, show or schema");
    }

    @Command(
            mixinStandardHelpOptions = false,
            description =
                    "Report everything that is wrong with configuration, mapping and tokens; exit code 2 if anything is.")
    int validate(@Mixin ConfigurationOptions configuration, @Mixin OutputOption output) {
        ConfigurationProblems problems = problems(configuration);
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("valid", problems.isEmpty());
        ArrayNode list = document.putArray("problems");
        problems.list()
                .forEach(problem -> list.addObject()
                        .put("code", problem.code().name())
                        .put("origin", problem.origin().toString())
                        .put("file", problem.file().map(Object::toString).orElse(null))
                        .put("line", problem.line())
                        .put("key", problem.key())
                        .put("message", problem.sentence()));
        if (output.json()) {
            around.out().println(document);
        } else if (problems.isEmpty()) {
            around.out().println("The configuration is valid.");
        } else {
            around.talk(problems.text());
        }
        return problems.isEmpty() ? ExitCode.OK.number() : problems.code().exitCode();
    }

    @Command(description = "Print every key with its value; secrets are masked.")
    int show(
            @Mixin ConfigurationOptions configuration,
            @Option(names = "--origin", description = "Also print where each value came from.") boolean origin,
            @Mixin OutputOption output) {
        Configuration loaded = ConfigurationLoader.load(configuration.sources(around));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode values = document.putArray("values");
        for (ShownValue value : loaded.values()) {
            ObjectNode line = values.addObject()
                    .put("key", value.key())
                    .put("value", value.value().orElse(null));
            if (origin) {
                line.put("origin", value.origin().toString());
            }
        }
        output.print(around, document, () -> table(loaded, origin));
        return ExitCode.OK.number();
    }

    @Command(description = "Print the JSON Schema of viridian.yaml, for editors.")
    int schema() {
        around.out().println(ConfigurationSchema.json().stripTrailing());
        return ExitCode.OK.number();
    }

    private ConfigurationProblems problems(ConfigurationOptions configuration) {
        ConfigurationProblems problems = ConfigurationLoader.check(configuration.sources(around));
        if (!problems.isEmpty()) {
            return problems;
        }
        try {
            Settings settings =
                    ConfigurationLoader.load(configuration.sources(around)).settings();
            settings.mapping().ifPresent(MappingLoader::load);
            settings.http().tokensFile().ifPresent(TokensFile::read);
            return problems;
        } catch (ConfigurationException e) {
            return e.problems();
        }
    }

    private static String table(Configuration loaded, boolean origin) {
        TextTable table = origin ? TextTable.of("KEY", "VALUE", "FROM") : TextTable.of("KEY", "VALUE");
        for (ShownValue value : loaded.values()) {
            String text = value.value().orElse("-");
            if (origin) {
                table.row(value.key(), text, value.origin().toString());
            } else {
                table.row(value.key(), text);
            }
        }
        return table.text();
    }
}
