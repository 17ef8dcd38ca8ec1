-- Run after every upgrade, as the schema's owner, so that migrations need not think of it. Readers see views only.
do $$
declare
    relation record;
begin
    comment on schema dateline is 'News articles in, event data out: see docs/tables.md';
    comment on table dateline.alembic_version is 'the migration that this schema stands at';
    comment on column dateline.alembic_version.version_num is 'number of the last migration applied';

    if not exists (
        select from pg_namespace where nspname = 'dateline' and pg_get_userbyid(nspowner) = 'dateline_owner'
    ) then
        return; -- one role does all
    end if;

    grant usage on schema dateline to dateline_writer, dateline_reader;
    grant select, insert, update, delete on all tables in schema dateline to dateline_writer;
    grant usage, select on all sequences in schema dateline to dateline_writer;
    grant execute on all functions in schema dateline to dateline_writer, dateline_reader;
    revoke insert, update, delete on dateline.alembic_version, dateline.countries from dateline_writer;
    revoke execute on function dateline.ensure_captures_month(timestamptz) from public, dateline_reader;
    alter default privileges in schema dateline grant select, insert, update, delete on tables to dateline_writer;
    alter default privileges in schema dateline grant usage, select on sequences to dateline_writer;

    for relation in select viewname from pg_views where schemaname = 'dateline' loop
        execute format('grant select on dateline.%I to dateline_reader', relation.viewname);
        execute format('revoke insert, update, delete on dateline.%I from dateline_writer', relation.viewname);
    end loop;
    grant select on dateline.countries to dateline_reader;
end
$$;
