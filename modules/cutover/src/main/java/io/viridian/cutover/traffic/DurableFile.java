package io.viridian.cutover.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A file that is replaced as a whole. A reader, and a machine that loses power, find the old content or the new one,
 * never half of it.
 */
record DurableFile(Path path) {
    Optional<String> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
    }

    /** In the same directory, because a rename is atomic only within one file system. */
    void replace(String content) throws IOException {
        Path place = Files.exists(path) ? path.toRealPath() : path;
        Path directory = place.resolveSibling(".").normalize();
        Path fresh = Files.createTempFile(directory, "." + place.getFileName(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            takeAfter(place, fresh);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /**
     * Whoever could read the old file can read the new one; when that cannot be had, nothing is replaced. A file that
     * was not there before holds an address, perhaps a password, and is for us and the group.
     */
    private static void takeAfter(Path old, Path fresh) throws IOException {
        if (!Files.exists(old)) {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r-----"));
            return;
        }
        PosixFileAttributes before = Files.readAttributes(old, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        if (!now.group().equals(before.group())) {
            view.setGroup(before.group());
        }
        if (!now.owner().equals(before.owner())) {
            view.setOwner(before.owner());
        }
        view.setPermissions(before.permissions());
    }
}
