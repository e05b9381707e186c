package io.viridian.postgres.pgoutput;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.position.Lsn;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the server's messages into whole transactions in commit order: those that it sends while they are open wait
 * here for their commit (protocol version 2, manual 14-18, section 55.9). One stream, one thread.
 */
final class Transactions implements AutoCloseable {
    private final PgoutputDecoder decoder;
    private final SpoolSpace space;
    private final Map<Integer, StreamedTransaction> open = new HashMap<>();
    private int receivingXid;
    private @Nullable StreamedTransaction receiving;
    private StreamedTransaction.@Nullable Replay replay;
    private @Nullable Change ready;

    Transactions(PgoutputDecoder decoder, SpoolSpace space) {
        this.decoder = decoder;
        this.space = space;
    }

    /** The next change that can be handed on, or null when another message is needed for that. */
    @Nullable
    Change next() {
        if (replay != null) {
            Change change = replay.next();
            if (change != null) {
                return change;
            }
            replay = null;
        }
        Change change = ready;
        ready = null;
        return change;
    }

    /** Takes a message; only after {@link #next} has answered null. */
    void take(ByteBuffer message) {
        byte kind = message.get(message.position());
        StreamedTransaction into = receiving;
        if (into != null) {
            received(into, kind, message);
            return;
        }
        switch (kind) {
            case 'S' -> {
                message.get();
                receivingXid = message.getInt();
                receiving = open.computeIfAbsent(receivingXid, _ -> new StreamedTransaction(space.open()));
            }
            case 'A' -> aborted(message);
            case 'c' -> committed(message);
            default -> ready = decoder.decode(message);
        }
    }

    private void received(StreamedTransaction into, byte kind, ByteBuffer message) {
        switch (kind) {
            case 'E' -> receiving = null;
            case 'O' -> into.origin(message, decoder.namesOurs(message));
            // It says nothing to us, and in a transaction that is sent while open it is not worth its place.
            case 'Y' -> {}
            case 'R', 'I', 'U', 'D', 'T', 'M' -> {
                message.get();
                int xid = message.getInt();
                if (xid == receivingXid) {
                    into.add(kind, message);
                } else {
                    into.add(xid, kind, message);
                }
            }
            default -> throw unexpected("a message of kind '" + (char) kind + "' inside a transaction sent while open");
        }
    }

    private void aborted(ByteBuffer message) {
        message.get();
        int xid = message.getInt();
        int savepoint = message.getInt();
        StreamedTransaction transaction = savepoint == xid ? open.remove(xid) : open.get(xid);
        if (transaction == null) {
            // Nothing of it was sent: the server says so of every transaction it might have sent.
            return;
        }
        if (savepoint == xid) {
            transaction.close();
        } else {
            transaction.rolledBackTo(savepoint);
        }
    }

    private void committed(ByteBuffer message) {
        message.get();
        int xid = message.getInt();
        message.get();
        Lsn commitLsn = new Lsn(message.getLong());
        Lsn endLsn = new Lsn(message.getLong());
        Change.Begin begin =
                new Change.Begin(Integer.toUnsignedLong(xid), commitLsn, PgoutputDecoder.time(message.getLong()));
        StreamedTransaction transaction = open.remove(xid);
        if (transaction == null) {
            throw unexpected("the commit of transaction " + begin.xid() + ", of which nothing was sent");
        }
        replay = transaction.committed(begin, new Change.Commit(commitLsn, endLsn), decoder);
    }

    private static RuntimeException unexpected(String what) {
        return Fault.of(FaultCode.STREAM_UNEXPECTED, "the change stream holds " + what)
                .asException();
    }

    @Override
    public void close() {
        if (replay != null) {
            replay.close();
        }
        open.values().forEach(StreamedTransaction::close);
        open.clear();
    }
}
