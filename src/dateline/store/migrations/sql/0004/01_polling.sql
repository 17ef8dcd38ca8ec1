alter table dateline.sources add column adapted_minutes integer check (adapted_minutes > 0),
    add column first_success_at timestamptz, add column last_body_at timestamptz;
comment on column dateline.sources.poll_minutes is 'minutes between two looks to begin with; a quarter of it is the shortest adapted interval';
comment on column dateline.sources.adapted_minutes is 'minutes between two looks, adapted to how often something new came; null: not adapted yet, poll_minutes holds';
comment on column dateline.sources.first_success_at is 'when it first answered: what was found until then was its stock, and tells nothing of what is usual';
comment on column dateline.sources.last_body_at is 'when it last sent a body: after a day it is asked for one whatever its validators say';

update dateline.sources s set first_success_at = coalesce(
    (select min(f.discovered_at) + interval '1 minute' from dateline.frontier f where f.source_id = s.source_id), s.last_success_at)
where s.last_success_at is not null;

create function dateline.next_poll(polled_at timestamptz, minutes integer, failures integer) returns timestamptz
language sql stable as $$
    select polled_at + least(make_interval(mins => minutes) * power(2, least(failures, 10)),
        greatest(make_interval(mins => minutes), interval '1 day'))
$$;

comment on function dateline.next_poll(timestamptz, integer, integer) is
    'When a source is due again: after its interval, after failures ever later, but daily at least';
