package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.TypeName;
import io.viridian.testkit.server.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the servers agree on, and what their hash functions do that we must know. */
class CanonicalTest {
    private static ServerFacts facts(Map<String, String> hashes, String encoding) {
        return new ServerFacts(150_000, encoding, Map.of(), Set.of(), hashes);
    }

    private static Map<String, String> hashes() {
        Map<String, String> hashes = new HashMap<>();
        NativeType.all().forEach(type -> hashes.put(type.name(), "hash of " + type.name()));
        hashes.put(ServerFacts.TEXT_PROBE, "hash of row as text");
        return hashes;
    }

    @ParameterizedTest
    @CsvSource({"14, 18", "15, 17", "18, 18"})
    void realServersAgreeOnAllNativeTypes(int blue, int green) throws Exception {
        try (TestPair pair = TestPair.of(blue, green)) {
            ServerFacts one = pair.blue.query(session -> ServerFacts.read(session, List.of(), List.of()));
            ServerFacts other = pair.green.query(session -> ServerFacts.read(session, List.of(), List.of()));
            Canonical canonical = Canonical.agreedOn(one, other, HashTier.RECORD);
            assertThat(canonical.tier()).isEqualTo(HashTier.RECORD);
            assertThat(canonical.convert()).isFalse();
            assertThat(canonical.nativeTypes())
                    .containsExactlyInAnyOrderElementsOf(
                            NativeType.all().stream().map(NativeType::name).toList());
            assertThat(one.version() / 10_000).isEqualTo(blue);
        }
    }

    @Test
    void aTypeOnWhichServersDisagreeGoesThroughText() {
        Map<String, String> other = hashes();
        other.put("uuid", "another hash");
        Canonical canonical = Canonical.agreedOn(facts(hashes(), "UTF8"), facts(other, "UTF8"), HashTier.RECORD);
        assertThat(canonical.tier()).isEqualTo(HashTier.RECORD);
        Image.Column key = new Image.Column(0, "id", new TypeName("pg_catalog", "uuid"));
        assertThat(canonical.row(List.of(key))).isEqualTo("row((c0)::text collate \"C\")");
    }

    @Test
    void serversThatHashTextsDifferentlyAreComparedByMd5() {
        Map<String, String> other = hashes();
        other.put(ServerFacts.TEXT_PROBE, "another hash");
        assertThat(Canonical.agreedOn(facts(hashes(), "UTF8"), facts(other, "UTF8"), HashTier.RECORD)
                        .tier())
                .isEqualTo(HashTier.MD5);
    }

    @Test
    void serversWhoseRecordsDoNotAgreeOnTextsAreComparedByText() {
        Map<String, String> other = hashes();
        other.put("text", "another hash");
        assertThat(Canonical.agreedOn(facts(hashes(), "UTF8"), facts(other, "UTF8"), HashTier.RECORD)
                        .tier())
                .isEqualTo(HashTier.TEXT);
    }

    @Test
    void aWeakerTierThanAskedForIsTakenButNeverAStrongerOne() {
        ServerFacts facts = facts(hashes(), "UTF8");
        assertThat(Canonical.agreedOn(facts, facts, HashTier.MD5).tier()).isEqualTo(HashTier.MD5);
        assertThat(Canonical.agreedOn(facts, facts, HashTier.TEXT).tier()).isEqualTo(HashTier.TEXT);
    }

    @Test
    void typesOfUsersAreNeverHashedNatively() {
        ServerFacts facts = facts(hashes(), "UTF8");
        Canonical canonical = Canonical.agreedOn(facts, facts, HashTier.RECORD);
        Image.Column column = new Image.Column(3, "x", new TypeName("public", "int4"));
        assertThat(canonical.row(List.of(column))).isEqualTo("row((c3)::text collate \"C\")");
    }

    /** Why a row's hash is not simply summed up, and why bigint is not hashed as it is. */
    @ParameterizedTest
    @CsvSource({"14", "18"})
    void theHashFunctionsOfPostgresqlHaveTheWeaknessesThatWeGoAround(int version) throws Exception {
        String swapped = "select sum(hash_record_extended(row(a, b), 77))::text from (values %s) as v(a, b)";
        assertThat(ask(version, swapped.formatted("(1, 'x'), (2, 'y')")))
                .isEqualTo(ask(version, swapped.formatted("(1, 'y'), (2, 'x')")));
        assertThat(ask(version, "select hashint8extended(-5, 77)::text"))
                .isEqualTo(ask(version, "select hashint8extended(4294967291, 77)::text"));
        for (HashTier tier : HashTier.values()) {
            String sums = "select sum(" + tier.second("h") + ")::text from (select " + tier.value("row(a, b)")
                    + " as h from (values %s) as v(a, b)) as r";
            assertThat(ask(version, sums.formatted("(1, 'x'), (2, 'y')")))
                    .as("with %s", tier)
                    .isNotEqualTo(ask(version, sums.formatted("(1, 'y'), (2, 'x')")));
        }
        String wire = "select hash_record_extended(row(int8send(%s)), 77)::text";
        assertThat(ask(version, wire.formatted("-5"))).isNotEqualTo(ask(version, wire.formatted("4294967291")));
    }

    private static String ask(int version, String sql) throws SQLException {
        try (Connection connection = SharedServers.blue(version).connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return String.join(",", found);
        }
    }
}
