-- As before (20261122190300_blocked_in_rooms); new: what is unread is counted by the index of its place. `ORDER BY` decides
-- against another index of the room, which costs the same while the table is small, and `FILTER`, unlike `WHERE`, against that
-- of the sender: a plan stays when the room has grown.
CREATE OR REPLACE FUNCTION mark_messages_read(p_room text, p_user text, p_up_to int, p_origin text, p_notifying text DEFAULT NULL)
RETURNS TABLE (changed boolean, count int, last_read_seq int, notification_ids text[], to_reader boolean)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  newest int;
  members int;
  target int;
  seen int;
  own_before int;
  own_after int;
  newly_read int;
  mentions int;
  v_barred text;
  alone boolean;
  told text[] := '{}';
BEGIN
  SELECT r.last_seq, r.member_count INTO newest, members FROM rooms r WHERE r.id = p_room FOR NO KEY UPDATE;
  SELECT p.last_read_seq, p.own_unread, p.unread_mentions, p.barred INTO seen, own_before, mentions, v_barred FROM participants p WHERE p.room_id = p_room AND p.user_id = p_user;
  IF seen IS NULL THEN
    RETURN;
  END IF;
  alone := members > 100 OR v_barred IS NOT DISTINCT FROM 'blocking';
  target := least(coalesce(p_up_to, newest), newest);
  IF target <= seen THEN
    RETURN QUERY SELECT false, 0, seen, told, alone;
    RETURN;
  END IF;
  SELECT count(*) FILTER (WHERE later.sender_id = p_user)::int INTO own_after
  FROM (SELECT m.sender_id FROM messages m WHERE m.room_id = p_room AND m.seq > target ORDER BY m.seq) later;
  newly_read := (target - seen) - (own_before - own_after);
  IF mentions > 0 THEN
    SELECT count(*)::int INTO mentions FROM message_mentions x WHERE x.room_id = p_room AND x.user_id = p_user AND x.seq > target;
    told := ARRAY(
      SELECT x.notification_id FROM message_mentions x
      WHERE x.room_id = p_room AND x.user_id = p_user AND x.seq > seen AND x.seq <= target
        AND (SELECT s.changed FROM set_notification_status(p_user, x.notification_id, 'read', p_notifying) s)
    );
  END IF;
  UPDATE participants p SET last_read_seq = target, own_unread = own_after, unread_mentions = mentions WHERE p.room_id = p_room AND p.user_id = p_user;
  IF alone THEN
    UPDATE participants p SET own_rev = p.own_rev + 1, own_changed_at = clock_timestamp() WHERE p.room_id = p_room AND p.user_id = p_user;
  ELSE
    UPDATE rooms r SET read_rev = r.read_rev + 1, changed_at = clock_timestamp() WHERE r.id = p_room;
  END IF;
  PERFORM announce(jsonb_build_object('type', 'read', 'roomId', p_room, 'userId', p_user, 'count', newly_read, 'lastReadSeq', target)
    || CASE WHEN alone THEN '{"toReader": true}' ELSE '{}' END::jsonb, p_origin);
  RETURN QUERY SELECT true, newly_read, target, told, alone;
END $$;

-- As before (20261122220000_push); new: what counts no more is looked for among the thousand that are due the longest, not
-- among all that are due, and no join and no EXISTS (which may become a table of hashes) reads more than it is asked for.
CREATE OR REPLACE FUNCTION push_take(p_most int, p_lease_ms int, p_most_each int, p_subscriptions text[], p_servers jsonb) RETURNS TABLE (
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
    SELECT x.subscription_id, x.tag
    FROM (SELECT y.subscription_id, y.tag FROM push_waiting y WHERE y.due_at <= v_now ORDER BY y.due_at LIMIT 1000) d
    JOIN push_waiting x ON x.subscription_id = ANY (ARRAY[d.subscription_id]) AND x.tag = ANY (ARRAY[d.tag])
    WHERE x.due_at <= v_now
      AND (x.news = 0 OR (SELECT s.id FROM push_subscriptions s WHERE s.id = x.subscription_id) IS NULL)
    FOR UPDATE OF x SKIP LOCKED
  ) g WHERE w.subscription_id = ANY (ARRAY[g.subscription_id]) AND w.tag = ANY (ARRAY[g.tag]);
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT x.subscription_id, x.tag, x.due_at, o.server
    FROM push_waiting x
    CROSS JOIN LATERAL (
      SELECT substring(s.endpoint FROM '^[a-z]+://([^/?#]+)') AS server FROM push_subscriptions s WHERE s.id = x.subscription_id LIMIT 1
    ) o
    WHERE x.due_at <= v_now AND x.news > 0 AND x.subscription_id <> ALL (p_subscriptions)
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
      ON x.subscription_id = ANY (ARRAY[f.subscription_id]) AND x.tag = ANY (ARRAY[f.tag])
    WHERE x.due_at <= v_now -- somebody else may have taken it meanwhile
    FOR UPDATE OF x SKIP LOCKED
  ), taken AS MATERIALIZED (
    UPDATE push_waiting w SET due_at = v_now + p_lease_ms * interval '1 millisecond'
    FROM chosen d
    WHERE w.subscription_id = ANY (ARRAY[d.subscription_id]) AND w.tag = ANY (ARRAY[d.tag])
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
  CROSS JOIN LATERAL (SELECT (SELECT x.expires_at > v_now FROM sessions x WHERE x.public_id = s.session_id) IS TRUE AS is_live) z
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
