-- Who may do what: a role's permissions, and for each person what is added or removed. The names are those of
-- src/contracts/permissions.ts; one that a process does not know is passed over.
CREATE TABLE "role_permissions" (
    "role" TEXT NOT NULL,
    "permission" TEXT NOT NULL,

    CONSTRAINT "role_permissions_pkey" PRIMARY KEY ("role", "permission")
);

CREATE TABLE "user_permissions" (
    "user_id" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "is_granted" BOOLEAN NOT NULL,

    CONSTRAINT "user_permissions_pkey" PRIMARY KEY ("user_id", "permission")
);
ALTER TABLE "user_permissions" ADD CONSTRAINT "user_permissions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What everybody could do so far, and what admins could.
INSERT INTO "role_permissions" ("role", "permission")
SELECT r.name, p.name
FROM unnest(ARRAY['user', 'admin']) AS r(name)
CROSS JOIN unnest(ARRAY['chat:read', 'chat:write', 'chat:create-room', 'notifications:read', 'topics:subscribe', 'presence:read', 'users:search']) AS p(name);
INSERT INTO "role_permissions" ("role", "permission")
SELECT 'admin', p.name
FROM unnest(ARRAY['admin:view-health', 'admin:manage-connections', 'admin:manage-users', 'admin:view-audit', 'admin:manage-webhooks']) AS p(name);

-- `permissions`: what this person may do by all three together, so that reading a session reads it too. Triggers keep it.
-- `disabled_at`: since when this account is closed; it has no sessions and gets none.
ALTER TABLE "users"
    ADD COLUMN "permissions" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    ADD COLUMN "disabled_at" TIMESTAMPTZ(3);

CREATE FUNCTION effective_permissions(p_user text, p_role text) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(permission ORDER BY permission COLLATE "C"), '{}')
    FROM (
      (SELECT permission FROM role_permissions WHERE role = p_role
       UNION
       SELECT permission FROM user_permissions WHERE user_id = p_user AND is_granted)
      EXCEPT
      SELECT permission FROM user_permissions WHERE user_id = p_user AND NOT is_granted
    ) AS allowed
  );
END $$;

-- Nobody sets the column: whatever was written there, what holds is what the tables say. It is worked out with the row
-- locked and by what is committed then, so that changes at the same moment all count.
CREATE FUNCTION keep_permissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.permissions := effective_permissions(NEW.id, NEW.role);
  RETURN NEW;
END $$;
CREATE TRIGGER keep_permissions BEFORE INSERT OR UPDATE OF role, permissions ON users
  FOR EACH ROW EXECUTE FUNCTION keep_permissions();

CREATE FUNCTION apply_user_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE users SET permissions = '{}' WHERE id = OLD.user_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE users SET permissions = '{}' WHERE id = NEW.user_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER apply_user_permission AFTER INSERT OR UPDATE OR DELETE ON user_permissions
  FOR EACH ROW EXECUTE FUNCTION apply_user_permission();

CREATE FUNCTION apply_role_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE users SET permissions = '{}' WHERE role = OLD.role;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE users SET permissions = '{}' WHERE role = NEW.role;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER apply_role_permission AFTER INSERT OR UPDATE OR DELETE ON role_permissions
  FOR EACH ROW EXECUTE FUNCTION apply_role_permission();

UPDATE "users" SET "permissions" = '{}';

-- Every socket process looks at this person's sockets again, whoever changed the row. No process publishes this itself,
-- so the origin is nobody's.
CREATE FUNCTION announce_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM announce(jsonb_build_object('type', 'user', 'userId', NEW.id), 'database');
  RETURN NULL;
END $$;
CREATE TRIGGER announce_user AFTER UPDATE OF role, permissions, disabled_at ON users
  FOR EACH ROW
  WHEN ((OLD.role, OLD.permissions, OLD.disabled_at) IS DISTINCT FROM (NEW.role, NEW.permissions, NEW.disabled_at))
  EXECUTE FUNCTION announce_user();

-- A topic is open to everybody (`is_public`) or to those it was granted to. Until now anybody could follow any name: the
-- topics that somebody follows become public, so that nobody loses one.
CREATE TABLE "topics" (
    "name" TEXT NOT NULL,
    "is_public" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "topics_pkey" PRIMARY KEY ("name")
);
INSERT INTO "topics" ("name", "is_public") SELECT DISTINCT "topic", true FROM "topic_subscriptions";

