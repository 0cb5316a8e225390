-- The roles of docker-compose.yml. PostgreSQL's image runs this once, on an empty volume, as its superuser; on one that is
-- older, run it by hand (docs/deployment/compose.md): running it again changes nothing.
--   tandem        the superuser: for this file and for backups; no process of ours uses it
--   tandem_owner  owns the database and its tables: for migrations
--   tandem_app    reads and writes rows: for pages and socket servers
\set ON_ERROR_STOP on
\getenv owner_password POSTGRES_OWNER_PASSWORD
\getenv app_password POSTGRES_APP_PASSWORD

DO $$
DECLARE
  name TEXT;
BEGIN
  FOREACH name IN ARRAY ARRAY['tandem_owner', 'tandem_app'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I', name);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
  END LOOP;
  EXECUTE format('ALTER DATABASE %I OWNER TO tandem_owner', current_database());
  EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;

ALTER ROLE tandem_owner PASSWORD :'owner_password';
ALTER ROLE tandem_app PASSWORD :'app_password';
ALTER SCHEMA public OWNER TO tandem_owner;

-- What an older version made as the superuser. Sequences of columns follow their tables; what an extension made is its own.
DO $$
DECLARE
  statement TEXT;
BEGIN
  FOR statement IN
    SELECT format('ALTER TABLE %s OWNER TO tandem_owner', oid::regclass)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO tandem_owner', p.oid::regprocedure)
      FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO tandem_owner', oid::regtype)
      FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
  LOOP
    EXECUTE statement;
  END LOOP;
END $$;
