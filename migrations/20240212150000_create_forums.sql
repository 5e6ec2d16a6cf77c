-- Forums: threads and the posts in them. A post may answer another one. Search
-- runs on a generated column, so that no writer can forget to keep it current.

-- +migrate Up
create table public.forums (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    name text not null,
    position integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint forums_community_id_name_key unique (community_id, name)
);

create table public.forum_threads (
    id uuid primary key default gen_random_uuid(),
    forum_id uuid not null references public.forums (id) on delete cascade,
    author_id uuid references "user".users (id) on delete set null,
    title text not null,
    pinned_at timestamptz,
    locked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.forum_posts (
    id uuid primary key default gen_random_uuid(),
    thread_id uuid not null references public.forum_threads (id) on delete cascade,
    reply_to_id uuid references public.forum_posts (id) on delete set null,
    author_id uuid references "user".users (id) on delete set null,
    body text not null,
    search tsvector not null generated always as (to_tsvector('simple', body)) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create index forum_threads_author_id_idx on public.forum_threads (author_id);
create index forum_threads_forum_id_created_at_idx
    on public.forum_threads (forum_id, created_at desc);
create index forum_posts_author_id_idx on public.forum_posts (author_id);
create index forum_posts_reply_to_id_idx on public.forum_posts (reply_to_id);
create index forum_posts_search_idx on public.forum_posts using gin (search)
    where deleted_at is null;
create index forum_posts_thread_id_created_at_idx on public.forum_posts (thread_id, created_at);

comment on column public.forum_posts.deleted_at is 'Shown as "removed"; the replies stay';

create trigger set_updated_at before update on public.forums
    for each row execute function turnstone_set_updated_at();
create trigger set_updated_at before update on public.forum_threads
    for each row execute function turnstone_set_updated_at();
create trigger set_updated_at before update on public.forum_posts
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on public.forum_posts;
drop trigger set_updated_at on public.forum_threads;
drop trigger set_updated_at on public.forums;
drop index public.forum_posts_thread_id_created_at_idx;
drop index public.forum_posts_search_idx;
drop index public.forum_posts_reply_to_id_idx;
drop index public.forum_posts_author_id_idx;
drop index public.forum_threads_forum_id_created_at_idx;
drop index public.forum_threads_author_id_idx;
drop table public.forum_posts;
drop table public.forum_threads;
drop table public.forums;
