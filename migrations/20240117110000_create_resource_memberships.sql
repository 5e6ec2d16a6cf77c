-- Who belongs to what, and in which role. One table serves every kind of
-- resource, so resource_id can't be a foreign key; a trigger on each kind of
-- resource removes its memberships along with it instead.

-- +migrate Up
create table public.resource_memberships (
    resource_id uuid not null,
    resource_type text not null,
    user_id uuid not null references "user".users (id) on delete cascade,
    role text not null default 'member',
    invited_by uuid references "user".users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint resource_memberships_pkey primary key (resource_id, resource_type, user_id),
    constraint resource_memberships_resource_type_check
        check (resource_type in ('community', 'council')),
    constraint resource_memberships_role_check
        check (role in ('member', 'manager', 'owner'))
);

create index resource_memberships_user_id_idx
    on public.resource_memberships (user_id, resource_type);
create index resource_memberships_invited_by_idx
    on public.resource_memberships (invited_by)
    where invited_by is not null;

comment on table public.resource_memberships is 'Members of communities and councils';
comment on column public.resource_memberships.resource_id is
    'Id in the table that resource_type names';

create trigger set_updated_at
    before update on public.resource_memberships
    for each row execute function turnstone_set_updated_at();

create function public.remove_resource_memberships()
    returns trigger
    language plpgsql
as $$
begin
    -- The trigger's only argument is the type of the resource.
    delete from public.resource_memberships
    where resource_id = old.id
        and resource_type = tg_argv[0];
    return old;
end;
$$;

comment on function public.remove_resource_memberships() is
    'Stands in for on delete cascade, which needs a foreign key';

create trigger remove_resource_memberships
    after delete on public.communities
    for each row execute function public.remove_resource_memberships('community');

-- +migrate Down
drop trigger remove_resource_memberships on public.communities;
drop function public.remove_resource_memberships();
drop trigger set_updated_at on public.resource_memberships;
drop index public.resource_memberships_invited_by_idx;
drop index public.resource_memberships_user_id_idx;
drop table public.resource_memberships;
