create view dateline.gdelt_events as -- events in the columns of GDELT 2.0's event table, by name and order
select
    e.event_id as "GLOBALEVENTID", -- our stable event id
    to_char(d.day, 'YYYYMMDD')::integer as "SQLDATE", -- day of the event, of its first report where not known
    to_char(d.day, 'YYYYMM')::integer as "MonthYear", -- its month
    to_char(d.day, 'YYYY')::integer as "Year", -- its year
    round((extract(year from d.day) + (extract(doy from d.day) - 1) / 365.0)::numeric, 4)::double precision as "FractionDate", -- its place in the year
    nullif(concat(nullif(e.source_country, 'IGO'), case when e.source_country = 'IGO' then 'IGO' end, array_to_string(e.source_sectors[1:2], '')), '') as "Actor1Code", -- country and sectors joined
    upper(coalesce(e.source_name, e.source_text)) as "Actor1Name", -- name in capitals
    nullif(e.source_country, 'IGO') as "Actor1CountryCode", -- ISO 3166-1 alpha-3
    case when e.source_country = 'IGO' then e.source_id end as "Actor1KnownGroupCode", -- our id of an intergovernmental body
    null::text as "Actor1EthnicCode", -- not coded
    null::text as "Actor1Religion1Code", -- not coded
    null::text as "Actor1Religion2Code", -- not coded
    case when e.source_country = 'IGO' then 'IGO' else e.source_sectors[1] end as "Actor1Type1Code", -- first sector
    case when e.source_country = 'IGO' then e.source_sectors[1] else e.source_sectors[2] end as "Actor1Type2Code", -- second sector
    case when e.source_country = 'IGO' then e.source_sectors[2] else e.source_sectors[3] end as "Actor1Type3Code", -- third sector
    nullif(concat(nullif(e.target_country, 'IGO'), case when e.target_country = 'IGO' then 'IGO' end, array_to_string(e.target_sectors[1:2], '')), '') as "Actor2Code", -- country and sectors joined
    upper(coalesce(e.target_name, e.target_text)) as "Actor2Name", -- name in capitals
    nullif(e.target_country, 'IGO') as "Actor2CountryCode", -- ISO 3166-1 alpha-3
    case when e.target_country = 'IGO' then e.target_id end as "Actor2KnownGroupCode", -- our id of an intergovernmental body
    null::text as "Actor2EthnicCode", -- not coded
    null::text as "Actor2Religion1Code", -- not coded
    null::text as "Actor2Religion2Code", -- not coded
    case when e.target_country = 'IGO' then 'IGO' else e.target_sectors[1] end as "Actor2Type1Code", -- first sector
    case when e.target_country = 'IGO' then e.target_sectors[1] else e.target_sectors[2] end as "Actor2Type2Code", -- second sector
    case when e.target_country = 'IGO' then e.target_sectors[2] else e.target_sectors[3] end as "Actor2Type3Code", -- third sector
    (e.sentence_number <= 2)::integer as "IsRootEvent", -- 1: told in the first three sentences
    e.cameo as "EventCode", -- nearest CAMEO code
    left(e.cameo, 3) as "EventBaseCode", -- its first three figures
    left(e.cameo, 2) as "EventRootCode", -- its first two figures
    case when e.cameo is null then e.quad when left(e.cameo, 2) <= '05' then 1 when left(e.cameo, 2) <= '08' then 2 when left(e.cameo, 2) <= '13' then 3 else 4 end as "QuadClass", -- 1 to 4, by the CAMEO code as in GDELT
    e.goldstein as "GoldsteinScale", -- Goldstein value
    e.mentions as "NumMentions", -- mentions
    e.independent_sources as "NumSources", -- articles that are not copies of each other
    e.articles as "NumArticles", -- articles
    null::double precision as "AvgTone", -- not coded
    0 as "Actor1Geo_Type", -- 0: not coded for actors
    null::text as "Actor1Geo_FullName", -- not coded
    null::text as "Actor1Geo_CountryCode", -- not coded
    null::text as "Actor1Geo_ADM1Code", -- not coded
    null::text as "Actor1Geo_ADM2Code", -- not coded
    null::double precision as "Actor1Geo_Lat", -- not coded
    null::double precision as "Actor1Geo_Long", -- not coded
    null::text as "Actor1Geo_FeatureID", -- not coded
    0 as "Actor2Geo_Type", -- 0: not coded for actors
    null::text as "Actor2Geo_FullName", -- not coded
    null::text as "Actor2Geo_CountryCode", -- not coded
    null::text as "Actor2Geo_ADM1Code", -- not coded
    null::text as "Actor2Geo_ADM2Code", -- not coded
    null::double precision as "Actor2Geo_Lat", -- not coded
    null::double precision as "Actor2Geo_Long", -- not coded
    null::text as "Actor2Geo_FeatureID", -- not coded
    case when e.place_name is null then 0 when e.place_precision = 'country' then 1 when e.place_precision in ('admin1', 'admin2') then case when e.place_country = 'USA' then 2 else 5 end when e.place_country = 'USA' then 3 else 4 end as "ActionGeo_Type", -- 0 none, 1 country, 2 US state, 3 US city, 4 city, 5 state or province
    concat_ws(', ', e.place_name, nullif(e.place_admin1, e.place_name), nullif(p.name, e.place_name)) as "ActionGeo_FullName", -- place, division, country
    p.fips as "ActionGeo_CountryCode", -- FIPS 10-4
    e.place_admin1 as "ActionGeo_ADM1Code", -- the division's name: GDELT has a code
    null::text as "ActionGeo_ADM2Code", -- not coded
    e.place_lat as "ActionGeo_Lat", -- degrees north
    e.place_lon as "ActionGeo_Long", -- degrees east
    e.place_geonameid::text as "ActionGeo_FeatureID", -- GeoNames id: GDELT has GNS or GNIS ids
    to_char(e.created_at at time zone 'UTC', 'YYYYMMDDHH24MISS')::bigint as "DATEADDED", -- when it was first resolved, UTC
    e.url as "SOURCEURL" -- article with the best sentence
