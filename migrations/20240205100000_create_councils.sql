-- Councils look after one part of a community's life, such as the tool shed or
-- the kitchen. Their members are rows of resource_memberships.

-- +migrate Up
create table public.councils (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    name text not null,
    purpose text not null default '',
    seats smallint not null default 5,
    created_by uuid references "user".users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    dissolved_at timestamptz,
    constraint councils_seats_check check (seats between 1 and 99)
);

-- A dissolved council's name can be given to a new one. The index serves the
-- foreign key too, but only for councils that still exist, hence the second.
create unique index councils_community_id_name_key
    on public.councils (community_id, lower(name))
    where dissolved_at is null;
create index councils_community_id_idx on public.councils (community_id);
create index councils_created_by_idx on public.councils (created_by);

comment on table public.councils is 'Small groups that a community has put in charge of something';
comment on column public.councils.dissolved_at is 'Null while the council is at work';

create trigger set_updated_at
    before update on public.councils
    for each row execute function turnstone_set_updated_at();

create trigger remove_resource_memberships
    after delete on public.councils
    for each row execute function public.remove_resource_memberships('council');

-- +migrate Down
drop trigger remove_resource_memberships on public.councils;
drop trigger set_updated_at on public.councils;
drop index public.councils_created_by_idx;
drop index public.councils_community_id_idx;
drop index public.councils_community_id_name_key;
drop table public.councils;
