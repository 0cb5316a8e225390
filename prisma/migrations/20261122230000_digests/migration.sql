-- Everybody who sends, reads or comes uses the tables that these refer to: it is not waited for long, and tried again.
SET LOCAL lock_timeout = '2s';

-- When somebody's digest is next looked at, and what the ones before told. One row for each person, from the beginning: what
-- nobody looks at costs nothing.
CREATE TABLE "digests" (
    "user_id" TEXT NOT NULL,
    -- 'infinity': they want none.
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "sent_at" TIMESTAMPTZ(3),
    -- Notifications that were made up to then were told, or passed over.
    "told_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    -- What ends them, and nothing else; it stands in each. 122 random bits.
    "token" TEXT NOT NULL DEFAULT gen_random_uuid()::text,

    CONSTRAINT "digests_pkey" PRIMARY KEY ("user_id")
);
CREATE UNIQUE INDEX "digests_token_key" ON "digests"("token");
CREATE INDEX "digests_look_at_idx" ON "digests"("look_at");
ALTER TABLE "digests" ADD CONSTRAINT "digests_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Likewise of the messages of a room: up to that place. Apart from `participants`, which who sends and reads waits for.
CREATE TABLE "digest_positions" (
    "user_id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "digest_positions_pkey" PRIMARY KEY ("room_id", "user_id")
);
ALTER TABLE "digest_positions" ADD CONSTRAINT "digest_positions_room_id_user_id_fkey" FOREIGN KEY ("room_id", "user_id") REFERENCES "participants"("room_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who is there already follows in another file: nobody waits while that is done.
CREATE FUNCTION begin_digests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO digests (user_id) SELECT a.id FROM added a;
  RETURN NULL;
END $$;
CREATE TRIGGER begin_digests AFTER INSERT ON users
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION begin_digests();

-- Somebody whose time to be looked at has come, the one whose turn it is longest. Whoever calls has a quarter of an hour for
-- them: until then nobody else takes them, and afterwards it is tried again, should nothing have come of it.
CREATE FUNCTION claim_digest() RETURNS TABLE (
  user_id text, claimed_until timestamptz, email text, name text, last_seen timestamptz, is_closed boolean, sent_at timestamptz,
  told_at timestamptz, token text
)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_user text;
BEGIN
  SELECT x.user_id INTO v_user FROM digests x
  WHERE x.look_at <= now() ORDER BY x.look_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  RETURN QUERY
  UPDATE digests d SET look_at = now() + interval '15 minutes' FROM users u
  WHERE d.user_id = v_user AND u.id = v_user
  RETURNING d.user_id, d.look_at, u.email, u.name, u.last_seen, u.disabled_at IS NOT NULL OR u.is_demo OR u.email_proved_at IS NULL,
    d.sent_at, d.told_at,
    d.token;
END $$;

-- The rooms in which something is unread that no digest told yet: at most p_most, the latest first, and none in which nothing
-- was written for a week. `newest`: the last three of it, each { name, text }. Whom one has blocked says nothing.
CREATE FUNCTION digest_rooms(p_user text, p_most int) RETURNS TABLE (
  room_id text, kind text, name text, muted_until timestamptz, last_seq int, oldest_at timestamptz, unread int, newest jsonb
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
  SELECT x.id, x.kind, coalesce(x.name, partner.name, ''), x.muted_until, x.last_seq, x.oldest_at, counted.n, latest.newest
  FROM (
    SELECT r.*, p.muted_until, done.seq AS done, oldest.created_at AS oldest_at
    FROM participants p
    CROSS JOIN LATERAL (
      SELECT q.id, q.kind, q.name, q.last_seq, q.updated_at FROM rooms q
      WHERE q.id = p.room_id AND q.kind IN ('direct', 'group') AND q.last_seq > p.last_read_seq + p.own_unread
        AND q.updated_at > now() - interval '7 days'
      LIMIT 1
    ) r
    LEFT JOIN LATERAL (SELECT t.seq FROM digest_positions t WHERE t.user_id = p_user AND t.room_id = p.room_id LIMIT 1) told ON true
    CROSS JOIN LATERAL (SELECT greatest(p.last_read_seq, coalesce(told.seq, 0)) AS seq) done
    -- Rooms in which nothing is to be told hide no others.
    CROSS JOIN LATERAL (
      SELECT m.created_at FROM messages m
      WHERE m.room_id = p.room_id AND m.seq > done.seq AND m.sender_id <> p_user AND m.deleted_at IS NULL AND m.system IS NULL
        AND NOT EXISTS (SELECT FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id = m.sender_id)
      ORDER BY m.seq LIMIT 1
    ) oldest
    WHERE p.user_id = p_user AND p.barred IS DISTINCT FROM 'blocking' AND r.last_seq > coalesce(told.seq, 0)
    ORDER BY r.updated_at DESC LIMIT p_most
  ) x
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS n FROM (
      SELECT FROM messages m
      WHERE m.room_id = x.id AND m.seq > x.done AND m.sender_id <> p_user AND m.deleted_at IS NULL AND m.system IS NULL
        AND NOT EXISTS (SELECT FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id = m.sender_id)
      ORDER BY m.seq DESC LIMIT 100
    ) latest_few
  ) counted
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('name', u.name, 'text', m.text) ORDER BY m.seq) AS newest FROM (
      SELECT y.seq, y.sender_id, left(y.message, 400) AS text FROM messages y
      WHERE y.room_id = x.id AND y.seq > x.done AND y.sender_id <> p_user AND y.deleted_at IS NULL AND y.system IS NULL
        AND NOT EXISTS (SELECT FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id = y.sender_id)
      ORDER BY y.seq DESC LIMIT 3
    ) m
    CROSS JOIN LATERAL (SELECT w.name FROM users w WHERE w.id = m.sender_id LIMIT 1) u
  ) latest
  LEFT JOIN LATERAL (
    SELECT w.name FROM participants o CROSS JOIN LATERAL (SELECT z.name FROM users z WHERE z.id = o.user_id LIMIT 1) w
    WHERE x.kind = 'direct' AND o.room_id = x.id AND o.user_id <> p_user LIMIT 1
  ) partner ON true
  ORDER BY x.updated_at DESC;
