-- Communities, the unit that nearly everything else belongs to. How a community
-- runs itself is kept as JSON, because the settings are edited as one document
-- and each kind of setting has a shape of its own.

-- +migrate Up
create table public.communities (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    description text not null default '',
    is_public boolean not null default false,
    settings jsonb not null default '{
        "min_trust_for_wealth": {"type": "number", "value": 10},
        "min_trust_for_polls": {"type": "number", "value": 15},
        "min_trust_for_thread_creation": {"type": "percentage", "value": 5},
        "titles": [
            {"name": "Newcomer", "min_trust": 0},
            {"name": "Neighbour; friend", "min_trust": 15},
            {"name": "Elder", "min_trust": 50}
        ]
    }',
    created_by uuid references "user".users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint communities_name_check check (char_length(btrim(name)) between 1 and 120),
    constraint communities_settings_check check (
        jsonb_typeof(settings) = 'object'
        and jsonb_typeof(coalesce(settings -> 'titles', '[]')) = 'array'
    )
);

create index communities_created_by_idx on public.communities (created_by);

create index communities_public_created_at_idx
    on public.communities (created_at desc)
    where is_public and deleted_at is null;

comment on table public.communities is 'Groups of people who share things, work and decisions';
comment on column public.communities.settings is
    'Thresholds as {"type": "number" or "percentage", "value": n}; titles that trust earns';
comment on column public.communities.created_by is 'Null once the founder''s account is gone';
comment on column public.communities.deleted_at is 'Soft delete: null while in use';

create trigger set_updated_at
    before update on public.communities
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on public.communities;
drop index public.communities_public_created_at_idx;
drop index public.communities_created_by_idx;
drop table public.communities;
