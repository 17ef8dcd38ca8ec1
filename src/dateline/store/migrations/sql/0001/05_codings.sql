create table dateline.codings ( -- a text as one coder version read it
    coding_id        bigint generated always as identity primary key, -- our number of the coding
    text_id          bigint not null references dateline.texts, -- the text
    coder            text not null,                -- version of our components and frames
    model            text not null,                -- spaCy pipeline and its version
    actors_version   text not null,                -- of the actor list
    gazetteer_version text not null,               -- of the gazetteer
    is_active        boolean not null default false, -- the coding whose rows count; at most one a text
    digest           bytea not null,               -- of everything it read: the same reading again changes nothing
    sentence_starts  integer[] not null default '{}', -- where sentence i (from 0) starts, in characters
    sentence_ends    integer[] not null default '{}', -- where it ends
    warnings         text[] not null default '{}', -- why something was not read
    created_at       timestamptz not null default now(), -- when it was first made
    activated_at     timestamptz,                  -- when it last became the active one
    unique (text_id, coder, model, actors_version, gazetteer_version)
);

create unique index codings_active on dateline.codings (text_id) where is_active;

create table dateline.entity_mentions ( -- a named entity in a text, or a pronoun, title or short reference resolved to one
    coding_id      bigint not null references dateline.codings on delete cascade, -- the coding that read it
    n              integer not null,             -- from 0, in the order of the text
    start_char     integer not null,             -- first character
    end_char       integer not null,             -- behind the last character
    text           text,                         -- the words; null where the source's text policy keeps none
    label          text,                         -- spaCy's label; null: a pronoun or reference
    name           text,                         -- the fullest name that the article or the registry has
    actor_id       text,                         -- entry of the actor list
    actor_name     text,                         -- its name
    actor_country  text,                         -- ISO 3166-1 alpha-3, or IGO
    actor_sectors  text[],                       -- PLOVER codes, most specific first; null: no actor
    actor_wikidata text,                         -- only where checked
    reason         text,                         -- the rule or entry that decided
    primary key (coding_id, n)
);

create index entity_mentions_by_actor on dateline.entity_mentions (actor_id) where actor_id is not null;

create table dateline.place_mentions ( -- a place in a text and the gazetteer entry that it is
    coding_id  bigint not null references dateline.codings on delete cascade, -- the coding that read it
    n          integer not null, -- from 0, in the order of the text
    start_char integer not null, -- first character
    end_char   integer not null, -- behind the last character
    text       text,             -- the words; null where the source's text policy keeps none
    geonameid  bigint,           -- GeoNames id
    name       text,             -- the entry's name
    country    text,             -- ISO 3166-1 alpha-3
    admin1     text,             -- first-order division
    lat        double precision, -- degrees north
    lon        double precision, -- degrees east
    precision  text check (precision in ('country', 'admin1', 'admin2', 'city', 'feature')), -- how exact the entry is
    reason     text,             -- the rule that decided
    primary key (coding_id, n)
);

create index place_mentions_by_place on dateline.place_mentions (geonameid) where geonameid is not null;

create table dateline.time_mentions ( -- a time expression in a text
    coding_id  bigint not null references dateline.codings on delete cascade, -- the coding that read it
    n          integer not null, -- from 0, in the order of the text
    start_char integer not null, -- first character
    end_char   integer not null, -- behind the last character
    text       text,             -- the words; null where the source's text policy keeps none
    type       text not null check (type in ('DATE', 'TIME', 'DURATION', 'SET')), -- TIMEX3 type
    value      text,             -- TIMEX3 value
    from_date  date,             -- first day that it covers
    to_date    date,             -- last day that it covers
    primary key (coding_id, n)
);

create table dateline.quotes ( -- words that a text gives to somebody
    coding_id        bigint not null references dateline.codings on delete cascade, -- the coding that read it
    n                integer not null, -- from 0, in the order of the text
    start_char       integer not null, -- first character
    end_char         integer not null, -- behind the last character
    text             text,             -- the words; null where the source's text policy keeps none
    direct           boolean not null, -- in quotation marks
    source_start     integer,          -- first character of who says it
    source_end       integer,          -- behind its last character
    source_text      text,             -- its words
    cue_start        integer,          -- first character of the verb or phrase of saying; parts of one quotation share it
    cue_end          integer,          -- behind its last character
    cue_text         text,             -- its words
    speaker_id       text,             -- entry of the actor list
    speaker_name     text,             -- its name
    speaker_country  text,             -- ISO 3166-1 alpha-3, or IGO
    speaker_sectors  text[],           -- PLOVER codes, most specific first; null: no actor
    speaker_wikidata text,             -- only where checked
    primary key (coding_id, n)
);

