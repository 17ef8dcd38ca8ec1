-- Extraction signs, in as many processes as there are; grouping, under its lock, reads what was signed and decides.
create unlogged table dateline.text_terms ( -- terms of a signed text until it is grouped; those that a crash took are read from the text again
    text_id bigint primary key, -- the text
    terms   text not null,      -- names, numbers and rare words, heaviest first, blanks between
    weights bytea not null      -- of each in this text: hundred-thousandths, four bytes, little end first
);

-- Each check of these keys locked a row elsewhere, and so wrote a page of articles and texts anew for every membership. Grouping
-- numbers its groups itself and takes its texts from text_signatures; forgetting an article removes its memberships.
alter table dateline.syndication_members drop constraint syndication_members_syndication_id_fkey;
alter table dateline.syndication_members drop constraint syndication_members_text_id_fkey;
alter table dateline.story_members drop constraint story_members_story_id_fkey;
alter table dateline.story_members drop constraint story_members_text_id_fkey;

-- A text that was never coded has no events to resolve anew: its coding will put it on the list.
create function dateline.mark_regrouped() returns trigger language plpgsql as $$
begin
    insert into dateline.unresolved_texts as u (text_id, since)
    select distinct n.text_id, now() from changed n
    where exists (select from dateline.codings c where c.text_id = n.text_id and c.is_active) order by n.text_id
    on conflict (text_id) do update set since = excluded.since;
    return null;
end
$$;
comment on function dateline.mark_regrouped() is 'Puts the coded texts of changed memberships on the list of those to be resolved';

drop trigger story_members_added on dateline.story_members;
drop trigger syndication_members_added on dateline.syndication_members;
create trigger story_members_added after insert on dateline.story_members
    referencing new table as changed for each statement execute function dateline.mark_regrouped();
create trigger syndication_members_added after insert on dateline.syndication_members
    referencing new table as changed for each statement execute function dateline.mark_regrouped();
