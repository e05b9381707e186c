package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A data directory as {@code initdb} leaves it, made once per release and role on this machine and copied for each
 * server: copying is several times faster. One per role, because the copy keeps the system identifier.
 */
final class DataTemplate {

    /** Part of the directory's name: raise it when the options of initdb change. */
    private static final int GENERATION = 1;

    /** Sorts by code point everywhere; plain C where the machine does not know it. */
    private static final List<String> LOCALES = List.of("C.UTF-8", "C");

    private DataTemplate() {}

    static synchronized Path of(EmbeddedBinaries binaries, ServerRole role) {
        String name =
                "template-%s-%s-%d".formatted(binaries.release(), role.name().toLowerCase(Locale.ROOT), GENERATION);
        Path template = EmbeddedBinaries.cache().resolve(name);
        if (Files.isDirectory(template)) {
            return template;
        }
        Path partial = template.resolveSibling(name + ".creating-" + UUID.randomUUID());
        try {
            initialise(binaries, partial);
            EmbeddedBinaries.publish(partial, template);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + template, e);
        } catch (InterruptedException e) {
            throw ServerException.interrupted("running initdb", e);
        }
        return template;
    }

    private static void initialise(EmbeddedBinaries binaries, Path directory) throws IOException, InterruptedException {
        String said = "";
        for (String locale : LOCALES) {
            List<String> command = new ArrayList<>(Unprivileged.commandPrefix());
            command.addAll(List.of(binaries.program("initdb").toString(), "-D", directory.toString()));
            command.addAll(List.of("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=" + locale, "--no-sync"));
            Process initdb = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (initdb.waitFor() == 0) {
                return;
            }
            FileTree.delete(directory);
        }
        throw new ServerException("initdb failed:\n" + said);
    }
}
