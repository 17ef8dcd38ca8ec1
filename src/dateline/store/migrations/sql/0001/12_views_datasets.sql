create view dateline.polecat_events as -- events in the columns of POLECAT, by name and order
select
    e.event_id::text as "Event ID", -- our stable event id
    d.day as "Event Date", -- day of the event, of its first report where not known
    e.event_type as "Event Type", -- PLOVER type
    e.mode as "Event Mode", -- PLOVER mode
    e.goldstein as "Intensity", -- Goldstein value
    case e.quad when 1 then 'VERBAL COOPERATION' when 2 then 'MATERIAL COOPERATION' when 3 then 'VERBAL CONFLICT' else 'MATERIAL CONFLICT' end as "Quad Code", -- the quad in words
    array_to_string(e.contexts, ';') as "Contexts", -- PLOVER contexts, joined by ;
    e.source_name as "Actor Name", -- resolved name
    coalesce(source_land.name, e.source_country) as "Actor Country", -- country's name
    null::text as "Actor COW", -- not coded
    e.source_sectors[1] as "Primary Actor Sector", -- first sector
    array_to_string(e.source_sectors, ';') as "Actor Sectors", -- sectors, joined by ;
    null::text as "Actor Title", -- not coded
    e.source_text as "Actor Name Raw", -- the words in the text
    e.source_id as "Wikipedia Actor ID", -- entry of our actor list: POLECAT has Wikipedia's title
    e.target_name as "Recipient Name", -- resolved name
    coalesce(target_land.name, e.target_country) as "Recipient Country", -- country's name
    null::text as "Recipient COW", -- not coded
    e.target_sectors[1] as "Primary Recipient Sector", -- first sector
    array_to_string(e.target_sectors, ';') as "Recipient Sectors", -- sectors, joined by ;
    null::text as "Recipient Title", -- not coded
    e.target_text as "Recipient Name Raw", -- the words in the text
    e.target_id as "Wikipedia Recipient ID", -- entry of our actor list: POLECAT has Wikipedia's title
    e.place_name as "Placename", -- where
    case when e.place_precision in ('city', 'feature') then e.place_name end as "City", -- city
    case when e.place_precision = 'admin2' then e.place_name end as "District", -- second-order division
    e.place_admin1 as "Province", -- first-order division
    p.name as "Country", -- country's name
    e.place_lat as "Latitude", -- degrees north
    e.place_lon as "Longitude", -- degrees east
    e.place_geonameid as "GeoNames ID", -- GeoNames id
    m.place_text as "Raw Placename", -- the words in the text
    e.place_precision as "Feature Type", -- how exact the place is
    e.outlet as "Source", -- outlet with the best sentence
    e.published_on as "Publication Date", -- when it published
    (select string_agg(distinct x.name, ';' order by x.name) from dateline.entity_mentions x where x.coding_id = m.coding_id and x.label = 'PERSON') as "Story People", -- people in that text
    (select string_agg(distinct x.name, ';' order by x.name) from dateline.entity_mentions x where x.coding_id = m.coding_id and x.label = 'ORG') as "Story Organizations", -- organizations in that text
    (select string_agg(distinct x.name, ';' order by x.name) from dateline.place_mentions x where x.coding_id = m.coding_id) as "Story Locations", -- places in that text
    t.language as "Language", -- of that text: ISO 639-1
    c.coder as "Version" -- of the coder
from dateline.event_report e
left join dateline.countries p on p.alpha3 = e.place_country
left join dateline.countries source_land on source_land.alpha3 = e.source_country
left join dateline.countries target_land on target_land.alpha3 = e.target_country
left join dateline.texts t on t.text_id = e.text_id
left join dateline.codings c on c.text_id = e.text_id and c.is_active
left join dateline.events b on b.event_id = e.event_id
left join dateline.event_mentions m on m.coding_id = c.coding_id and m.mention_key = b.best_mention_key
cross join lateral (select coalesce(e.date_from, e.first_reported_on, e.created_at::date) as day) d;

