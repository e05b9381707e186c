package io.viridian.daemon.engine;

import io.viridian.control.MigrationEvent;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Consent;
import io.viridian.migration.MigrationState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a migration ended, as a file: the only thing of ours that outlives it. Its first line is for the next daemon, the
 * rest, the timeline, for people.
 */
final class Tombstone {
    private static final String NAME = "ended.txt";
    private static final String UNKNOWN = "ENDED";

    private Tombstone() {}

    static void write(
            Path directory,
            String migration,
            boolean finalized,
            List<Consent> consents,
            List<MigrationEvent> events,
            Instant now) {
        StringBuilder text = new StringBuilder(finalized ? "FINALIZED" : "ABORTED")
                .append(' ')
                .append(migration)
                .append(' ')
                .append(now)
                .append('\n');
        // Of the events only the newest are known; what people put their names to is told in any case.
        consents.forEach(consent -> text.append(consent.at())
                .append("  ")
                .append(consent.event())
                .append("  ")
                .append(consent.words())
                .append('\n'));
        events.forEach(event -> text.append(event.at())
                .append("  ")
                .append(event.type())
                .append("  ")
                .append(event.text())
                .append('\n'));
        write(directory, text);
    }

    /** By a daemon that stood by: that it ended, but not how. */
    static void writeUnknown(Path directory, String migration, Instant now) {
        write(
                directory,
                UNKNOWN + ' ' + migration + ' ' + now + "\nHow it ended is in " + NAME
                        + " of the daemon that led then.\n");
    }

    private static void write(Path directory, CharSequence text) {
        try {
            Files.createDirectories(directory);
            Path draft = directory.resolve(NAME + ".new");
            Files.writeString(draft, text, StandardCharsets.UTF_8);
            Files.move(
                    draft,
                    directory.resolve(NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw Fault.about(
                            FaultCode.CONFIGURATION_INVALID,
                            directory.toString(),
                            "cannot write how the migration ended into " + directory + ": " + failure.getMessage()
                                    + "; nothing more is removed until it can be written")
                    .asException(failure);
        }
    }

    /**
     * How the migration ended, if it did.
     *
     * @throws FaultException with USAGE when it did and it is not known how
     */
    static Optional<MigrationState> read(Path directory, String migration) {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            String[] words = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ");
            if (words.length < 2 || !words[1].equals(migration)) {
                return Optional.empty();
            }
            return switch (words[0]) {
                case "FINALIZED" -> Optional.of(MigrationState.ended(true));
                case "ABORTED" -> Optional.of(MigrationState.ended(false));
                case UNKNOWN -> throw elsewhere(directory, migration);
                default -> Optional.empty();
            };
        } catch (IOException failure) {
            throw Fault.about(
                            FaultCode.CONFIGURATION_INVALID,
                            file.toString(),
                            "cannot read how the migration ended from " + file + ": " + failure.getMessage())
                    .asException(failure);
        }
    }

    /** For a daemon that only knows that the migration ended: it has nothing to lead. */
    static FaultException elsewhere(Path directory, String migration) {
        return Fault.about(
                        FaultCode.USAGE,
                        migration,
                        "the migration has ended while this daemon stood by, and nothing is left to lead; how it ended is "
                                + "in " + NAME + " of the daemon that led. To begin another one under this name remove "
                                + file(directory))
                .asException();
    }

    /** Where it lies. */
    static Path file(Path directory) {
        return directory.resolve(NAME);
    }
}
