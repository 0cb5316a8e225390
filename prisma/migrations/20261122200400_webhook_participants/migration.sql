-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

CREATE FUNCTION note_members() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_type text := CASE TG_OP WHEN 'INSERT' THEN 'participant.added' ELSE 'participant.removed' END;
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints e WHERE e.enabled AND v_type = ANY (e.events)) THEN
    PERFORM add_webhook_events(v_type, (
      SELECT jsonb_agg(jsonb_build_object('lane', 'room:' || m.room_id, 'subject', to_jsonb(m)) ORDER BY m.room_id, m.user_id)
      FROM moved m
      CROSS JOIN LATERAL (SELECT FROM rooms r WHERE r.id = m.room_id AND r.kind <> 'canary' LIMIT 1) r
    ));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_members_added AFTER INSERT ON participants REFERENCING NEW TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION note_members();
CREATE TRIGGER note_members_removed AFTER DELETE ON participants REFERENCING OLD TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION note_members();
