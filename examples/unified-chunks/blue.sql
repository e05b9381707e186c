-- The old schema: texts that are made of chunks, and what belongs to them in five tables more.
create table texts (
    id uuid primary key,
    title text not null,
    content text,
    status text not null default 'draft',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table chunks (
    id uuid primary key,
    text_id uuid not null references texts on delete cascade,
    content text,
    is_template boolean not null default false,
    is_slot boolean not null default false,
    parent_chunk_id uuid references chunks on delete cascade,
    template_chunk_id uuid references chunks on delete set null,
    slot_value text,
    indent_level int not null default 0,
    sequence_number int,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on chunks (text_id);
create index on chunks (parent_chunk_id);

create table chunk_tags (
    id uuid primary key,
    chunk_id uuid not null references chunks on delete cascade,
    tag_chunk_id uuid not null references chunks on delete cascade,
    created_at timestamptz not null default now(),
    unique (chunk_id, tag_chunk_id)
);
create index on chunk_tags (tag_chunk_id);

create table embeddings (
    id uuid primary key default gen_random_uuid(),
    chunk_id uuid not null unique references chunks on delete cascade,
    vector real[] not null,
    created_at timestamptz not null default now()
);

create table graph_nodes (
    id uuid primary key,
    chunk_id uuid references chunks on delete cascade,
    entity_name text not null,
    entity_type text not null,
    properties jsonb not null default '{}'
);

create table graph_edges (
    id uuid primary key,
    source_node_id uuid not null references graph_nodes on delete cascade,
    target_node_id uuid not null references graph_nodes on delete cascade,
    relationship_type text not null,
    properties jsonb not null default '{}'
);
