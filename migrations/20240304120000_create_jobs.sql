-- Jobs are work that a community wants done: a checklist of tasks, and a channel
-- for the people at it. Jobs and tasks go through the same states.

-- +migrate Up
create type public.job_status as enum ('open', 'in_progress', 'completed', 'cancelled');
comment on type public.job_status is 'States of jobs and of their tasks';

create table public.jobs (
    id uuid primary key default gen_random_uuid(),
    community_id uuid not null references public.communities (id) on delete cascade,
    created_by uuid references "user".users (id) on delete set null,
    status public.job_status not null default 'open',
    title text not null,
    due_on date,
    completed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint jobs_completed_at_check
        check ((status = 'completed') = (completed_at is not null))
);

create table public.job_tasks (
    id uuid primary key default gen_random_uuid(),
    job_id uuid not null references public.jobs (id) on delete cascade,
    assignee_id uuid references "user".users (id) on delete set null,
    status public.job_status not null default 'open',
    title text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- Messages are only ever added, so they have no updated_at.
create table public.job_messages (
    id bigint generated always as identity primary key,
    job_id uuid not null references public.jobs (id) on delete cascade,
    author_id uuid references "user".users (id) on delete set null,
    body text not null,
    created_at timestamptz not null default now()
);

create index jobs_community_id_status_idx on public.jobs (community_id, status);
create index jobs_created_by_idx on public.jobs (created_by);
create index jobs_open_due_on_idx on public.jobs (due_on) where status in ('open', 'in_progress');
create index job_tasks_assignee_id_idx on public.job_tasks (assignee_id);
create index job_tasks_job_id_status_idx on public.job_tasks (job_id, status);
create index job_messages_author_id_idx on public.job_messages (author_id);
create index job_messages_job_id_idx on public.job_messages (job_id, id);

create trigger set_updated_at before update on public.jobs
    for each row execute function turnstone_set_updated_at();
create trigger set_updated_at before update on public.job_tasks
    for each row execute function turnstone_set_updated_at();

create view public.open_jobs as
select j.id, j.community_id, j.title, j.status, j.due_on, t.tasks_left
from public.jobs as j
cross join lateral (
    select count(*) as tasks_left
    from public.job_tasks
    where job_id = j.id and status in ('open', 'in_progress')
) as t
where j.status in ('open', 'in_progress');

comment on view public.open_jobs is 'The job board: what there is to do';

-- +migrate Down
drop view public.open_jobs;
drop trigger set_updated_at on public.job_tasks;
drop trigger set_updated_at on public.jobs;
drop index public.job_messages_job_id_idx;
drop index public.job_messages_author_id_idx;
drop index public.job_tasks_job_id_status_idx;
drop index public.job_tasks_assignee_id_idx;
drop index public.jobs_open_due_on_idx;
drop index public.jobs_created_by_idx;
drop index public.jobs_community_id_status_idx;
drop table public.job_messages;
drop table public.job_tasks;
drop table public.jobs;
drop type public.job_status;
