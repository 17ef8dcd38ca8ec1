-- Run before every upgrade, as whoever logs in. Makes the three roles and the schema where we may; where we may not,
-- the one role that logs in does all. Roles belong to the whole server, so that another database may have made them.
do $$
declare
    role text;
    mine boolean;
    -- since Postgres 16 whoever creates a role is a member that may not become it until it says so
    may text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
    foreach role in array array['dateline_owner', 'dateline_writer', 'dateline_reader'] loop
        if not exists (select from pg_roles where rolname = role) then
            begin
                execute format('create role %I nologin', role);
            exception
                when insufficient_privilege then raise notice 'roles: % may not create %', current_user, role;
                when duplicate_object or unique_violation then null; -- another database was first
            end;
        end if;
        if exists (select from pg_roles where rolname = role) and not pg_has_role(role, may) then
            begin
                execute format('grant %I to current_user', role);
            exception when insufficient_privilege or invalid_grant_operation then null;
            end;
        end if;
    end loop;

    if to_regnamespace('dateline') is null then
        mine := exists (select from pg_roles where rolname = 'dateline_owner')
            and exists (select from pg_roles where rolname = 'dateline_writer' )
            and exists (select from pg_roles where rolname = 'dateline_reader');
        if mine then
            begin
                create schema dateline authorization dateline_owner;
            exception when insufficient_privilege then
                mine := false; -- we are no member of the owner
            end;
        end if;
        if not mine then
            create schema dateline;
        end if;
    end if;
end
$$;
