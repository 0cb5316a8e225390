-- The group commit, as before; it also notes who has written, and says by whose message two people met (`met` is the other
-- one of them; null everywhere else), so that both are shown each other's presence at once.
DROP FUNCTION insert_messages(text[], text[], text[], text[], text[], text);
CREATE FUNCTION insert_messages(p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text)
RETURNS TABLE (ord int, outcome text, id text, seq int, rev int, message text, created_at timestamptz, edited_at timestamptz, deleted_at timestamptz, met text)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
  -- Every process locks in the same order, so none waits in a circle. NO KEY: foreign-key checks need not wait for us.
  PERFORM 1 FROM rooms WHERE id = ANY (p_room) ORDER BY id FOR NO KEY UPDATE;

  -- A statement of its own: its snapshot is taken after the locks are held and sees all that committed meanwhile.
  RETURN QUERY
  WITH asked AS (
    SELECT * FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
  ), stored AS (
    SELECT s.*
    FROM (SELECT DISTINCT sender_id, client_id FROM asked) k
    CROSS JOIN LATERAL (SELECT * FROM messages m WHERE m.sender_id = k.sender_id AND m.client_id = k.client_id LIMIT 1) s
  ), fresh AS (
    SELECT DISTINCT ON (a.sender_id, a.client_id) a.*, p.last_read_seq, p.has_written
    FROM asked a
    CROSS JOIN LATERAL (SELECT q.last_read_seq, q.has_written FROM participants q WHERE q.room_id = a.room_id AND q.user_id = a.sender_id LIMIT 1) p
    WHERE NOT EXISTS (SELECT 1 FROM stored s WHERE s.sender_id = a.sender_id AND s.client_id = a.client_id)
    ORDER BY a.sender_id, a.client_id, a.ord
  ), numbered AS (
    SELECT f.*, r.kind, r.last_seq, r.last_rev, (row_number() OVER (PARTITION BY f.room_id ORDER BY f.ord))::int AS n
    FROM fresh f
    CROSS JOIN LATERAL (SELECT q.kind, q.last_seq, q.last_rev FROM rooms q WHERE q.id = f.room_id LIMIT 1) r
  ), inserted AS (
    INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
    SELECT id, room_id, last_seq + n, last_rev + n, sender_id, client_id, message, clock_timestamp()
    FROM numbered
    ORDER BY sender_id, client_id -- unique-index waits, too, in one order for all
    RETURNING *
  ), counted AS (
    SELECT room_id, count(*)::int AS n, min(last_rev) + 1 AS from_rev, max(last_rev) + count(*)::int AS to_rev
    FROM numbered GROUP BY room_id
  ), moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n,
      updated_at = clock_timestamp(), changed_at = clock_timestamp()
    FROM counted c WHERE r.id = c.room_id
  ), sent AS (
    SELECT room_id, sender_id, max(last_seq + n) AS highest, count(*)::int AS n,
      min(last_read_seq) = min(last_seq + n) - 1 AND max(n) - min(n) + 1 = count(*) AS had_read_all
    FROM numbered GROUP BY room_id, sender_id
  ), own AS (
    -- Who had read everything before has read their own message too; who had not has one more of their own after it.
    UPDATE participants p SET
      last_read_seq = CASE WHEN s.had_read_all THEN s.highest ELSE p.last_read_seq END,
      own_unread = CASE WHEN s.had_read_all THEN 0 ELSE p.own_unread + s.n END,
      has_written = true
    FROM sent s WHERE p.room_id = s.room_id AND p.user_id = s.sender_id
  ), acquainted AS (
    -- Whose first message in a direct room this is, while the other has written before, or does in this very batch.
    SELECT DISTINCT n.room_id, n.sender_id, q.user_id AS partner_id
    FROM numbered n
    CROSS JOIN LATERAL (SELECT p.user_id, p.has_written FROM participants p WHERE p.room_id = n.room_id AND p.user_id <> n.sender_id LIMIT 1) q
    WHERE NOT n.has_written AND n.kind = 'direct'
      AND (q.has_written OR EXISTS (SELECT 1 FROM numbered o WHERE o.room_id = n.room_id AND o.sender_id = q.user_id))
  ), portions AS (
    -- A NOTIFY must stay below 8,000 bytes: as many rooms as have 7,000 between them, and the last may reach over that.
    SELECT jsonb_agg(room_range) AS rooms
    FROM (
      SELECT room_range, sum(octet_length(room_range::text) + 2) OVER (ORDER BY room_id) / 7000 AS portion
      FROM (SELECT room_id, jsonb_build_array(room_id, from_rev, to_rev) AS room_range FROM counted WHERE p_origin IS NOT NULL) c
    ) measured
    GROUP BY portion
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'messages', 'rooms', rooms), p_origin) FROM portions
  ), announced_acquaintances AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'acquainted', 'userIds', jsonb_build_array(sender_id, partner_id)), p_origin)
    FROM acquainted
  ), known AS (
    SELECT * FROM stored UNION ALL SELECT * FROM inserted
  )
  SELECT a.ord::int,
    CASE
      WHEN k.id IS NULL THEN 'not_found'
      WHEN k.id = a.id THEN 'new'
      WHEN k.room_id = a.room_id AND (k.message = a.message OR k.edited_at IS NOT NULL OR k.deleted_at IS NOT NULL) THEN 'duplicate'
      ELSE 'conflict'
    END,
    k.id, k.seq, k.rev, k.message, k.created_at, k.edited_at, k.deleted_at, m.partner_id
  FROM asked a
  LEFT JOIN known k ON k.sender_id = a.sender_id AND k.client_id = a.client_id
  LEFT JOIN acquainted m ON m.room_id = a.room_id AND m.sender_id = a.sender_id
  -- A CTE that nobody reads is not run, and a left join that adds nothing is dropped: hence the cross join.
  CROSS JOIN (SELECT count(*) FROM announced) AS run_announced
  CROSS JOIN (SELECT count(*) FROM announced_acquaintances) AS run_acquaintances
  ORDER BY a.ord;
END $$;
