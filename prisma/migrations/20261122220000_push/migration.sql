-- Everybody queues behind whoever waits for users and sessions: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

-- Browsers that are told of what happens while no page is open, each by its maker's push service. One ends with the session
-- that it was made in, so that a shared computer does not go on telling.
CREATE TABLE "push_subscriptions" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    -- What is sent there is encrypted with these.
    "p256dh" TEXT NOT NULL,
    "auth" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    -- Attempts that failed since the last one that did not, since when, and until when nothing is tried.
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "push_subscriptions_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "push_subscriptions_endpoint_key" ON "push_subscriptions"("endpoint");
CREATE INDEX "push_subscriptions_user_id_created_at_idx" ON "push_subscriptions"("user_id", "created_at");
CREATE INDEX "push_subscriptions_session_id_idx" ON "push_subscriptions"("session_id");
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("public_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What happened and nobody has looked at yet: in a room from a message on, or a notification. Written in the transaction of what
-- happened, only ever added to by it.
CREATE TABLE "push_news" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY,
    "room_id" TEXT,
    "seq" INTEGER,
    "notification_id" TEXT,
    "happened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "push_news_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "push_news_happened_at_idx" ON "push_news"("happened_at");

-- What a browser may be told soon, and for a while what it was told: one row for each conversation (topic, notification) however
-- much happens there. Without foreign keys, so that whoever signs out and what is written here never wait for each other: what
-- is gone by then is not told.
CREATE TABLE "push_waiting" (
    "subscription_id" TEXT NOT NULL,
    -- What takes the place of what: 'room:ID', 'topic:NAME' or 'notification:ID'.
    "tag" TEXT NOT NULL,
    "room_id" TEXT,
    -- The first message of the room that it is about; null: only notifications.
    "from_seq" INTEGER,
    -- The newest first, so many at most: which of them may be told is decided then.
    "notification_ids" TEXT[] NOT NULL DEFAULT '{}',
    -- Counts what came in since it was told: whoever has sent it sees whether something came meanwhile.
    "news" INTEGER NOT NULL DEFAULT 1,
    -- The first of it, and the newest.
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    -- How often it was told while nothing of it was read, and the last time: when, of which notifications, and how far its room
    -- was read then.
    "told" INTEGER NOT NULL DEFAULT 0,
    "told_at" TIMESTAMPTZ(3),
    "told_ids" TEXT[] NOT NULL DEFAULT '{}',
    "read_seq" INTEGER,
    -- Not before then. Where nothing came since it was told: forgotten then.
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "push_waiting_pkey" PRIMARY KEY ("subscription_id", "tag")
);
CREATE INDEX "push_waiting_due_at_idx" ON "push_waiting"("due_at");

-- Of one person at most so many, the oldest goes. A browser has one person: with its keys it comes over to whoever is signed in
-- there now. One that is known keeps what failed there. 'taken': the address is somebody else's, and so are the keys; 'ended':
-- the session is over.
CREATE FUNCTION add_push_subscription(p_id text, p_user text, p_session text, p_endpoint text, p_p256dh text, p_auth text, p_most int)
RETURNS text LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  -- Their calls take turns.
  PERFORM 1 FROM users WHERE id = p_user FOR NO KEY UPDATE;
  PERFORM 1 FROM sessions x WHERE x.public_id = p_session FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN 'ended';
  END IF;
  DELETE FROM push_subscriptions s
  WHERE s.endpoint = p_endpoint AND s.user_id <> p_user AND s.p256dh = p_p256dh AND s.auth = p_auth;
  INSERT INTO push_subscriptions AS s (id, user_id, session_id, endpoint, p256dh, auth)
  VALUES (p_id, p_user, p_session, p_endpoint, p_p256dh, p_auth)
  ON CONFLICT (endpoint) DO UPDATE SET
    session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at,
    failures = CASE WHEN s.p256dh = excluded.p256dh AND s.auth = excluded.auth THEN s.failures ELSE 0 END,
    failing_since = CASE WHEN s.p256dh = excluded.p256dh AND s.auth = excluded.auth THEN s.failing_since END,
    retry_at = CASE WHEN s.p256dh = excluded.p256dh AND s.auth = excluded.auth THEN s.retry_at END
  WHERE s.user_id = excluded.user_id;
  IF NOT FOUND THEN
    RETURN 'taken';
  END IF;
  DELETE FROM push_subscriptions s WHERE s.id IN (
    SELECT o.id FROM push_subscriptions o WHERE o.user_id = p_user ORDER BY o.created_at DESC, o.id OFFSET p_most
  );
  RETURN 'added';
END $$;

-- Notes of the messages of a batch those that it stored. Whoever calls it has looked whether anybody has a subscription. Only
-- the first of what waits is announced: commits that announce take turns, all over the database.
CREATE FUNCTION add_push_news(p_id text[]) RETURNS void LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_is_first boolean := NOT EXISTS (SELECT FROM push_news);
BEGIN
  INSERT INTO push_news (room_id, seq)
  SELECT m.room_id, min(m.seq) FROM unnest(p_id) AS a(id)
  CROSS JOIN LATERAL (SELECT x.room_id, x.seq FROM messages x WHERE x.id = a.id LIMIT 1) m
  GROUP BY m.room_id;
  IF FOUND AND v_is_first THEN
    PERFORM announce('{"type": "push"}', 'database');
  END IF;
END $$;

-- Finds for some of what happened the browsers that may be told. How many it was; fewer than that may be: no more waits.
CREATE FUNCTION push_spread(p_most int, p_delay_ms int) RETURNS int
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_taken int;
BEGIN
  WITH taken AS MATERIALIZED (
    DELETE FROM push_news p WHERE p.id IN (SELECT x.id FROM push_news x ORDER BY x.id LIMIT p_most)
    RETURNING p.room_id, p.seq, p.notification_id, p.happened_at
  ), rooms_told AS MATERIALIZED (
    SELECT t.room_id, min(t.seq) AS seq, count(*)::int AS n, min(t.happened_at) AS began_at, max(t.happened_at) AS happened_at
    FROM taken t WHERE t.room_id IS NOT NULL GROUP BY t.room_id
  ), told AS (
    SELECT s.id, s.retry_at, 'room:' || t.room_id AS tag, t.room_id, t.seq AS from_seq, NULL AS notification_id, t.n,
      t.began_at, t.happened_at
    FROM rooms_told t
    CROSS JOIN LATERAL (SELECT r.kind, r.last_seq FROM rooms r WHERE r.id = t.room_id AND r.kind <> 'canary' LIMIT 1) r
    JOIN participants p ON p.room_id = t.room_id
    JOIN push_subscriptions s ON s.user_id = p.user_id
    WHERE p.last_read_seq < r.last_seq AND (p.muted_until IS NULL OR p.muted_until <= t.happened_at)
    UNION ALL
    -- What leads to a message tells of being named there, and has the place of its conversation.
    SELECT s.id, s.retry_at,
      coalesce('room:' || l.room_id, 'topic:' || n.topic, 'notification:' || n.id), l.room_id, NULL, n.id, 1,
      t.happened_at, t.happened_at
    FROM taken t
    CROSS JOIN LATERAL (SELECT x.id, x.user_id, x.topic, x.link FROM notifications x WHERE x.id = t.notification_id LIMIT 1) n
    CROSS JOIN LATERAL (SELECT substring(n.link FROM '^/chat/([^/?#]+)') AS room_id) l
    JOIN push_subscriptions s ON s.user_id = n.user_id
  ), one_each AS (
    SELECT t.id, t.tag, max(t.room_id) AS room_id, min(t.from_seq) AS from_seq,
      coalesce(array_agg(t.notification_id ORDER BY t.happened_at DESC) FILTER (WHERE t.notification_id IS NOT NULL), '{}') AS notification_ids,
      sum(t.n)::int AS n, min(t.began_at) AS began_at, max(t.happened_at) AS happened_at,
      greatest(min(t.began_at) + p_delay_ms * interval '1 millisecond', max(t.retry_at)) AS due_at
    FROM told t GROUP BY t.id, t.tag
  ), spread AS (
    INSERT INTO push_waiting AS w (subscription_id, tag, room_id, from_seq, notification_ids, news, began_at, happened_at, due_at)
    SELECT o.id, o.tag, o.room_id, o.from_seq, o.notification_ids[:20], o.n, o.began_at, o.happened_at, o.due_at
    FROM one_each o ORDER BY o.id, o.tag
    ON CONFLICT (subscription_id, tag) DO UPDATE SET
      from_seq = least(w.from_seq, excluded.from_seq),
      notification_ids = (excluded.notification_ids || w.notification_ids)[:20],
      news = w.news + excluded.news,
      began_at = CASE WHEN w.news = 0 THEN excluded.began_at ELSE w.began_at END,
      happened_at = excluded.happened_at,
      due_at = CASE WHEN w.news = 0 THEN excluded.due_at ELSE w.due_at END
  )
  SELECT count(*)::int INTO v_taken FROM taken;
  RETURN v_taken;
END $$;

-- Takes some of what is due, with all that it takes to decide: nobody else takes it for `p_lease_ms`, and somebody does after
-- that unless it is done. Of each subscription one that is not under way (`p_subscriptions`), and no more of one server than
-- `p_most_each` with those that are (`p_servers`: how many, by name). `room` and `notifications` are what is unread of it now.
CREATE FUNCTION push_take(p_most int, p_lease_ms int, p_most_each int, p_subscriptions text[], p_servers jsonb) RETURNS TABLE (
  subscription_id text, tag text, news int, failures int, server text, endpoint text, p256dh text, auth text,
  user_id text, last_seen timestamptz, permissions text[], kinds jsonb, quiet_hours jsonb, topics jsonb,
  newest_ms float8, oldest_ms float8, told int, told_ms float8, notification_ids text[], room jsonb, notifications jsonb
)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  -- What waits for a browser that is gone, and what was told so long ago that it counts no more.
  DELETE FROM push_waiting w USING (
    SELECT x.subscription_id, x.tag FROM push_waiting x
    WHERE x.due_at <= v_now
      AND (x.news = 0 OR NOT EXISTS (SELECT FROM push_subscriptions s WHERE s.id = x.subscription_id))
    ORDER BY x.due_at LIMIT 1000 FOR UPDATE SKIP LOCKED
  ) g WHERE w.subscription_id = g.subscription_id AND w.tag = g.tag;
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT x.subscription_id, x.tag, x.due_at, o.server
    FROM push_waiting x
    CROSS JOIN LATERAL (
      SELECT substring(s.endpoint FROM '^[a-z]+://([^/?#]+)') AS server FROM push_subscriptions s WHERE s.id = x.subscription_id LIMIT 1
    ) o
    WHERE x.due_at <= v_now AND x.subscription_id <> ALL (p_subscriptions)
      AND coalesce((p_servers ->> o.server)::int, 0) < p_most_each
    ORDER BY x.due_at LIMIT 200
  ), one_each AS (
    SELECT DISTINCT ON (d.subscription_id) d.* FROM due d ORDER BY d.subscription_id, d.due_at
  ), few_each AS (
    SELECT e.*, coalesce((p_servers ->> e.server)::int, 0) + row_number() OVER (PARTITION BY e.server ORDER BY e.due_at) AS place
    FROM one_each e
  ), chosen AS MATERIALIZED (
    SELECT x.subscription_id, x.tag, f.server FROM push_waiting x
    JOIN (SELECT f.* FROM few_each f WHERE f.place <= p_most_each ORDER BY f.due_at LIMIT p_most) f
      ON f.subscription_id = x.subscription_id AND f.tag = x.tag
    FOR UPDATE OF x SKIP LOCKED
  ), taken AS MATERIALIZED (
    UPDATE push_waiting w SET due_at = v_now + p_lease_ms * interval '1 millisecond'
    FROM chosen d
    WHERE w.subscription_id = d.subscription_id AND w.tag = d.tag
    RETURNING w.*, d.server
  )
  SELECT w.subscription_id, w.tag, w.news, s.failures, w.server, s.endpoint, s.p256dh, s.auth,
    s.user_id, u.last_seen, CASE WHEN z.is_live THEN u.permissions ELSE '{}' END, c.kinds, c.quiet_hours, c.topics,
    extract(epoch FROM v_now - w.happened_at)::float8 * 1000, extract(epoch FROM v_now - w.began_at)::float8 * 1000,
    -- Who has read on since is told anew.
    CASE WHEN w.read_seq IS DISTINCT FROM a.last_read_seq OR cardinality(w.told_ids) > (
      SELECT count(*) FROM notifications x WHERE x.id = ANY (w.told_ids) AND x.status = 'unread'
    ) THEN 0 ELSE w.told END,
    extract(epoch FROM v_now - w.told_at)::float8 * 1000, w.notification_ids, r.room, coalesce(n.notifications, '[]')
  FROM taken w
  CROSS JOIN LATERAL (SELECT x.* FROM push_subscriptions x WHERE x.id = w.subscription_id LIMIT 1) s
  CROSS JOIN LATERAL (SELECT x.last_seen, x.permissions FROM users x WHERE x.id = s.user_id LIMIT 1) u
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM sessions x WHERE x.public_id = s.session_id AND x.expires_at > v_now) AS is_live) z
  CROSS JOIN LATERAL notification_preferences_of(s.user_id) c
  LEFT JOIN LATERAL (
    SELECT x.last_read_seq FROM participants x WHERE x.room_id = w.room_id AND x.user_id = s.user_id LIMIT 1
  ) a ON true
  LEFT JOIN LATERAL (
    -- The newest first. What leads to a room is for its members, and nobody is told of who named them while they block them.
    SELECT jsonb_agg(x ORDER BY x.version DESC) AS notifications FROM notifications x
    WHERE x.id = ANY (w.notification_ids) AND x.user_id = s.user_id AND x.status = 'unread'
      AND (w.room_id IS NULL OR a.last_read_seq IS NOT NULL)
      AND NOT EXISTS (
        SELECT FROM message_mentions k
        JOIN messages m ON m.room_id = k.room_id AND m.seq = k.seq
        JOIN user_blocks b ON b.blocker_id = s.user_id AND b.blocked_id = m.sender_id
        WHERE k.room_id = w.room_id AND k.user_id = s.user_id AND k.seq = substring(x.link FROM '[?&]at=([0-9]{1,9})')::int
          AND k.notification_id = x.id)
  ) n ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_build_object('kind', q.kind, 'name', q.name, 'mutedUntil', utc_iso(p.muted_until),
      'text', m.message, 'count', m.count, 'senderName', b.name, 'picture', coalesce(q.avatar_image, b.avatar_image),
      'mentioned', p.unread_mentions > 0 AND EXISTS (
        SELECT FROM message_mentions k JOIN messages o ON o.room_id = k.room_id AND o.seq = k.seq
        WHERE k.room_id = q.id AND k.user_id = s.user_id AND k.seq > p.last_read_seq
          AND NOT EXISTS (SELECT FROM user_blocks x WHERE x.blocker_id = s.user_id AND x.blocked_id = o.sender_id))) AS room
    FROM rooms q
    CROSS JOIN LATERAL (
      SELECT x.last_read_seq, x.muted_until, x.unread_mentions FROM participants x WHERE x.room_id = q.id AND x.user_id = s.user_id LIMIT 1
    ) p
    CROSS JOIN LATERAL (
      -- The newest that may call for attention: not one's own, not of somebody who is blocked, not one that was told as a mention.
      SELECT x.message, x.sender_id, count(*) OVER ()::int AS count FROM (
        SELECT y.message, y.sender_id, y.seq FROM messages y
        WHERE y.room_id = q.id AND y.seq >= greatest(w.from_seq, p.last_read_seq + 1)
          AND y.sender_id <> s.user_id AND y.deleted_at IS NULL AND y.system IS NULL
          AND NOT coalesce(y.mentions ? s.user_id, false)
          AND NOT EXISTS (SELECT FROM user_blocks k WHERE k.blocker_id = s.user_id AND k.blocked_id = y.sender_id)
        ORDER BY y.seq DESC LIMIT 100
      ) x ORDER BY x.seq DESC LIMIT 1
    ) m
    CROSS JOIN LATERAL (SELECT x.name, x.avatar_image FROM users x WHERE x.id = m.sender_id LIMIT 1) b
    WHERE q.id = w.room_id AND w.from_seq IS NOT NULL
    LIMIT 1
  ) r ON true;
