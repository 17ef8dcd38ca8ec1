create table dateline.articles ( -- an article, whatever is done to it
    article_id    bigint generated always as identity primary key, -- stable
    key           text not null,                                   -- canonical key of the URL it was found under; unique through key_hash
    key_hash      bytea not null generated always as (dateline.digest(key)) stored unique, -- SHA-256 of key
    url           text not null,                                   -- the address it was read at
    canonical_url text,                                            -- the address its page names as its own, else the one it was read at; null: another article has it, with another text
    source_id     bigint references dateline.sources on delete set null, -- who told us of it
    site_name     text,                                            -- the outlet, as its page says
    merged_into   bigint references dateline.articles,             -- the older article that this URL proved to be, else null
    created_at    timestamptz not null default now()               -- when we first read it
);

create unique index articles_canonical on dateline.articles (dateline.digest(canonical_url)) where merged_into is null;
create index articles_by_source on dateline.articles (source_id);
create index articles_merged on dateline.articles (merged_into) where merged_into is not null;

create table dateline.revisions ( -- what an article's publisher said at one time: a fetched version whose text differs
    revision_id              bigint generated always as identity primary key, -- our number of the revision
    article_id               bigint not null references dateline.articles, -- the article
    captured_at              timestamptz,                  -- with capture_id: the capture it was read from
    capture_id               bigint,                       -- with captured_at: the capture it was read from
    url                      text not null,                -- the address that was read
    canonical_url            text,                         -- the address that the page claims
    title                    text,                         -- without the site's name
    standfirst               text,                         -- the line under the title
    authors                  text[] not null default '{}', -- people, in the page's order
    published_on             date,                         -- publication day as the publisher wrote it, in its own zone
    published_at             timestamptz,                  -- publication instant, null where only the day is known
    published_offset_minutes integer,                      -- the publisher's offset from UTC at that instant
    published_precision      text check (published_precision in ('day', 'second')), -- how exactly it is known
    published_basis          text,                         -- what it was read from: jsonld, meta, time, url, text, …
    modified_on              date,                         -- day of the last change, as the publisher wrote it
    modified_at              timestamptz,                  -- instant of the last change
    modified_offset_minutes  integer,                      -- the publisher's offset from UTC at that instant
    modified_precision       text check (modified_precision in ('day', 'second')), -- how exactly it is known
    modified_basis           text,                         -- what it was read from
    site_name                text,                         -- the outlet, as the page says
    language                 text,                         -- of the text: ISO 639-1
    section                  text,                         -- the outlet's section
    tags                     text[] not null default '{}', -- the outlet's keywords
    captions                 text[] not null default '{}', -- of pictures and videos
    links                    text[] not null default '{}', -- addresses in the text
    image                    text,                         -- address of the main picture
    paywalled                boolean,                      -- only a part was shown; null: not known
    kind                     text not null default 'news' check (kind in ('news', 'opinion', 'liveblog')), -- of article
    corrected                text,                         -- the publisher's correction note, in its words
    warnings                 text[] not null default '{}', -- what the extractor was not sure of
    is_current               boolean not null default true, -- the newest revision of its article
    created_at               timestamptz not null default now() -- when we first read it
);

create unique index revisions_current on dateline.revisions (article_id) where is_current;
create index revisions_by_article on dateline.revisions (article_id);
create index revisions_by_capture on dateline.revisions (captured_at, capture_id);
create index revisions_by_day on dateline.revisions (published_on);

create table dateline.texts ( -- a revision as one extractor version read it: immutable, and what all offsets point into
    text_id     bigint generated always as identity primary key, -- our number of the text
    article_id  bigint not null references dateline.articles,    -- the article
    revision_id bigint not null references dateline.revisions,   -- the revision
    extractor   text not null,                 -- name and version of what read it
    sha256      bytea not null,                -- digest of the text in UTF-8
    characters  integer not null,              -- length in code points, as offsets count
    words       integer not null,              -- words separated by white space
    language    text,                          -- ISO 639-1
    text        text,                          -- paragraphs separated by one newline; null where the source's text policy keeps no texts
    is_current  boolean not null default true, -- the text that stands for its article
    created_at  timestamptz not null default now(), -- when it was read
    -- The server takes at most 1 MB of lexemes: the first 100,000 characters are searchable, some 16,000 words.
    search      tsvector generated always as (to_tsvector(case when language = 'en' then 'english'::regconfig else 'simple'::regconfig end, left(text, 100000))) stored, -- full-text index: stems for English, plain words for the rest
    unique (revision_id, extractor, sha256)
);

create unique index texts_current on dateline.texts (article_id) where is_current;
create index texts_by_article on dateline.texts (article_id);
create index texts_by_sha256 on dateline.texts (sha256);
create index texts_search on dateline.texts using gin (search);

create function dateline.refuse_changed_text() returns trigger language plpgsql as $$
begin
    raise exception 'texts are immutable: a text read otherwise is a new row' using errcode = 'integrity_constraint_violation';
end
$$;

comment on function dateline.refuse_changed_text() is 'Keeps texts immutable: offsets point into them';

create trigger texts_are_immutable before update on dateline.texts for each row
    when (new.sha256 <> old.sha256 or new.extractor <> old.extractor or new.revision_id <> old.revision_id or (new.text is not null and new.text is distinct from old.text))
    execute function dateline.refuse_changed_text();
