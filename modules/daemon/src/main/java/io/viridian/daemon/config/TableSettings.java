package io.viridian.daemon.config;

import io.viridian.plan.TablePattern;
import java.util.List;

/** Which of blue's tables belong to the migration. */
public record TableSettings(List<TablePattern> include, List<TablePattern> exclude) {
    public TableSettings {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        new SettingRules()
                .require(!include.isEmpty(), TableKeys.INCLUDE, "must name at least one pattern")
                .orThrow();
    }
}
