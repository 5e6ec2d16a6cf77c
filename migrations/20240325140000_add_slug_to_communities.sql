-- Communities get readable addresses. The slugs of those that exist are made from
-- their names; where two would be the same, the younger gets a part of its id too.
-- New communities choose theirs, so there is no default.

-- +migrate Up
alter table public.communities
    add column slug text;

-- Filling in the slug is no edit: let updated_at be.
alter table public.communities disable trigger set_updated_at;

with candidates as (
    select
        id,
        created_at,
        coalesce(
            nullif(btrim(left(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), 40), '-'), ''),
            'community'
        ) as slug
    from public.communities
),
ranked as (
    select
        id,
        slug,
        row_number() over (partition by slug order by created_at, id) as place
    from candidates
)
update public.communities as c
set slug = case
    when r.place = 1 then r.slug
    else r.slug || '-' || left(replace(c.id::text, '-', ''), 12)
end
from ranked as r
where r.id = c.id;

alter table public.communities enable trigger set_updated_at;

alter table public.communities
    alter column slug set not null,
    add constraint communities_slug_key unique (slug),
    add constraint communities_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

comment on column public.communities.slug is
    'The community''s part of its address; not given to another even after deletion';

-- +migrate Down
alter table public.communities
    drop constraint communities_slug_check,
    drop constraint communities_slug_key,
    drop column slug;