END $$;

-- It needs not be told any more. What came in meanwhile is told later.
CREATE FUNCTION push_done(p_subscription text, p_tag text, p_news int, p_delay_ms int) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM push_waiting w WHERE w.subscription_id = p_subscription AND w.tag = p_tag AND w.news = p_news;
  IF NOT FOUND THEN
    UPDATE push_waiting w SET began_at = w.happened_at, due_at = clock_timestamp() + p_delay_ms * interval '1 millisecond'
    WHERE w.subscription_id = p_subscription AND w.tag = p_tag;
  END IF;
END $$;

-- It was told: for a while it is known how often, so that what is not read rings more and more seldom. What came in meanwhile
-- is told later, without the notifications that were decided upon.
CREATE FUNCTION push_sent(p_subscription text, p_tag text, p_news int, p_told int, p_decided text[], p_told_ids text[], p_delay_ms int, p_remember_ms int)
RETURNS void LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  UPDATE push_waiting w SET
    news = w.news - p_news,
    told = p_told, told_at = clock_timestamp(), told_ids = p_told_ids,
    read_seq = (
      SELECT p.last_read_seq FROM push_subscriptions s JOIN participants p ON p.user_id = s.user_id AND p.room_id = w.room_id
      WHERE s.id = p_subscription
    ),
    from_seq = CASE WHEN w.news > p_news THEN w.from_seq END,
    notification_ids = ARRAY(SELECT x.id FROM unnest(w.notification_ids) WITH ORDINALITY AS x(id, ord) WHERE x.id <> ALL (p_decided) ORDER BY x.ord),
    began_at = w.happened_at,
    due_at = clock_timestamp() + CASE WHEN w.news > p_news THEN p_delay_ms ELSE p_remember_ms END * interval '1 millisecond'
  WHERE w.subscription_id = p_subscription AND w.tag = p_tag;
  UPDATE push_subscriptions s SET failures = 0, failing_since = NULL, retry_at = NULL WHERE s.id = p_subscription AND s.failures > 0;
