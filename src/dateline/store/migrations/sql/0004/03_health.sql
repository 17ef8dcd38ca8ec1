drop view dateline.source_health;

create view dateline.source_health as -- each source: when it last gave something, against what is usual for it, and when it is asked next
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
    f.week as new_last_week,                       -- URLs new in the last seven days, without the stock found at the first look
    u.usual as new_usual_week,                     -- URLs a week in the four weeks before; null: not observed for as long as a week
    f.rejected as rejected_last_week,              -- of those of the last week: could not be processed
    case
        when not s.enabled then 'disabled'
        when s.last_polled_at is null then 'new'
        when s.failures >= 3 then 'failing'
        when dateline.next_poll(s.last_polled_at, coalesce(s.adapted_minutes, s.poll_minutes), s.failures) < now() - interval '3 days'
            then 'overdue'
        when f.month >= 8 and u.quiet > u.patience then 'silent'
        when s.last_new_at is null and s.last_success_at > s.first_success_at + interval '7 days' and s.kind <> 'archive'
            then 'silent'
        when f.month >= 8 and f.week < u.usual / 4 then 'low'
        when s.failures > 0 then 'shaky'
        else 'healthy'
    end as state,                                  -- disabled, new, failing, overdue (not looked at), silent, low, shaky or healthy
    coalesce(s.adapted_minutes, s.poll_minutes) as interval_minutes, -- minutes between two looks, as adapted
    case when s.enabled then coalesce(
        dateline.next_poll(s.last_polled_at, coalesce(s.adapted_minutes, s.poll_minutes), s.failures), s.created_at
    ) end as next_due_at,                          -- when it is to be looked at next; null: switched off
    case when not w.wanted then 'ended' when w.state = 'active' and w.expires_at <= now() then 'expired' else w.state end as push, -- its hub: offered, asked, active, expired, denied or ended; null: it has none
    w.expires_at as push_until,                    -- end of the hub's lease
    w.last_delivery_at,                            -- when its hub last delivered something
    w.refused as deliveries_refused                -- deliveries without a good signature
from dateline.sources s
left join dateline.websub_subscriptions w on w.source_id = s.source_id and w.hub is not null
cross join lateral (
    select
        count(*) filter (where f.discovered_at > now() - interval '7 days') as week,
        count(*) filter (where f.discovered_at <= now() - interval '7 days') as month,
        count(r.ticket_id) filter (where f.discovered_at > now() - interval '7 days') as rejected,
        max(f.discovered_at) as newest
    from dateline.frontier f
    left join lateral (
        select x.ticket_id from dateline.rejects x where x.ticket_id = f.ticket_id and x.resolved_at is null limit 1
    ) r on true
    where f.source_id = s.source_id and f.discovered_at > now() - interval '35 days'
        and (s.first_success_at is null or f.discovered_at > s.first_success_at)
) f
cross join lateral (
    select
        now() - interval '7 days' - greatest(now() - interval '35 days', s.first_success_at) as observed
) o
cross join lateral (
    select
        case when o.observed >= interval '7 days'
            then round((f.month / (extract(epoch from o.observed) / 604800))::numeric, 1) end as usual,
        coalesce(s.last_success_at, s.last_polled_at) - f.newest as quiet -- measured where we looked: our own pauses are not its
) n
cross join lateral (
    -- ten times its usual gap, but three days at least (weekends) and a week at most
    select n.usual, n.quiet,
        least(interval '7 days', greatest(interval '3 days', interval '70 days' / coalesce(nullif(n.usual, 0), 1))) as patience
) u;
