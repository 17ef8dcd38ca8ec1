alter table dateline.stories add column merged_at timestamptz;
comment on column dateline.stories.merged_at is 'when it was merged';
alter table dateline.syndications add column merged_at timestamptz;
comment on column dateline.syndications.merged_at is 'when it was merged';
alter table dateline.story_members add column decided_who text;
comment on column dateline.story_members.decided_who is 'which person';

-- A merge ended all that was left of a group at once, so its last day tells when.
update dateline.stories g set merged_at = m.ended
from (select story_id, max(valid_to) as ended from dateline.story_members group by story_id) m
where g.merged_into is not null and m.story_id = g.story_id;
update dateline.syndications g set merged_at = m.ended
from (select syndication_id, max(valid_to) as ended from dateline.syndication_members group by syndication_id) m
where g.merged_into is not null and m.syndication_id = g.syndication_id;

create index stories_by_heir on dateline.stories (merged_into) where merged_into is not null;
