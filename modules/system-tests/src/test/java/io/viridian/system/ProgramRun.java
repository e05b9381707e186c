package io.viridian.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A verb of the program in a process of its own, as a person calls it.
 *
 * @param out data
 * @param err talk
 */
record ProgramRun(int exit, String out, String err) {
    private static final int SECONDS = 180;

    /** Calls it with a rig's configuration, and waits for its end. */
    static ProgramRun of(Rig rig, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(DaemonProcess.program(DaemonProcess.SMALL));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-c", rig.file().toString()));
        Path out = Files.createTempFile(rig.directory, "verb", ".out");
        Path err = Files.createTempFile(rig.directory, "verb", ".err");
        Process process = new ProcessBuilder(command)
                .directory(rig.directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("%s does not end: %s".formatted(command, Files.readString(err)));
        }
        return new ProgramRun(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
