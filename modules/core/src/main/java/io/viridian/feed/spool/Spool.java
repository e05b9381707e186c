package io.viridian.feed.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records in the order in which they were written, with the end cut off again where a part turns out to be void. First
 * written, then read once from the beginning. One thread.
 */
public final class Spool implements AutoCloseable {
    private final SpoolSpace space;

    /** What follows the file's content, in blocks of which only the last has room. */
    private final List<ByteBuffer> blocks = new ArrayList<>();

    private @Nullable FileChannel file;
    private long inFile;
    private long length;

    Spool(SpoolSpace space) {
        this.space = space;
    }

    /** Where the next record will begin: for {@link #cut}, and to tell records apart. */
    public long end() {
        return length;
    }

    /**
     * Adds a record: one byte, then what remains of the buffer, which is left as it was.
     *
     * @throws io.viridian.fault.FaultException with SPOOL_FAILED when the directory has no room or does not serve; the
     *     spool is then of no use any more
     */
    public void add(byte kind, ByteBuffer content) {
        int size = 1 + content.remaining();
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + 1);
        head.putInt(size).put(kind).flip();
        write(head);
        write(content.duplicate());
    }

    private void write(ByteBuffer bytes) {
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
            ByteBuffer block = room();
            int part = Math.min(block.remaining(), bytes.remaining());
            block.put(bytes.slice(bytes.position(), part));
            bytes.position(bytes.position() + part);
        }
    }

    /** A block that is not full. */
    private ByteBuffer room() {
        if (!blocks.isEmpty() && blocks.getLast().hasRemaining()) {
            return blocks.getLast();
        }
        if (!space.take(blocks.isEmpty())) {
            flush();
            return blocks.getLast();
        }
        blocks.add(ByteBuffer.allocate(SpoolSpace.BLOCK));
        return blocks.getLast();
    }

    /** Writes every block to the file and keeps one, empty. */
    private void flush() {
        FileChannel channel = file;
        if (channel == null) {
            channel = space.createFile();
            file = channel;
        }
        space.requireRoom(length(blocks));
        try {
            for (ByteBuffer block : blocks) {
                block.flip();
                while (block.hasRemaining()) {
                    int written = channel.write(block, inFile);
                    inFile += written;
                    space.grew(written);
                }
            }
        } catch (IOException failure) {
            throw space.failed("a file cannot be written", failure);
        }
        keep(1);
        blocks.getFirst().clear();
    }

    private static long length(List<ByteBuffer> blocks) {
        return blocks.stream().mapToLong(ByteBuffer::position).sum();
    }

    private void keep(int count) {
        space.giveBack(blocks.size() - count);
        blocks.subList(count, blocks.size()).clear();
    }

    /** Forgets every record from this end on; an end that lies behind the last record changes nothing. */
    public void cut(long end) {
        if (end >= length) {
            return;
        }
        length = end;
        if (end <= inFile) {
            keep(0);
            shortenFile(end);
            return;
        }
        long inBlocks = end - inFile;
        int whole = Math.toIntExact(inBlocks / SpoolSpace.BLOCK);
        keep(whole + 1);
        blocks.getLast().position(Math.toIntExact(inBlocks % SpoolSpace.BLOCK));
    }

    private void shortenFile(long end) {
        FileChannel channel = file;
        if (channel == null) {
            return;
        }
        try {
            channel.truncate(end);
        } catch (IOException failure) {
            throw space.failed("a file cannot be cut", failure);
        }
        space.grew(end - inFile);
        inFile = end;
    }

    /** Reads from the beginning; nothing may be added any more. */
    public Reader read() {
        return new Reader();
    }

    @Override
    public void close() {
        keep(0);
        FileChannel channel = file;
        if (channel != null) {
            file = null;
            space.grew(-inFile);
            inFile = 0;
            try {
                channel.close();
            } catch (IOException failure) {
                throw space.failed("a file cannot be closed", failure);
            }
        }
        length = 0;
    }

    /** Walks through the records once. */
    public final class Reader {
        private final ByteBuffer ahead = ByteBuffer.allocate(SpoolSpace.BLOCK).limit(0);
        private long fetched;

        /** Where the next record begins. */
        public long position() {
            return fetched - ahead.remaining();
        }

        /** The next record, kind and content, or null behind the last one. */
        public @Nullable ByteBuffer next() {
            if (position() >= length) {
                return null;
            }
            byte[] size = new byte[Integer.BYTES];
            fill(size);
            byte[] record = new byte[ByteBuffer.wrap(size).getInt()];
            fill(record);
            return ByteBuffer.wrap(record);
        }

        private void fill(byte[] wanted) {
            int filled = 0;
            while (filled < wanted.length) {
                if (!ahead.hasRemaining()) {
                    fetch();
                }
                int part = Math.min(ahead.remaining(), wanted.length - filled);
                ahead.get(wanted, filled, part);
                filled += part;
            }
        }

        private void fetch() {
            ahead.clear();
            FileChannel channel = file;
            if (channel != null && fetched < inFile) {
                try {
                    ahead.limit(Math.toIntExact(Math.min(ahead.capacity(), inFile - fetched)));
                    if (channel.read(ahead, fetched) < 0) {
                        throw new IOException("it ends at " + fetched + " of " + inFile);
                    }
                } catch (IOException failure) {
                    throw space.failed("a file cannot be read", failure);
                }
            } else {
                long inBlocks = fetched - inFile;
                ByteBuffer block = blocks.get(Math.toIntExact(inBlocks / SpoolSpace.BLOCK));
                int from = Math.toIntExact(inBlocks % SpoolSpace.BLOCK);
                ahead.put(block.slice(from, block.position() - from));
            }
            ahead.flip();
            fetched += ahead.remaining();
        }
    }
}
