-- Takes what belongs to a month without a partition, so that no capture is ever refused.
create table dateline.captures_other (like dateline.captures including all excluding identity);
alter table dateline.captures attach partition dateline.captures_other default;
comment on table dateline.captures_other is 'captures of months without a partition';

-- The writer may not create tables; this makes the one kind that it needs.
create function dateline.ensure_captures_month(moment timestamptz) returns text
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    first date := date_trunc('month', moment at time zone 'UTC')::date;
    name text := 'captures_' || to_char(first, 'YYYY_MM');
begin
    if to_regclass('dateline.' || name) is not null then
        return name;
    end if;
    if first < date '1990-01-01' or first > current_date + 60 then
        return 'captures_other'; -- a clock gone wrong must not leave thousands of partitions
    end if;
    perform pg_advisory_xact_lock(hashtext('dateline.captures'), 0);
    if to_regclass('dateline.' || name) is not null then
        return name;
    end if;
    -- attached, not created in place: that would lock out whoever writes captures just now
    execute format('create table dateline.%I (like dateline.captures including all excluding identity)', name);
    execute format('comment on table dateline.%I is %L', name, 'captures of the month that begins on ' || first);
    execute format(
        'alter table dateline.captures attach partition dateline.%I for values from (%L) to (%L)',
        name, first::timestamp at time zone 'UTC', (first + interval '1 month') at time zone 'UTC'
    );
    return name;
exception when check_violation then
    return 'captures_other'; -- rows of that month lie there already
end
$$;

comment on function dateline.ensure_captures_month(timestamptz) is 'Makes the month''s partition of captures where it is missing and returns its name';
