-- The list of threads counted the posts of every thread on each visit. Keep the
-- count and the time of the latest post with the thread, and sort by the latter.

-- +migrate Up
alter table public.forum_threads
    add column post_count integer not null default 0,
    add column last_post_at timestamptz;

comment on column public.forum_threads.post_count is 'Posts that are not removed';
comment on column public.forum_threads.last_post_at is 'Null while there are no posts';

create function public.track_forum_thread_activity()
    returns trigger
    language plpgsql
as $body$
declare
    touched uuid;
begin
    if tg_op = 'DELETE' then
        touched := old.thread_id;
    else
        touched := new.thread_id;
    end if;

    -- Counted afresh rather than by one up or down; a thread is short, and a count
    -- that has gone wrong puts itself right. Both columns go with the migration's
-- +migrate Down
    -- and lose nothing: they can be worked out again from the posts.
    update public.forum_threads as t
    set post_count = p.post_count,
        last_post_at = p.last_post_at
    from (
        select count(*) as post_count, max(created_at) as last_post_at
        from public.forum_posts
        where thread_id = touched
            and deleted_at is null
    ) as p
    where t.id = touched;

    return null;
end;
$body$;

comment on function public.track_forum_thread_activity() is
    'Keeps post_count and last_post_at of forum_threads; called by a trigger on forum_posts';

create trigger track_forum_thread_activity
    after insert or delete or update of deleted_at on public.forum_posts
    for each row execute function public.track_forum_thread_activity();

-- Filling in the columns is no activity: let updated_at be.
alter table public.forum_threads disable trigger set_updated_at;

update public.forum_threads as t
set post_count = p.post_count,
    last_post_at = p.last_post_at
from (
    select thread_id, count(*) as post_count, max(created_at) as last_post_at
    from public.forum_posts
    where deleted_at is null
    group by thread_id
) as p
where p.thread_id = t.id;

alter table public.forum_threads enable trigger set_updated_at;

create index forum_threads_forum_id_last_post_at_idx
    on public.forum_threads (forum_id, last_post_at desc nulls last);

-- +migrate Down
drop index public.forum_threads_forum_id_last_post_at_idx;
drop trigger track_forum_thread_activity on public.forum_posts;
drop function public.track_forum_thread_activity();
alter table public.forum_threads
    drop column last_post_at,
    drop column post_count;
