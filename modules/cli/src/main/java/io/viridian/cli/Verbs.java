package io.viridian.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Every verb that does something, in the order of the help: setting up, looking, asking, explaining. */
final class Verbs {
    private Verbs() {}

    static Map<String, Object> in(Surroundings around) {
        Map<String, Object> verbs = new LinkedHashMap<>();
        verbs.put("init", new InitVerb(around));
        verbs.put("config", new ConfigVerb(around));
        verbs.put("check", new CheckVerb(around));
        verbs.put("plan", new PlanVerb(around));
        verbs.put("run", new RunVerb(around));
        verbs.put("demo", new DemoVerb());
        verbs.put("status", new StatusVerb(around));
        verbs.put("watch", new WatchVerb(around));
        verbs.put("tables", new TablesVerb(around));
        verbs.put("gates", new GatesVerb(around));
        verbs.put("events", new EventsVerb(around));
        verbs.put("verify", new VerifyVerb(around));
        verbs.put("diff", new DiffVerb(around));
        verbs.put("pause", new PauseVerb(around));
        verbs.put("resume", new ResumeVerb(around));
        verbs.put("rehearse", new RehearseVerb(around));
        verbs.put("arm", new ArmVerb(around));
        verbs.put("disarm", new DisarmVerb(around));
        verbs.put("canary", new CanaryVerb(around));
        verbs.put("override", new OverrideVerb(around));
        verbs.put("approve", new ApproveVerb(around));
        verbs.put("cutover", new CutoverVerb(around));
        verbs.put("rollback", new RollbackVerb(around));
        verbs.put("abort", new AbortVerb(around));
        verbs.put("finalize", new FinalizeVerb(around));
        verbs.put("report", new ReportVerb(around));
        verbs.put("compatibility-report", new CompatibilityReportVerb(around));
        verbs.put("token", new TokenVerb(around));
        verbs.put("explain", new ExplainVerb(around));
        verbs.put("completion", new CompletionVerb(around));
        verbs.put("version", new VersionVerb(around));
        return verbs;
    }
}
