create table dateline.sources ( -- where references come from: a feed, sitemap, list of links, archive or inbox
    source_id       bigint generated always as identity primary key, -- our number of the source
    url             text not null,                                   -- address of the source; unique through url_hash
    url_hash        bytea not null generated always as (dateline.digest(url)) stored unique, -- SHA-256 of url
    kind            text not null check (kind in ('feed', 'sitemap', 'links', 'list', 'archive', 'inbox')), -- how it is read
    name            text,                                            -- the outlet, as a person would call it
    country         text,                                            -- of the outlet: ISO 3166-1 alpha-3
    language        text,                                            -- of the outlet: ISO 639-1
    poll_minutes    integer not null default 60 check (poll_minutes > 0), -- minutes between two looks
    text_policy     text not null default 'full' check (text_policy in ('full', 'spans', 'none')), -- what may be kept: full text, sentences with events, or coded facts only
    licence         text,                                            -- under which its texts may be used
    enabled         boolean not null default true,                   -- false: not looked at
    etag            text,                                            -- validator of the last answer
    last_modified   text,                                            -- validator of the last answer
    body_sha256     text,                                            -- hex digest of the last body: some validators lie
    last_polled_at  timestamptz,                                     -- when we last looked, with or without success
    last_success_at timestamptz,                                     -- when it last answered
    last_new_at     timestamptz,                                     -- when it last told of a URL that we did not know
    failures        integer not null default 0,                      -- looks that failed since the last success
    failure_code    text,                                            -- code of the last failure, null after a success
    failure_message text,                                            -- message of the last failure, null after a success
    created_at      timestamptz not null default now()               -- when it was added
);

create table dateline.host_pace ( -- whose turn it is to ask a host: one row a host, shared by all workers
    host    text primary key,     -- name:port
    free_at timestamptz not null, -- nobody may ask before: the end of the hold while taken, of the delay afterwards
    holder  text                  -- token of the worker that holds it, null when free
);

create table dateline.frontier ( -- a URL that we know of, on its way from queued to done
    ticket_id         bigint generated always as identity primary key, -- our number of the URL
    key               text not null,                                   -- canonical key: addresses of one page share it; unique through key_hash
    key_hash          bytea not null generated always as (dateline.digest(key)) stored unique, -- SHA-256 of key
    url               text not null,                                   -- the address to ask for
    host              text not null,                                   -- name:port of url
    host_slot         bigint not null,                                 -- CRC-32 of host: claims walk round the hosts in this order
    source_id         bigint references dateline.sources on delete set null, -- who told us first
    state             text not null default 'queued' check (state in ('queued', 'fetched', 'extracted', 'grouped', 'done')), -- the last stage passed
    outcome           text check ((outcome is null) = (state <> 'done')), -- how it ended: coded, duplicate, or the code of a reject
    attempts          integer not null default 0,                      -- attempts of the present stage that failed
    next_attempt_at   timestamptz not null,                            -- nobody takes it before: end of the lease while a worker has it, else of the back-off
    worker            text,                                            -- who has claimed it, null when free
    leased_at         timestamptz,                                     -- when it was claimed, null when free
    last_code         text,                                            -- code of the last failed attempt
    last_message      text,                                            -- message of the last failed attempt
    discovered_at     timestamptz not null,                            -- when a source first told us
    hint_title        text,                                            -- title as the source gave it
    hint_published_at timestamptz,                                     -- publication time as the source gave it
    hint_language     text,                                            -- language as the source gave it
    captured_at       timestamptz,                                     -- with capture_id: its last capture
    capture_id        bigint,                                          -- with captured_at: its last capture
    article_id        bigint,                                          -- the article it proved to be
    text_id           bigint,                                          -- the text last read from it
    finished_at       timestamptz                                      -- when it was done
);

-- claims: round the hosts for what is to be fetched, oldest first for the rest
create index frontier_hosts on dateline.frontier (host_slot, next_attempt_at) where state = 'queued';
create index frontier_due on dateline.frontier (state, next_attempt_at, ticket_id) where state <> 'done';
create index frontier_workers on dateline.frontier (worker) where worker is not null;
create index frontier_by_source on dateline.frontier (source_id, discovered_at);
create index frontier_by_article on dateline.frontier (article_id) where article_id is not null;
create index frontier_by_text on dateline.frontier (text_id) where text_id is not null;

create table dateline.tombstones ( -- a URL that was asked to be forgotten: it is never fetched again
    key          text not null,                                   -- canonical key; unique through key_hash
    key_hash     bytea not null generated always as (dateline.digest(key)) stored primary key, -- SHA-256 of key
    url          text not null,                                   -- the address as it was given
    forgotten_at timestamptz not null,                            -- when it was first asked for
    reason       text                                             -- why, where somebody said so
);
