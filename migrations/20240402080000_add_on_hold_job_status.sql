-- Jobs and tasks can be put on hold. PostgreSQL can't take a value out of an enum,
-- so the way back builds the type anew. What compares a status with a literal (the
-- check, the partial index, the view) or holds one (the defaults) has to step aside
-- while the columns change their type. The other indexes are rebuilt by themselves.

-- +migrate Up
alter type public.job_status add value 'on_hold' after 'in_progress';

comment on type public.job_status is
    'States of jobs and of their tasks; on_hold is left for in_progress or cancelled';

-- +migrate Down
drop view public.open_jobs;
drop index public.jobs_open_due_on_idx;
alter table public.jobs
    drop constraint jobs_completed_at_check;

-- Whatever is on hold was begun. Compared as text, because the value may have been
-- added in this very transaction, in which it can't be used yet.
update public.jobs set status = 'in_progress' where status::text = 'on_hold';
update public.job_tasks set status = 'in_progress' where status::text = 'on_hold';

create type public.job_status_before as enum ('open', 'in_progress', 'completed', 'cancelled');

alter table public.jobs
    alter column status drop default,
    alter column status type public.job_status_before
        using status::text::public.job_status_before,
    alter column status set default 'open';

alter table public.job_tasks
    alter column status drop default,
    alter column status type public.job_status_before
        using status::text::public.job_status_before,
    alter column status set default 'open';

drop type public.job_status;
alter type public.job_status_before rename to job_status;

comment on type public.job_status is 'States of jobs and of their tasks';

alter table public.jobs
    add constraint jobs_completed_at_check
        check ((status = 'completed') = (completed_at is not null));

create index jobs_open_due_on_idx on public.jobs (due_on) where status in ('open', 'in_progress');

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
