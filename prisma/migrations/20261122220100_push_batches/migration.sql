-- As before (20261122200100_webhook_batches); new: what is stored is noted for those whose browsers are sent pushes. Without
-- any that is one look at an empty table for each batch.
CREATE OR REPLACE FUNCTION insert_messages_batch(p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text)
RETURNS TABLE (at text, seqs int[], revs int[], others json, met json)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_at timestamptz(3);
BEGIN
  -- Every process locks in the same order, so none waits in a circle. NO KEY: foreign-key checks need not wait for us.
  PERFORM 1 FROM rooms WHERE id = ANY (p_room) ORDER BY id FOR NO KEY UPDATE;
  v_at := clock_timestamp();

  -- A statement of its own: its snapshot is taken after the locks are held and sees all that committed meanwhile.
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.*, p.last_read_seq, p.has_written, p.barred,
      x.id IS NULL AND p.last_read_seq IS NOT NULL AND p.barred IS NULL
        AND row_number() OVER (PARTITION BY a.sender_id, a.client_id ORDER BY p.last_read_seq IS NULL OR p.barred IS NOT NULL, a.ord) = 1 AS is_new
    FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
    LEFT JOIN LATERAL (SELECT m.id FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1) x ON true
    LEFT JOIN LATERAL (SELECT q.last_read_seq, q.has_written, q.barred FROM participants q WHERE q.room_id = a.room_id AND q.user_id = a.sender_id LIMIT 1) p ON true
  ), numbered AS MATERIALIZED (
    SELECT f.*, r.kind, r.last_rev, r.last_seq + f.n AS seq, r.last_rev + f.n AS rev
    FROM (SELECT a.*, (row_number() OVER (PARTITION BY a.room_id ORDER BY a.ord))::int AS n FROM asked a WHERE a.is_new) f
    CROSS JOIN LATERAL (SELECT q.kind, q.last_seq, q.last_rev FROM rooms q WHERE q.id = f.room_id LIMIT 1) r
  ), inserted AS (
    INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
    SELECT id, room_id, seq, rev, sender_id, client_id, message, v_at
    FROM numbered
    ORDER BY sender_id, client_id -- unique-index waits, too, in one order for all
  ), counted AS MATERIALIZED (
    SELECT room_id, max(n) AS n, min(last_rev) + 1 AS from_rev, max(rev) AS to_rev FROM numbered GROUP BY room_id
  ), moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n, updated_at = v_at, changed_at = v_at
    FROM counted c WHERE r.id = ANY (ARRAY[c.room_id])
  ), sent AS (
    SELECT room_id, sender_id, max(seq) AS highest, count(*)::int AS n,
      min(last_read_seq) = min(seq) - 1 AND max(n) - min(n) + 1 = count(*) AS had_read_all
    FROM numbered GROUP BY room_id, sender_id
  ), own AS (
    -- Who had read everything before has read their own message too; who had not has one more of their own after it.
    UPDATE participants p SET
      last_read_seq = CASE WHEN s.had_read_all THEN s.highest ELSE p.last_read_seq END,
      own_unread = CASE WHEN s.had_read_all THEN 0 ELSE p.own_unread + s.n END,
      has_written = true
    FROM sent s WHERE p.room_id = ANY (ARRAY[s.room_id]) AND p.user_id = ANY (ARRAY[s.sender_id])
  ), acquainted AS MATERIALIZED (
    -- Whose first message in a direct room this is, while the other has written before, or does in this very batch.
    SELECT n.sender_id, q.user_id AS partner_id, min(n.ord) AS ord
    FROM numbered n
    CROSS JOIN LATERAL (SELECT p.user_id, p.has_written FROM participants p WHERE p.room_id = n.room_id AND p.user_id <> n.sender_id LIMIT 1) q
    WHERE NOT n.has_written AND n.kind = 'direct'
      AND (q.has_written OR EXISTS (SELECT 1 FROM numbered o WHERE o.room_id = n.room_id AND o.sender_id = q.user_id))
    GROUP BY n.sender_id, q.user_id
  ), portions AS (
    -- A NOTIFY must stay below 8,000 bytes: as many rooms as have 7,000 between them, and the last may reach over that.
    SELECT jsonb_agg(room_range) AS rooms
    FROM (
      SELECT room_range, sum(octet_length(room_range::text) + 2) OVER (ROWS UNBOUNDED PRECEDING) / 7000 AS portion
      FROM (SELECT jsonb_build_array(room_id, from_rev, to_rev) AS room_range FROM counted WHERE p_origin IS NOT NULL) c
    ) measured
    GROUP BY portion
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'messages', 'rooms', rooms), p_origin) FROM portions
    UNION ALL
    SELECT announce(jsonb_build_object('type', 'acquainted', 'userIds', jsonb_build_array(sender_id, partner_id)), p_origin) FROM acquainted
  ), other AS (
    SELECT json_agg(json_build_object(
        'ord', a.ord,
        'outcome', CASE
          WHEN k.id IS NULL THEN coalesce(a.barred, 'not_found')
          WHEN k.room_id = a.room_id AND k.reply_to_id IS NULL
            AND (k.message = a.message AND k.mentions_asked IS NULL OR k.edited_at IS NOT NULL OR k.deleted_at IS NOT NULL) THEN 'duplicate'
          ELSE 'conflict'
        END,
        'id', k.id, 'seq', k.seq, 'rev', k.rev, 'message', k.message,
        'created_at', utc_iso(k.created_at), 'edited_at', utc_iso(k.edited_at), 'deleted_at', utc_iso(k.deleted_at),
        'reactions', k.reactions, 'mentions', k.mentions)) AS list
    FROM (SELECT * FROM asked WHERE NOT is_new) a
    LEFT JOIN LATERAL (
      (SELECT m.id, m.room_id, m.seq, m.rev, m.message, m.created_at, m.edited_at, m.deleted_at, m.reactions, m.reply_to_id, m.mentions, m.mentions_asked
       FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1)
      UNION ALL
      SELECT f.id, f.room_id, f.seq, f.rev, f.message, v_at, NULL, NULL, NULL, NULL, NULL, NULL
      FROM numbered f WHERE f.sender_id = a.sender_id AND f.client_id = a.client_id
      LIMIT 1
    ) k ON true
  )
  SELECT utc_iso(v_at), places.seqs, places.revs, (SELECT list FROM other),
    (SELECT json_agg(json_build_array(ord, partner_id)) FROM acquainted)
  FROM (
    SELECT array_agg(coalesce(f.seq, 0) ORDER BY a.ord) AS seqs, array_agg(coalesce(f.rev, 0) ORDER BY a.ord) AS revs
    FROM asked a LEFT JOIN numbered f ON f.ord = a.ord
  ) places
  -- A CTE that nobody reads is not run: hence the cross join.
  CROSS JOIN (SELECT count(*) FROM announced) AS run_announced;
  IF EXISTS (SELECT FROM webhook_endpoints w WHERE w.enabled AND 'message.created' = ANY (w.events)) THEN
    PERFORM add_message_events(p_id);
  END IF;
  IF EXISTS (SELECT FROM push_subscriptions) THEN
    PERFORM add_push_news(p_id);
  END IF;
