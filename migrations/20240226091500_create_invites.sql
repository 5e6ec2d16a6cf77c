-- Invitations to a community, sent by e-mail. As with sessions, only the digest
-- of the link's secret is kept.

-- +migrate Up
create table public.invites (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    invited_by uuid references "user".users (id) on delete set null,
    accepted_by uuid references "user".users (id) on delete set null,
    email text not null,
    role text not null default 'member',
    secret_hash bytea not null,
    expires_at timestamptz not null default now() + interval '14 days',
    accepted_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint invites_secret_hash_key unique (secret_hash),
    constraint invites_secret_hash_check check (octet_length(secret_hash) = 32),
    constraint invites_role_check check (role in ('member', 'manager')),
    constraint invites_outcome_check check (accepted_at is null or revoked_at is null)
);

create index invites_community_id_idx on public.invites (community_id);
create index invites_invited_by_idx on public.invites (invited_by);
create index invites_accepted_by_idx
    on public.invites (accepted_by)
    where accepted_by is not null;

create unique index invites_one_open_key
    on public.invites (community_id, lower(email))
    where accepted_at is null and revoked_at is null;

comment on table public.invites is 'Invitations to communities, answered or not';
comment on column public.invites.accepted_by is 'May not be the addressee: links get forwarded';
comment on constraint invites_outcome_check on public.invites is
    'An invitation is accepted or revoked, never both';

create trigger set_updated_at
    before update on public.invites
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on public.invites;
drop index public.invites_one_open_key;
drop index public.invites_accepted_by_idx;
drop index public.invites_invited_by_idx;
drop index public.invites_community_id_idx;
drop table public.invites;
