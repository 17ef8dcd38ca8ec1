alter table dateline.actors add column kind text;
comment on column dateline.actors.kind is 'state, person, igo, party, armed, media, …';
alter table dateline.actor_roles add column rank integer not null default 9, add column titles text[] not null default '{}';
comment on column dateline.actor_roles.rank is 'of several roles at one time, the lowest decides';
comment on column dateline.actor_roles.titles is 'what the holder is called in texts';
alter table dateline.places add column admin2 text, drop column names;
comment on column dateline.places.admin2 is 'second-order division';
