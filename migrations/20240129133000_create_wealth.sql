-- Things and services that members offer to share, and the requests for them.
-- A request ("share") goes through states of its own: see wealth_share_status.

-- +migrate Up
create type public.wealth_type as enum ('object', 'service');
create type public.wealth_status as enum ('active', 'fulfilled', 'expired', 'cancelled');
create type public.wealth_share_status as enum (
    'pending', 'accepted', 'rejected', 'cancelled', 'fulfilled'
);

create table public.wealth (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    created_by uuid references "user".users (id) on delete set null,
    type public.wealth_type not null,
    status public.wealth_status not null default 'active',
    title text not null,
    description text not null default '',
    quantity integer,
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint wealth_quantity_check check (quantity > 0),
    constraint wealth_type_check check ((type = 'object') = (quantity is not null))
);

create index wealth_community_id_status_idx on public.wealth (community_id, status);
create index wealth_created_by_idx on public.wealth (created_by);
create index wealth_active_expires_at_idx on public.wealth (expires_at)
    where status = 'active' and expires_at is not null;

create table public.wealth_shares (
    id uuid primary key default gen_random_uuid(),
    wealth_id uuid not null references public.wealth (id) on delete cascade,
    requested_by uuid not null references "user".users (id) on delete cascade,
    status public.wealth_share_status not null default 'pending',
    message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index wealth_shares_requested_by_idx on public.wealth_shares (requested_by);
create index wealth_shares_wealth_id_idx on public.wealth_shares (wealth_id);
create unique index wealth_shares_one_open_key on public.wealth_shares (wealth_id, requested_by)
    where status in ('pending', 'accepted');

comment on column public.wealth.quantity is 'How many there are to share; null for a service';
comment on index public.wealth_shares_one_open_key is 'One open request per offer and person';

create trigger set_updated_at
    before update on public.wealth
    for each row execute function turnstone_set_updated_at();
create trigger set_updated_at
    before update on public.wealth_shares
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on public.wealth_shares;
drop trigger set_updated_at on public.wealth;
drop index public.wealth_shares_one_open_key;
drop index public.wealth_shares_wealth_id_idx;
drop index public.wealth_shares_requested_by_idx;
drop table public.wealth_shares;
drop index public.wealth_active_expires_at_idx;
drop index public.wealth_created_by_idx;
drop index public.wealth_community_id_status_idx;
drop table public.wealth;
drop type public.wealth_share_status;
drop type public.wealth_status;
drop type public.wealth_type;
