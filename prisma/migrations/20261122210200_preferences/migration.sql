-- What a person chose of what may call for their attention: of each kind { channel: on }, and quiet hours. What is left out is
-- as the software says.
CREATE TABLE "notification_preferences" (
    "user_id" TEXT NOT NULL,
    "kinds" JSONB NOT NULL DEFAULT '{}',
    "quiet_hours" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "notification_preferences_pkey" PRIMARY KEY ("user_id")
);
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- The same of one topic; it ends with the subscription.
ALTER TABLE "topic_subscriptions" ADD COLUMN "channels" JSONB NOT NULL DEFAULT '{}';

CREATE TRIGGER announce_changed AFTER UPDATE ON topic_subscriptions
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();
CREATE TRIGGER announce_added AFTER INSERT ON notification_preferences
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();
CREATE TRIGGER announce_changed AFTER UPDATE ON notification_preferences
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();

-- What this person chose; one row.
CREATE FUNCTION notification_preferences_of(p_user text) RETURNS TABLE (kinds jsonb, quiet_hours jsonb, topics jsonb)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY SELECT
    coalesce((SELECT p.kinds FROM notification_preferences p WHERE p.user_id = p_user), '{}'),
    coalesce((SELECT p.quiet_hours FROM notification_preferences p WHERE p.user_id = p_user), '{}'),
    coalesce((SELECT jsonb_object_agg(s.topic, s.channels) FROM topic_subscriptions s WHERE s.user_id = p_user), '{}');
END $$;

-- Changes what is given and leaves the rest. False, and nothing is changed: one of the topics is not followed. A person's row
-- is locked, so that their calls take turns.
CREATE FUNCTION change_notification_preferences(p_user text, p_kinds jsonb, p_topics jsonb, p_quiet_hours jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  PERFORM 1 FROM users WHERE id = p_user FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT FROM jsonb_object_keys(p_topics) AS t(topic)
    WHERE NOT EXISTS (SELECT FROM topic_subscriptions s WHERE s.user_id = p_user AND s.topic = t.topic)
  ) THEN
    RETURN false;
  END IF;
  UPDATE topic_subscriptions s SET channels = s.channels || t.value
  FROM jsonb_each(p_topics) t WHERE s.user_id = p_user AND s.topic = t.key;
  IF p_kinds <> '{}' OR p_quiet_hours <> '{}' THEN
    INSERT INTO notification_preferences AS p (user_id, kinds, quiet_hours) VALUES (p_user, p_kinds, p_quiet_hours)
    ON CONFLICT (user_id) DO UPDATE SET
      kinds = p.kinds || (
        SELECT coalesce(jsonb_object_agg(k.key, coalesce(p.kinds -> k.key, '{}') || k.value), '{}')
        FROM jsonb_each(excluded.kinds) k
      ),
      quiet_hours = p.quiet_hours || excluded.quiet_hours;
  END IF;
  RETURN true;
END $$;

-- As before; new: the topic that they were sent to.
CREATE OR REPLACE FUNCTION create_notifications(p_id text[], p_user text[], p_content jsonb, p_origin text)
RETURNS SETOF notifications
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  PERFORM 1 FROM users WHERE id = ANY (p_user) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH asked AS (
    SELECT * FROM unnest(p_id, p_user) WITH ORDINALITY AS a(id, user_id, ord)
  ), moved AS (
    UPDATE users u SET
      notification_version = u.notification_version + 1,
      notification_unread = u.notification_unread + 1,
      notification_last_at = greatest(clock_timestamp(), u.notification_last_at + interval '1 millisecond')
    FROM asked a WHERE u.id = a.user_id
    RETURNING u.id AS user_id, u.notification_version AS version, u.notification_last_at AS created_at, a.id AS notification_id, a.ord
  ), inserted AS (
    INSERT INTO notifications (id, user_id, version, title, message, type, avatar_image, avatar_icon, avatar_text, avatar_color, link, topic, created_at)
    SELECT m.notification_id, m.user_id, m.version, p_content ->> 'title', p_content ->> 'message', p_content ->> 'type',
      p_content ->> 'avatarImage', p_content ->> 'avatarIcon', p_content ->> 'avatarText', p_content ->> 'avatarColor', p_content ->> 'link', p_content ->> 'topic',
      m.created_at
    FROM moved m
    RETURNING *
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'notifications', 'items', jsonb_agg(jsonb_build_array(m.user_id, m.version))), p_origin)
    FROM moved m GROUP BY m.ord / 80
  )
  SELECT i.* FROM inserted i CROSS JOIN (SELECT count(*) FROM announced) AS run_announced;
END $$;
