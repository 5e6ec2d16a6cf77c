-- Polls, put to a whole community or to one of its councils. Everybody has one
-- vote per poll and may change it until the poll closes. The foreign key of two
-- columns sees to it that the chosen option belongs to the poll voted in.

-- +migrate Up
create table public.polls (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    council_id uuid references public.councils (id) on delete cascade,
    created_by uuid references "user".users (id) on delete set null,
    question text not null,
    opens_at timestamptz not null default now(),
    closes_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint polls_period_check check (closes_at >= opens_at + interval '1 hour')
);

create table public.poll_options (
    poll_id uuid not null references public.polls (id) on delete cascade,
    position smallint not null,
    label text not null,
    constraint poll_options_pkey primary key (poll_id, position),
    constraint poll_options_poll_id_label_key unique (poll_id, label)
);

create table public.poll_votes (
    poll_id uuid not null,
    user_id uuid not null references "user".users (id) on delete cascade,
    option_position smallint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint poll_votes_pkey primary key (poll_id, user_id),
    constraint poll_votes_option_fkey foreign key (poll_id, option_position)
        references public.poll_options (poll_id, position) on delete cascade
);

create index polls_community_id_closes_at_idx on public.polls (community_id, closes_at);
create index polls_council_id_idx on public.polls (council_id) where council_id is not null;
create index polls_created_by_idx on public.polls (created_by);
create index poll_votes_option_idx on public.poll_votes (poll_id, option_position);
create index poll_votes_user_id_idx on public.poll_votes (user_id);

comment on table public.poll_options is 'Not changed once the poll is open';
comment on column public.polls.council_id is 'Null if the whole community is asked';

create trigger set_updated_at
    before update on public.polls
    for each row execute function turnstone_set_updated_at();
create trigger set_updated_at
    before update on public.poll_votes
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on public.poll_votes;
drop trigger set_updated_at on public.polls;
drop index public.poll_votes_user_id_idx;
drop index public.poll_votes_option_idx;
drop index public.polls_created_by_idx;
drop index public.polls_council_id_idx;
drop index public.polls_community_id_closes_at_idx;
drop table public.poll_votes;
drop table public.poll_options;
drop table public.polls;
