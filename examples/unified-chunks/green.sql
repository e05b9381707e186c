--liquibase formatted sql

--changeset unified-chunks:1
--comment: Everything is a chunk: a text is one that is a page, a tag is one that others refer to.
create table unified_chunks (
    chunk_id uuid primary key,
    contents text,
    parent uuid,
    page uuid,
    is_page boolean not null,
    is_tag boolean not null,
    is_template boolean not null,
    is_slot boolean not null,
    ref uuid,
    tags jsonb not null default '[]',
    metadata jsonb not null default '{}',
    vector real[],
    created_time timestamptz not null,
    last_updated timestamptz not null
);
-- The way back chooses rows by is_page and reads metadata, which can be large.
alter table unified_chunks replica identity full;
create index on unified_chunks (page);
create index on unified_chunks (parent);
create index on unified_chunks using gin (tags);

create table chunk_tags (
    source_chunk_id uuid not null,
    tag_chunk_id uuid not null,
    id uuid not null unique,
    created_time timestamptz not null,
    primary key (source_chunk_id, tag_chunk_id)
);

--changeset unified-chunks:2
--comment: Every chunk with all that it is part of, itself included; path_ids leads from the ancestor down.
create table chunk_hierarchy (
    ancestor_id uuid not null,
    descendant_id uuid not null,
    depth int not null,
    path_ids uuid[] not null,
    primary key (ancestor_id, descendant_id)
);
create index on chunk_hierarchy (descendant_id);

--changeset unified-chunks:3
--comment: For the search; refreshed by the application, first after the cutover.
create materialized view chunk_search as
select chunk_id, is_page, to_tsvector('simple', coalesce(contents, '')) as words from unified_chunks
with no data;
create unique index on chunk_search (chunk_id);
create index on chunk_search using gin (words);
