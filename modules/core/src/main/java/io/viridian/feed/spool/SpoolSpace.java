package io.viridian.feed.spool;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory and the directory that the spools of one stream share. Memory is bounded by a number, the directory by
 * what else lives on its file system: spooling ends before the last twentieth of it is touched. Any thread.
 */
public final class SpoolSpace {
    /** What a spool takes and gives back at once. */
    static final int BLOCK = 64 * 1024;

    /** Of the file system, left to others. */
    private static final int RESERVED_PART = 20;

    /** How much may be written before the free space is asked for again. */
    private static final long LOOK_EVERY = 16L * 1024 * 1024;

    private final Path directory;
    private final long blocksMax;
    private final Disk disk;
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicLong onDisk = new AtomicLong();
    private final AtomicLong writtenSinceLook = new AtomicLong(LOOK_EVERY);

    /**
     * Nothing is created before it is needed.
     *
     * @param directory for files; made when first needed, readable by its owner alone
     * @param memoryBytes what all spools together may hold in memory, beside one block of 64 KiB for each
     */
    public SpoolSpace(Path directory, long memoryBytes) {
        this(directory, memoryBytes, SpoolSpace::roomOf);
    }

    SpoolSpace(Path directory, long memoryBytes, Disk disk) {
        this.directory = directory;
        this.blocksMax = memoryBytes / BLOCK;
        this.disk = disk;
    }

    /** Tells how full the file system of a directory is. */
    interface Disk {
        Room room(Path directory) throws IOException;
    }

    /** Bytes of a file system. */
    record Room(long free, long total) {}

    private static Room roomOf(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return new Room(store.getUsableSpace(), store.getTotalSpace());
    }

    public Spool open() {
        return new Spool(this);
    }

    /** What is held now, in memory and in files, in bytes. */
    public long bytes() {
        return blocks.get() * BLOCK + onDisk.get();
    }

    /** What is held in files now, in bytes. */
    public long bytesOnDisk() {
        return onDisk.get();
    }

    /** Takes a block of memory; false when all are in use. The first block of a spool is never refused. */
    boolean take(boolean first) {
        if (blocks.incrementAndGet() <= blocksMax || first) {
            return true;
        }
        blocks.decrementAndGet();
        return false;
    }

    void giveBack(int count) {
        blocks.addAndGet(-count);
    }

    /** A file that nobody else can open and that ends with its channel, however this process ends. */
    FileChannel createFile() {
        try {
            Files.createDirectories(directory, ownerOnly("rwx------"));
            Path file = Files.createTempFile(directory, "transaction", ".spool", ownerOnly("rw-------"));
            FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
            Files.delete(file);
            return channel;
        } catch (IOException failure) {
            throw failed("a file cannot be created", failure);
        }
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** To be asked before writing; throws when the file system would be filled. */
    void requireRoom(long more) {
        if (writtenSinceLook.addAndGet(more) < LOOK_EVERY) {
            return;
        }
        writtenSinceLook.set(0);
        try {
            Room room = disk.room(directory);
            long reserved = room.total() / RESERVED_PART;
            if (room.free() - LOOK_EVERY < reserved) {
                throw Fault.about(
                                FaultCode.SPOOL_FAILED,
                                directory.toString(),
                                "%,d bytes are free, and spooling leaves the last %,d alone; %,d bytes were spooled"
                                        .formatted(room.free(), reserved, onDisk.get()))
                        .asException();
            }
        } catch (IOException failure) {
            throw failed("its free space is not known", failure);
        }
    }

    void grew(long more) {
        onDisk.addAndGet(more);
    }

    FaultException failed(String what, IOException failure) {
        return Fault.about(
                        FaultCode.SPOOL_FAILED,
                        directory.toString(),
                        "the spool directory does not serve: " + what + " (" + failure + ")")
                .asException(failure);
    }
}
