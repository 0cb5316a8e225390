-- As before; new: in a direct room of which one has blocked the other what is not stored yet is refused, with what the sender's
-- row says (participants.barred) as its outcome.
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
  RETURN QUERY SELECT v_answer.at, v_answer.seqs, v_answer.revs, v_answer.others, v_answer.met;
END $$;

-- As before; new: in such a room nothing is edited; what one wrote can be deleted all the same.
CREATE OR REPLACE FUNCTION change_message(p_id text, p_user text, p_text text, p_client text, p_origin text, p_mentions jsonb DEFAULT NULL, p_notifying text DEFAULT NULL)
RETURNS TABLE (outcome text, changed boolean, message jsonb, told jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as((SELECT m.room_id FROM messages m WHERE m.id = p_id), p_user);
  v_message messages;
  v_did text := CASE WHEN p_text IS NULL THEN 'delete' ELSE 'edit ' || md5(p_text || coalesce(p_mentions::text, '')) END;
  v_known boolean;
  v_outcome text;
  v_barred text;
  v_before jsonb;
  v_mentions jsonb;
  v_told jsonb := '[]';
BEGIN
  IF v_role IS NULL THEN
    RETURN QUERY SELECT 'not_found', false, NULL::jsonb, NULL::jsonb;
    RETURN;
  END IF;
  SELECT m.* INTO v_message FROM messages m WHERE m.id = p_id;
  SELECT w.message_id = p_id AND w.did = v_did INTO v_known FROM message_writes w WHERE w.user_id = p_user AND w.client_id = p_client;
  IF v_known IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_known THEN 'done' ELSE 'conflict' END, false, to_jsonb(v_message), '[]'::jsonb;
    RETURN;
  END IF;
  IF v_role = 'direct' THEN
    SELECT p.barred INTO v_barred FROM participants p WHERE p.room_id = v_message.room_id AND p.user_id = p_user;
  END IF;
  v_outcome := CASE
    WHEN v_message.system IS NOT NULL THEN 'forbidden'
    WHEN v_message.sender_id <> p_user AND (p_text IS NOT NULL OR v_role NOT IN ('owner', 'admin')) THEN 'forbidden'
    WHEN v_message.deleted_at IS NOT NULL AND p_text IS NOT NULL THEN 'deleted'
    WHEN v_barred IS NOT NULL AND p_text IS NOT NULL THEN v_barred
    ELSE 'done'
  END;
  IF v_outcome <> 'done' THEN
    RETURN QUERY SELECT v_outcome, false, NULL::jsonb, NULL::jsonb;
    RETURN;
  END IF;
  IF p_client IS NOT NULL THEN
    INSERT INTO message_writes (user_id, client_id, message_id, did) VALUES (p_user, p_client, p_id, v_did) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN -- for a message of another room, at this very moment
      RETURN QUERY SELECT 'conflict', false, NULL::jsonb, NULL::jsonb;
      RETURN;
    END IF;
  END IF;
  v_before := coalesce(v_message.mentions, '[]');
  v_mentions := CASE
    WHEN p_text IS NULL THEN '[]'
    WHEN p_mentions IS NULL THEN v_before
    ELSE coalesce(members_mentioned(ARRAY[p_id], ARRAY[v_message.room_id], ARRAY[p_user],
      jsonb_build_object(p_id, jsonb_build_object('mentions', p_mentions))) -> p_id, '[]')
  END;
  IF v_message.message = p_text AND v_mentions = v_before OR v_message.deleted_at IS NOT NULL THEN
    RETURN QUERY SELECT 'done', false, to_jsonb(v_message), '[]'::jsonb;
    RETURN;
  END IF;
  WITH moved AS (
    UPDATE rooms r SET last_rev = r.last_rev + 1, changed_at = clock_timestamp() WHERE r.id = v_message.room_id RETURNING r.last_rev
  )
  UPDATE messages m SET
    rev = moved.last_rev,
    message = coalesce(p_text, ''),
    edited_at = CASE WHEN p_text IS NULL THEN m.edited_at ELSE clock_timestamp() END,
    deleted_at = CASE WHEN p_text IS NULL THEN clock_timestamp() END,
    reactions = CASE WHEN p_text IS NULL THEN NULL ELSE m.reactions END,
    mentions = nullif(v_mentions, '[]'),
    changed_at = clock_timestamp()
  FROM moved WHERE m.id = p_id
  RETURNING m.* INTO v_message;
  IF p_text IS NULL THEN
    DELETE FROM message_reactions x WHERE x.message_id = p_id;
  END IF;
  IF v_mentions <> v_before THEN
    v_told := mentions_changed(v_message, v_before, v_mentions, p_notifying);
  END IF;
  PERFORM announce(jsonb_build_object('type', 'messages', 'rooms',
    jsonb_build_array(jsonb_build_array(v_message.room_id, v_message.rev, v_message.rev))), p_origin);
  RETURN QUERY SELECT 'done', true, to_jsonb(v_message), v_told;
END $$;

-- As before; new: in such a room nobody reacts; a reaction can be taken back all the same.
CREATE OR REPLACE FUNCTION set_reaction(p_id text, p_user text, p_emoji text, p_on boolean, p_client text, p_most int, p_origin text)
RETURNS TABLE (outcome text, changed boolean, message jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as((SELECT m.room_id FROM messages m WHERE m.id = p_id), p_user);
  v_message messages;
  v_did text := 'react ' || p_on || ' ' || p_emoji;
  v_known boolean;
  v_outcome text;
  v_barred text;
  v_is_on boolean;
  v_count int;
  v_who jsonb;
  v_entry jsonb;
  v_reactions jsonb;
BEGIN
  IF v_role IS NULL THEN
    RETURN QUERY SELECT 'not_found', false, NULL::jsonb;
    RETURN;
  END IF;
  SELECT m.* INTO v_message FROM messages m WHERE m.id = p_id;
  v_reactions := coalesce(v_message.reactions, '[]');
  SELECT w.message_id = p_id AND w.did = v_did INTO v_known FROM message_writes w WHERE w.user_id = p_user AND w.client_id = p_client;
  IF v_known IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_known THEN 'done' ELSE 'conflict' END, false, to_jsonb(v_message);
    RETURN;
  END IF;
  v_is_on := EXISTS (SELECT 1 FROM message_reactions x WHERE x.message_id = p_id AND x.emoji = p_emoji AND x.user_id = p_user);
  IF v_role = 'direct' THEN
    SELECT p.barred INTO v_barred FROM participants p WHERE p.room_id = v_message.room_id AND p.user_id = p_user;
  END IF;
  v_outcome := CASE
    WHEN v_message.system IS NOT NULL THEN 'forbidden'
    WHEN v_message.deleted_at IS NOT NULL THEN 'deleted'
    WHEN v_barred IS NOT NULL AND p_on THEN v_barred
    WHEN p_on AND NOT v_is_on AND jsonb_array_length(v_reactions) >= p_most
      AND NOT v_reactions @> jsonb_build_array(jsonb_build_object('emoji', p_emoji)) THEN 'full'
    ELSE 'done'
  END;
  IF v_outcome <> 'done' THEN
    RETURN QUERY SELECT v_outcome, false, NULL::jsonb;
    RETURN;
  END IF;
  IF p_client IS NOT NULL THEN
    INSERT INTO message_writes (user_id, client_id, message_id, did) VALUES (p_user, p_client, p_id, v_did) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN -- for a message of another room, at this very moment
      RETURN QUERY SELECT 'conflict', false, NULL::jsonb;
      RETURN;
    END IF;
  END IF;
  IF v_is_on = p_on THEN
    RETURN QUERY SELECT 'done', false, to_jsonb(v_message);
    RETURN;
  END IF;
  SELECT coalesce((e.entry ->> 'count')::int, 0), e.entry -> 'userIds' INTO v_count, v_who
  FROM jsonb_array_elements(v_reactions) AS e(entry) WHERE e.entry ->> 'emoji' = p_emoji;
  v_count := coalesce(v_count, 0) + CASE WHEN p_on THEN 1 ELSE -1 END;
  v_who := coalesce(v_who, '[]');
  IF p_on THEN
    INSERT INTO message_reactions (message_id, emoji, user_id, created_at) VALUES (p_id, p_emoji, p_user, clock_timestamp());
    IF jsonb_array_length(v_who) < 20 THEN
      v_who := v_who || to_jsonb(p_user);
    END IF;
  ELSE
    DELETE FROM message_reactions x WHERE x.message_id = p_id AND x.emoji = p_emoji AND x.user_id = p_user;
    IF v_who @> to_jsonb(p_user) AND v_count >= 20 THEN -- the next in time is named instead
      v_who := v_who || coalesce((
        SELECT to_jsonb(x.user_id) FROM message_reactions x
        WHERE x.message_id = p_id AND x.emoji = p_emoji AND NOT v_who @> to_jsonb(x.user_id)
        ORDER BY x.created_at, x.user_id LIMIT 1
      ), '[]');
    END IF;
    v_who := v_who - p_user;
  END IF;
  v_entry := CASE WHEN v_count > 0 THEN jsonb_build_object('emoji', p_emoji, 'count', v_count, 'userIds', v_who) END;
  IF v_reactions @> jsonb_build_array(jsonb_build_object('emoji', p_emoji)) THEN
    SELECT coalesce(jsonb_agg(y.entry ORDER BY y.ord), '[]') INTO v_reactions FROM (
      SELECT CASE WHEN e.entry ->> 'emoji' = p_emoji THEN v_entry ELSE e.entry END AS entry, e.ord
      FROM jsonb_array_elements(v_reactions) WITH ORDINALITY AS e(entry, ord)
    ) y WHERE y.entry IS NOT NULL;
  ELSE
    v_reactions := v_reactions || v_entry;
  END IF;
  WITH moved AS (
    UPDATE rooms r SET last_rev = r.last_rev + 1, changed_at = clock_timestamp() WHERE r.id = v_message.room_id RETURNING r.last_rev
  )
  UPDATE messages m SET rev = moved.last_rev, reactions = nullif(v_reactions, '[]'), changed_at = clock_timestamp()
  FROM moved WHERE m.id = p_id
  RETURNING m.* INTO v_message;
  PERFORM announce(jsonb_build_object('type', 'messages', 'rooms',
    jsonb_build_array(jsonb_build_array(v_message.room_id, v_message.rev, v_message.rev))), p_origin);
  RETURN QUERY SELECT 'done', true, to_jsonb(v_message);
END $$;

-- As before; new: whom one has blocked is not told how far one reads; `to_reader` says whether others are told.
DROP FUNCTION mark_messages_read(text, text, int, text, text);
CREATE FUNCTION mark_messages_read(p_room text, p_user text, p_up_to int, p_origin text, p_notifying text DEFAULT NULL)
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
  SELECT count(*)::int INTO own_after FROM messages m WHERE m.room_id = p_room AND m.seq > target AND m.sender_id = p_user;
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
