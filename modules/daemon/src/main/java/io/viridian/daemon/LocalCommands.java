package io.viridian.daemon;

import io.viridian.daemon.config.ConfigurationSources;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The verbs that work in the caller's own process. Each answers an exit code of the contract and may throw {@link
 * io.viridian.fault.FaultException} or {@link io.viridian.daemon.config.ConfigurationException}, which the command line
 * prints and turns into one.
 */
public interface LocalCommands {
    /**
     * The daemon, in the foreground; returns when it was told to stop.
     *
     * @param standby whether to wait while another daemon leads, and take over when it does no more
     */
    int run(Invocation invocation, boolean standby) throws InterruptedException;

    /**
     * Leads the migration in this process, where no daemon does, for as long as a deed takes.
     *
     * @return what the deed answered
     * @throws io.viridian.fault.FaultException with HELD_BY_ANOTHER when a daemon leads after all
     */
    int leading(Invocation invocation, Deed deed) throws InterruptedException;

    /** Something that is asked of a daemon. */
    @FunctionalInterface
    interface Deed {
        /**
         * Asks for it.
         *
         * @param address where this process answers like a daemon, on loopback
         * @param tokenFile holds the token that it asks for
         * @return an exit code
         */
        int perform(URI address, Path tokenFile) throws InterruptedException;
    }

    /**
     * The pre-flight checks.
     *
     * @param grants whether to print the SQL that grants what the daemon needs, instead
     */
    int check(Invocation invocation, boolean grants) throws InterruptedException;

    /**
     * What would happen, worked out here because no daemon runs.
     *
     * @param what {@code migration}, {@code cutover}, {@code rollback} or {@code finalize}
     */
    int plan(Invocation invocation, String what) throws InterruptedException;

    /**
     * Writes a commented configuration and a drafted mapping from both catalogs.
     *
     * @param directory where both files go
     * @param overwrite whether files that are there already may be replaced
     */
    int init(Invocation invocation, Path directory, boolean overwrite) throws InterruptedException;

    /**
     * Who still uses the old schema on green, and what can be dropped.
     *
     * @param quiet for how long nobody may have used what can be dropped
     */
    int compatibility(Invocation invocation, Duration quiet) throws InterruptedException;

    /**
     * How a verb was called.
     *
     * @param sources where its configuration comes from
     * @param json whether {@code -o json} was asked for
     * @param out for data
     * @param err for talk
     */
    record Invocation(ConfigurationSources sources, boolean json, PrintWriter out, PrintWriter err) {}
}
