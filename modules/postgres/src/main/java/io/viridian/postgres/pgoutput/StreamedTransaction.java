package io.viridian.postgres.pgoutput;

import io.viridian.feed.Change;
import io.viridian.feed.spool.Spool;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that the server sends while it is open (manual 14-18, section 55.4.4). Its messages wait undecoded. A
 * rolled back savepoint takes everything from its first message on with it: what follows that until the rollback
 * belongs to the savepoint or to savepoints inside it, and a table described there is described again. Besides the
 * spool, it holds some 80 bytes for each savepoint of which something was sent.
 */
final class StreamedTransaction implements AutoCloseable {
    private final Spool spool;

    /** Where the first message of each savepoint begins, in that order. */
    private final LinkedHashMap<Integer, Long> savepoints = new LinkedHashMap<>();

    private boolean ours;

    StreamedTransaction(Spool spool) {
        this.spool = spool;
    }

    /** Adds the message that names where the transaction came from; rows of ours need no place. */
    void origin(ByteBuffer message, boolean oneOfOurs) {
        ours = oneOfOurs;
        ByteBuffer content = message.duplicate();
        spool.add(content.get(), content);
    }

    /** Adds a message of the transaction itself: its kind, and what follows the transaction's id in it. */
    void add(byte kind, ByteBuffer content) {
        boolean row = kind == 'I' || kind == 'U' || kind == 'D' || kind == 'T';
        if (!ours || !row) {
            spool.add(kind, content);
        }
    }

    /** Adds a message of one of its savepoints. */
    void add(int savepoint, byte kind, ByteBuffer content) {
        savepoints.putIfAbsent(savepoint, spool.end());
        add(kind, content);
    }

    /** The savepoint was rolled back; perhaps nothing of it was sent. */
    void rolledBackTo(int savepoint) {
        Long first = savepoints.get(savepoint);
        if (first == null) {
            return;
        }
        long end = first;
        Map.Entry<Integer, Long> last = savepoints.lastEntry();
        while (last != null && last.getValue() >= end) {
            savepoints.pollLastEntry();
            last = savepoints.lastEntry();
        }
        spool.cut(end);
    }

    /** The transaction was committed: its changes, once. */
    Replay committed(Change.Begin begin, Change.Commit commit, PgoutputDecoder decoder) {
        return new Replay(begin, commit, decoder);
    }

    @Override
    public void close() {
        spool.close();
    }

    /** The transaction as if it had arrived whole at its commit. Closes the transaction at its end. */
    final class Replay implements AutoCloseable {
        private final Change.Commit commit;
        private final PgoutputDecoder decoder;
        private final Spool.Reader records = spool.read();
        private Change.@Nullable Begin begin;
        private boolean ended;

        Replay(Change.Begin begin, Change.Commit commit, PgoutputDecoder decoder) {
            this.begin = begin;
            this.commit = commit;
            this.decoder = decoder;
        }

        /** The next change, or null after the last one. */
        @Nullable
        Change next() {
            Change.Begin first = begin;
            if (first != null) {
                begin = null;
                decoder.begins();
                return first;
            }
            while (!ended) {
                ByteBuffer message = records.next();
                if (message == null) {
                    ended = true;
                    close();
                    return commit;
                }
                Change change = decoder.decode(message);
                if (change != null) {
                    return change;
                }
            }
            return null;
        }

        @Override
        public void close() {
            StreamedTransaction.this.close();
        }
    }
}
