-- Terms are compared and counted by a hash of 64 bits, made when a text is signed. Their words are for people, and stay as one string:
-- reading and writing them one by one took longer than all that was decided with them.
alter table dateline.text_terms add column hashes bytea not null default '';
alter table dateline.text_terms alter column hashes drop default;
comment on column dateline.text_terms.hashes is 'of each of the terms: eight bytes, little end first';

alter table dateline.term_counts rename to old_term_counts;
alter table dateline.old_term_counts rename constraint term_counts_pkey to old_term_counts_pkey;
create table dateline.term_counts ( -- in how many texts a term stands; from a sample once there are many
    term  bigint primary key, -- hash of the term; 0 counts the texts themselves
    texts bigint not null     -- how many texts hold it
);

create function dateline.packed(weights real[]) returns bytea language sql immutable return
    (select coalesce(string_agg(float4send(w), '' order by n), '') from unnest(weights) with ordinality u (w, n));
alter table dateline.stories
    alter column terms drop default,
    alter column terms type text using array_to_string(terms, ' '),
    alter column terms set default '',
    alter column weights drop default,
    alter column weights type bytea using dateline.packed(weights),
    alter column weights set default '';
drop function dateline.packed;
comment on column dateline.stories.terms is 'what its articles have in common, heaviest first, blanks between';
comment on column dateline.stories.weights is 'weight of each of the terms, the sum over its articles: four bytes each, as float4send writes them';
