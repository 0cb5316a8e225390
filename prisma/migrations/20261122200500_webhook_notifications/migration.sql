-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

CREATE FUNCTION note_notifications() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints e WHERE e.enabled AND 'notification.created' = ANY (e.events)) THEN
    PERFORM add_webhook_events('notification.created', (
      SELECT jsonb_agg(jsonb_build_object('lane', 'user:' || n.user_id, 'subject', to_jsonb(n)) ORDER BY n.user_id, n.version) FROM made n
    ));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_notifications AFTER INSERT ON notifications REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION note_notifications();

-- Planned once for each connection, when it may be of one notification, and then for thousands: each compared with each
-- takes seconds.
CREATE FUNCTION note_read_notifications() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_nestloop = off AS $$
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints e WHERE e.enabled AND 'notification.read' = ANY (e.events)) THEN
    PERFORM add_webhook_events('notification.read', (
      SELECT jsonb_agg(jsonb_build_object('lane', 'user:' || n.user_id, 'subject', to_jsonb(n)) ORDER BY n.user_id, n.created_at)
      FROM after_it n JOIN before_it b ON b.id = n.id
      WHERE n.status = 'read' AND b.status <> 'read'
    ));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_read_notifications AFTER UPDATE ON notifications REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION note_read_notifications();