END $$;

-- Likewise of the notifications.
CREATE FUNCTION digest_notifications(p_user text, p_told timestamptz, p_most int) RETURNS TABLE (
  title text, message text, type text, link text, topic text, created_at timestamptz
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
  SELECT n.title, n.message, n.type, n.link, n.topic, n.created_at
  FROM notifications n
  LEFT JOIN LATERAL (
    -- The message in which somebody named them.
    SELECT m.sender_id FROM messages m
    WHERE m.room_id = substring(n.link FROM '^/chat/([^/?]+)\?at=') AND m.seq = substring(n.link FROM '\?at=(\d{1,9})$')::int
    LIMIT 1
  ) named ON true
  LEFT JOIN LATERAL (
    SELECT b.blocked_id FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id = named.sender_id LIMIT 1
  ) blocked ON true
  WHERE n.user_id = p_user AND n.created_at > greatest(p_told, now() - interval '7 days') AND n.status = 'unread'
    AND blocked.blocked_id IS NULL
  ORDER BY n.created_at DESC LIMIT p_most;
END $$;

-- Notes when to look again, unless they chose another digest since they were claimed, and, where a digest was made, what it told
-- (p_rooms and p_seqs, p_told); p_sent where it was sent.
CREATE FUNCTION note_digest(
  p_user text, p_claimed timestamptz, p_look timestamptz, p_sent boolean, p_told timestamptz, p_rooms text[], p_seqs int[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  UPDATE digests d SET
    look_at = CASE WHEN d.look_at = p_claimed THEN coalesce(p_look, 'infinity') ELSE d.look_at END,
    sent_at = CASE WHEN p_sent THEN now() ELSE d.sent_at END,
    told_at = greatest(d.told_at, p_told)
  WHERE d.user_id = p_user;
  -- Who has left a room meanwhile is told nothing more of it.
  INSERT INTO digest_positions AS t (user_id, room_id, seq)
  SELECT p_user, a.room_id, a.seq FROM unnest(p_rooms, p_seqs) AS a(room_id, seq)
  CROSS JOIN LATERAL (SELECT FROM participants p WHERE p.room_id = a.room_id AND p.user_id = p_user LIMIT 1) p
  ORDER BY a.room_id
  ON CONFLICT (room_id, user_id) DO UPDATE SET seq = greatest(t.seq, excluded.seq);
END $$;
