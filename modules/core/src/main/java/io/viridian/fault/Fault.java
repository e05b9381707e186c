package io.viridian.fault;

/**
 * A failure of the world, told completely: what failed, on what, what the server said and what can be done.
 *
 * @param code which kind
 * @param detail one sentence with the names, positions and values that matter; no secrets
 * @param object the table, slot, key or file concerned, or empty
 * @param sqlState the server's SQLSTATE, or empty when no server spoke
 */
public record Fault(FaultCode code, String detail, String object, String sqlState) {
    public static Fault of(FaultCode code, String detail) {
        return new Fault(code, detail, "", "");
    }

    public static Fault about(FaultCode code, String object, String detail) {
        return new Fault(code, detail, object, "");
    }

    public FaultException asException() {
        return new FaultException(this);
    }

    public FaultException asException(Throwable cause) {
        return new FaultException(this, cause);
    }

    /** The whole story on one line. */
    public String sentence() {
        StringBuilder text = new StringBuilder(code.name()).append(": ").append(detail);
        if (!object.isEmpty() && !detail.contains(object)) {
            text.append(" (").append(object).append(')');
        }
        if (!sqlState.isEmpty()) {
            text.append(" [SQLSTATE ").append(sqlState).append(']');
        }
        return text.toString();
    }
}
