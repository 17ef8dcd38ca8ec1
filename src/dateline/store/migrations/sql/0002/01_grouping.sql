alter table dateline.text_signatures
    add column article_id bigint,
    add column weights real[] not null default '{}';
comment on column dateline.text_signatures.article_id is 'the article: two texts of one article are no copies';
comment on column dateline.text_signatures.weights is 'weight of each of the terms in this text, before how rare they are';

-- An inverted index over arrays takes seconds for the ten thousand bands of a batch; plain rows take milliseconds.
drop index dateline.text_signatures_terms;
drop index dateline.text_signatures_bands;

create table dateline.text_bands ( -- by which near copies are found: texts that share a band may be copies
    band    bigint not null,      -- locality-sensitive hash of a part of the MinHash
    text_id bigint not null,      -- the text
    primary key (band, text_id)
);

create table dateline.text_story_keys ( -- by which stories are found: texts that share a key may tell of one happening
    key     bigint not null,      -- hash of two of the text's heaviest terms
    text_id bigint not null,      -- the text; copies have no keys
    primary key (key, text_id)
);

alter table dateline.stories
    add column articles integer not null default 0,
    add column likeness double precision not null default 0,
    add column terms text[] not null default '{}',
    add column weights real[] not null default '{}';
comment on column dateline.stories.articles is 'independent articles in it: copies count once';
comment on column dateline.stories.likeness is 'sum of the similarities of all pairs of its articles';
comment on column dateline.stories.terms is 'what its articles have in common, heaviest first';
comment on column dateline.stories.weights is 'weight of each of the terms: the sum over its articles';

create table dateline.term_counts ( -- in how many texts a term stands; from a sample once there are many
    term  text primary key,           -- the term; the empty one counts the texts themselves
    texts bigint not null             -- how many texts hold it
);
