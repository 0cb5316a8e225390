-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

-- Planned once for each connection, when it may be of one notification, and then for thousands; those who have a browser that
-- is told are few.
CREATE FUNCTION note_pushed_notifications() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_is_first boolean;
BEGIN
  IF EXISTS (SELECT FROM push_subscriptions) THEN
    v_is_first := NOT EXISTS (SELECT FROM push_news);
    INSERT INTO push_news (notification_id)
    SELECT n.id FROM made n
    WHERE n.status = 'unread' AND EXISTS (SELECT FROM push_subscriptions s WHERE s.user_id = n.user_id);
    IF FOUND AND v_is_first THEN
      PERFORM announce('{"type": "push"}', 'database');
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_pushed_notifications AFTER INSERT ON notifications REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION note_pushed_notifications();
