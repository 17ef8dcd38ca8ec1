alter table dateline.text_signatures
    add column article_id bigint,
    add column weights real[] not null default '{}',
    add column story_keys bigint[] not null default '{}';
comment on column dateline.text_signatures.article_id is 'the article: two texts of one article are no copies';
comment on column dateline.text_signatures.weights is 'weight of each of the terms in this text, before how rare they are';
comment on column dateline.text_signatures.story_keys is 'hashes of pairs of its heaviest terms: texts that share one may tell of one happening';

drop index dateline.text_signatures_terms; -- single terms find half the store; pairs of them find a story
create index text_signatures_story_keys on dateline.text_signatures using gin (story_keys);

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