from dateline.event_report e
left join dateline.countries p on p.alpha3 = e.place_country
cross join lateral (select coalesce(e.date_from, e.first_reported_on, e.created_at::date) as day) d;

create view dateline.gdelt_mentions as -- mentions in the columns of GDELT 2.0's mentions table, by name and order
select
    m.event_id as "GLOBALEVENTID", -- our stable event id
    to_char(coalesce(m.date_from, m.published_on), 'YYYYMMDD')::bigint * 1000000 as "EventTimeDate", -- day of the event, as YYYYMMDD000000
    to_char(coalesce(m.published_at at time zone 'UTC', m.published_on), 'YYYYMMDDHH24MISS')::bigint as "MentionTimeDate", -- when the article was published, UTC
    1 as "MentionType", -- 1: found on the web
    substring(m.url from '^[a-z]+://([^/:?#]+)') as "MentionSourceName", -- the outlet's host
    m.url as "MentionIdentifier", -- the article's address
    m.sentence + 1 as "SentenceID", -- number of the sentence, from 1
    coalesce(m.source_start, -1) as "Actor1CharOffset", -- first character of the source, -1: not named
    coalesce(m.target_start, -1) as "Actor2CharOffset", -- first character of the target, -1: not named
    m.trigger_start as "ActionCharOffset", -- first character of the trigger
    1 as "InRawText", -- 1: found in the text as it stands
    (round(m.confidence::numeric, 1) * 100)::integer as "Confidence", -- percent, in steps of ten
    m.characters as "MentionDocLen", -- length of the text
    null::double precision as "MentionDocTone", -- not coded
    null::text as "MentionDocTranslationInfo", -- nothing is translated
    null::text as "Extras" -- unused, as in GDELT
from dateline.mention_report m
join dateline.events e on e.event_id = m.event_id and e.superseded_at is null and e.modality = 'asserted' and not e.negated;
