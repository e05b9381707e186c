package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where green's schema comes from. The changelog is present exactly when it is the source. */
public record SchemaSettings(SchemaSource from, Optional<Path> changelog) {
    public SchemaSettings {
        new SettingRules()
                .require(
                        from != SchemaSource.CHANGELOG || changelog.isPresent(),
                        SchemaKeys.CHANGELOG,
                        "must name the changelog, because schema.from is changelog")
                .require(
                        from == SchemaSource.CHANGELOG || changelog.isEmpty(),
                        SchemaKeys.CHANGELOG,
                        "must be left out, or schema.from must be changelog")
                .orThrow();
    }
}
