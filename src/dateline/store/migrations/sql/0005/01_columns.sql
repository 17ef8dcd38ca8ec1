create table dateline.parses ( -- what the statistical model read in a text, none of its words: the rules can be run again without it, and a revision needs it for changed sentences only
    text_id     bigint primary key references dateline.texts, -- the text
    model       text not null,           -- the model, its version, that of spaCy, and the components that are learned
    tokens      integer not null,        -- words and marks of the text
    tokens_read integer not null,        -- of them read by the model; the others stand unchanged in an earlier revision
    data        bytea not null,          -- tags, heads and names of the tokens, compressed
    created_at  timestamptz not null default now() -- when it was read
);

-- compressed already: do not let the server try again
alter table dateline.parses alter column data set storage external;

alter table dateline.frontier add column marks text[] not null default '{}';
comment on column dateline.frontier.marks is 'what stands out in the source''s hint: future (dated after it was found), old (long before)';

alter table dateline.captures add column marks text[] not null default '{}';
do $$
declare
    name regclass;
begin
    for name in select relid from pg_partition_tree('dateline.captures') loop
        execute format('comment on column %s.marks is %L', name, 'what the page looks like: paywall');
    end loop;
end
$$;

alter table dateline.revisions
    add column note_kind text check (note_kind in ('correction', 'clarification', 'retraction')),
    add column marks text[] not null default '{}',
    add column noarchive boolean not null default false,
    add column tdm_reserved boolean;
comment on column dateline.revisions.note_kind is 'what the note in corrected says: correction, clarification or retraction';
comment on column dateline.revisions.marks is 'what stands out: future and old (of the source''s hint), paywall (of the page)';
comment on column dateline.revisions.noarchive is 'the page asks not to be archived';
comment on column dateline.revisions.tdm_reserved is 'text and data mining reserved, or training of models opted out of; null: nothing said';

alter table dateline.texts add column note_start integer, add column note_end integer;
comment on column dateline.texts.note_start is 'first character of the correction note, where it stands in the text';
comment on column dateline.texts.note_end is 'behind its last character';

alter table dateline.runs add column worker text, add column message text;
comment on column dateline.runs.worker is 'who ran it: host, process id and start of the process';
comment on column dateline.runs.message is 'why it did not end as it should';

create index runs_unfinished on dateline.runs (started_at) where finished_at is null;
create index revisions_with_note on dateline.revisions (article_id) where note_kind is not null;
