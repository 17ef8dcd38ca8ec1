-- Keys now say of which days they are, so that look-ups and additions stay within a few pages of a large index.
drop table dateline.text_bands;
drop table dateline.text_story_keys;

create table dateline.text_bands ( -- by which near copies are found: texts that share a band may be copies
    band    bigint not null,      -- hash of a part of the MinHash, below the number of the span of days
    text_id bigint not null       -- the text
);
create index text_bands_by_band on dateline.text_bands (band);

create table dateline.text_story_keys ( -- by which stories are found: texts that share a key may tell of one happening
    key     bigint not null,      -- hash of two of the text's heaviest terms, below the number of the span of days
    text_id bigint not null       -- the text; copies have no keys
);
create index text_story_keys_by_key on dateline.text_story_keys (key);

-- The MinHash tells the bands, and nothing asks for texts by day.
drop index dateline.text_signatures_by_day;
alter table dateline.text_signatures drop column bands, drop column weights;

create index story_members_by_hand on dateline.story_members (story_id) where valid_to is null and decided_by = 'person';
