package io.viridian.verification;

import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import java.util.List;

/** Told how a verification goes on. Called from the threads that compare, several at a time; must not block. */
public interface VerifyProgress {
    /** For those who only want the result. */
    VerifyProgress NONE = new VerifyProgress() {
        @Override
        public void started(List<TableName> sources, TableName target) {
            // Nobody listens.
        }

        @Override
        public void finished(Verification.TableResult result) {
            // Nobody listens.
        }
    };

    void started(List<TableName> sources, TableName target);

    /** Not called for a table whose comparison failed. */
    void finished(Verification.TableResult result);
}
