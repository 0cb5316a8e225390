-- Run once by PostgreSQL's image, when the database is made: two roles, neither a superuser. tandem_owner owns the tables
-- and runs migrations; tandem is what the application uses, and what it may do the migration grants. The superuser keeps
-- no password: it is reached from inside the container only.
\set ON_ERROR_STOP on
\getenv owner_password POSTGRES_PASSWORD
\getenv app_password TANDEM_PASSWORD
CREATE ROLE tandem_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE tandem LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE DATABASE tandem OWNER tandem_owner;
REVOKE ALL ON DATABASE tandem FROM PUBLIC;
GRANT CONNECT ON DATABASE tandem TO tandem;
\connect tandem
ALTER SCHEMA public OWNER TO tandem_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tandem;
SELECT format('ALTER ROLE %I PASSWORD NULL', current_user) \gexec
