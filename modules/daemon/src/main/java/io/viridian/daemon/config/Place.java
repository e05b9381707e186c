package io.viridian.daemon.config;

import java.nio.file.Path;

/**
 * Where relative paths start.
 *
 * @param directory the configuration file's directory for what the file says, else the working directory
 * @param home what {@code ~} stands for
 */
record Place(Path directory, Path home) {
    Path resolve(String text) {
        if (text.equals("~") || text.startsWith("~/")) {
            return home.resolve(text.substring(Math.min(2, text.length()))).normalize();
        }
        return directory.resolve(text).normalize();
    }
}
