create table dateline.events ( -- one act of one source towards one target, however many articles tell of it
    event_id            bigint generated always as identity primary key, -- stable: a merged event keeps the oldest
    happening_id        bigint,                    -- the oldest event of the same happening: a meeting of three is several dyads
    event_type          text not null,             -- PLOVER type
    mode                text,                      -- PLOVER mode
    contexts            text[] not null default '{}', -- PLOVER contexts that any mention has
    cameo               text,                      -- nearest CAMEO code
    quad                smallint not null,         -- 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    goldstein           double precision,          -- Goldstein value of the CAMEO code
    modality            text not null,             -- status of the act; views show asserted ones
    negated             boolean not null,          -- the texts say that it did not happen
    confidence          double precision not null, -- highest of its mentions
    source_id           text,                      -- who: entry of the actor list
    source_name         text,                      -- its name
    source_country      text,                      -- ISO 3166-1 alpha-3, or IGO
    source_sectors      text[],                    -- PLOVER codes, most specific first; null: no actor
    source_text         text,                      -- its words in the best mention
    target_id           text,                      -- to whom: entry of the actor list
    target_name         text,                      -- its name
    target_country      text,                      -- ISO 3166-1 alpha-3, or IGO
    target_sectors      text[],                    -- PLOVER codes, most specific first; null: no actor
    target_text         text,                      -- its words in the best mention
    date_from           date,                      -- first day on which it happened; null: not known
    date_to             date,                      -- last day
    date_precision      text,                      -- how exactly it is known
    date_basis          text,                      -- published: taken from the day of publication; text: a text says so
    place_geonameid     bigint,                    -- where: GeoNames id
    place_name          text,                      -- the entry's name
    place_country       text,                      -- ISO 3166-1 alpha-3
    place_admin1        text,                      -- first-order division
    place_lat           double precision,          -- degrees north
    place_lon           double precision,          -- degrees east
    place_precision     text,                      -- country, admin1, admin2, city or feature
    mentions            integer not null,          -- mentions that tell of it
    articles            integer not null,          -- articles that tell of it
    independent_sources integer not null,          -- articles that are not copies of each other: distinct syndications
    first_reported_on   date,                      -- earliest publication day
    last_reported_on    date,                      -- latest publication day
    first_reported_at   timestamptz,               -- earliest publication instant, where any is known
    best_mention_key    uuid,                      -- the mention to show: the surest, then the fullest
    best_text_id        bigint,                    -- its text
    superseded_by       bigint references dateline.events, -- the event that it was merged into
    superseded_at       timestamptz,               -- when it was merged, or lost its last mention
    created_at          timestamptz not null,      -- when it was first resolved
    updated_at          timestamptz not null       -- when anything in this row last changed
);

create index events_live_dyads on dateline.events (event_type, source_country, target_country, date_from) where superseded_at is null;
create index events_by_day on dateline.events (date_from) where superseded_at is null;
create index events_by_happening on dateline.events (happening_id);
create index events_superseded on dateline.events (superseded_by) where superseded_by is not null;
create index events_by_best_text on dateline.events (best_text_id);

create table dateline.event_members ( -- this mention tells of this event, from then until then
    member_id   bigint generated always as identity primary key, -- our number of the membership
    event_id    bigint not null references dateline.events, -- the event
    mention_key uuid not null,                 -- the mention, whichever coding holds it
    text_id     bigint not null,               -- its text
    valid_from  timestamptz not null,          -- since when
    valid_to    timestamptz,                   -- until when; null: still
    decided_by  text not null check (decided_by in ('rule', 'person')), -- what a person decided, no rule changes
    decided_who text,                          -- which person
    reason      text                           -- why
);

create unique index event_members_live on dateline.event_members (mention_key) where valid_to is null;
create index event_members_by_event on dateline.event_members (event_id);
create index event_members_by_text on dateline.event_members (text_id);
