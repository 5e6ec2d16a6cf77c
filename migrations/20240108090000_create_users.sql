-- The people who use the platform. They live in a schema of their own, named
-- "user", so that everything a privacy request has to cover is in one place.
-- The name is a reserved word: it has to be quoted wherever it is used.

-- +migrate Up
create schema "user";

comment on schema "user" is 'Accounts and personal data';

create table "user".users (
    id uuid primary key default gen_random_uuid(),
    email text not null,
    email_normalized text not null generated always as (lower(email)) stored,
    username text not null,
    display_name text,
    locale text not null default 'en',
    email_verified_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint users_email_normalized_key unique (email_normalized),
    constraint users_email_check check (email like '_%@_%'),
    constraint users_username_check check (username ~ '^[a-z0-9_]{3,32}$')
);

-- A username is free again once its account has been deleted.
create unique index users_username_key
    on "user".users (username)
    where deleted_at is null;

comment on table "user".users is 'One row per account';
comment on column "user".users.email is 'As the person typed it; mail is sent here';
comment on column "user".users.email_normalized is 'What log-in and uniqueness go by';
comment on column "user".users.deleted_at is 'Soft delete: null while the account is in use';

create trigger set_updated_at
    before update on "user".users
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on "user".users;
drop index "user".users_username_key;
drop table "user".users;
drop schema "user";
