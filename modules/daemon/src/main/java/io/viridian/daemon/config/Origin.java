package io.viridian.daemon.config;

import java.nio.file.Path;

/** Where a value came from. */
public sealed interface Origin {
    /** Nobody gave one. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /**
     * A line of a file.
     *
     * @param line counted from 1; 0 when the file as a whole is meant
     */
    record InFile(Path file, int line) implements Origin {
        @Override
        public String toString() {
            return line == 0 ? file.toString() : file + ":" + line;
        }
    }

    /** An environment variable. */
    record Environment(String variable) implements Origin {
        @Override
        public String toString() {
            return "env " + variable;
        }
    }

    /** The command line. */
    record Flag() implements Origin {
        @Override
        public String toString() {
            return "flag";
        }
    }
}
