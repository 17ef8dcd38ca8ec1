create table dateline.text_signatures ( -- what is compared when copies and stories are looked for; needs no text afterwards
    text_id      bigint primary key references dateline.texts, -- the text
    sha256       bytea not null,   -- digest of the normalized words: equal for exact copies
    minhash      bytea,            -- MinHash of its shingles
    bands        bigint[] not null default '{}', -- locality-sensitive hashes of the MinHash: near copies share some
    words        integer,          -- how many words were signed
    published_on date,             -- publication day; null sets no limit in time
    published_at timestamptz,      -- publication instant, where known
    terms        text[] not null default '{}', -- names and rare words, for stories
    signed_at    timestamptz not null default now() -- when it was signed
);

create index text_signatures_exact on dateline.text_signatures (sha256);
create index text_signatures_bands on dateline.text_signatures using gin (bands);
create index text_signatures_terms on dateline.text_signatures using gin (terms);
create index text_signatures_by_day on dateline.text_signatures (published_on);

create table dateline.syndications ( -- one text and its copies: a wire story and its reprints
    syndication_id bigint generated always as identity primary key, -- stable: a merged one keeps the oldest
    first_text_id  bigint,                              -- who published first
    merged_into    bigint references dateline.syndications, -- the older one that it proved to be
    created_at     timestamptz not null default now()   -- when it was founded
);

create table dateline.syndication_members ( -- this text is a copy in this syndication, from then until then
    member_id      bigint generated always as identity primary key, -- our number of the membership
    syndication_id bigint not null references dateline.syndications, -- the syndication
    text_id        bigint not null references dateline.texts, -- the text
    duplicate_of   bigint,                              -- the earliest text with the very same words, else null
    similarity     double precision,                    -- to the copy it was found by
    valid_from     timestamptz not null default now(),  -- since when
    valid_to       timestamptz,                         -- until when; null: still
    decided_by     text not null default 'rule' check (decided_by in ('rule', 'person')), -- what a person decided, no rule changes
    reason         text                                 -- why
);

create unique index syndication_members_live on dateline.syndication_members (text_id) where valid_to is null;
create index syndication_members_by_group on dateline.syndication_members (syndication_id);

create table dateline.stories ( -- articles about one happening
    story_id          bigint generated always as identity primary key, -- stable: a merged one keeps the oldest
    title             text,                               -- of its first article
    first_text_id     bigint,                             -- who published first
    first_reported_on date,                               -- earliest publication day
    last_reported_on  date,                               -- latest publication day
    merged_into       bigint references dateline.stories, -- the older one that it proved to be
    created_at        timestamptz not null default now()  -- when it was founded
);

create index stories_by_day on dateline.stories (last_reported_on) where merged_into is null;

create table dateline.story_members ( -- this text belongs to this story, from then until then
    member_id  bigint generated always as identity primary key, -- our number of the membership
    story_id   bigint not null references dateline.stories, -- the story
    text_id    bigint not null references dateline.texts, -- the text
    similarity double precision,                    -- to the story when it joined
    valid_from timestamptz not null default now(),  -- since when
    valid_to   timestamptz,                         -- until when; null: still
    decided_by text not null default 'rule' check (decided_by in ('rule', 'person')), -- what a person decided, no rule changes
    reason     text                                 -- why
);

create unique index story_members_live on dateline.story_members (text_id) where valid_to is null;
create index story_members_by_group on dateline.story_members (story_id);
