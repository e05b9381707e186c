package io.viridian.daemon.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the server needs to know.
 *
 * @param migration the migration's name, as paths and the token's directory have it
 * @param host a loopback address or name, as long as there is no tokens file
 * @param port 0 lets the machine choose
 * @param stateDirectory holds one directory per migration, with the admin token inside
 * @param tokensFile who may call; without it there is one admin token
 * @param version of the program, for people
 */
public record HttpSettings(
        String migration, String host, int port, Path stateDirectory, Optional<Path> tokensFile, String version) {
    /** Where the admin token is written. The command line looks there. */
    public static Path tokenFile(Path stateDirectory, String migration) {
        return stateDirectory.resolve(migration).resolve("admin-token");
    }

    Path tokenFile() {
        return tokenFile(stateDirectory, migration);
    }
}
