package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class GeneratedFilesTest {
    private static final RepositoryFile EXAMPLE = RepositoryFile.at("config/viridian.yaml");
    private static final RepositoryFile SCHEMA = RepositoryFile.at("config/viridian.schema.json");
    private static final RepositoryFile REFERENCE = RepositoryFile.at("docs/reference/configuration.md");
    private static final String TABLE_BEGIN = "<!-- keys: made from ConfigurationKeys -->\n";
    private static final String TABLE_END = "<!-- end of keys -->\n";

    @TempDir
    Path directory;

    @Test
    void theReferencePageHoldsTheTableOfKeys() {
        String page = REFERENCE.text();
        int begin = page.indexOf(TABLE_BEGIN) + TABLE_BEGIN.length();
        int end = page.indexOf(TABLE_END);

        REFERENCE.mustBe(page.substring(0, begin) + ConfigurationReference.markdown() + page.substring(end));
    }

    @Test
    void theReferencePageNamesWhatIsNoKey() {
        assertThat(REFERENCE.text()).contains(GivenValues.PROCESS_VARIABLES);
        assertThat(REFERENCE.text())
                .contains(Arrays.stream(UrlParameter.values())
                        .filter(parameter -> parameter != UrlParameter.SSL && parameter != UrlParameter.LOGGER_LEVEL)
                        .map(parameter -> "`" + parameter.libpq() + "`")
                        .toList());
    }

    @Test
    void theMappingOfTheReferencePageIsAccepted() {
        String page = REFERENCE.text();
        int begin = page.indexOf("```yaml\ntargets:") + "```yaml\n".length();
        String mapping = page.substring(begin, page.indexOf("```", begin));

        assertThat(MappingLoader.load(Configured.write(directory, "mapping.yaml", mapping))
                        .targets())
                .hasSize(1);
    }

    @Test
    void theExampleFileHoldsEveryKey() {
        EXAMPLE.mustBe(ConfigurationExample.yaml());
    }

    @Test
    void theSchemaFileIsTheSchema() {
        SCHEMA.mustBe(ConfigurationSchema.json());
    }

    @Test
    void theExampleFileSaysNothingButTheDefaults() {
        Configuration loaded = Configured.by(directory, EXAMPLE.text()).load();

        for (ConfigurationKey<?> key : ConfigurationKeys.list()) {
            Optional<ShownValue> given = loaded.values().stream()
                    .filter(value -> value.key().equals(key.path()))
                    .filter(value -> value.origin() instanceof Origin.InFile)
                    .findFirst();
            boolean written = !key.insideList() && !(key.presence() instanceof Presence.Absent);
            assertThat(given.isPresent()).as(key.path()).isEqualTo(written);
        }
        String least = Configured.MINIMAL.replaceAll("(url: .*)", "$1?sslmode=verify-full");
        assertThat(loaded.settings()).isEqualTo(Configured.by(directory, least).settings());
    }

    @Test
    void theExampleFileUncommentedHoldsEveryKeyThereIs() {
        String uncommented = EXAMPLE.text().replaceAll("(?m)^(\\s*)#(?! [A-Z])( *)(?=[a-z -]+:)", "$1$2");

        ConfigurationLoader.Reading reading =
                ConfigurationLoader.read(Configured.by(directory, uncommented).sources());

        assertThat(reading.values())
                .filteredOn(value -> value.origin() instanceof Origin.InFile)
                .extracting(value -> ConfigurationKeys.pattern(value.key()))
                .containsExactlyInAnyOrderElementsOf(ConfigurationKeys.list().stream()
                        .map(ConfigurationKey::path)
                        .toList());
        assertThat(reading.problems().list())
                .extracting(Problem::rule)
                .allMatch(rule -> rule.startsWith("is not built yet")
                        || rule.contains("_PASSWORD is not set")
                        || rule.contains("schema.from must be changelog")
                        || rule.contains("prometheus, exec and http cannot be given together"));
    }

    @Test
    void theSchemaAcceptsTheExampleFile() {
        assertThat(violations(EXAMPLE.text())).isEmpty();
    }

    @Test
    void theSchemaAcceptsReferencesAndEveryKindOfTraffic() {
        assertThat(violations(Configured.MINIMAL + """
                        backfill: { workers: "${env:WORKERS}", max-rate: none }
                        cutover:
                          traffic:
                            - file: { path: db.env, template: "{{url}}", then: [reload] }
                            - exec: { command: [./switch.sh], timeout: 5s }
                            - dns: { server: "ns1:53", zone: a.org, name: db.a.org, type: AAAA, blue: "::1", green: "::2", key-file: k }
                            - clients: {}
                        """)).isEmpty();
    }

    @Test
    void theSchemaRefusesUnknownKeysAndValuesOfTheWrongKind() {
        assertThat(violations(Configured.MINIMAL + "backfil: { workers: 2 }\n")).isNotEmpty();
        assertThat(violations(Configured.MINIMAL + "backfill: { workers: many }\n"))
                .isNotEmpty();
        assertThat(violations(Configured.MINIMAL + "cutover: { stable-for: 30 }\n"))
                .isNotEmpty();
        assertThat(violations("migration: shop-v2\n")).isNotEmpty();
    }

    private static List<String> violations(String yaml) {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(ConfigurationSchema.json());
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode tree = new ObjectMapper().valueToTree(document);
        return schema.validate(tree.toString(), InputFormat.JSON).stream()
                .map(Objects::toString)
                .toList();
    }
}
