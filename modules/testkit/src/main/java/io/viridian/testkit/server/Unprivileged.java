package io.viridian.testkit.server;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How to run PostgreSQL's programs, which refuse the superuser of the machine. An ordinary user runs them as they are.
 * Root runs them in a user namespace of their own ({@code unshare -U}): there the process is nobody, its files belong
 * to nobody, and from outside both still belong to root, so nothing has to change hands and the JVM may signal and
 * delete. Where root may not make user namespaces (some containers), tests have to run as an ordinary user.
 */
public final class Unprivileged {

    private static final List<String> PREFIX = prefix();

    private Unprivileged() {}

    /** Goes in front of a command. */
    public static List<String> commandPrefix() {
        return PREFIX;
    }

    private static List<String> prefix() {
        try {
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (!user.equals(0)) {
                return List.of();
            }
            Process trial = new ProcessBuilder("unshare", "-U", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (trial.waitFor() == 0) {
                return List.of("unshare", "-U");
            }
        } catch (IOException e) {
            throw new ServerException("cannot find out how to run PostgreSQL", e);
        } catch (InterruptedException e) {
            throw ServerException.interrupted("trying unshare", e);
        }
        throw new ServerException("PostgreSQL refuses to run as root, and this root may not unshare -U: "
                + "run the tests as an ordinary user, or allow user namespaces");
    }
}
