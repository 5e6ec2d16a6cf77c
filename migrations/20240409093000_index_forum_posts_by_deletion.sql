-- Moderators page through what was removed, newest first. The table is the largest
-- one and is written to all day: the index is built beside the writers. Such a
-- statement runs outside of every transaction, so this script wants
-- CALL migrate_deploy(), and would be refused by migrate_apply().

-- +migrate Up
create index concurrently if not exists forum_posts_deleted_at_idx
    on public.forum_posts (deleted_at desc)
    where deleted_at is not null;

-- +migrate Down
drop index concurrently if exists public.forum_posts_deleted_at_idx;
