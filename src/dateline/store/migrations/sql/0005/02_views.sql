create or replace view dateline.text_report as -- the current text of each article, with what is known of it
select
    t.text_id,              -- our number of the text; offsets of mentions point into it
    t.article_id,           -- its article
    r.title,                -- without the site's name
    r.standfirst,           -- the line under the title
    r.authors,              -- people, in the page's order
    coalesce(s.name, r.site_name) as outlet, -- who published it
    r.url,                  -- where
    r.published_on,         -- publication day as the publisher wrote it
    r.published_at,         -- publication instant, where known
    r.modified_at,          -- instant of the last change
    r.corrected,            -- the publisher's correction note, in its words
    r.kind,                 -- news, opinion or liveblog
    t.language,             -- ISO 639-1
    t.words,                -- length
    t.text,                 -- paragraphs separated by one newline; null where the source's text policy keeps none
    t.extractor,            -- what read it
    c.coder,                -- what coded it; null: not coded
    r.note_kind,            -- what the note in corrected says: correction, clarification or retraction
    t.note_start,           -- first character of that note, where it stands in the text
    t.note_end,             -- behind its last character
    r.marks,                -- what stands out: future, old, paywall
    r.noarchive,            -- the page asks not to be archived
    r.tdm_reserved,         -- text and data mining reserved; null: nothing said
    (select count(*) from dateline.revisions o where o.article_id = t.article_id) as revisions -- versions of the article that we know
from dateline.texts t
join dateline.revisions r on r.revision_id = t.revision_id
join dateline.articles a on a.article_id = t.article_id and a.merged_into is null
left join dateline.sources s on s.source_id = a.source_id
left join dateline.codings c on c.text_id = t.text_id and c.is_active
where t.is_current;

create or replace view dateline.mention_report as -- one wide row an event mention that counts: of the active coding of an article's current text
select
    k.event_id,                        -- the event that it tells of; null: not resolved yet
    m.mention_key,                     -- stable key of the mention
    m.text_id,                         -- its text
    t.article_id,                      -- its article
    m.happening,                       -- number of the happening within the article
    m.event_type,                      -- PLOVER type
    m.mode,                            -- PLOVER mode
    m.contexts,                        -- PLOVER contexts
    m.cameo,                           -- nearest CAMEO code
    m.quad,                            -- 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    m.goldstein,                       -- Goldstein value of the CAMEO code
    m.modality,                        -- status of the act
    m.negated,                         -- the text says that it did not happen
    m.tense,                           -- of the trigger
    m.confidence,                      -- probability that event_type is right
    m.frame,                           -- which frame read it
    m.sentence,                        -- number of the sentence, from 0
    m.sentence_start,                  -- its first character
    m.sentence_text,                   -- its words
    m.trigger_start,                   -- first character of the trigger
    m.trigger_end,                     -- behind its last character
    m.trigger_text,                    -- its words
    m.source_start,                    -- first character of who did it
    m.source_text,                     -- its words
    m.source_id,                       -- entry of the actor list
    m.source_name,                     -- its name
    m.source_country,                  -- ISO 3166-1 alpha-3, or IGO
    m.source_sectors,                  -- PLOVER codes
    m.source_reason,                   -- the rule or entry that decided
    m.target_start,                    -- first character of whom it was done to
    m.target_text,                     -- its words
    m.target_id,                       -- entry of the actor list
    m.target_name,                     -- its name
    m.target_country,                  -- ISO 3166-1 alpha-3, or IGO
    m.target_sectors,                  -- PLOVER codes
    m.target_reason,                   -- the rule or entry that decided
    m.date_from,                       -- first day on which it happened
    m.date_to,                         -- last day
    m.date_precision,                  -- how exactly it is known
    m.date_basis,                      -- published, or the words that say so
    m.place_geonameid,                 -- GeoNames id
    m.place_name,                      -- the entry's name
    m.place_country,                   -- ISO 3166-1 alpha-3
    m.attribution_text,                -- who the text says it comes from
    m.attributed_name,                 -- the actor that this is
    m.attributed_country,              -- its country
    m.reasons,                         -- for each part that is null, why it is
    r.title,                           -- of the article
    r.url,                             -- of the article
    r.published_on,                    -- publication day as the publisher wrote it
    r.published_at,                    -- publication instant, where known
    coalesce(s.name, r.site_name) as outlet, -- who published it
    a.source_id as news_source_id,     -- the source that told us of it
    t.characters,                      -- length of the text
    c.coding_id,                       -- the coding
    c.coder,                           -- version of the coder
    k.decided_by,                      -- rule or person: who put it into its event
    k.reason as member_reason,         -- why it is in its event
    r.note_kind                        -- its article carries a correction, clarification or retraction
