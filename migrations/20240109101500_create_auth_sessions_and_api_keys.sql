-- Log-in sessions, and API keys for integrations. Of both only the SHA-256 of the
-- secret is stored, so that a leaked backup can't be used to log in. An API key is
-- shown once, when it is made; its prefix is what people see in their list.

-- +migrate Up
create schema auth;

comment on schema auth is 'Sessions and credentials; not readable by the reporting role';

create table auth.sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references "user".users (id) on delete cascade,
    token_hash bytea not null,
    ip_address inet,
    user_agent text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '30 days',
    revoked_at timestamptz,
    constraint sessions_token_hash_key unique (token_hash),
    constraint sessions_token_hash_check check (octet_length(token_hash) = 32),
    constraint sessions_expires_at_check check (expires_at > created_at)
);

create index sessions_user_id_idx on auth.sessions (user_id);

create index sessions_live_expires_at_idx
    on auth.sessions (expires_at)
    where revoked_at is null;

comment on table auth.sessions is 'Log-in sessions, expired ones included until they are purged';
comment on column auth.sessions.token_hash is 'SHA-256 of the cookie''s token';

create trigger set_updated_at
    before update on auth.sessions
    for each row execute function turnstone_set_updated_at();

create table auth.api_keys (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references "user".users (id) on delete cascade,
    name text not null,
    key_prefix text not null,
    key_hash bytea not null,
    scopes text[] not null default '{}',
    last_used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint api_keys_key_hash_key unique (key_hash),
    constraint api_keys_key_hash_check check (octet_length(key_hash) = 32),
    constraint api_keys_key_prefix_check check (char_length(key_prefix) = 8)
);

create index api_keys_user_id_idx on auth.api_keys (user_id);

-- Names only have to differ among the keys that still work.
create unique index api_keys_user_id_name_key
    on auth.api_keys (user_id, lower(name))
    where revoked_at is null;

comment on table auth.api_keys is 'API keys; the keys themselves are not stored';
comment on column auth.api_keys.key_prefix is 'First eight characters of the key, for display';
comment on column auth.api_keys.key_hash is 'SHA-256 of the whole key';
comment on column auth.api_keys.last_used_at is 'Written at most once a minute; null if never used';

create trigger set_updated_at
    before update on auth.api_keys
    for each row execute function turnstone_set_updated_at();

-- +migrate Down
drop trigger set_updated_at on auth.api_keys;
drop index auth.api_keys_user_id_name_key;
drop index auth.api_keys_user_id_idx;
drop table auth.api_keys;
drop trigger set_updated_at on auth.sessions;
drop index auth.sessions_live_expires_at_idx;
drop index auth.sessions_user_id_idx;
drop table auth.sessions;
drop schema auth;
