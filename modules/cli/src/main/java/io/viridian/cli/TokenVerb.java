package io.viridian.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.daemon.config.Role;
import io.viridian.daemon.config.TokenEntry;
import io.viridian.daemon.config.TokensFileEdit;
import io.viridian.daemon.http.IssuedToken;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Makes tokens and takes them back. Needs no daemon: one that runs reads its file of tokens again when it changes. */
@Command(
        description = {
            "Make and revoke the tokens of http.tokens-file; needs no daemon.",
            "A daemon that runs notices within seconds that its file has changed."
        },
        synopsisSubcommandLabel = "(create | revoke)")
final class TokenVerb implements Runnable {
    private final Surroundings around;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    TokenVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say create or revoke");
    }

    @Command(
            description = {
                "Print a new token, this once; the file of tokens holds only its SHA-256.",
                "Without --file the entry for that file is printed as well, aside from the token."
            })
    int create(
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            required = true,
                            converter = InName.class,
                            description = "Whose it is; stands in the timeline beside what was asked for with it.")
                    String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            required = true,
                            converter = InRole.class,
                            description = "viewer, operator, approver, responder or admin.")
                    Role role,
            @Option(
                            names = "--expires",
                            paramLabel = "D",
                            converter = WaitOptions.InDuration.class,
                            description = "How long it holds, like 12h or 90d; default: until it is revoked.")
                    @Nullable
                    Duration expires,
            @Option(names = "--file", paramLabel = "FILE", description = "The file of tokens, to which it is added.")
                    @Nullable
                    Path file,
            @Mixin OutputOption output) {
        IssuedToken token = IssuedToken.fresh();
        TokenEntry entry = new TokenEntry(
                name,
                role,
                token.sha256(),
                Optional.ofNullable(expires)
                        .map(given -> around.clock().now().plus(given).truncatedTo(ChronoUnit.SECONDS)));
        if (file == null) {
            around.talk("To let it in, add this to the file that http.tokens-file names:");
            around.talk(entry.yaml().stripTrailing());
        } else {
            new TokensFileEdit(around.workingDirectory().resolve(file)).add(entry);
            around.talk("added to " + file + "; the token is shown this once:");
        }
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("role", role.text())
                .put("token", token.text())
                .put("sha-256", entry.sha256())
                .put("expires", entry.expires().map(Object::toString).orElse(null));
        output.print(around, document, token::text);
        return ExitCode.OK.number();
    }

    @Command(description = "Take a token out of the file of tokens; a daemon that runs refuses it within seconds.")
    int revoke(
            @Option(names = "--name", paramLabel = "NAME", required = true, description = "Whose it is.") String name,
            @Option(names = "--file", paramLabel = "FILE", required = true, description = "The file of tokens.")
                    Path file) {
        new TokensFileEdit(around.workingDirectory().resolve(file)).remove(name);
        around.talk("the token of " + name + " is revoked");
        return ExitCode.OK.number();
    }

    /** Names as the file of tokens takes them. */
    static final class InName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return TokenEntry.demandName(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'%s' is %s".formatted(text, e.getMessage()));
            }
        }
    }

    /** Roles by their names in the contract. */
    static final class InRole implements ITypeConverter<Role> {
        @Override
        public Role convert(String text) {
            try {
                return Role.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'%s' is %s".formatted(text, e.getMessage()));
            }
        }
    }
}