from dateline.event_mentions m
join dateline.codings c on c.coding_id = m.coding_id and c.is_active
join dateline.texts t on t.text_id = m.text_id and t.is_current
join dateline.revisions r on r.revision_id = t.revision_id
join dateline.articles a on a.article_id = t.article_id and a.merged_into is null
left join dateline.sources s on s.source_id = a.source_id
left join dateline.event_members k on k.mention_key = m.mention_key and k.valid_to is null;

create or replace view dateline.event_report as -- one wide row an event that happened (asserted, not negated, not historical), with its best sentence
select
    e.event_id,             -- stable id
    e.happening_id,         -- the oldest event of the same happening
    e.event_type,           -- PLOVER type
    e.mode,                 -- PLOVER mode
    e.contexts,             -- PLOVER contexts
    e.cameo,                -- nearest CAMEO code
    e.quad,                 -- 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    e.goldstein,            -- Goldstein value of the CAMEO code
    e.date_from,            -- first day on which it happened
    e.date_to,              -- last day
    e.date_precision,       -- how exactly it is known
    e.date_basis,           -- published, or text
    e.source_id,            -- who: entry of the actor list
    e.source_name,          -- its name
    e.source_country,       -- ISO 3166-1 alpha-3, or IGO
    e.source_sectors,       -- PLOVER codes
    e.source_text,          -- its words
    e.target_id,            -- to whom: entry of the actor list
    e.target_name,          -- its name
    e.target_country,       -- ISO 3166-1 alpha-3, or IGO
    e.target_sectors,       -- PLOVER codes
    e.target_text,          -- its words
    e.place_geonameid,      -- where: GeoNames id
    e.place_name,           -- the entry's name
    e.place_country,        -- ISO 3166-1 alpha-3
    e.place_admin1,         -- first-order division
    e.place_lat,            -- degrees north
    e.place_lon,            -- degrees east
    e.place_precision,      -- country, admin1, admin2, city or feature
    e.confidence,           -- highest of its mentions
    e.mentions,             -- mentions that tell of it
    e.articles,             -- articles that tell of it
    e.independent_sources,  -- articles that are not copies of each other
    e.first_reported_on,    -- earliest publication day
    e.last_reported_on,     -- latest publication day
    e.first_reported_at,    -- earliest publication instant
    m.sentence_text as sentence, -- the best sentence
    m.trigger_text,         -- the words that tell of it
    m.attribution_text,     -- who that sentence says it comes from
    m.attributed_name,      -- the actor that this is
    m.title,                -- of the article with that sentence
    m.url,                  -- of that article
    m.outlet,               -- who published it
    m.published_on,         -- when
    m.text_id,              -- the text that the offsets point into
    m.sentence as sentence_number, -- from 0
    m.sentence_start,       -- first character of the sentence
    m.trigger_start,        -- first character of the trigger
    m.trigger_end,          -- behind its last character
    m.source_start,         -- first character of the source
    m.target_start,         -- first character of the target
    e.modality,             -- always asserted here
    e.created_at,           -- when it was first resolved
    m.note_kind             -- the article with that sentence carries a correction, clarification or retraction
from dateline.events e
left join dateline.mention_report m on m.mention_key = e.best_mention_key and m.text_id = e.best_text_id
where e.superseded_at is null and e.modality = 'asserted' and not e.negated;

create view dateline.revision_report as -- every version of an article that we read, oldest first: what changed, and whether its publisher says so
select
    r.article_id,                      -- the article
    row_number() over (partition by r.article_id order by r.captured_at nulls first, r.revision_id) as number, -- of the version, from 1
    r.is_current,                      -- the newest
    r.captured_at,                     -- when it was fetched
    r.title,                           -- without the site's name
    r.url,                             -- where
    coalesce(s.name, r.site_name) as outlet, -- who published it
    r.published_on,                    -- publication day as the publisher wrote it
    r.modified_at,                     -- instant of the last change, as the page says
    r.note_kind,                       -- correction, clarification or retraction, where the page carries such a note
    r.corrected,                       -- that note, in its words
    r.marks,                           -- what stands out: future, old, paywall
    t.text_id,                         -- its text; null: none is kept
    t.words,                           -- length
    p.tokens,                          -- words and marks of the text
    p.tokens_read,                     -- of them read anew; the others stand unchanged in an earlier version
    (select count(*) from dateline.event_mentions m where m.coding_id = c.coding_id) as mentions, -- event mentions read in it
    r.revision_id                      -- our number
from dateline.revisions r
join dateline.articles a on a.article_id = r.article_id
left join dateline.sources s on s.source_id = a.source_id
left join lateral (
    select x.text_id, x.words from dateline.texts x where x.revision_id = r.revision_id
    order by x.is_current desc, x.text_id desc limit 1
) t on true
left join dateline.parses p on p.text_id = t.text_id
left join dateline.codings c on c.text_id = t.text_id and c.is_active;