create view dateline.icews_events as -- events in the columns of ICEWS's coded event data, by name and order
select
    e.event_id as "Event ID", -- our stable event id
    d.day as "Event Date", -- day of the event, of its first report where not known
    coalesce(e.source_name, e.source_text) as "Source Name", -- who
    array_to_string(e.source_sectors, ',') as "Source Sectors", -- PLOVER sectors: ICEWS has its own
    coalesce(source_land.name, e.source_country) as "Source Country", -- country's name
    concat_ws(' ', initcap(e.event_type), e.mode) as "Event Text", -- PLOVER type and mode: ICEWS has CAMEO's words
    e.cameo as "CAMEO Code", -- nearest CAMEO code
    e.goldstein as "Intensity", -- Goldstein value
    coalesce(e.target_name, e.target_text) as "Target Name", -- to whom
    array_to_string(e.target_sectors, ',') as "Target Sectors", -- PLOVER sectors
    coalesce(target_land.name, e.target_country) as "Target Country", -- country's name
    e.text_id as "Story ID", -- the text with the best sentence
    e.sentence_number + 1 as "Sentence Number", -- from 1
    e.outlet as "Publisher", -- who published it
    case when e.place_precision in ('city', 'feature') then e.place_name end as "City", -- city
    case when e.place_precision = 'admin2' then e.place_name end as "District", -- second-order division
    e.place_admin1 as "Province", -- first-order division
    p.name as "Country", -- country's name
    e.place_lat as "Latitude", -- degrees north
    e.place_lon as "Longitude" -- degrees east
from dateline.event_report e
left join dateline.countries p on p.alpha3 = e.place_country
left join dateline.countries source_land on source_land.alpha3 = e.source_country
left join dateline.countries target_land on target_land.alpha3 = e.target_country
cross join lateral (select coalesce(e.date_from, e.first_reported_on, e.created_at::date) as day) d;

create view dateline.phoenix_events as -- events in the columns of Phoenix (OEDA), by name and order
select
    e.event_id::text as "EventID", -- our stable event id
    to_char(d.day, 'YYYYMMDD')::integer as "Date", -- day of the event, of its first report where not known
    extract(year from d.day)::integer as "Year", -- its year
    extract(month from d.day)::integer as "Month", -- its month
    extract(day from d.day)::integer as "Day", -- its day
    nullif(concat(e.source_country, e.source_sectors[1]), '') as "SourceActorFull", -- country and first sector joined
    e.source_country as "SourceActorEntity", -- country
    e.source_sectors[1] as "SourceActorRole", -- first sector
    array_to_string(e.source_sectors[2:], ';') as "SourceActorAttribute", -- further sectors, joined by ;
    nullif(concat(e.target_country, e.target_sectors[1]), '') as "TargetActorFull", -- country and first sector joined
    e.target_country as "TargetActorEntity", -- country
    e.target_sectors[1] as "TargetActorRole", -- first sector
    array_to_string(e.target_sectors[2:], ';') as "TargetActorAttribute", -- further sectors, joined by ;
    e.cameo as "EventCode", -- nearest CAMEO code
    left(e.cameo, 2) as "EventRootCode", -- its first two figures
    case when e.cameo is null then e.quad when left(e.cameo, 2) in ('01', '02') then 0 when left(e.cameo, 2) in ('03', '04', '05') then 1 when left(e.cameo, 2) in ('06', '07', '08') then 2 when left(e.cameo, 2) in ('14', '15', '17', '18', '19', '20') then 4 else 3 end as "PentaClass", -- 0 statements, 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    e.goldstein as "GoldsteinScore", -- Goldstein value
    array_to_string(e.contexts, ';') as "Issues", -- PLOVER contexts: Phoenix has issues
    e.place_lat as "Lat", -- degrees north
    e.place_lon as "Lon", -- degrees east
    e.place_name as "LocationName", -- where
    e.place_admin1 as "StateName", -- first-order division
    e.place_country as "CountryCode", -- ISO 3166-1 alpha-3
    concat(e.text_id, '_', e.sentence_number) as "SentenceID", -- text and number of the best sentence
    w.urls as "URLs", -- all articles that tell of it, joined by ;
    w.outlets as "NewsSources" -- their outlets, joined by ;
from dateline.event_report e
left join lateral (
    select string_agg(distinct m.url, ';' order by m.url) as urls, string_agg(distinct m.outlet, ';' order by m.outlet) as outlets
    from dateline.mention_report m where m.event_id = e.event_id
) w on true
cross join lateral (select coalesce(e.date_from, e.first_reported_on, e.created_at::date) as day) d;
