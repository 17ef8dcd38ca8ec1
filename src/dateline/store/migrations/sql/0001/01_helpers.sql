-- An index entry holds 2.7 kB at most and a URL may be longer: what must be unique is indexed by its digest.
create function dateline.digest(value text) returns bytea
    language sql immutable strict parallel safe
    as $$ select sha256(convert_to(value, 'UTF8')) $$;

comment on function dateline.digest(text) is 'SHA-256 of a text in UTF-8: how long natural keys are indexed';
