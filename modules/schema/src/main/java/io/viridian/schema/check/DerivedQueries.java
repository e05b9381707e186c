package io.viridian.schema.check;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.DerivedQuery;
import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.QueryReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The queries of a mapping as blue's server understands them.
 *
 * @param understood by target
 * @param findings why the others were not
 */
public record DerivedQueries(Map<TableName, DerivedQuery> understood, List<Finding> findings) {
    public DerivedQueries {
        understood = Map.copyOf(understood);
        findings = List.copyOf(findings);
    }

    /** Asks blue about every query of the mapping. */
    public static DerivedQueries of(MappingSpec mapping, Database blue) {
        Map<TableName, DerivedQuery> understood = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        boolean any =
                mapping.targets().stream().anyMatch(target -> target.derive().isPresent());
        if (any) {
            try (Session session = blue.open("plan")) {
                for (MappingSpec.Target target : mapping.targets()) {
                    target.derive().ifPresent(derive -> read(session, target.table(), derive, understood, findings));
                }
            }
        }
        return new DerivedQueries(understood, findings);
    }

    private static void read(
            Session session,
            TableName target,
            MappingSpec.Derive derive,
            Map<TableName, DerivedQuery> understood,
            List<Finding> findings) {
        try {
            QueryReader.Found found = QueryReader.read(session, derive);
            understood.put(target, found.query());
            for (String function : found.changing()) {
                findings.add(Finding.refused(
                        "mapping.not-immutable",
                        target.toString(),
                        "the query of " + target + " uses " + function
                                + ", which can give something else the next time",
                        "let it depend on the rows alone"));
            }
        } catch (FaultException failure) {
            if (failure.code() != FaultCode.BLUE_FAILED) {
                throw failure;
            }
            findings.add(Finding.refused(
                    "mapping.derive",
                    target.toString(),
                    "blue does not understand the query of " + target + ": "
                            + failure.fault().detail(),
                    "correct it in the mapping"));
        }
    }
}