END $$;

-- The same.
CREATE OR REPLACE FUNCTION insert_messages_with_extras(
  p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text, p_extras jsonb, p_notifying text
)
RETURNS TABLE (at text, seqs int[], revs int[], others json, met json)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_at timestamptz(3);
  v_answer record;
  v_mentions jsonb;
BEGIN
  -- Every process locks in the same order, so none waits in a circle. NO KEY: foreign-key checks need not wait for us.
  PERFORM 1 FROM rooms WHERE id = ANY (p_room) ORDER BY id FOR NO KEY UPDATE;
  v_at := clock_timestamp();
  v_mentions := members_mentioned(p_id, p_room, p_sender, p_extras);

  -- A statement of its own: its snapshot is taken after the locks are held and sees all that committed meanwhile.
  WITH asked AS MATERIALIZED (
    SELECT a.*, p.last_read_seq, p.has_written, p.barred, e.reply_to_id, e.mentions_asked,
      x.id IS NULL AND f.fits AND row_number() OVER (PARTITION BY a.sender_id, a.client_id ORDER BY NOT f.fits, a.ord) = 1 AS is_new
    FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
    LEFT JOIN LATERAL (SELECT m.id FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1) x ON true
    LEFT JOIN LATERAL (SELECT q.last_read_seq, q.has_written, q.barred FROM participants q WHERE q.room_id = a.room_id AND q.user_id = a.sender_id LIMIT 1) p ON true
    CROSS JOIN LATERAL (SELECT p_extras -> a.id ->> 'replyTo' AS reply_to_id, md5((p_extras -> a.id -> 'mentions')::text) AS mentions_asked) e
    LEFT JOIN LATERAL (
      SELECT m.id FROM messages m
      WHERE m.id = e.reply_to_id AND m.room_id = a.room_id AND m.deleted_at IS NULL AND m.system IS NULL LIMIT 1
    ) o ON true
    CROSS JOIN LATERAL (SELECT p.last_read_seq IS NOT NULL AND p.barred IS NULL AND (e.reply_to_id IS NULL OR o.id IS NOT NULL) AS fits) f
  ), numbered AS MATERIALIZED (
    SELECT f.*, r.kind, r.last_rev, r.last_seq + f.n AS seq, r.last_rev + f.n AS rev
    FROM (SELECT a.*, (row_number() OVER (PARTITION BY a.room_id ORDER BY a.ord))::int AS n FROM asked a WHERE a.is_new) f
    CROSS JOIN LATERAL (SELECT q.kind, q.last_seq, q.last_rev FROM rooms q WHERE q.id = f.room_id LIMIT 1) r
  ), inserted AS (
    INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at, reply_to_id, mentions_asked, mentions)
    SELECT id, room_id, seq, rev, sender_id, client_id, message, v_at, reply_to_id, mentions_asked, v_mentions -> id
    FROM numbered
    ORDER BY sender_id, client_id -- unique-index waits, too, in one order for all
  ), counted AS MATERIALIZED (
    SELECT room_id, max(n) AS n, min(last_rev) + 1 AS from_rev, max(rev) AS to_rev FROM numbered GROUP BY room_id
  ), moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n, updated_at = v_at, changed_at = v_at
    FROM counted c WHERE r.id = ANY (ARRAY[c.room_id])
  ), sent AS (
    SELECT room_id, sender_id, max(seq) AS highest, count(*)::int AS n,
      min(last_read_seq) = min(seq) - 1 AND max(n) - min(n) + 1 = count(*) AS had_read_all
    FROM numbered GROUP BY room_id, sender_id
  ), own AS (
    -- Who had read everything before has read their own message too; who had not has one more of their own after it.
    UPDATE participants p SET
      last_read_seq = CASE WHEN s.had_read_all THEN s.highest ELSE p.last_read_seq END,
      own_unread = CASE WHEN s.had_read_all THEN 0 ELSE p.own_unread + s.n END,
      has_written = true
    FROM sent s WHERE p.room_id = ANY (ARRAY[s.room_id]) AND p.user_id = ANY (ARRAY[s.sender_id])
  ), acquainted AS MATERIALIZED (
    -- Whose first message in a direct room this is, while the other has written before, or does in this very batch.
    SELECT n.sender_id, q.user_id AS partner_id, min(n.ord) AS ord
    FROM numbered n
    CROSS JOIN LATERAL (SELECT p.user_id, p.has_written FROM participants p WHERE p.room_id = n.room_id AND p.user_id <> n.sender_id LIMIT 1) q
    WHERE NOT n.has_written AND n.kind = 'direct'
      AND (q.has_written OR EXISTS (SELECT 1 FROM numbered o WHERE o.room_id = n.room_id AND o.sender_id = q.user_id))
    GROUP BY n.sender_id, q.user_id
  ), portions AS (
    -- A NOTIFY must stay below 8,000 bytes: as many rooms as have 7,000 between them, and the last may reach over that.
    SELECT jsonb_agg(room_range) AS rooms
    FROM (
      SELECT room_range, sum(octet_length(room_range::text) + 2) OVER (ROWS UNBOUNDED PRECEDING) / 7000 AS portion
      FROM (SELECT jsonb_build_array(room_id, from_rev, to_rev) AS room_range FROM counted WHERE p_origin IS NOT NULL) c
    ) measured
    GROUP BY portion
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'messages', 'rooms', rooms), p_origin) FROM portions
    UNION ALL
    SELECT announce(jsonb_build_object('type', 'acquainted', 'userIds', jsonb_build_array(sender_id, partner_id)), p_origin) FROM acquainted
  ), other AS (
    SELECT json_agg(json_build_object(
        'ord', a.ord,
        'outcome', CASE
          WHEN a.is_new THEN 'new'
          WHEN k.id IS NULL THEN CASE WHEN a.last_read_seq IS NULL THEN 'not_found' ELSE coalesce(a.barred, 'no_original') END
          WHEN k.room_id = a.room_id AND k.reply_to_id IS NOT DISTINCT FROM a.reply_to_id
            AND (k.message = a.message AND k.mentions_asked IS NOT DISTINCT FROM a.mentions_asked OR k.edited_at IS NOT NULL OR k.deleted_at IS NOT NULL) THEN 'duplicate'
          ELSE 'conflict'
        END,
        'id', k.id, 'seq', k.seq, 'rev', k.rev, 'message', k.message,
        'created_at', utc_iso(k.created_at), 'edited_at', utc_iso(k.edited_at), 'deleted_at', utc_iso(k.deleted_at),
        'reactions', k.reactions, 'reply_to', quote_of(k.reply_to_id), 'mentions', k.mentions)) AS list
    FROM (SELECT * FROM asked WHERE NOT is_new OR reply_to_id IS NOT NULL OR mentions_asked IS NOT NULL) a
    LEFT JOIN LATERAL (
      (SELECT m.id, m.room_id, m.seq, m.rev, m.message, m.created_at, m.edited_at, m.deleted_at, m.reactions, m.reply_to_id, m.mentions, m.mentions_asked
       FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1)
      UNION ALL
      SELECT f.id, f.room_id, f.seq, f.rev, f.message, v_at, NULL, NULL, NULL, f.reply_to_id, v_mentions -> f.id, f.mentions_asked
      FROM numbered f WHERE f.sender_id = a.sender_id AND f.client_id = a.client_id
      LIMIT 1
    ) k ON true
  )
  SELECT utc_iso(v_at) AS at, places.seqs, places.revs, (SELECT list FROM other) AS others,
    (SELECT json_agg(json_build_array(ord, partner_id)) FROM acquainted) AS met
  INTO v_answer
  FROM (
    SELECT array_agg(coalesce(f.seq, 0) ORDER BY a.ord) AS seqs, array_agg(coalesce(f.rev, 0) ORDER BY a.ord) AS revs
    FROM asked a LEFT JOIN numbered f ON f.ord = a.ord
  ) places
  -- A CTE that nobody reads is not run: hence the cross join.
  CROSS JOIN (SELECT count(*) FROM announced) AS run_announced;
  IF v_mentions IS NOT NULL THEN
    v_answer.others := (coalesce(v_answer.others::jsonb, '[]') || mention_all(v_mentions, p_notifying))::json;
  END IF;
  IF EXISTS (SELECT FROM webhook_endpoints w WHERE w.enabled AND 'message.created' = ANY (w.events)) THEN
    PERFORM add_message_events(p_id);
  END IF;
  IF EXISTS (SELECT FROM push_subscriptions) THEN
    PERFORM add_push_news(p_id);
  END IF;
  RETURN QUERY SELECT v_answer.at, v_answer.seqs, v_answer.revs, v_answer.others, v_answer.met;
END $$;
