-- Members vouch for each other by awarding trust. An award can be withdrawn, but
-- not given twice: there is one row per giver, receiver and community. A member's
-- standing is the sum of the awards received, which the view works out.

-- +migrate Up
create table public.trust_awards (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    from_user_id uuid not null references "user".users (id) on delete cascade,
    to_user_id uuid not null references "user".users (id) on delete cascade,
    points smallint not null default 1,
    reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint trust_awards_giver_receiver_key
        unique (community_id, from_user_id, to_user_id),
    constraint trust_awards_not_self_check check (from_user_id <> to_user_id),
    constraint trust_awards_points_check check (points between 1 and 3)
);

create index trust_awards_community_id_to_user_id_idx
    on public.trust_awards (community_id, to_user_id)
    include (points);
create index trust_awards_from_user_id_idx on public.trust_awards (from_user_id);
create index trust_awards_to_user_id_idx on public.trust_awards (to_user_id);

comment on table public.trust_awards is 'Trust that one member has given to another';
comment on constraint trust_awards_not_self_check on public.trust_awards is
    'Nobody vouches for themselves';

create trigger set_updated_at
    before update on public.trust_awards
    for each row execute function turnstone_set_updated_at();

create view public.trust_scores as
select
    a.community_id,
    a.to_user_id as user_id,
    sum(a.points) as score,
    count(*) as awards,
    max(a.created_at) as last_awarded_at
from public.trust_awards as a
join public.communities as c on c.id = a.community_id
where c.deleted_at is null
group by a.community_id, a.to_user_id;

comment on view public.trust_scores is
    'Standing per community and member; no row means no trust yet';

-- +migrate Down
drop view public.trust_scores;
drop trigger set_updated_at on public.trust_awards;
drop index public.trust_awards_to_user_id_idx;
drop index public.trust_awards_from_user_id_idx;
drop index public.trust_awards_community_id_to_user_id_idx;
drop table public.trust_awards;
