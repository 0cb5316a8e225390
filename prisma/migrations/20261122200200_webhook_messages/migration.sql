-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

-- Whatever gives a message another rev: an edit, a deletion, a reaction.
CREATE FUNCTION note_changed_message() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints e WHERE e.enabled AND 'message.updated' = ANY (e.events)) THEN
    PERFORM add_webhook_events('message.updated', jsonb_build_array(jsonb_build_object('lane', 'room:' || NEW.room_id,
      'subject', to_jsonb(NEW) || jsonb_build_object('reply_to', quote_of(NEW.reply_to_id)))));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_changed_message AFTER UPDATE OF rev ON messages
  FOR EACH ROW WHEN (OLD.rev <> NEW.rev AND NEW.system IS NULL) EXECUTE FUNCTION note_changed_message();
