-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

CREATE FUNCTION note_room() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_type text := CASE TG_OP WHEN 'INSERT' THEN 'room.created' ELSE 'room.updated' END;
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints e WHERE e.enabled AND v_type = ANY (e.events)) THEN
    PERFORM add_webhook_events(v_type, jsonb_build_array(jsonb_build_object('lane', 'room:' || NEW.id, 'subject', to_jsonb(NEW))));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_new_room AFTER INSERT ON rooms
  FOR EACH ROW WHEN (NEW.kind <> 'canary') EXECUTE FUNCTION note_room();
CREATE TRIGGER note_changed_room AFTER UPDATE OF name, avatar_image ON rooms
  FOR EACH ROW WHEN ((OLD.name, OLD.avatar_image) IS DISTINCT FROM (NEW.name, NEW.avatar_image)) EXECUTE FUNCTION note_room();
