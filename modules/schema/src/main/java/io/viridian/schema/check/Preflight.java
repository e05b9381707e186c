package io.viridian.schema.check;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which their findings are told. */
public final class Preflight {
    /**
     * Slot creation waits for older transactions, and so does the fence; a minute is longer than any of them should
     * last.
     */
    private static final Duration LONG_TRANSACTION = Duration.ofMinutes(1);

    /** Without a connection no other check can say anything. */
    private static final Check CONNECTION = new ConnectionCheck();

    public static final List<Check> CHECKS = List.of(
            CONNECTION,
            new ReadOnlyCheck(),
            new SameClusterCheck(),
            new VersionCheck(),
            new EncodingCheck(),
            new PlanCheck(),
            new WalLevelCheck(),
            new OutputPluginCheck(),
            new SlotCapacityCheck(),
            new LockCapacityCheck(),
            new ReplicationPrivilegeCheck(),
            new DatabasePrivilegeCheck(),
            new TablePrivilegeCheck(),
            new SchemaPrivilegeCheck(),
            new RowSecurityCheck(),
            new ApplyPrivilegeCheck(),
            new EventTriggerCheck(),
            new SessionsFenceCheck(),
            new InheritanceCheck(),
            new UncarriedCheck(),
            new NotificationCheck(),
            new AdvisoryLockCheck(),
            new CaptureCheck(),
            new LeftoverCheck(),
            new PgDumpCheck(),
            new ExtensionCheck(),
            new TargetTableCheck(),
            new FiringTriggerCheck(),
            new DeferrableKeyCheck(),
            new UnfedReferenceCheck(),
            new ExpressionCheck(),
            new ValueCheck(),
            new MergeCheck(),
            new PartCheck(),
            new InverseCheck(),
            new PreparedTransactionCheck(),
            new LongTransactionCheck(LONG_TRANSACTION));

    private static final List<Check> OF_THE_MAPPING = List.of(
            new FiringTriggerCheck(),
            new DeferrableKeyCheck(),
            new UnfedReferenceCheck(),
            new ExpressionCheck(),
            new ValueCheck(),
            new MergeCheck(),
            new PartCheck(),
            new InverseCheck());

    private Preflight() {}

    /** Runs every check. One that fails is itself a finding; the others still run, unless a side cannot be reached. */
    public static List<Finding> run(CheckContext context) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Check check : CHECKS) {
            findings.addAll(run(check, context));
            if (check.equals(CONNECTION) && findings.stream().anyMatch(Finding::refuses)) {
                findings.addAll(context.planned().findings());
                findings.add(Finding.note(
                        "preflight.incomplete",
                        "",
                        "the other " + (CHECKS.size() - 1) + " checks need both sides and were not made"));
                return findings;
            }
        }
        return findings;
    }

    /**
     * Only what depends on the capture engine, which may be another one at the next start.
     *
     * @throws FaultException when it cannot be read
     */
    public static List<Finding> runCapture(CheckContext context) {
        return new CaptureCheck().run(context);
    }

    /**
     * What a mapping can be asked only where green's tables are: for when they were made after {@link #run}. A check
     * that fails is itself a finding.
     */
    public static List<Finding> runMapping(CheckContext context) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Check check : OF_THE_MAPPING) {
            findings.addAll(run(check, context));
        }
        return findings;
    }

    /** Runs one check; what it cannot read is a refusal. */
    static List<Finding> run(Check check, CheckContext context) throws InterruptedException {
        try {
            return check.run(context);
        } catch (FaultException failure) {
            Fault fault = failure.fault();
            return List.of(Finding.refused(
                    check.id(),
                    fault.object(),
                    "the check " + check.id() + " could not be made: " + fault.sentence(),
                    fault.code().remedy()));
        }
    }
}
