package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/unified-chunks}: five tables become three, two of them by queries, while somebody writes. */
@Timeout(300)
class UnifiedChunksTest {
    private static final Path EXAMPLE = Path.of("../../examples/unified-chunks");
    private static final String OLD_SCHEMA = "set search_path = legacy_public, public; ";
    private static final int TEXTS = 40;
    private static final int CHUNKS = 400;

    @TempDir
    Path directory;

    private static String text(int number) {
        return "md5('text %d')::uuid".formatted(number);
    }

    private static String chunk(int number) {
        return "md5('chunk %d')::uuid".formatted(number);
    }

    private static void fill(Rig rig) throws SQLException, IOException {
        rig.execute(Side.BLUE, Files.readString(EXAMPLE.resolve("blue.sql")));
        rig.execute(Side.BLUE, """
                insert into texts select md5('text ' || n)::uuid, 'text ' || n, repeat('words ', n)
                from generate_series(1, %1$d) n;
                insert into chunks (id, text_id, content, parent_chunk_id, is_slot)
                select md5('chunk ' || n)::uuid, md5('text ' || 1 + n %% %1$d)::uuid, 'chunk ' || n,
                       case when n > %1$d then md5('chunk ' || n - %1$d)::uuid end, n %% 7 = 0
                from generate_series(1, %2$d) n;
                insert into chunk_tags select md5('tag ' || n)::uuid, md5('chunk ' || n)::uuid, md5('chunk ' || 1 + n %% 10)::uuid
                from generate_series(20, 200) n;
                insert into embeddings select md5('vector ' || n)::uuid, md5('chunk ' || n)::uuid, array[n, n / 2.0, 1]::real[]
                from generate_series(1, %2$d, 2) n;
                insert into graph_nodes select md5('node ' || n)::uuid, md5('chunk ' || n)::uuid, 'n' || n, 'person'
                from generate_series(1, 50) n;
                insert into graph_edges select md5('edge ' || n)::uuid, md5('node ' || n)::uuid, md5('node ' || 1 + n)::uuid, 'knows'
                from generate_series(1, 49) n
                """.formatted(TEXTS, CHUNKS));
    }

    /** One change of an editor, as it comes. Moves keep to lower numbers, so that nothing comes to lie below itself. */
    private static String change(Random random, int turn) {
        int one = 1 + random.nextInt(CHUNKS);
        int other = 1 + random.nextInt(one);
        int text = 1 + random.nextInt(TEXTS);
        return switch (random.nextInt(11)) {
            case 0 -> "update texts set title = title || '!', updated_at = now() where id = " + text(text);
            case 1 -> "update chunks set content = 'turn %d' where id = %s".formatted(turn, chunk(one));
            case 2 -> """
                update chunks set parent_chunk_id = %1$s
                where id = %2$s and id <> %1$s and exists (select from chunks where id = %1$s)
                """.formatted(chunk(other), chunk(one));
            case 3 ->
                "update chunks set parent_chunk_id = null, text_id = %s where id = %s"
                        .formatted(text(text), chunk(one));
            case 4 ->
                "insert into chunk_tags values (md5('t%d')::uuid, %s, %s) on conflict do nothing"
                        .formatted(turn, chunkOrAny(one), chunkOrAny(other));
            case 5 -> "delete from chunk_tags where tag_chunk_id = " + chunk(other);
            case 6 -> "update embeddings set vector = array[%d] where chunk_id = %s".formatted(turn, chunk(one));
            case 7 -> "delete from embeddings where chunk_id = " + chunk(one);
            case 8 ->
                "insert into chunks (id, text_id, parent_chunk_id, content) select md5('new %d')::uuid, text_id, id, 'new' from chunks where id = %s"
                        .formatted(turn, chunk(one));
            case 9 ->
                turn % 5 == 0
                        ? "delete from chunks where id = " + chunk(one)
                        : "update texts set status = 'final' where id = " + text(text);
            default ->
                "begin; update chunks set metadata = '{\"turn\": %d}' where id = %s; update chunks set is_template = not is_template where id = %s; commit"
                        .formatted(turn, chunk(one), chunk(other));
        };
    }

