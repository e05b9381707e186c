package io.viridian.fault;

/** A {@link Fault} on its way to whoever handles it. Thrown or logged, never both. */
public final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    public FaultException(Fault fault) {
        super(fault.sentence());
        this.fault = fault;
    }

    public FaultException(Fault fault, Throwable cause) {
        super(fault.sentence(), cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    public FaultCode code() {
        return fault.code();
    }
}
