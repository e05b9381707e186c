package io.viridian.daemon.engine;

import io.viridian.fault.Invariant;
import io.viridian.journal.Lease;
import io.viridian.journal.PostgresJournal;
import io.viridian.migration.Journal;
import org.jspecify.annotations.Nullable;

/** The lease under which this process works, once it was taken. Any thread. */
final class HeldLease {
    private final EngineParts parts;
    private volatile @Nullable Lease lease;

    HeldLease(EngineParts parts) {
        this.parts = parts;
    }

    /** Takes it, with an epoch higher than any that the servers know. */
    Lease take() {
        Lease taken = Lease.take(parts.journalDatabase(), parts.migration(), daemonName(), TakeOver.highest(parts));
        lease = taken;
        return taken;
    }

    /** Taken before anything was read or written under it. */
    Lease require() {
        Lease taken = lease;
        if (taken == null) {
            throw Invariant.broken("the plan is bound before the lease was taken");
        }
        return taken;
    }

    /** Whether another daemon has led since this one began, as far as can be known now. */
    boolean replaced() {
        Lease taken = lease;
        return taken != null && new Leadership(parts, taken).lost();
    }

    /** The journal, written to for as long as the lease is ours. */
    Journal journal() {
        return new PostgresJournal(parts.journalDatabase(), parts.migration(), daemonName()).under(require());
    }

    private static String daemonName() {
        return "pid " + ProcessHandle.current().pid();
    }
}
