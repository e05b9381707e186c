package io.viridian.postgres;

import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Pours {@code COPY … TO STDOUT} of one session into {@code COPY … FROM STDIN} of another, bytes untouched (manual
 * 14-18, COPY). Both statements must use the same format. The driver hands out one array per row; they are collected
 * to 64 KiB before they are sent, which was measured to halve the cost.
 */
public final class CopyPipe {
    private static final int BUFFER_BYTES = 64 * 1024;

    private CopyPipe() {}

    /** How much went through. */
    public record Copied(long rows, long bytes) {
        public static final Copied NOTHING = new Copied(0, 0);

        public Copied plus(Copied other) {
            return new Copied(rows + other.rows, bytes + other.bytes);
        }
    }

    /**
     * Copies everything. On any failure both sides are cancelled and the failure of the side that failed first is
     * thrown; the caller rolls back.
     *
     * @param onBytes told the bytes of each piece as it is sent, for progress and for rate limits
     * @throws InterruptedException when the thread is interrupted; noticed with the next piece
     */
    public static Copied pour(Session from, String copyOut, Session into, String copyIn, LongConsumer onBytes)
            throws InterruptedException {
        CopyOut source = null;
        CopyIn sink = null;
        try {
            source = start(from, copyOut);
            sink = startIn(into, copyIn);
            return pump(from, source, into, sink, onBytes);
        } finally {
            cancel(source, sink);
        }
    }

    private static Copied pump(Session from, CopyOut source, Session into, CopyIn sink, LongConsumer onBytes)
            throws InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int filled = 0;
        long bytes = 0;
        byte[] row = read(from, source);
        while (row != null) {
            if (filled + row.length > buffer.length) {
                write(into, sink, buffer, filled);
                onBytes.accept(filled);
                filled = 0;
                if (Thread.interrupted()) {
                    throw new InterruptedException("stopped while copying");
                }
            }
            if (row.length > buffer.length) {
                write(into, sink, row, row.length);
                onBytes.accept(row.length);
            } else {
                System.arraycopy(row, 0, buffer, filled, row.length);
                filled += row.length;
            }
            bytes += row.length;
            row = read(from, source);
        }
        write(into, sink, buffer, filled);
        onBytes.accept(filled);
        try {
            return new Copied(sink.endCopy(), bytes);
        } catch (SQLException failure) {
            throw into.fault("end of copy", failure);
        }
    }

    private static CopyOut start(Session from, String sql) {
        try {
            return from.copyApi().copyOut(sql);
        } catch (SQLException failure) {
            throw from.fault(sql, failure);
        }
    }

    private static CopyIn startIn(Session into, String sql) {
        try {
            return into.copyApi().copyIn(sql);
        } catch (SQLException failure) {
            throw into.fault(sql, failure);
        }
    }

    private static byte @org.jspecify.annotations.Nullable [] read(Session from, CopyOut source) {
        try {
            return source.readFromCopy();
        } catch (SQLException failure) {
            throw from.fault("read rows to copy", failure);
        }
    }

    private static void write(Session into, CopyIn sink, byte[] bytes, int length) {
        try {
            sink.writeToCopy(bytes, 0, length);
        } catch (SQLException failure) {
            throw into.fault("write copied rows", failure);
        }
    }

    private static void cancel(
            @org.jspecify.annotations.Nullable CopyOut source, @org.jspecify.annotations.Nullable CopyIn sink) {
        try {
            if (sink != null && sink.isActive()) {
                sink.cancelCopy();
            }
            if (source != null && source.isActive()) {
                source.cancelCopy();
            }
        } catch (SQLException failure) {
            // The copy is failing already and the first failure is on its way; the sessions are closed by their
            // holders.
            assert failure != null;
        }
    }
}
