create table dateline.rejects ( -- something that could not be processed, and why
    reject_id     bigint generated always as identity primary key, -- our number of the reject
    stage         text not null,             -- where it failed: discover, fetch, extract, group, annotate, load
    code          text not null,             -- stable code of the fault
    message       text not null,             -- for a person, as it was last seen
    url           text,                      -- what it was about
    url_hash      bytea generated always as (dateline.digest(url)) stored, -- SHA-256 of url
    ticket_id     bigint,                    -- the URL's row in frontier
    source_id     bigint,                    -- the source
    text_id       bigint,                    -- the text
    times_seen    integer not null default 1, -- how often
    first_seen_at timestamptz not null,      -- when first
    last_seen_at  timestamptz not null,      -- when last
    resolved_at   timestamptz,               -- when it was done after all; null: open
    unique nulls not distinct (stage, code, url_hash, ticket_id, source_id, text_id)
);

create index rejects_open_by_code on dateline.rejects (stage, code) where resolved_at is null;
create index rejects_by_ticket on dateline.rejects (ticket_id);

create table dateline.runs ( -- one run of a stage
    run_id      bigint generated always as identity primary key, -- our number of the run
    stage       text not null,               -- discover, fetch, extract, group, annotate, resolve, export, …
    started_at  timestamptz not null,        -- when it began
    finished_at timestamptz,                 -- when it ended; null: running, or its worker died
    ok          boolean,                     -- it ended as it should
    counts      jsonb not null default '{}', -- what it did, by name
    versions    jsonb not null default '{}'  -- what it did it with, by name
);

create index runs_by_stage on dateline.runs (stage, started_at desc);
create index runs_by_time on dateline.runs (started_at desc);
