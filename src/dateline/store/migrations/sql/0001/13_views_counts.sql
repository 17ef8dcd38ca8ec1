create view dateline.dyad_month as -- what one country did to another in a month, by type
select
    date_trunc('month', coalesce(e.date_from, e.first_reported_on, e.created_at::date))::date as month, -- first day of the month
    e.source_country,                              -- ISO 3166-1 alpha-3, IGO, or null: not known
    e.target_country,                              -- the same of the target
    e.event_type,                                  -- PLOVER type
    e.quad,                                        -- 1 to 4
    count(*) as events,                            -- events
    sum(e.mentions) as mentions,                   -- mentions that tell of them
    sum(e.articles) as articles,                   -- articles that tell of them, counted once an event
    sum(e.independent_sources) as independent_sources, -- articles that are not copies of each other, counted once an event
    avg(e.goldstein) as goldstein                  -- mean Goldstein value
from dateline.events e
where e.superseded_at is null and e.modality = 'asserted' and not e.negated
group by 1, 2, 3, 4, 5;

create view dateline.exposure_day as -- how much was read: articles a source and publication day, the denominator of any count
select
    a.source_id,                                   -- the source; null: not from a source
    s.name as outlet,                              -- its name
    s.country,                                     -- its country
    r.published_on,                                -- day as the publisher wrote it; null: not known
    t.language,                                    -- of the texts
    count(*) as articles,                          -- articles read
    count(c.coding_id) as coded,                   -- of them coded
    sum(t.words) as words                          -- words read
from dateline.texts t
join dateline.articles a on a.article_id = t.article_id and a.merged_into is null
join dateline.revisions r on r.revision_id = t.revision_id
left join dateline.codings c on c.text_id = t.text_id and c.is_active
left join dateline.sources s on s.source_id = a.source_id
where t.is_current
group by 1, 2, 3, 4, 5;

create view dateline.source_health as -- each source: when it last gave something, against what is usual for it
select
    s.source_id,                                   -- our number
    s.name,                                        -- the outlet
    s.url,                                         -- its address
    s.kind,                                        -- how it is read
    s.enabled,                                     -- whether it is looked at
    s.last_polled_at,                              -- when we last looked
    s.last_success_at,                             -- when it last answered
    s.last_new_at,                                 -- when it last told of something new
    s.failures,                                    -- looks that failed since
    s.failure_code,                                -- code of the last failure
    s.failure_message,                             -- its message
    f.week as new_last_week,                       -- URLs new in the last seven days
    round(f.month / 4.0, 1) as new_usual_week,     -- URLs a week in the four weeks before
    f.rejected as rejected_last_week,              -- of those of the last week: could not be processed
    case
        when not s.enabled then 'disabled'
        when s.last_polled_at is null then 'new'
        when s.failures >= 3 then 'failing'
        when f.month >= 8 and f.week = 0 then 'silent'
        when f.month >= 8 and f.week < f.month / 4.0 / 4 then 'low'
        when s.failures > 0 then 'shaky'
        else 'healthy'
    end as state                                   -- disabled, new, failing, silent, low, shaky or healthy
from dateline.sources s
cross join lateral (
    select
        count(*) filter (where f.discovered_at > now() - interval '7 days') as week,
        count(*) filter (where f.discovered_at <= now() - interval '7 days') as month,
        count(r.ticket_id) filter (where f.discovered_at > now() - interval '7 days') as rejected
    from dateline.frontier f
    left join lateral (
        select x.ticket_id from dateline.rejects x where x.ticket_id = f.ticket_id and x.resolved_at is null limit 1
    ) r on true
    where f.source_id = s.source_id and f.discovered_at > now() - interval '35 days'
) f;

create view dateline.unresolved_actors as -- names and phrases that act in events and that the actor list does not know, most frequent first
select
    p.phrase,                                      -- the words
    p.country,                                     -- what could be told of them
    p.sectors,                                     -- what could be told of them
    count(*) as mentions,                          -- how often
    count(distinct p.text_id) as texts,            -- in how many texts
    count(*) filter (where p.side = 'source') as as_source, -- of them as who did it
    count(*) filter (where p.side = 'target') as as_target, -- of them as whom it was done to
    mode() within group (order by p.reason) as reason, -- why it was not resolved
    min(p.sentence_text) as example                -- a sentence
from (
    select m.text_id, 'source' as side, coalesce(m.source_name, m.source_text) as phrase, m.source_country as country,
        m.source_sectors as sectors, m.source_reason as reason, m.sentence_text, m.coding_id
    from dateline.event_mentions m where m.source_id is null and m.source_start is not null
    union all
    select m.text_id, 'target', coalesce(m.target_name, m.target_text), m.target_country, m.target_sectors, m.target_reason,
        m.sentence_text, m.coding_id
    from dateline.event_mentions m where m.target_id is null and m.target_start is not null
) p
join dateline.codings c on c.coding_id = p.coding_id and c.is_active
where p.phrase is not null
group by 1, 2, 3
order by count(*) desc, p.phrase;

create view dateline.rejects_open as -- what could not be processed and has not been since
select
    r.reject_id,                                   -- our number
    r.stage,                                       -- where it failed
    r.code,                                        -- stable code of the fault
    r.message,                                     -- for a person
    r.url,                                         -- what it was about
    s.name as source,                              -- who told of it
    r.times_seen,                                  -- how often
    r.first_seen_at,                               -- when first
    r.last_seen_at,                                -- when last
    r.ticket_id,                                   -- the URL's row in frontier
    r.text_id                                      -- the text
from dateline.rejects r
left join dateline.frontier f on f.ticket_id = r.ticket_id
left join dateline.sources s on s.source_id = coalesce(r.source_id, f.source_id)
where r.resolved_at is null;

create view dateline.funnel_day as -- what became of the URLs found on a day (UTC)
select
    (f.discovered_at at time zone 'UTC')::date as day, -- when a source told of them
    count(*) as found,                             -- URLs
    count(f.capture_id) as fetched,                -- of them with a stored page
    count(f.text_id) as extracted,                 -- of them with a text
    count(*) filter (where f.outcome = 'duplicate') as duplicates, -- of them ended as copies
    count(c.text_id) as annotated,                 -- of them coded
    count(*) filter (where r.ticket_id is not null) as rejected, -- could not be processed
    count(*) filter (where f.state <> 'done') as waiting, -- on their way
    coalesce(sum(e.events), 0)::bigint as events   -- events that happened, by the text with the best sentence
from dateline.frontier f
left join lateral (
    select c.text_id from dateline.codings c where c.text_id = f.text_id and c.is_active and f.outcome is distinct from 'duplicate'
) c on true
left join lateral (
    select x.ticket_id from dateline.rejects x where x.ticket_id = f.ticket_id and x.resolved_at is null limit 1
) r on true
left join lateral (
    select count(*) as events from dateline.events e
    where e.best_text_id = c.text_id and e.superseded_at is null and e.modality = 'asserted' and not e.negated
) e on true
group by 1;