create table dateline.event_mentions ( -- an event as one sentence tells it
    coding_id         bigint not null references dateline.codings on delete cascade, -- the coding that read it
    n                 integer not null,          -- from 0, in the order of the text
    text_id           bigint not null,           -- the text, as in codings
    mention_key       uuid not null,             -- of text, trigger, type and role spans: stays the same when the text is coded again
    happening         integer not null,          -- number within the article: mentions of one happening share it
    event_type        text not null check (event_type in ('AGREE', 'CONSULT', 'SUPPORT', 'CONCEDE', 'COOPERATE', 'AID', 'RETREAT', 'REQUEST', 'ACCUSE', 'REJECT', 'THREATEN', 'PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT')), -- PLOVER type
    mode              text,                      -- PLOVER mode of that type
    contexts          text[] not null default '{}', -- PLOVER contexts
    cameo             text,                      -- nearest CAMEO code
    quad              smallint not null check (quad between 1 and 4), -- 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    goldstein         double precision,          -- Goldstein value of the CAMEO code
    modality          text not null check (modality in ('asserted', 'planned', 'threatened', 'conditional', 'hypothetical', 'denied', 'historical')), -- status of the act that event_type names
    negated           boolean not null,          -- the text says that it did not happen
    tense             text check (tense in ('past', 'present', 'future')), -- of the trigger
    confidence        double precision not null, -- probability that event_type is right
    frame             text,                      -- which frame, and which composition, read it
    sentence          integer not null,          -- number of the sentence, from 0
    sentence_start    integer,                   -- its first character
    sentence_text     text,                      -- its words, kept where the full text is not; null where the source's text policy keeps none
    trigger_start     integer not null,          -- first character of the trigger
    trigger_end       integer not null,          -- behind its last character
    trigger_text      text,                      -- its words
    source_start      integer,                   -- first character of who did it; null: the text names nobody
    source_end        integer,                   -- behind its last character
    source_text       text,                      -- its words
    source_id         text,                      -- entry of the actor list
    source_name       text,                      -- its name
    source_country    text,                      -- ISO 3166-1 alpha-3, or IGO
    source_sectors    text[],                    -- PLOVER codes, most specific first; null: no actor
    source_wikidata   text,                      -- only where checked
    source_reason     text,                      -- the rule or entry that decided who it is
    target_start      integer,                   -- first character of whom it was done to; null: the text names nobody
    target_end        integer,                   -- behind its last character
    target_text       text,                      -- its words
    target_id         text,                      -- entry of the actor list
    target_name       text,                      -- its name
    target_country    text,                      -- ISO 3166-1 alpha-3, or IGO
    target_sectors    text[],                    -- PLOVER codes, most specific first; null: no actor
    target_wikidata   text,                      -- only where checked
    target_reason     text,                      -- the rule or entry that decided who it is
    date_from         date,                      -- first day on which it happened
    date_to           date,                      -- last day
    date_precision    text check (date_precision in ('day', 'week', 'month', 'quarter', 'year', 'decade', 'range')), -- how exactly it is known
    date_basis        text,                      -- published, or the words that say so
    date_start        integer,                   -- first character of those words; null: published
    date_end          integer,                   -- behind their last character
    place_geonameid   bigint,                    -- where it happened: GeoNames id
    place_name        text,                      -- the entry's name
    place_country     text,                      -- ISO 3166-1 alpha-3
    place_admin1      text,                      -- first-order division
    place_lat         double precision,          -- degrees north
    place_lon         double precision,          -- degrees east
    place_precision   text,                      -- country, admin1, admin2, city or feature
    place_start       integer,                   -- first character of the words that say so
    place_end         integer,                   -- behind their last character
    place_text        text,                      -- the words
    attribution_start integer,                   -- first character of who the text says it comes from
    attribution_end   integer,                   -- behind its last character
    attribution_text  text,                      -- its words
    attributed_id     text,                      -- entry of the actor list
    attributed_name   text,                      -- its name
    attributed_country text,                     -- ISO 3166-1 alpha-3, or IGO
    attributed_sectors text[],                   -- PLOVER codes, most specific first; null: no actor
    attributed_wikidata text,                    -- only where checked
    reasons           jsonb not null default '{}', -- for each part that is null, why it is
    primary key (coding_id, n),
    unique (coding_id, mention_key)
);

create index event_mentions_by_key on dateline.event_mentions (mention_key);
create index event_mentions_by_text on dateline.event_mentions (text_id);
create index event_mentions_dyads on dateline.event_mentions (event_type, source_country, target_country, date_from);
