package io.viridian.daemon.engine;

import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.MappingLoader;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.journal.GreenKeys;
import io.viridian.journal.PinnedPlan;
import io.viridian.plan.Catalog;
import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planned;
import io.viridian.plan.Planner;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.schema.check.DerivedQueries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Binds the mapping to both catalogs, and holds the running plan to its hash. Any thread. */
public final class PlanBinder {
    private final EngineParts parts;

    public PlanBinder(EngineParts parts) {
        this.parts = parts;
    }

    /** The plan as the files and the catalogs are now. */
    public Planned bind(boolean greenComplete) {
        return bind(greenComplete, parts.settings().reverse().enabled());
    }

    /** The plan with every way back there is, whether the migration uses it or not. */
    Planned bindBothWays() {
        return bind(true, true);
    }

    private Planned bind(boolean greenComplete, boolean reverse) {
        Catalog blue = parts.blue().query(CatalogReader::read);
        Catalog green = keys().over(parts.green().query(CatalogReader::read));
        MappingSpec mapping = mapping();
        DerivedQueries queries = DerivedQueries.of(mapping, parts.blue());
        Planned planned = Planner.plan(new PlanRequest(
                parts.migration(),
                parts.settings().tables().include(),
                parts.settings().tables().exclude(),
                mapping,
                blue,
                green,
                queries.understood(),
                greenComplete,
                reverse));
        List<Finding> findings = new ArrayList<>(queries.findings());
        findings.addAll(planned.findings());
        return new Planned(planned.plan(), findings);
    }

    /**
     * The plan of a migration under way, which must be the pinned one.
     *
     * @throws io.viridian.fault.FaultException with PLAN_CHANGED or PLAN_REFUSED
     */
    public Planned bindPinned() {
        Planned planned = bind(true);
        Optional<PinnedPlan> pinned = PinnedPlan.find(parts.journalDatabase(), parts.migration());
        if (pinned.isPresent() && !pinned.get().hash().equals(planned.plan().hash())) {
            throw Fault.about(
                            FaultCode.PLAN_CHANGED,
                            parts.migration(),
                            "the running plan is " + pinned.get().hash() + ", mapping file and blue's tables now give "
                                    + planned.plan().hash())
                    .asException();
        }
        requireAccepted(planned);
        return planned;
    }

    /** Remembers green's keys; to be called before the load takes any of them off. */
    void keepGreenKeys() {
        keys().keep(parts.green().query(CatalogReader::read));
    }

    private GreenKeys keys() {
        return new GreenKeys(parts.journalDatabase(), parts.migration());
    }

    /** Refuses a plan with refusals. */
    static void requireAccepted(Planned planned) {
        if (planned.refused()) {
            throw Fault.of(FaultCode.PLAN_REFUSED, refusals(planned.findings())).asException();
        }
    }

    static String refusals(Iterable<Finding> findings) {
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (Finding finding : findings) {
            if (finding.refuses()) {
                count++;
                if (count <= 5) {
                    text.append(text.isEmpty() ? "" : "; ").append(finding.message());
                }
            }
        }
        return count > 5 ? text + "; and " + (count - 5) + " more" : text.toString();
    }

    void pin(String hash) {
        PinnedPlan.pin(parts.journalDatabase(), parts.migration(), new PinnedPlan(hash, mappingText()));
    }

    /** What the mapping leaves behind. */
    List<TablePattern> ignored() {
        return mapping().ignore();
    }

    private MappingSpec mapping() {
        try {
            return parts.settings().mapping().map(MappingLoader::load).orElseGet(MappingSpec::everythingAsItIs);
        } catch (ConfigurationException refused) {
            throw refused.fault().asException(refused);
        }
    }

    private String mappingText() {
        return parts.settings()
                .mapping()
                .map(path -> {
                    try {
                        return Files.readString(path);
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                })
                .orElse("");
    }

    /** For messages: which tables a plan moves. */
    static String tables(Planned planned) {
        return planned.plan().forward().stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
