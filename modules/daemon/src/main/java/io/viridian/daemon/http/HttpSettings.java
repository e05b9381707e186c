package io.viridian.daemon.http;

import java.nio.file.Path;

/**
 * What the server needs to know.
 *
 * @param migration the migration's name, as paths and the token's directory have it
 * @param host a loopback address or name; others need tokens that are not built yet
 * @param port 0 lets the machine choose
 * @param stateDirectory holds one directory per migration, with the token file inside
 * @param version of the program, for people
 */
public record HttpSettings(String migration, String host, int port, Path stateDirectory, String version) {
    /** Where the admin token is written. The command line looks there. */
    public static Path tokenFile(Path stateDirectory, String migration) {
        return stateDirectory.resolve(migration).resolve("admin-token");
    }

    Path tokenFile() {
        return tokenFile(stateDirectory, migration);
    }
}
