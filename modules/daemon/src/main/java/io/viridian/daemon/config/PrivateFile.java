package io.viridian.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that nobody but their owner is to read or write. */
final class PrivateFile {
    private static final Set<PosixFilePermission> FOREIGN = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PrivateFile() {}

    /** @throws IllegalArgumentException when its rights cannot be read */
    static boolean openToOthers(Path file) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            return view != null && view.readAttributes().permissions().stream().anyMatch(FOREIGN::contains);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the rights of " + file + " cannot be read", unreadable);
        }
    }
}
