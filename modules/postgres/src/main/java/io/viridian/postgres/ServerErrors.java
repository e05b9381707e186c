package io.viridian.postgres;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The only place where an {@link SQLException} becomes a fault: by SQLSTATE (manual 14-18, appendix A). What heals by
 * itself is a short list, and each entry is argued here: class 08 and 57P0x, the server went or comes back; 53300, a
 * connection slot becomes free; 40001, 40P01, 55P03, the other transaction ends; of a standby 25006 and 55000, it is
 * promoted, or the address leads to its primary again.
 */
public final class ServerErrors {
    private static final int SQL_SHOWN = 300;

    private ServerErrors() {}

    static FaultException fault(Side side, String doing, SQLException failure) {
        String state = state(failure);
        return fault(code(side, state), side.text(), doing, failure);
    }

    /** As {@link #fault}, of a server that has said that it is a standby. */
    static FaultException standbyFault(Side side, String doing, SQLException failure) {
        String state = state(failure);
        if (!state.equals("25006") && !state.equals("55000")) {
            return fault(side, doing, failure);
        }
        FaultCode code = side == Side.BLUE ? FaultCode.BLUE_UNREACHABLE : FaultCode.GREEN_UNREACHABLE;
        return fault(code, side.text() + " is a standby that is not promoted, and", doing, failure);
    }

    /**
     * As {@link #fault}, of a connection that did not come about. Then class 08 also holds what only a person can mend:
     * 08004, the server speaks no TLS or wants a password that we do not have; and 08006 without a broken socket, a
     * certificate that one of both does not accept.
     */
    static FaultException connectFault(Side side, String endpoint, SQLException failure) {
        // A pool tells only that it is empty; why is with its last attempt.
        SQLException last = failure.getCause() instanceof SQLException cause ? cause : failure;
        String state = state(last);
        boolean refused = state.equals("08004") || (state.equals("08006") && !networkBroke(last));
        return fault(code(side, refused ? "28000" : state), side.text(), "connect to " + endpoint, last);
    }

    private static boolean networkBroke(SQLException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            boolean ofAFile = cause instanceof FileNotFoundException || cause instanceof FileSystemException;
            if (cause instanceof IOException && !ofAFile && !(cause instanceof SSLException)) {
                return true;
            }
        }
        return false;
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    private static FaultException fault(FaultCode code, String who, String doing, SQLException failure) {
        String shown = doing.strip().replaceAll("\\s+", " ");
        String detail = who + " said: " + message(failure) + "; while doing: "
                + (shown.length() > SQL_SHOWN ? shown.substring(0, SQL_SHOWN) + "…" : shown);
        return new FaultException(new Fault(code, detail, object(failure), state(failure)), failure);
    }

    /**
     * What the server said, as a fault, when a library that works on a lent connection failed because of it; empty when
     * no server spoke.
     */
    public static Optional<Fault> told(Side side, String doing, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(fault(side, doing, sql).fault());
            }
        }
        return Optional.empty();
    }

    /** Whether the connection broke, so that nobody knows what the server did last. */
    static boolean answerLost(SQLException failure) {
        String state = state(failure);
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57P0");
    }

    static FaultCode code(Side side, String state) {
        boolean blue = side == Side.BLUE;
        if (state.isEmpty() || state.startsWith("08") || state.startsWith("57P0") || state.equals("53300")) {
            return blue ? FaultCode.BLUE_UNREACHABLE : FaultCode.GREEN_UNREACHABLE;
        }
        if (state.startsWith("28") || state.equals("3D000")) {
            return blue ? FaultCode.BLUE_REFUSED : FaultCode.GREEN_REFUSED;
        }
        if (state.equals("40001") || state.equals("40P01") || state.equals("55P03")) {
            return blue ? FaultCode.BLUE_BUSY : FaultCode.GREEN_BUSY;
        }
        return blue ? FaultCode.BLUE_FAILED : FaultCode.GREEN_FAILED;
    }

    private static String message(SQLException failure) {
        if (failure instanceof PSQLException server && server.getServerErrorMessage() != null) {
            ServerErrorMessage told = server.getServerErrorMessage();
            String detail = told.getDetail() == null ? "" : " (" + told.getDetail() + ")";
            String where =
                    told.getWhere() == null ? "" : " at " + told.getWhere().replaceAll("\\s+", " ");
            return told.getMessage() + detail + where;
        }
        return failure.getMessage() + hiddenReason(failure);
    }

    /**
     * What the driver keeps to itself when no server spoke: that a name is unknown, or that nobody answered in time.
     */
    private static String hiddenReason(SQLException failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        String reason = String.valueOf(root.getMessage());
        boolean known = String.valueOf(failure.getMessage()).contains(reason) || reason.equals("Connection refused");
        return known ? "" : " (" + root.getClass().getSimpleName() + ": " + reason + ")";
    }

    private static String object(SQLException failure) {
        if (failure instanceof PSQLException server && server.getServerErrorMessage() != null) {
            ServerErrorMessage told = server.getServerErrorMessage();
            if (told.getTable() != null) {
                String column = told.getColumn() == null ? "" : "." + told.getColumn();
                return told.getSchema() + "." + told.getTable() + column;
            }
        }
        return "";
    }
}
