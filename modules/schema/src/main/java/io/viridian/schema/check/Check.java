package io.viridian.schema.check;

import io.viridian.plan.Finding;
import java.util.List;

/** One question asked before a migration begins. Stateless; run one after the other. */
public interface Check {
    /** A stable name; findings are called after it, with the side in front where there is one. */
    String id();

    /**
     * What was found; empty when all is well.
     *
     * @throws io.viridian.fault.FaultException when the answer cannot be read, which counts as a refusal
     */
    List<Finding> run(CheckContext context) throws InterruptedException;
}
