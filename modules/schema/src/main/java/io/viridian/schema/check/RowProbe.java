package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;

/** Questions about rows of blue, and what is found when one is not answered. */
interface RowProbe {
    /** What is found when an expression does not take a value. */
    Finding failed(FaultException failure);

    /** What is found when it takes too long to ask. */
    Finding unknown();
}
