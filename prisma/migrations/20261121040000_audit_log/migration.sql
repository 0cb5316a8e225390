-- Who did what, when and from where. Rows are written and read; nothing changes them, and only purge_audit_log removes
-- those that are past their retention. A trigger says so even to the owner of the table, and by mistake nobody can.
CREATE TABLE "audit_log" (
  "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "action" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  -- No foreign keys: what was done outlives who did it.
  "actor_id" TEXT,
  "actor" TEXT NOT NULL,
  "target" TEXT,
  "details" JSONB NOT NULL DEFAULT '{}',
  "transport" TEXT NOT NULL,
  "address" TEXT,
  "origin" TEXT,
  "session_id" TEXT,
  "correlation_id" TEXT
);

CREATE INDEX "audit_log_at_idx" ON "audit_log" ("at");
CREATE INDEX "audit_log_actor_id_id_idx" ON "audit_log" ("actor_id", "id");
CREATE INDEX "audit_log_target_id_idx" ON "audit_log" ("target", "id");
CREATE INDEX "audit_log_action_id_idx" ON "audit_log" ("action", "id");

CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('tandem.purges_audit_log', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE ON "audit_log"
  FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only();
CREATE TRIGGER "audit_log_no_truncate" BEFORE TRUNCATE ON "audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();

-- Removes at most so many of the oldest rows that are past their retention and says how many. Runs as the table's owner:
-- the application's own role needs no right to delete. Never fewer than a day is kept, whatever is asked for.
CREATE FUNCTION purge_audit_log(retention_days INTEGER, at_most INTEGER) RETURNS INTEGER
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  purged INTEGER;
BEGIN
  PERFORM set_config('tandem.purges_audit_log', 'on', true);
  DELETE FROM audit_log WHERE id IN (
    SELECT id FROM audit_log
    WHERE at < now() - make_interval(days => greatest(retention_days, 1))
    ORDER BY at LIMIT at_most FOR UPDATE SKIP LOCKED
  );
  GET DIAGNOSTICS purged = ROW_COUNT;
  PERFORM set_config('tandem.purges_audit_log', 'off', true);
  RETURN purged;
END $$;