    /** So that a tag never refers to a chunk that is gone. */
    private static String chunkOrAny(int number) {
        return "coalesce((select id from chunks where id = %s), (select min(id::text)::uuid from chunks))"
                .formatted(chunk(number));
    }

    private static void edit(Rig rig, Random random, int turns) throws SQLException {
        try (Connection connection = rig.connect(Side.BLUE);
                Statement statement = connection.createStatement()) {
            for (int turn = 0; turn < turns; turn++) {
                statement.execute(change(random, turn + random.nextInt(1_000_000)));
            }
        }
    }

    @Test
    void everyChunkItsTagsAndItsPlaceFollowWhateverTheEditorsDo() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory).configure("""
                        schema:
                          from: changelog
                          changelog: green.sql
                        mapping: mapping.yaml
                        legacy:
                          enabled: true
                        """);
        for (String file : List.of("green.sql", "mapping.yaml")) {
            Files.copy(EXAMPLE.resolve(file), directory.resolve(file));
        }
        rig.execute(Side.GREEN, """
                create table graph_nodes (id uuid primary key, chunk_id uuid, entity_name text not null,
                                          entity_type text not null, properties jsonb not null default '{}');
                create table graph_edges (id uuid primary key, source_node_id uuid not null, target_node_id uuid not null,
                                          relationship_type text not null, properties jsonb not null default '{}')
                """);
        fill(rig);
        List<ServerSnapshot> before = rig.snapshots();
        Random random = new Random(20261126);
        String application = Files.readString(EXAMPLE.resolve("old-application.sql"));
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.revive();
            edit(rig, random, 200);
            rig.execute(Side.BLUE, application);
            driver.reach(StateName.READY);
            edit(rig, random, 200);
            rig.execute(Side.BLUE, application);
            Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
            assertThat(verified.result()).as(verified.toString()).containsEntry("clean", "true");
            daemon.stop();
            edit(rig, random, 100);
            driver.reach(StateName.READY);
            driver.cutover();
            assertThat(rig.ask(Side.GREEN, "select count(*) from unified_chunks where not is_page"))
                    .isEqualTo(rig.ask(Side.BLUE, "select count(*) from chunks"));
            assertThat(rig.ask(Side.GREEN, "select sum(jsonb_array_length(tags)) from unified_chunks"))
                    .isEqualTo(rig.ask(Side.BLUE, "select count(*) from chunk_tags"));
            assertThat(rig.ask(Side.GREEN, "select count(*) from unified_chunks where vector is not null"))
                    .isEqualTo(rig.ask(Side.BLUE, "select count(*) from embeddings"));
            assertThat(rig.ask(Side.GREEN, "select count(*) from chunk_hierarchy where depth = 0"))
                    .isEqualTo(rig.ask(Side.GREEN, "select count(*) from unified_chunks"));
            rig.execute(Side.GREEN, "refresh materialized view chunk_search");
            editOnGreen(rig);
            assertVerified(driver);
            assertOldTablesAlike(rig);
            rig.execute(Side.GREEN, OLD_SCHEMA + application);
            rig.execute(Side.GREEN, OLD_SCHEMA + application);
            assertVerified(driver);
            daemon.stop();
            rig.execute(Side.GREEN, "update unified_chunks set contents = contents || '?' where is_slot");
            driver.revive();
            driver.rollback();
            assertLedBack(rig);
            rig.execute(Side.BLUE, application);
            edit(rig, random, 100);
            assertVerified(driver);
            driver.cutover();
            assertThat(rig.ask(Side.GREEN, "select count(*) from chunk_hierarchy where depth = 0"))
                    .isEqualTo(rig.ask(Side.GREEN, "select count(*) from unified_chunks"));
            rig.execute(Side.GREEN, OLD_SCHEMA + application);
            assertVerified(driver);
            driver.finish();
            rig.execute(Side.GREEN, OLD_SCHEMA + application);
        }
        assertThat(rig.ask(Side.GREEN, "select count(*) from legacy_public.texts where content = 'its words'"))
                .isEqualTo("7");
        rig.execute(Side.GREEN, "drop schema legacy_public cascade; drop schema viridian_legacy cascade");
        rig.assertNothingLeft(before);
    }

    private static void assertVerified(Driver driver) throws InterruptedException {
        Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
        assertThat(verified.result()).as(verified.toString()).containsEntry("clean", "true");
    }

    /** Blue's tables, to which the way back leads, and green's views of them. */
    private static void assertOldTablesAlike(Rig rig) throws SQLException {
        for (String rows : List.of(
                "select * from %stexts",
                "select * from %schunks",
                "select * from %schunk_tags",
                "select chunk_id, vector from %sembeddings",
                "select * from %sgraph_nodes")) {
            String digest =
                    "select count(*) || md5(string_agg(r::text, ' ' order by r::text)) from (" + rows + ") as r";
            assertThat(rig.ask(Side.GREEN, digest.formatted("legacy_public.")))
                    .as(rows)
                    .isEqualTo(rig.ask(Side.BLUE, digest.formatted("")));
        }
    }

    /** What an application of the new schema does; caches it keeps as it likes. */
    private static void editOnGreen(Rig rig) throws SQLException {
        rig.execute(Side.GREEN, """
                insert into unified_chunks (chunk_id, contents, page, is_page, is_tag, is_template, is_slot, metadata,
                                            created_time, last_updated)
                values (md5('green page')::uuid, 'A page', md5('green page')::uuid, true, false, false, false,
                        '{"content": "born on green", "status": "final"}', now(), now());
                insert into unified_chunks (chunk_id, contents, parent, page, is_page, is_tag, is_template, is_slot,
                                            metadata, vector, created_time, last_updated)
                select md5('green chunk ' || n)::uuid, 'chunk ' || n,
                       case when n = 1 then md5('green page')::uuid else md5('green chunk ' || n - 1)::uuid end,
                       md5('green page')::uuid, false, false, false, false,
                       '{"indent_level": 2, "slot_value": null, "sequence_number": null, "more": 1}',
                       case when n % 2 = 0 then array[n]::real[] end, now(), now()
                from generate_series(1, 20) n;
                insert into chunk_tags
                values (md5('green chunk 1')::uuid, md5('green chunk 2')::uuid, md5('green tag')::uuid, now());
                update unified_chunks set contents = 'changed on green' where chunk_id = md5('text 3')::uuid;
                update unified_chunks set vector = null where chunk_id in (select chunk_id from unified_chunks
                    where vector is not null and page <> md5('green page')::uuid order by chunk_id limit 5);
                update unified_chunks set metadata = metadata || '{"indent_level": 7}'
                where chunk_id in (select chunk_id from unified_chunks where not is_page order by chunk_id limit 9);
                delete from chunk_hierarchy where depth > 2
                """);
    }

    private static void assertLedBack(Rig rig) throws SQLException {
        assertThat(rig.ask(Side.BLUE, "select content || ' ' || status from texts where title = 'A page'"))
                .isEqualTo("born on green final");
        assertThat(rig.ask(Side.BLUE, "select count(*) from chunks where text_id = md5('green page')::uuid"))
                .isEqualTo("20");
        assertThat(rig.ask(Side.BLUE, "select count(*) from chunks where indent_level = 7"))
                .isEqualTo("9");
        assertThat(rig.ask(
                        Side.BLUE,
                        "select string_agg(vector::text, ' ' order by vector) from embeddings e"
                                + " join chunks c on c.id = e.chunk_id where c.text_id = md5('green page')::uuid"))
                .startsWith("{2} {4} {6}");
        assertThat(rig.ask(Side.BLUE, "select title from texts where id = md5('text 3')::uuid"))
                .isEqualTo("changed on green");
        assertThat(rig.ask(Side.BLUE, "select count(*) from chunk_tags where id = md5('green tag')::uuid"))
                .isEqualTo("1");
    }
}
