-- One function for all batches, where there were two that differed in what a few messages have besides (`p_extras`, as in
-- 20261122171300_mentions; NULL: none has anything), and a statement of its own
-- for whatever is not needed each time. The name of the one with fewer parameters stays: what calls or has prepared it goes on.
DROP FUNCTION insert_messages_batch(text[], text[], text[], text[], text[], text);
CREATE FUNCTION insert_messages_batch(
  p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text,
  p_extras jsonb DEFAULT NULL, p_notifying text DEFAULT NULL
)
RETURNS TABLE (at text, seqs int[], revs int[], others json, met json)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_at timestamptz(3);
  v_mentions jsonb;
  -- The places of messages whose senders had not written in their direct room before.
  v_first int[];
BEGIN
  -- Every process locks in the same order, so none waits in a circle. NO KEY: foreign-key checks need not wait for us.
  PERFORM 1 FROM rooms WHERE id = ANY (p_room) ORDER BY id FOR NO KEY UPDATE;
  v_at := clock_timestamp();
  IF p_extras IS NOT NULL THEN
    v_mentions := members_mentioned(p_id, p_room, p_sender, p_extras);
  END IF;

  -- A statement of its own: its snapshot is taken after the locks are held and sees all that committed meanwhile.
  WITH asked AS MATERIALIZED (
    SELECT a.*, p.last_read_seq, p.has_written, e.reply_to_id, e.mentions_asked,
      x.id IS NULL AND f.fits AND row_number() OVER (PARTITION BY a.sender_id, a.client_id ORDER BY NOT f.fits, a.ord) = 1 AS is_new
    FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
    LEFT JOIN LATERAL (SELECT m.id FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1) x ON true
    LEFT JOIN LATERAL (SELECT q.last_read_seq, q.has_written, q.barred FROM participants q WHERE q.room_id = a.room_id AND q.user_id = a.sender_id LIMIT 1) p ON true
    CROSS JOIN LATERAL (SELECT p_extras -> a.id ->> 'replyTo' AS reply_to_id, md5((p_extras -> a.id -> 'mentions')::text) AS mentions_asked) e
    -- By its id alone: while the table is small, an index of the room costs the same, and its plan stays when it has grown.
    LEFT JOIN LATERAL (SELECT m.room_id, m.deleted_at, m.system FROM messages m WHERE m.id = e.reply_to_id LIMIT 1) o ON true
    CROSS JOIN LATERAL (
      SELECT p.last_read_seq IS NOT NULL AND p.barred IS NULL
        AND (e.reply_to_id IS NULL OR o.room_id = a.room_id AND o.deleted_at IS NULL AND o.system IS NULL) IS TRUE AS fits
    ) f
  ), numbered AS MATERIALIZED (
    SELECT f.*, r.kind, r.last_seq + f.n AS seq, r.last_rev + f.n AS rev
    FROM (SELECT a.*, (row_number() OVER (PARTITION BY a.room_id ORDER BY a.ord))::int AS n FROM asked a WHERE a.is_new) f
    CROSS JOIN LATERAL (SELECT q.kind, q.last_seq, q.last_rev FROM rooms q WHERE q.id = f.room_id LIMIT 1) r
  ), inserted AS (
    INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at, reply_to_id, mentions_asked, mentions)
    SELECT id, room_id, seq, rev, sender_id, client_id, message, v_at, reply_to_id, mentions_asked, v_mentions -> id
    FROM numbered
    ORDER BY sender_id, client_id -- unique-index waits, too, in one order for all
  ), moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n, updated_at = v_at, changed_at = v_at
    FROM (SELECT room_id, max(n) AS n FROM numbered GROUP BY room_id) c WHERE r.id = ANY (ARRAY[c.room_id])
  ), own AS (
    -- Who had read everything before has read their own message too; who had not has one more of their own after it.
    UPDATE participants p SET
      last_read_seq = CASE WHEN s.had_read_all THEN s.highest ELSE p.last_read_seq END,
      own_unread = CASE WHEN s.had_read_all THEN 0 ELSE p.own_unread + s.n END,
      has_written = true
    FROM (
      SELECT room_id, sender_id, max(seq) AS highest, count(*)::int AS n,
        min(last_read_seq) = min(seq) - 1 AND max(n) - min(n) + 1 = count(*) AS had_read_all
      FROM numbered GROUP BY room_id, sender_id
    ) s WHERE p.room_id = ANY (ARRAY[s.room_id]) AND p.user_id = ANY (ARRAY[s.sender_id])
  )
  SELECT utc_iso(v_at), array_agg(coalesce(n.seq, 0) ORDER BY a.ord), array_agg(coalesce(n.rev, 0) ORDER BY a.ord),
    array_agg(n.ord) FILTER (WHERE NOT n.has_written AND n.kind = 'direct')
  INTO at, seqs, revs, v_first
  FROM asked a LEFT JOIN numbered n ON n.ord = a.ord;

  IF p_origin IS NOT NULL THEN
    -- A NOTIFY must stay below 8,000 bytes: as many rooms as have 7,000 between them, and the last may reach over that.
    PERFORM announce(jsonb_build_object('type', 'messages', 'rooms', jsonb_agg(room_range)), p_origin)
    FROM (
      SELECT room_range, sum(octet_length(room_range::text) + 2) OVER (ROWS UNBOUNDED PRECEDING) / 7000 AS portion
      FROM (
        SELECT jsonb_build_array(room_id, min(rev), max(rev)) AS room_range
        FROM unnest(p_room, revs) AS stored(room_id, rev) WHERE rev > 0 GROUP BY room_id
      ) ranges
    ) measured
    GROUP BY portion;
  END IF;
  IF v_first IS NOT NULL THEN
    -- In whose direct room the other has written, too, before or in this very batch.
    met := (
      SELECT json_agg(json_build_array(ord, partner_id))
      FROM (
        SELECT min(a.ord) AS ord, q.user_id AS partner_id
        FROM unnest(p_room, p_sender) WITH ORDINALITY AS a(room_id, sender_id, ord)
        CROSS JOIN LATERAL (SELECT p.user_id, p.has_written FROM participants p WHERE p.room_id = a.room_id AND p.user_id <> a.sender_id LIMIT 1) q
        WHERE a.ord = ANY (v_first) AND q.has_written
        GROUP BY a.sender_id, q.user_id
      ) acquainted
    );
    PERFORM announce(jsonb_build_object('type', 'acquainted', 'userIds', jsonb_build_array(p_sender[(pair ->> 0)::int], pair ->> 1)), p_origin)
    FROM json_array_elements(met) AS pair;
  END IF;
  IF p_extras IS NOT NULL OR 0 = ANY (seqs) THEN
    others := (
      SELECT json_agg(json_build_object(
          'ord', a.ord,
          'outcome', CASE
            WHEN seqs[a.ord] > 0 THEN 'new'
            WHEN k.id IS NULL THEN coalesce(p.barred, CASE WHEN p.last_read_seq IS NULL OR e.reply_to_id IS NULL THEN 'not_found' ELSE 'no_original' END)
            WHEN k.room_id = a.room_id AND k.reply_to_id IS NOT DISTINCT FROM e.reply_to_id
              AND (k.message = a.message AND k.mentions_asked IS NOT DISTINCT FROM e.mentions_asked OR k.edited_at IS NOT NULL OR k.deleted_at IS NOT NULL) THEN 'duplicate'
            ELSE 'conflict'
          END,
          'id', k.id, 'seq', k.seq, 'rev', k.rev, 'message', k.message,
          'created_at', utc_iso(k.created_at), 'edited_at', utc_iso(k.edited_at), 'deleted_at', utc_iso(k.deleted_at),
          'reactions', k.reactions, 'reply_to', quote_of(k.reply_to_id), 'mentions', k.mentions))
      FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
      CROSS JOIN LATERAL (SELECT p_extras -> a.id ->> 'replyTo' AS reply_to_id, md5((p_extras -> a.id -> 'mentions')::text) AS mentions_asked) e
      LEFT JOIN LATERAL (SELECT q.last_read_seq, q.barred FROM participants q WHERE q.room_id = a.room_id AND q.user_id = a.sender_id LIMIT 1) p ON true
      LEFT JOIN LATERAL (SELECT m.* FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1) k ON true
      WHERE seqs[a.ord] = 0 OR e.reply_to_id IS NOT NULL OR e.mentions_asked IS NOT NULL
    );
  END IF;
  IF v_mentions IS NOT NULL THEN
    others := (coalesce(others::jsonb, '[]') || mention_all(v_mentions, p_notifying))::json;
  END IF;
  IF EXISTS (SELECT FROM webhook_endpoints w WHERE w.enabled AND 'message.created' = ANY (w.events)) THEN
    PERFORM add_message_events(p_id);
  END IF;
  IF EXISTS (SELECT FROM push_subscriptions) THEN
    PERFORM add_push_news(p_id);
  END IF;
  RETURN NEXT;
END $$;

-- For processes of the version before, while they run.
CREATE OR REPLACE FUNCTION insert_messages_with_extras(
  p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text, p_extras jsonb, p_notifying text
)
RETURNS TABLE (at text, seqs int[], revs int[], others json, met json)
LANGUAGE sql VOLATILE
AS $$ SELECT * FROM insert_messages_batch(p_id, p_room, p_sender, p_client, p_body, p_origin, p_extras, p_notifying) $$;
