-- What the old editor does, in its own words: written before there was a new schema, and not changed for it. It must go well
-- on blue before the move, in green's old schema (search_path = legacy_public, public) after it, and on blue after a
-- rollback. Each run brings a text of its own, and leaves it.
do $$
declare
    one uuid := gen_random_uuid();
    draft uuid := gen_random_uuid();
    first uuid := gen_random_uuid();
    second uuid := gen_random_uuid();
    inner_chunk uuid := gen_random_uuid();
    template uuid := gen_random_uuid();
    node uuid := gen_random_uuid();
    status_then text;
    changed bigint;
begin
    insert into texts (id, title, content) values (one, 'A text', 'its words') returning status into status_then;
    assert status_then = 'draft', 'defaults are the old ones';
    insert into texts (id, title, status) values (draft, 'Never finished', 'draft');
    assert (select created_at > now() - interval '1 minute' from texts where id = one), 'and so are dates';

    insert into chunks (id, text_id, content, is_template) values (template, one, 'Dear {name}', true);
    insert into chunks (id, text_id, content, sequence_number, template_chunk_id)
    values (first, one, 'first', 1, template), (second, one, 'second', 2, null);
    insert into chunks (id, text_id, parent_chunk_id, content, is_slot, slot_value, indent_level, metadata)
    values (inner_chunk, one, second, 'inner', true, 'Ada', 1, '{"lang": "en"}');
    assert (select count(*) from chunks c join texts t on t.id = c.text_id where t.id = one) = 4, 'chunks have their text';
    assert (select metadata || jsonb_build_object('slot', slot_value, 'indent', indent_level) from chunks where id = inner_chunk)
        = '{"lang": "en", "slot": "Ada", "indent": 1}', 'every column comes back';

    update texts set status = 'final', updated_at = now() where id = one;
    assert (select title || ' ' || content || ' ' || status from texts where id = one) = 'A text its words final',
        'an update leaves the rest alone';
    update chunks set content = upper(content) where text_id = one and not is_template;
    get diagnostics changed = row_count;
    assert changed = 3, 'rows are counted';
    update chunks set parent_chunk_id = first where id = inner_chunk;
    assert (with recursive below as (
                select id from chunks where id = first
                union all select c.id from chunks c join below b on c.parent_chunk_id = b.id)
            select count(*) from below) = 2, 'chunks lie below each other';

    insert into chunk_tags (id, chunk_id, tag_chunk_id)
    values (gen_random_uuid(), first, second), (gen_random_uuid(), first, template), (gen_random_uuid(), inner_chunk, second);
    assert (select array_agg(c.content order by c.content) from chunk_tags g join chunks c on c.id = g.tag_chunk_id
            where g.chunk_id = first) = array['Dear {name}', 'SECOND'], 'tags are chunks';
    delete from chunk_tags where chunk_id = first and tag_chunk_id = template;
    insert into embeddings (chunk_id, vector) values (first, '{0.5, 0.25}'), (inner_chunk, '{1}');
    update embeddings set vector = vector || 1.5::real where chunk_id = first;
    assert (select e.vector from embeddings e where e.chunk_id = first) = '{0.5, 0.25, 1.5}', 'vectors can be changed';
    insert into graph_nodes (id, chunk_id, entity_name, entity_type) values (node, inner_chunk, 'Ada', 'person');

    delete from texts where id = draft;
    delete from chunks where id = template;
    assert (select template_chunk_id is null from chunks where id = first), 'nothing refers to what is gone';
    delete from chunks where id = inner_chunk;
    assert not exists (select from embeddings where chunk_id = inner_chunk)
        and not exists (select from chunk_tags where chunk_id = inner_chunk)
        and not exists (select from graph_nodes where id = node), 'what belongs to a chunk goes with it';
    begin
        insert into texts (id, title) values (one, 'Again');
        assert false, 'a text is there once';
    exception when unique_violation then
        null;
    end;
end $$;
