create table dateline.unresolved_texts ( -- texts whose events are to be resolved: the work that resolve drains
    text_id bigint primary key,  -- the text
    since   timestamptz not null -- when it was put here
);

create index event_members_by_key on dateline.event_members (mention_key);

-- "do update" waits for a resolve that holds the row and is about to delete it; "do nothing" would be lost with it.
create function dateline.mark_unresolved() returns trigger language plpgsql as $$
begin
    insert into dateline.unresolved_texts as u (text_id, since)
    select distinct text_id, now() from changed where text_id is not null order by text_id
    on conflict (text_id) do update set since = excluded.since;
    return null;
end
$$;

comment on function dateline.mark_unresolved() is 'Puts the texts of changed rows on the list of those to be resolved';

create trigger codings_added after insert on dateline.codings
    referencing new table as changed for each statement execute function dateline.mark_unresolved();
create trigger codings_changed after update on dateline.codings
    referencing new table as changed for each statement execute function dateline.mark_unresolved();
create trigger texts_changed after update on dateline.texts
    referencing new table as changed for each statement execute function dateline.mark_unresolved();
create trigger story_members_added after insert on dateline.story_members
    referencing new table as changed for each statement execute function dateline.mark_unresolved();
create trigger syndication_members_added after insert on dateline.syndication_members
    referencing new table as changed for each statement execute function dateline.mark_unresolved();

-- what was coded before this list existed
insert into dateline.unresolved_texts (text_id, since) select text_id, now() from dateline.codings where is_active;
