create table dateline.countries ( -- codes of countries, for views in other data sets' terms (GeoNames, CC BY 4.0)
    alpha3  text primary key, -- ISO 3166-1 alpha-3: what all our tables use
    alpha2  text not null,    -- ISO 3166-1 alpha-2
    fips    text,             -- FIPS 10-4: GDELT's places
    numeric_code integer,     -- ISO 3166-1 numeric
    name    text not null     -- short English name
);

create table dateline.actors ( -- who can act
    actor_id   text primary key,            -- our id of the actor
    name       text not null,               -- its usual name
    country    text,                        -- ISO 3166-1 alpha-3, or IGO
    sectors    text[] not null default '{}', -- PLOVER codes, most specific first
    wikidata   text,                        -- only where checked
    checked    text,                        -- against which source the ids were checked
    origin     text not null default 'package' check (origin in ('package', 'user')), -- who maintains the entry
    version    text not null                -- of the list it came with
);

create table dateline.actor_aliases ( -- what an actor is called, from when to when
    alias_id   bigint generated always as identity primary key, -- our number of the alias
    actor_id   text not null references dateline.actors on delete cascade, -- the actor
    alias      text not null,  -- as it stands in texts
    kind       text,           -- name, short, metonym, demonym, title, …
    valid_from date,           -- null: since ever
    valid_to   date,           -- null: still
    unique nulls not distinct (actor_id, alias, kind, valid_from, valid_to)
);

create index actor_aliases_by_alias on dateline.actor_aliases (lower(alias));

create table dateline.actor_roles ( -- what an actor was, from when to when
    role_id    bigint generated always as identity primary key, -- our number of the role
    actor_id   text not null references dateline.actors on delete cascade, -- the actor
    role       text not null,               -- president, foreign minister, …
    country    text,                        -- for whom: ISO 3166-1 alpha-3, or IGO
    sectors    text[] not null default '{}', -- PLOVER codes in that role
    valid_from date,                        -- null: since ever
    valid_to   date,                        -- null: still
    unique nulls not distinct (actor_id, role, country, valid_from, valid_to)
);

create table dateline.places ( -- the gazetteer (GeoNames, CC BY 4.0, and our own entries)
    geonameid  bigint primary key,           -- GeoNames id; negative: an entry of ours
    name       text not null,                -- its usual name
    names      text[] not null default '{}', -- other names
    country    text,                         -- ISO 3166-1 alpha-3
    admin1     text,                         -- first-order division
    lat        double precision,             -- degrees north
    lon        double precision,             -- degrees east
    precision  text check (precision in ('country', 'admin1', 'admin2', 'city', 'feature')), -- how exact it is
    population bigint,                       -- people
    version    text not null                 -- of the list it came with
);

create index places_by_name on dateline.places (lower(name));

create table dateline.registry_versions ( -- which version of a list is loaded
    registry  text primary key,     -- actors, places, countries
    version   text not null,        -- of the list
    rows      integer not null,     -- how many entries
    loaded_at timestamptz not null  -- when
);
