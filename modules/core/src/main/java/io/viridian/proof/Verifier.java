package io.viridian.proof;

import io.viridian.feed.Lane;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.time.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares blue with green through the mapping. One verification at a time; any thread. */
public interface Verifier {
    /**
     * Compares every mapped table (or only those named, by their blue or green name) at one exact pair of points, while
     * writers go on. The lane is held for the moment it takes to find that pair.
     *
     * @param lane the lane that feeds the target of {@code direction}
     * @param only restricts the tables; empty means all
     * @throws io.viridian.fault.FaultException with VERIFY_UNFINISHED when no exact pair was reached
     */
    Verification verify(Direction direction, Lane lane, Set<TableName> only, Deadline by) throws InterruptedException;

    /**
     * Compares the rows of tables with a key that were touched since the last verification, at one exact pair of
     * points, while writers go on. What was clean is forgotten by the lane: the last full verification, this one and
     * the rows touched since prove together what a new full one would. Rows that were not clean, or could not be
     * compared, stay touched, and so do tables without a key.
     *
     * @return empty when the lane does not know any more what was touched; then only a full verification helps
     * @throws io.viridian.fault.FaultException with VERIFY_UNFINISHED when no exact pair was reached
     */
    Optional<Verification> verifyTouched(Direction direction, Lane lane, Deadline by) throws InterruptedException;

    /**
     * Makes ready to compare rows while both sides stand still, so that little is left to do then: connections, what
     * has to be known of both servers, and what makes the first question to a server slow.
     *
     * @param touched rows that may have to be compared, as examples; keys per source table
     * @throws io.viridian.fault.FaultException when a side cannot be asked
     */
    PreparedComparison prepareRows(Direction direction, Map<TableName, List<List<String>>> touched, Deadline by)
            throws InterruptedException;

    /** A comparison that can begin at once. One thread at a time. */
    interface PreparedComparison extends AutoCloseable {
        /**
         * Compares just these rows, and tables without a key as a whole, both sides standing still: under the fence,
         * after the drain. Once only.
         *
         * @param touched keys per source table
         */
        Verification compare(Map<TableName, List<List<String>>> touched, Deadline by) throws InterruptedException;

        @Override
        void close();
    }
}
