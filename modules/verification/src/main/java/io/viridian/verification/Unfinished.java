package io.viridian.verification;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;

/** The fault of a verification that came to no result, which says nothing about equality. */
final class Unfinished {
    /** query_canceled: by us, by a timeout or by an operator (manual 14-18, appendix A). */
    private static final String CANCELLED = "57014";

    private Unfinished() {}

    static FaultException fault(String why) {
        return Fault.of(FaultCode.VERIFY_UNFINISHED, why).asException();
    }

    static FaultException deadline(String doing) {
        return fault("the deadline passed while " + doing);
    }

    /** A cancelled query becomes an unfinished verification, any other failure stays what it is. */
    static FaultException from(FaultException failure) {
        if (!failure.fault().sqlState().equals(CANCELLED)) {
            return failure;
        }
        Fault fault = failure.fault();
        return new Fault(FaultCode.VERIFY_UNFINISHED, fault.detail(), fault.object(), fault.sqlState())
                .asException(failure);
    }
}