END $$;

-- An attempt failed that can succeed later: nothing is tried there for so long. What is older than `p_give_up_ms` is given up,
-- and the subscription itself when it has failed for as long as `p_forget_ms`. How many were given up.
CREATE FUNCTION push_failed(p_subscription text, p_retry_ms int, p_give_up_ms bigint, p_forget_ms bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_given_up int;
BEGIN
  -- In the order in which they are written when something happens.
  PERFORM 1 FROM push_waiting w WHERE w.subscription_id = p_subscription ORDER BY w.tag FOR UPDATE;
  UPDATE push_subscriptions s SET
    failures = CASE WHEN s.retry_at > v_now THEN s.failures ELSE s.failures + 1 END, failing_since = coalesce(s.failing_since, v_now), retry_at = v_now + p_retry_ms * interval '1 millisecond'
  WHERE s.id = p_subscription;
  DELETE FROM push_waiting w
  WHERE w.subscription_id = p_subscription AND w.happened_at < v_now - p_give_up_ms * interval '1 millisecond';
  GET DIAGNOSTICS v_given_up = ROW_COUNT;
  UPDATE push_waiting w SET due_at = v_now + p_retry_ms * interval '1 millisecond' WHERE w.subscription_id = p_subscription AND w.news > 0;
  DELETE FROM push_subscriptions s WHERE s.id = p_subscription AND s.failing_since < v_now - p_forget_ms * interval '1 millisecond';
  RETURN v_given_up;
END $$;
