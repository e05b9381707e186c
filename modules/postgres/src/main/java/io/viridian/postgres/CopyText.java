package io.viridian.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into {@code COPY … FROM STDIN} in text format (manual 14-18, COPY, "Text Format"): values in the
 * text form of their types, escaped here. Sent in pieces, so memory does not grow with the rows. One thread.
 */
public final class CopyText {
    private static final int PIECE_BYTES = 64 * 1024;

    /** A value may be longer; then it is a piece of its own. */
    private static final int MOST_BYTES_OF_A_CHARACTER = 2;

    private final Session into;
    private final CopyIn sink;
    private byte[] piece = new byte[PIECE_BYTES];
    private int filled;
    private boolean rowBegun;

    private CopyText(Session into, CopyIn sink) {
        this.into = into;
        this.sink = sink;
    }

    /** Writes rows value by value. */
    @FunctionalInterface
    public interface Rows {
        void write(CopyText out);
    }

    /**
     * Copies everything that {@code rows} writes.
     *
     * @param sql a COPY from STDIN, in text format with the defaults
     * @return how many rows the server counted
     * @throws io.viridian.fault.FaultException when the server refuses a row or goes away; the transaction is then
     *     failed
     */
    static long copy(Session into, String sql, Rows rows) {
        CopyIn sink = null;
        try {
            sink = into.copyApi().copyIn(sql);
            CopyText out = new CopyText(into, sink);
            rows.write(out);
            out.send();
            return sink.endCopy();
        } catch (SQLException failure) {
            throw into.fault(sql, failure);
        } finally {
            cancel(sink);
        }
    }

    private static void cancel(@Nullable CopyIn sink) {
        try {
            if (sink != null && sink.isActive()) {
                sink.cancelCopy();
            }
        } catch (SQLException failure) {
            // The copy is failing already and the first failure is on its way.
            assert failure != null;
        }
    }

    /** The next value of the row. */
    public void value(@Nullable String value) {
        if (rowBegun) {
            put((byte) '\t');
        }
        rowBegun = true;
        if (value == null) {
            put((byte) '\\');
            put((byte) 'N');
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        reserve(bytes.length * MOST_BYTES_OF_A_CHARACTER);
        for (byte one : bytes) {
            byte escaped = escaped(one);
            if (escaped != 0) {
                piece[filled++] = '\\';
                piece[filled++] = escaped;
            } else {
                piece[filled++] = one;
            }
        }
    }

    /** No value of the row follows. */
    public void endRow() {
        put((byte) '\n');
        rowBegun = false;
    }

    /** What follows the backslash in the place of this byte; zero for a byte that stands for itself. */
    private static byte escaped(byte one) {
        if (one > '\r' || one < 0) {
            return (byte) (one == '\\' ? '\\' : 0);
        }
        return switch (one) {
            case '\b' -> (byte) 'b';
            case '\t' -> (byte) 't';
            case '\n' -> (byte) 'n';
            case 0x0b -> (byte) 'v';
            case '\f' -> (byte) 'f';
            case '\r' -> (byte) 'r';
            default -> (byte) 0;
        };
    }

    private void put(byte one) {
        reserve(1);
        piece[filled++] = one;
    }

    private void reserve(int bytes) {
        if (filled + bytes <= piece.length) {
            return;
        }
        send();
        if (bytes > piece.length) {
            piece = new byte[bytes];
        }
    }

    private void send() {
        try {
            sink.writeToCopy(piece, 0, filled);
            filled = 0;
        } catch (SQLException failure) {
            throw into.fault("write copied rows", failure);
        }
    }
}