CREATE TABLE "topic_access" (
    "user_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "topic_access_pkey" PRIMARY KEY ("user_id", "topic")
);
CREATE INDEX "topic_access_topic_idx" ON "topic_access"("topic");
ALTER TABLE "topic_access" ADD CONSTRAINT "topic_access_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "topic_access" ADD CONSTRAINT "topic_access_topic_fkey" FOREIGN KEY ("topic") REFERENCES "topics"("name") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "topic_subscriptions" ADD CONSTRAINT "topic_subscriptions_topic_fkey" FOREIGN KEY ("topic") REFERENCES "topics"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever loses a topic follows it no more, and does not again when it is given back.
CREATE FUNCTION end_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM topic_subscriptions s
  WHERE s.user_id = OLD.user_id AND s.topic = OLD.topic
    AND NOT EXISTS (SELECT 1 FROM topics t WHERE t.name = OLD.topic AND t.is_public);
  RETURN NULL;
END $$;
CREATE TRIGGER end_subscription AFTER DELETE ON topic_access
  FOR EACH ROW EXECUTE FUNCTION end_subscription();

CREATE FUNCTION end_subscriptions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM topic_subscriptions s
  WHERE s.topic = NEW.name
    AND NOT EXISTS (SELECT 1 FROM topic_access a WHERE a.user_id = s.user_id AND a.topic = s.topic);
  RETURN NULL;
END $$;
CREATE TRIGGER end_subscriptions AFTER UPDATE OF is_public ON topics
  FOR EACH ROW WHEN (OLD.is_public AND NOT NEW.is_public) EXECUTE FUNCTION end_subscriptions();

-- Follows a topic: 'ok', 'closed' (it is not open to this person) or 'full' (they follow `p_most` already). A person's row
-- is locked, so that their calls take turns; the topic, or the grant, is too, so that taking it away comes before or after.
CREATE FUNCTION subscribe_to_topic(p_user text, p_topic text, p_most int) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM users WHERE id = p_user FOR NO KEY UPDATE;
  PERFORM 1 FROM topics WHERE name = p_topic AND is_public FOR SHARE;
  IF NOT FOUND THEN
    PERFORM 1 FROM topic_access WHERE user_id = p_user AND topic = p_topic FOR SHARE;
    IF NOT FOUND THEN
      RETURN 'closed';
    END IF;
  END IF;
  IF EXISTS (SELECT 1 FROM topic_subscriptions WHERE user_id = p_user AND topic = p_topic) THEN
    RETURN 'ok';
  END IF;
  IF (SELECT count(*) FROM topic_subscriptions WHERE user_id = p_user) >= p_most THEN
    RETURN 'full';
  END IF;
  INSERT INTO topic_subscriptions (user_id, topic) VALUES (p_user, p_topic);
  RETURN 'ok';
END $$;

-- The one direct room of two people. Who comes second waits for the first's transaction and gets the same room. Whoever
-- was taken out of it does not come back by themselves: for them there is no row. Whoever is in it brings the other back,
-- with everything read; `created` is true then, too.
CREATE OR REPLACE FUNCTION get_or_create_direct_room(p_id text, p_user text, p_other text, p_origin text)
RETURNS TABLE (room_id text, created boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  pair text := least(p_user COLLATE "C", p_other COLLATE "C") || ':' || greatest(p_user COLLATE "C", p_other COLLATE "C");
  made text;
  newest int;
BEGIN
  SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  IF made IS NULL THEN
    INSERT INTO rooms (id, kind, direct_key) VALUES (p_id, 'direct', pair) ON CONFLICT (direct_key) DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
      INSERT INTO participants (room_id, user_id) VALUES (made, p_user), (made, p_other);
      PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
      RETURN QUERY SELECT made, true;
      RETURN;
    END IF;
    SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  END IF;
  IF (SELECT count(*) FROM participants p WHERE p.room_id = made) = 2 THEN
    RETURN QUERY SELECT made, false;
    RETURN;
  END IF;
  -- Looked at again under the room's lock: a removal comes before or after.
  SELECT r.last_seq INTO newest FROM rooms r WHERE r.id = made FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = made AND p.user_id = p_user) THEN
    RETURN;
  END IF;
  INSERT INTO participants (room_id, user_id, last_read_seq) VALUES (made, p_other, newest) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY SELECT made, false;
    RETURN;
  END IF;
  UPDATE rooms SET changed_at = clock_timestamp() WHERE id = made;
  PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
  RETURN QUERY SELECT made, true;
END $$;
DROP FUNCTION restore_direct_members(text, text, text, text);
