-- The log is searched by the beginning of a name.
CREATE INDEX "audit_log_actor_idx" ON "audit_log" (lower("actor") text_pattern_ops, "id");

-- purge_audit_log runs with the rights of the table's owner. Whoever calls it must not be able to put a table of their own
-- in the place of the log: temporary tables are looked for first unless pg_temp is named last.
DO $$
BEGIN
  EXECUTE format(
    'ALTER FUNCTION purge_audit_log(INTEGER, INTEGER) SET search_path = pg_catalog, %I, pg_temp',
    current_schema()
  );
END $$;
-- `db:migrate` lets the application's role call it, where that is another one than the owner's.
REVOKE EXECUTE ON FUNCTION purge_audit_log(INTEGER, INTEGER) FROM PUBLIC;
