-- A topic is open to everybody (`is_public`) or to those it was granted to. Until now anybody could follow any name: the
-- topics that somebody follows become public, so that nobody loses one.
CREATE TABLE "topics" (
    "name" TEXT NOT NULL,
    "is_public" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "topics_pkey" PRIMARY KEY ("name")
);
-- Nobody follows a name between being looked at and the constraint below.
LOCK TABLE "topic_subscriptions" IN SHARE ROW EXCLUSIVE MODE;
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

-- Whether this person may follow this topic. What says so, the topic or the grant, is locked, so that taking it away comes
-- before or after what is done with the answer.
CREATE FUNCTION is_topic_open(p_user text, p_topic text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM topics WHERE name = p_topic AND is_public FOR SHARE;
  IF FOUND THEN
    RETURN true;
  END IF;
  PERFORM 1 FROM topic_access WHERE user_id = p_user AND topic = p_topic FOR SHARE;
  RETURN FOUND;
END $$;

-- A process of the version before, which may run for a while yet, knows no topics: it inserts whatever name somebody gives.
-- Where that is not open to them the row is passed over: the answer is as ever, and the topic is not followed. Neither is it
-- an error, nor does anybody come by a closed topic in that way. This version asks before it inserts.
CREATE FUNCTION refuse_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_topic_open(NEW.user_id, NEW.topic) THEN
    RETURN NEW;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refuse_subscription BEFORE INSERT ON topic_subscriptions
  FOR EACH ROW EXECUTE FUNCTION refuse_subscription();

-- Follows a topic: 'ok', 'closed' (it is not open to this person) or 'full' (they follow `p_most` already). A person's row
-- is locked, so that their calls take turns.
CREATE FUNCTION subscribe_to_topic(p_user text, p_topic text, p_most int) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM users WHERE id = p_user FOR NO KEY UPDATE;
  IF NOT is_topic_open(p_user, p_topic) THEN
    RETURN 'closed';
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
