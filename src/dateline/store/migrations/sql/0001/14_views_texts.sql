create view dateline.text_report as -- the current text of each article, with what is known of it
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
    c.coder                 -- what coded it; null: not coded
from dateline.texts t
join dateline.revisions r on r.revision_id = t.revision_id
join dateline.articles a on a.article_id = t.article_id and a.merged_into is null
left join dateline.sources s on s.source_id = a.source_id
left join dateline.codings c on c.text_id = t.text_id and c.is_active
where t.is_current;
